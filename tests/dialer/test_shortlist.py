"""A long list, searched a page at a time."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialer.shortlist import DEPTH, EACH, EMPTY, KEPT, PAGE, Entry, Shortlist
from tests.support.builders import NOON

SECOND = timedelta(seconds=1)


def an_entry(lead: int, index: float = 0.5, **changes: object) -> Entry:
    """Return a lead as it was found at noon."""
    given = {"contact": f"C{lead}", "language": "ja", "chance": 0.3, "at": NOON, **changes}
    return Entry(lead=lead, index=index, **given)  # type: ignore[arg-type]


PAGES = st.lists(
    st.lists(
        st.builds(an_entry, st.integers(1, 500), st.floats(-1, 1)),
        max_size=PAGE,
        unique_by=lambda entry: entry.lead,
    ),
    max_size=6,
)


@given(pages=PAGES)
def test_the_best_of_all_pages_are_kept_best_first(pages: list[list[Entry]]) -> None:
    """Each lead once, as it was found last; no more of them than a look can use."""
    short, last = EMPTY, dict[int, Entry]()
    for place, page in enumerate(pages):
        short = short.after(page, place, NOON + place * SECOND, 0.3)
        last |= {entry.lead: entry for entry in page}
    indexes = [entry.index for entry in short.entries]
    assert indexes == sorted(indexes, reverse=True)
    assert len(short.entries) == min(KEPT, len(last))
    assert all(last[entry.lead] == entry for entry in short.entries)
    dropped = set(last) - {entry.lead for entry in short.entries}
    assert all(last[lead].index <= indexes[-1] for lead in dropped)


@given(pages=st.integers(1, 250), ends=st.booleans())
def test_the_whole_list_is_passed_again_and_again(pages: int, *, ends: bool) -> None:
    """From its head to its end, or as deep as is compared; then from its head."""
    short = EMPTY
    for place in range(1, pages + 1):
        short = short.after([], None if ends and place % 7 == 0 else place, NOON, 0.3)
        is_over = short.swept == 0
        assert short.cursor == (None if is_over else place)
        assert 0 <= short.swept < DEPTH


def test_a_page_is_read_every_few_seconds() -> None:
    """And at once where none was; a clock that was set back keeps nobody from it."""
    short = EMPTY.after([], 1, NOON, 0.3)
    assert EMPTY.is_hungry(NOON)
    assert not short.is_hungry(NOON + EACH - SECOND)
    assert short.is_hungry(NOON + EACH)
    assert short.is_hungry(NOON - SECOND)


def test_only_what_is_fresh_and_spoken_is_called() -> None:
    """What was found in another hour says nothing of this one; whoever waits no more is forgotten."""
    entries = (an_entry(1), an_entry(2, language="en"), an_entry(3), an_entry(4))
    short = Shortlist(entries=entries)

    def leads(found: Shortlist, **time: float) -> list[int]:
        return [entry.lead for entry in found.first(2, ["ja"], NOON + timedelta(**time))]

    assert leads(short) == [1, 3]
    assert leads(short.without({1})) == [3, 4]
    assert short.without(set()) is short
    assert leads(short, minutes=11) == []
    late = Shortlist(entries=(an_entry(1, at=NOON - SECOND),))
    assert leads(late) == []
