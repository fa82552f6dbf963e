"""The sealed record: whatever is done to it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.ledger import GENESIS, Kind, LedgerEntry, Record, seal, verify
from tests.compliance.builders import TUESDAY

FIELDS = [found.name for found in fields(LedgerEntry)]


def a_chain(bodies: Sequence[Mapping[str, object]]) -> list[LedgerEntry]:
    """Entries 1 to n, a minute apart."""
    entries: list[LedgerEntry] = []
    previous = GENESIS
    for index, body in enumerate(bodies):
        at = TUESDAY + timedelta(minutes=index)
        record = Record(kind=Kind.PERMITTED, at=at, campaign="winback", person=f"C-{index}", body=body)
        entries.append(seal(record, index + 1, previous))
        previous = entries[-1].hash
    return entries


CHAINS = st.lists(
    st.dictionaries(
        st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=3
    ),
    min_size=2,
    max_size=8,
).map(a_chain)


@given(CHAINS)
def test_an_untouched_chain_holds(chain: list[LedgerEntry]) -> None:
    """All rows hold, and its head is the checkpoint of the next check."""
    head = (chain[-1].seq, chain[-1].hash)
    assert verify(chain, head) == (len(chain), chain[-1].hash, None)


@given(CHAINS, st.data())
def test_any_edit_names_its_row(chain: list[LedgerEntry], data: st.DataObject) -> None:
    """Whatever field of whatever row is changed, the check stops at that row."""
    index = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from([name for name in FIELDS if name != "seq"]))
    old = getattr(chain[index], name)
    new = data.draw(st.text(max_size=12).filter(lambda text: text != old))
    chain[index] = replace(chain[index], **{name: new})  # type: ignore[arg-type]
    count, _, fault = verify(chain)
    assert fault is not None
    assert (count, fault.seq) == (index, index + 1)


@given(CHAINS, st.data())
def test_a_missing_row_is_named(chain: list[LedgerEntry], data: st.DataObject) -> None:
    """A row taken out of the middle is named, and one cut off the end too, given the head that was noted down."""
    head = (chain[-1].seq, chain[-1].hash)
    index = data.draw(st.integers(0, len(chain) - 1))
    del chain[index]
    count, _, fault = verify(chain, head)
    assert fault is not None
    assert (count, fault.seq, fault.problem) == (index, index + 1, "missing")


@given(CHAINS, st.data())
def test_swapped_rows_are_found(chain: list[LedgerEntry], data: st.DataObject) -> None:
    """Two rows that change places break the chain at the first of them."""
    one = data.draw(st.integers(0, len(chain) - 2))
    other = data.draw(st.integers(one + 1, len(chain) - 1))
    chain[one], chain[other] = chain[other], chain[one]
    count, _, fault = verify(chain)
    assert fault is not None
    assert (count, fault.seq) == (one, one + 1)


@given(CHAINS, st.data())
def test_an_inserted_row_is_found(chain: list[LedgerEntry], data: st.DataObject) -> None:
    """A row put in, sealed onto the row before and with any number, breaks the chain where it stands or right after."""
    index = data.draw(st.integers(0, len(chain) - 1))
    before = chain[index - 1].hash if index else GENESIS
    seq = data.draw(st.integers(1, len(chain) + 1))
    forged = Record(kind=Kind.PERMITTED, at=TUESDAY, body={"forged": True})
    chain.insert(index, seal(forged, seq, before))
    count, _, fault = verify(chain)
    assert fault is not None
    assert index <= count <= index + 1


@given(CHAINS)
def test_a_chain_written_anew_is_found_by_the_checkpoint(chain: list[LedgerEntry]) -> None:
    """Sealed again from its first row, a forged chain holds in itself and fails against the head noted down."""
    head = (chain[-1].seq, chain[-1].hash)
    forged = a_chain([{"forged": True} for _ in chain])
    assert verify(forged)[2] is None
    fault = verify(forged, head)[2]
    assert fault is not None
    assert fault.seq == len(chain)


def test_time_is_written_in_utc() -> None:
    """Whatever zone a record's instant came in, the ledger says UTC."""
    tokyo_time = datetime(2026, 11, 24, 11, tzinfo=timezone(timedelta(hours=9)))
    assert seal(Record(kind=Kind.SWITCH, at=tokyo_time), 1, GENESIS).at == "2026-11-24T02:00:00.000000+00:00"


def test_what_json_does_not_know_is_not_sealed() -> None:
    """A body that others could not read back is refused."""
    with pytest.raises(ValueError, match="JSON"):
        seal(Record(kind=Kind.SWITCH, at=TUESDAY, body={"share": float("nan")}), 1, GENESIS)
