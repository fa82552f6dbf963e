"""The verb that answers written cases, and tells where it disagrees with them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from adapters.wiring.cases import CaseInvalid, answer, answer_to_json, cases_in, differences
from compliance.rulebook import packaged_law


def verdict(
    file: Annotated[Path, typer.Argument(help="A file of cases in JSON; - reads standard input.")],
    *,
    compare: Annotated[
        bool, typer.Option("--compare", help="Tell where the answers differ from what the file expects.")
    ] = False,
) -> None:
    """Answer written cases, one JSON object per line; exit status 2 when one cannot be read, 1 when one differs."""
    try:
        cases = cases_in(sys.stdin.read() if str(file) == "-" else file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, CaseInvalid) as problem:
        typer.echo(f"{file}: {problem}", err=True)
        raise typer.Exit(2) from None
    unread = differing = 0
    for place, case in enumerate(cases, start=1):
        try:
            told = answer_to_json(answer(case, packaged_law()))
        except CaseInvalid as problem:
            unread += 1
            typer.echo(f"{file}: case {_name(case, place)}: {problem}", err=True)
            continue
        sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
        if compare:
            found = list(differences(told, case.get("expected", {"verdict": told["verdict"]})))
            differing += bool(found)
            for one in found:
                typer.echo(f"{_name(case, place)}: {one}", err=True)
    if compare:
        typer.echo(f"{len(cases)} cases, {differing} differ, {unread} unread", err=True)
    if unread or differing:
        raise typer.Exit(2 if unread else 1)


def _name(case: Any, place: int) -> str:
    return str(case.get("id", place)) if isinstance(case, dict) else str(place)
