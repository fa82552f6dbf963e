"""Write lists of fictional customers: the demo's 720, or any number with a stated share of broken lines.

python -m bench.make_contacts                      config/contacts/winback.csv and do-not-contact.csv, as committed
python -m bench.make_contacts --rows 100000 --broken 5% --encoding cp932 --out var/bench/contacts.csv
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.customers import HEADER, Customer, customer, line_of
from bench.demo_lists import demo_lines, demo_people, do_not_contact
from bench.fiction import Dice, mobile, written

CONTACTS = Path(__file__).resolve().parents[1] / "config" / "contacts"

BREAKS = (
    "cell_count",
    "key_missing",
    "unreachable",
    "date_unreadable",
    "cell_missing",
    "characters_unreadable",
    "control_character",
    "quote_unclosed",
    "duplicate_key",
    "duplicate_unique",
    "line_too_long",
)


def broken(code: str, one: Customer, earlier: Customer, encoding: str) -> bytes:
    """Return the line of a customer, broken in the way that the importer calls `code`."""
    change: dict[str, dict[str, str]] = {
        "key_missing": {"key": "\u3000"},
        "unreachable": {
            "mobile": "090-5550-12345",
            "home": "",
            "work": "なし",
            "email": "",
            "consent_at": "",
        },
        "date_unreadable": {"last_purchase": "2025/13/1"},
        "cell_missing": {"last_purchase": ""},
        "control_character": {"prefecture": "東京\0都"},
        "duplicate_key": {"key": earlier.key},
        "duplicate_unique": {"mobile": earlier.mobile},
        "line_too_long": {"product": "茶" * 70_000},
    }
    cells = replace(one, **change.get(code, {})).cells
    if code == "cell_count":
        cells = cells[:9] if one.rank == "シルバー" else [*cells, "x"]
    line = line_of(cells).encode(encoding)
    comma, mark = ",".encode(encoding.removesuffix("-sig")), b'"' if encoding != "utf-16-le" else b'"\0'
    if code == "characters_unreadable":
        wrong = b"\x00\xd8" if encoding == "utf-16-le" else b"\x81\xff"
        return line.replace(comma, comma + wrong, 1)
    return line.replace(comma, comma + mark, 1) if code == "quote_unclosed" else line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record and how many lines it takes; `code` says what is wrong with it, if anything."""

    content: bytes
    lines: int = 1
    code: str | None = None


def many(dice: Dice, rows: int, broken_share: float, encoding: str) -> Iterator[Line]:
    """Yield the records of a long list: a share of them broken, some with commas or line ends inside a cell."""
    earlier = None
    for person in range(rows):
        one = customer(dice, person)
        one = replace(one, mobile=one.mobile or written(dice, mobile(person)))
        if earlier is not None and dice.below(1_000_000) < broken_share * 1_000_000:
            common = BREAKS[: len(BREAKS) - 1]
            code = "line_too_long" if dice.below(2_000) == 0 else dice.one_of(common)
            yield Line(content=broken(code, one, earlier, encoding), code=code)
            continue
        if dice.has(2):
            one = replace(one, product=f"{one.product}\n(ギフト, のし付き)")
        content = line_of(one.cells).encode(encoding)
        yield Line(content=content, lines=2 if "\n" in one.product else 1)
        earlier = one


def write_many(path: Path, records: Iterable[Line], encoding: str) -> list[dict[str, object]]:
    """Write a long list and return which lines of it (the header is line 1) are broken, and how."""
    path.parent.mkdir(parents=True, exist_ok=True)
    planted: list[dict[str, object]] = []
    ends = ["\r\n", "\n", "\r\n"]
    at = 2
    with path.open("wb") as file:
        if encoding == "utf-8-sig":
            file.write(b"\xef\xbb\xbf")
        plain = "utf-8" if encoding == "utf-8-sig" else encoding
        file.write((",".join(HEADER) + "\r\n").encode(plain))
        for place, record in enumerate(records):
            file.write(record.content + ends[place % 3].encode(plain))
            if record.code:
                planted.append({"line": at, "code": record.code})
            at += record.lines
    return planted


def main() -> None:
    """Write what the arguments ask for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, help="how many rows; without it the demo's two lists are written")
    asked.add_argument("--broken", default="5%", help="share of broken lines, as 5%%")
    asked.add_argument("--encoding", default="cp932", choices=["cp932", "utf-8", "utf-8-sig", "utf-16-le"])
    asked.add_argument("--seed", default="winback")
    asked.add_argument("--out", type=Path, default=Path("var/bench/contacts.csv"))
    said = asked.parse_args()
    if said.rows is None:
        people = demo_people(Dice(said.seed))
        lists = {"winback.csv": demo_lines(people)}
        lists["do-not-contact.csv"] = do_not_contact(Dice(f"{said.seed} refused"), people)
        for name, lines in lists.items():
            (CONTACTS / name).write_bytes(b"".join(line + b"\r\n" for line in lines))
        return
    plain = said.encoding.removesuffix("-sig")
    share = float(said.broken.removesuffix("%")) / 100
    planted = write_many(said.out, many(Dice(said.seed), said.rows, share, plain), said.encoding)
    sidecar = {"rows": said.rows, "encoding": said.encoding, "seed": said.seed, "broken": planted}
    said.out.with_suffix(".json").write_text(json.dumps(sidecar, indent=1), "utf-8")


if __name__ == "__main__":
    main()
