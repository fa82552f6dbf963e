"""The double's files: whole lines, each ring ended exactly once, whatever is killed when."""

import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator.journal import Journal, stamp
from adapters.simulator.rings import Ring, RingBook, RingEnd
from adapters.simulator.seals import key_in, main, problems
from tests.adapters.simulator.builders import TEN_IN_TOKYO, a_double, a_number, never_answers, read_lines


def a_ring(sid: str = "CA1") -> Ring:
    """A phone that rings."""
    return Ring(sid=sid, to="+819012345678", sender="+81312345678")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8), st.integers(0, 200))
def test_a_torn_line_is_cut_off(texts: list[str], cut: int) -> None:
    """However a file was cut short, the lines written to their end are read and new ones follow them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "j.jsonl"
        journal = Journal(path)
        for text in texts:
            journal.append({"text": text})
        journal.close()
        whole = path.read_bytes()
        left = whole[: max(len(whole) - cut, 0)]
        path.write_bytes(left)
        again = Journal(path)
        assert len(again.past) == left.count(b"\n")
        again.append({"text": "new"})
        again.close()
        assert [line["text"] for line in read_lines(path)] == [*texts[: len(again.past)], "new"]


def test_every_ring_ends_once(tmp_path: Path) -> None:
    """A ring has one start and one end; a call that never rang has neither; a restart ends what was open."""
    book = RingBook(tmp_path)
    book.start(a_ring("CA1"), TEN_IN_TOKYO)
    book.start(a_ring("CA2"), TEN_IN_TOKYO)
    book.end("CA1", RingEnd(ended="completed", talked_to="a-1", answered_by="human", talk_s=12), TEN_IN_TOKYO)
    book.end("CA1", RingEnd(ended="failed"), TEN_IN_TOKYO)
    book.end("CA9", RingEnd(ended="busy"), TEN_IN_TOKYO)
    book.close()
    later = RingBook(tmp_path)
    later.end("CA2", RingEnd(ended="failed"), TEN_IN_TOKYO + timedelta(seconds=5))
    later.close()
    lines = read_lines(tmp_path / "rings.jsonl")
    assert [(line["event"], line["call_sid"]) for line in lines] == [
        ("ring_start", "CA1"),
        ("ring_start", "CA2"),
        ("ring_end", "CA1"),
        ("ring_end", "CA2"),
    ]
    assert len(lines[2].pop("mac")) == 64
    assert lines[2] == {
        "event": "ring_end",
        "at": "2026-11-20T01:00:00.000Z",
        "call_sid": "CA1",
        "to": "+819012345678",
        "from": "+81312345678",
        "ended": "completed",
        "talked_to": "a-1",
        "answered_by": "human",
        "talk_s": 12,
    }


def test_instants_are_written_in_utc() -> None:
    """Every instant in a file ends in Z."""
    assert stamp(TEN_IN_TOKYO) == "2026-11-20T01:00:00.000Z"


def a_record(state: Path, count: int = 5) -> list[str]:
    """Rings of so many calls, over two runs of the double, and the calls that belong to them."""
    calls = []
    for part in (range(count // 2), range(count // 2, count)):
        book = RingBook(state)
        for n in part:
            book.start(a_ring(f"CA{n}"), TEN_IN_TOKYO)
            book.end(f"CA{n}", RingEnd(ended="no-answer"), TEN_IN_TOKYO)
            calls.append({"event": "end", "sid": f"CA{n}", "status": "no-answer"})
        book.close()
    (state / "calls.jsonl").write_text("".join(json.dumps(each) + "\n" for each in calls), "utf-8")
    return (state / "rings.jsonl").read_text("utf-8").splitlines(keepends=True)


def test_a_record_as_it_was_written_is_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over restarts too; the key is its owner's, and a line a kill tore is no line yet."""
    a_record(tmp_path)
    assert main(tmp_path / "rings.jsonl") == 0
    assert capsys.readouterr().out == "10 lines, 0 problems\n"
    with (tmp_path / "rings.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event": "ring_st')
    assert list(problems(tmp_path)) == []
    assert (tmp_path / "rings.key").stat().st_mode & 0o077 == 0
    assert key_in(tmp_path) == key_in(tmp_path)


@pytest.mark.parametrize(
    ("place", "old", "new", "told"),
    [
        (0, "+819012345678", "+819012345679", "rings.jsonl:1:"),
        (6, "2026-11-20T01", "2026-11-20T02", "rings.jsonl:7:"),
        (9, "no-answer", "completed", "rings.jsonl:10:"),
    ],
)
def test_an_edited_line_is_found(tmp_path: Path, place: int, old: str, new: str, told: str) -> None:
    """Whichever line, first or last."""
    lines = a_record(tmp_path)
    assert old in lines[place]
    lines[place] = lines[place].replace(old, new)
    (tmp_path / "rings.jsonl").write_text("".join(lines), "utf-8")
    assert [each.split(" ")[0] for each in problems(tmp_path)] == [told]


@given(st.data())
def test_no_line_can_be_lost_doubled_or_moved(data: st.DataObject) -> None:
    """Neither in the middle nor at either end."""
    with TemporaryDirectory() as folder:
        state = Path(folder)
        lines = a_record(state)
        place = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["lost", "doubled", "moved", "cut"]))
        if how == "lost":
            changed = lines[:place] + lines[place + 1 :]
        elif how == "doubled":
            changed = lines[: place + 1] + lines[place:]
        elif how == "moved":
            changed = lines[place:] + lines[:place]
        else:
            changed = lines[:place]
        (state / "rings.jsonl").write_text("".join(changed), "utf-8")
        assert bool(list(problems(state))) is (changed != lines)


def test_another_key_or_none_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that another double wrote does not pass for ours."""
    a_record(tmp_path)
    (tmp_path / "rings.key").write_text("00" * 32 + "\n", "utf-8")
    assert len(list(problems(tmp_path))) == 10
    (tmp_path / "rings.key").unlink()
    assert main(tmp_path) == 1
    assert "cannot be read" in capsys.readouterr().out


async def test_what_a_double_writes_is_sealed(tmp_path: Path) -> None:
    """A whole day of one call, and a restart."""
    for _ in range(2):
        async with a_double(tmp_path) as standing:
            made = await standing.dial(a_number(never_answers))
            await standing.over(made.json()["sid"])
    assert main(tmp_path) == 0
