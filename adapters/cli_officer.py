"""The verbs of a compliance officer: who must not be contacted, why somebody was, and whether the ledger holds."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli_options import DEFAULT_CONFIG, Config, Lang, Language, console, guarded, loaded


class Form(StrEnum):
    """How the ledger is exported."""

    CSV = "csv"
    JSONL = "jsonl"


suppress = typer.Typer(help="Who must not be contacted.", no_args_is_help=True)


@suppress.command("add")
def suppress_add(
    whom: Annotated[
        str, typer.Argument(help="A number in any writing, an e-mail address, or a customer's key.")
    ],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Never contact somebody again, from this second on."""
    from adapters import lists

    asyncio.run(lists.suppress_one(loaded(config, Language.EN), whom, reason=reason, by=by))


@suppress.command("import")
def suppress_import(
    file: Annotated[Path, typer.Argument(help="A CSV with numbers, e-mail addresses or customers' keys.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    config: Config = DEFAULT_CONFIG,
    lang: Lang = Language.EN,
) -> None:
    """Never contact anybody on a list again."""
    from adapters import lists

    configuration = loaded(config, lang)
    guarded(lambda: asyncio.run(lists.suppress_list(configuration, file, by=by)), lang)


@suppress.command("remove")
def suppress_remove(
    whom: Annotated[
        str, typer.Argument(help="A number in any writing, an e-mail address, or a customer's key.")
    ],
    reason: Annotated[
        str, typer.Option(help="How the person asked to be contacted again, and where that is kept.")
    ],
    by: Annotated[str, typer.Option(help="Who says so.")],
    approved_by: Annotated[str, typer.Option(help="The second person, who agrees; not the first one.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Lift every entry about somebody, on the word of two people. Entries are kept, with who lifted them."""
    from adapters import officers

    officers.lift(loaded(config, Language.EN), whom, reason=reason, by=by, approved_by=approved_by)


@suppress.command("list")
def suppress_list(config: Config = DEFAULT_CONFIG) -> None:
    """Print every do-not-contact entry, one JSON object a line."""
    from adapters import lists

    lists.print_suppressions(loaded(config, Language.EN))


def why(
    whom: Annotated[
        str, typer.Argument(help="A number in any writing, an e-mail address, or a customer's key.")
    ],
    config: Config = DEFAULT_CONFIG,
    database: Annotated[str | None, typer.Option(help="Another database than the configuration's.")] = None,
    at: Annotated[
        str | None, typer.Option(help="Judge them at an instant, such as 2026-11-24T19:59:00+09:00, or now.")
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Tell the whole story of a person: each verdict with its rule, each attempt, each outcome."""
    from adapters import asking, telling

    configuration = loaded(config, lang)
    url = database or configuration.settings.database
    if at is not None:
        raise typer.Exit(asking.ask(configuration, url, whom, at=at, language=lang.value))
    raise typer.Exit(telling.tell(url, whom, console, lang.value))


audit = typer.Typer(help="The ledger.", no_args_is_help=True)


@audit.command("verify")
def audit_verify(
    config: Config = DEFAULT_CONFIG,
    database: Annotated[str | None, typer.Option(help="Another database than the configuration's.")] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="checkpoints.jsonl: finds a ledger cut short.")
    ] = None,
) -> None:
    """Check every seal of the ledger; name the first row that was changed, moved or removed (exit status 1)."""
    from adapters import auditing

    url = database or loaded(config, Language.EN).settings.database
    raise typer.Exit(auditing.verify_ledger(url, checkpoints))


@audit.command("export")
def audit_export(
    form: Annotated[Form, typer.Option("--format", help="csv or jsonl.")] = Form.JSONL,
    config: Config = DEFAULT_CONFIG,
    database: Annotated[str | None, typer.Option(help="Another database than the configuration's.")] = None,
) -> None:
    """Write the ledger to standard output."""
    from adapters import auditing

    url = database or loaded(config, Language.EN).settings.database
    auditing.export(url, form.value)
