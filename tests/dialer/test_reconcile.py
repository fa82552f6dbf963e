"""A database that came back: noticed by files and by memory, held for everybody, released once and for all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from compliance.ledger import Kind, LedgerEntry
from compliance.terms import Channel
from dialer.events import CallEnding
from dialer.halts import RESTORED, Halt, Mark
from dialer.officer import NotRecorded
from dialer.reconcile import (
    OUTCOME_LOST,
    hold,
    is_excused,
    is_held,
    lost_since,
    reaches,
    release,
    spare,
)
from dialer.statements import CallsLost, DatabaseReleased, OfficerSaid, Word
from dialer.witness import Witness
from tests.support.builders import NOON
from tests.support.engines import Office, an_office
from tests.support.stores import a_record

LATER, MUCH_LATER = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
LOST = Mark(at=LATER, rows=10_000, hash="0" * 64)
"""What a ledger that is lost had come to."""


async def head(office: Office) -> Mark:
    """How far the ledger has come, by a row at least."""
    await office.write(lambda unit: unit.record([] if unit.head() else [a_record()]))
    found = await office.write(lambda unit: unit.head())
    assert found is not None
    return found


async def is_on_hold(office: Office) -> bool:
    """Whether the database waits to be released."""
    return await office.write(lambda unit: is_held(unit, office.clock.now()))


async def said(office: Office, word: Word) -> None:
    """An officer says a word."""
    await office.told(OfficerSaid(by="mori", word=word, **office.now))


async def test_a_ledger_reaches_its_own_marks_and_no_others() -> None:
    """The row must be there, and be the one that was noted; what follows it does not matter."""
    async with an_office(1) as office:
        end = await head(office)
        await office.write(lambda unit: unit.record([a_record()]))
        other = replace(end, hash="f" * 64)
        for mark, holds in ((end, True), (other, False), (LOST, False)):
            assert await office.write(lambda unit, mark=mark: reaches(unit, mark)) is holds  # type: ignore[misc]


async def test_it_was_whole_until_the_last_mark_that_still_holds() -> None:
    """What was written to it after it came back tells nothing; without a mark, its own end does."""
    async with an_office(1) as office:
        end = await head(office)
        good = [replace(end, at=NOON - timedelta(hours=hours)) for hours in (3, 2)]
        assert await office.write(lambda unit: lost_since(unit, [*good, LOST])) == good[-1].at
        assert await office.write(lambda unit: lost_since(unit, [LOST])) == end.at
        assert await office.write(lost_since) == end.at


@pytest.mark.parametrize("marks", [[], [LOST]])
async def test_an_empty_ledger_was_whole_before_its_first_mark(marks: list[Mark]) -> None:
    """Nobody knows when that was where nothing was noted."""
    async with an_office(0) as office:
        assert await office.write(lambda unit: lost_since(unit, marks)) == (LATER if marks else None)


async def test_a_held_database_calls_and_mails_nobody() -> None:
    """It says why in the ledger; a pause that the carrier asked for does not undo it."""
    async with an_office(2, agents=("aoki",)) as office:
        await office.write(lambda unit: hold(unit, LOST, now=NOON, since=NOON, where="marks.jsonl"))
        pause = Halt(name=RESTORED, since=NOON, until=NOON + timedelta(seconds=1), reason="shorter")
        await office.write(lambda unit: unit.halt(pause))
        await office.after(minutes=5)
        assert (office.line.placed, office.post.sent) == ([], [])
        assert await is_on_hold(office)
        (entry,) = [each for each in await entries(office) if each.kind == Kind.HALTED]
        assert '"had":10000' in entry.body
        last = await office.write(lambda unit: unit.restoration())
        assert last is not None
        assert (last.is_lifted, last.by, last.since) == (False, "marks.jsonl", NOON)


async def entries(office: Office) -> list[LedgerEntry]:
    """The ledger."""
    return await office.store.read(lambda reports: list(reports.ledger()))


async def test_a_release_excuses_what_was_noted_before_it_and_nothing_later() -> None:
    """So the next start finds nothing wrong, and another backup put back is noticed."""
    async with an_office(1) as office:
        assert not await office.write(lambda unit: release(unit, by="mori", reason="asked", now=MUCH_LATER))
        await office.write(lambda unit: hold(unit, LOST, now=LATER, since=None, where="marks.jsonl"))
        assert not await office.write(lambda unit: is_excused(unit, LOST))
        assert await office.write(lambda unit: release(unit, by="mori", reason="asked", now=MUCH_LATER))
        assert await office.write(lambda unit: is_excused(unit, LOST))
        newer = replace(LOST, at=MUCH_LATER + timedelta(seconds=1))
        assert not await office.write(lambda unit: is_excused(unit, newer))
        assert not await is_on_hold(office)


async def test_whom_only_the_carrier_remembers_is_not_called_for_a_while() -> None:
    """Once each, on the phone alone, sealed, and in due course again."""
    async with an_office(2, agents=("aoki", "baba")) as office:
        number, until = "+819020000001", NOON + timedelta(days=31)
        await said(office, CallsLost(numbers=(number,), until=until))
        assert await office.write(lambda unit: spare(unit, [number], until=until, by="mori", now=NOON)) == 0
        await office.after(seconds=1)
        assert number not in office.line.numbers
        assert office.line.numbers
        (entry,) = await office.store.read(lambda reports: list(reports.suppressions()))
        assert (entry.channel, entry.reason, entry.expires_at) == (Channel.VOICE, OUTCOME_LOST, until)
        assert [each.kind for each in await entries(office)].count("suppressed") == 1


async def test_there_is_nothing_to_release_while_nothing_is_held() -> None:
    """Whoever says so is told; said once more after a release, too."""
    async with an_office(1) as office:
        with pytest.raises(NotRecorded, match="not held"):
            await said(office, DatabaseReleased(reason="asked"))
        await office.write(lambda unit: hold(unit, LOST, now=NOON, since=None, where="marks.jsonl"))
        await said(office, DatabaseReleased(reason="asked"))
        with pytest.raises(NotRecorded, match="not held"):
            await said(office, DatabaseReleased(reason="asked"))


async def test_an_engine_notices_a_ledger_that_lost_its_end() -> None:
    """Also one that has grown past what is remembered since; no order goes out, and a release is final."""
    async with an_office(3, agents=("aoki",)) as office:
        witness = Witness()
        witness.remember(LOST, NOON)
        await office.tick()
        assert await office.write(lambda unit: witness.look(unit, NOON)) is None
        assert await is_on_hold(office)
        first = list(office.line.placed)
        await office.ends(first[0].attempt, CallEnding.BUSY)
        await office.after(minutes=1)
        assert office.line.placed == first
        await said(office, DatabaseReleased(reason="asked"))
        now = office.clock.now()
        seen = await office.write(lambda unit: witness.look(unit, now))
        assert seen == await head(office)
        witness.remember(seen, now)
        await office.after(minutes=1)
        assert len(office.line.placed) > len(first)


async def test_what_is_remembered_is_the_furthest() -> None:
    """Transactions end in another order than they began: the later end does not hide the earlier one."""
    async with an_office(1) as office:
        end, witness = await head(office), Witness()
        witness.remember(replace(end, rows=end.rows + 1, hash="e" * 64), NOON)
        witness.remember(end, NOON)
        assert await office.write(lambda unit: witness.look(unit, NOON)) is None
