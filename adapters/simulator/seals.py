"""The seal on the record of what rang: each line carries a MAC over itself and the line before it.

The key lies beside the record: this finds edits and losses, by accident or by a program under test, not a forger who
reads the key.
"""

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson
import typer

_KEY_BYTES = 32
_RANG = frozenset({"completed", "no-answer"})
"""How only calls end whose phone rang."""


def key_in(state: Path) -> bytes:
    """Return the double's own key, made the first time it is asked for and readable by its owner alone."""
    path = state / "rings.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(_KEY_BYTES) + "\n", encoding="utf-8")
    return bytes.fromhex(path.read_text("utf-8").strip())


class Seal:
    """Seals one line after the other."""

    def __init__(self, key: bytes, last: str = "") -> None:
        """Take the key, and the MAC of the last line there is ("" for none)."""
        self._key, self.last = key, last

    def sealed(self, line: Mapping[str, object]) -> dict[str, object]:
        """Return a line with its MAC: over the MAC before it and its own canonical JSON."""
        self.last = self.of(line)
        return {**line, "mac": self.last}

    def of(self, line: Mapping[str, object]) -> str:
        """Return the MAC that a line has after the last one sealed: 64 hex digits of HMAC-SHA256."""
        text = orjson.dumps(line, option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self._key, self.last.encode() + b"\n" + text, "sha256").hex()


def problems(state: Path) -> Iterator[str]:
    """Yield what is wrong with the rings in a double's folder. Raises OSError when there is no record, or no key."""
    seal = Seal(bytes.fromhex((state / "rings.key").read_text("utf-8").strip()))
    rings = _lines(state / "rings.jsonl")
    for place, line in enumerate(rings, 1):
        mac = str(line.pop("mac", ""))
        if not hmac.compare_digest(seal.of(line), mac):
            yield f"rings.jsonl:{place}: this line, or the one before it, is not as it was written"
        seal.last = mac
    yield from _lost(rings, _lines(state / "calls.jsonl"))


def _lost(rings: list[dict[str, object]], calls: list[dict[str, object]]) -> Iterator[str]:
    """Yield the calls whose ring is missing: they ended as only calls do that rang."""
    begun = {line["call_sid"] for line in rings if line["event"] == "ring_start"}
    ended = {line["call_sid"] for line in rings if line["event"] == "ring_end"}
    for line in calls:
        if line["event"] != "end":
            continue
        if line["status"] in _RANG and line["sid"] not in begun:
            yield f"rings.jsonl: the ring of {line['sid']} is missing"
        elif line["sid"] in begun - ended:
            yield f"rings.jsonl: the end of {line['sid']} is missing"


def _lines(path: Path) -> list[dict[str, object]]:
    """Return the lines of a record; one that a kill tore at the end is no line yet."""
    written = path.read_text("utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in written if line.endswith("\n")]


def main(path: Path) -> int:
    """Print what is wrong with the record in a double's folder (or with that file); return the exit status."""
    folder = path.parent if path.is_file() else path
    try:
        found = list(problems(folder))
        count = len(_lines(folder / "rings.jsonl"))
    except (OSError, ValueError) as unreadable:
        found, count = [f"{folder} cannot be read: {unreadable}"], 0
    for each in found:
        typer.echo(each)
    typer.echo(f"{count} lines, {len(found)} problems")
    return int(bool(found))
