"""The double's files: whole lines, each ring ended exactly once, whatever is killed when."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator.journal import Journal, stamp
from adapters.simulator.rings import Ring, RingBook, RingEnd
from tests.adapters.simulator.builders import TEN_IN_TOKYO, read_lines


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
