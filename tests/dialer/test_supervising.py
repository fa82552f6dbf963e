"""A supervisor in a live call: on the record, one call at a time, and out with the call."""

from typing import Any

import pytest

from dialer.errors import StaleState
from dialer.events import CallEnding
from dialer.line_events import CallMoved, Said, TransferAsked
from dialer.line_orders import CallListener, EndListener, TuneListener
from dialer.listen_events import ListenAsked, ListenEnded, ListenerMoved
from dialer.listening import Listening, Mode
from tests.dialer.test_holding import FIRST, ours, said, talking
from tests.support.engines import Office, an_office, reference_of

SUPERVISORS = (
    {"id": "mori", "name": "Mori", "line": "client:mori", "caller_id": "+81312345678"},
    {"id": "endo", "name": "Endo", "line": "+81399999999", "caller_id": "+81312345678"},
)


def a_floor(people: int = 1, **options: Any) -> Any:
    """An office with two supervisors."""
    return an_office(people, supervisors=SUPERVISORS, **options)


async def asks(office: Office, mode: Mode = Mode.LISTEN, *, agent: str = "aoki", by: str = "mori") -> None:
    """A supervisor wants to take part."""
    await office.told(ListenAsked(supervisor=by, agent=agent, mode=mode, **office.now))


async def listening(office: Office, by: str = "mori") -> Listening | None:
    """Where a supervisor is."""
    return await office.write(lambda unit: unit.listening(by))


async def comes_in(office: Office, by: str = "mori", *, is_in: bool = True) -> None:
    """The supervisor's line is in the room, or out of it."""
    found = await listening(office, by)
    assert found is not None
    leg = reference_of(found.nonce)
    moved = ListenerMoved(supervisor=by, nonce=found.nonce, reference=leg, is_in=is_in, **office.now)
    await office.told(moved)


async def test_a_supervisor_listens_whispers_and_speaks() -> None:
    """One line is called; from then on it is tuned, each way on the ledger with who and how."""
    async with a_floor() as office:
        await talking(office)
        await asks(office)
        (call,) = office.line.ears
        assert isinstance(call, CallListener)
        assert (call.room, call.line, call.caller_id, call.mode) == (
            "ag-aoki",
            "client:mori",
            "+81312345678",
            Mode.LISTEN,
        )
        await comes_in(office)
        for mode in (Mode.WHISPER, Mode.BARGE, Mode.BARGE):
            await asks(office, mode)
        tuned = [order for order in office.line.ears if isinstance(order, TuneListener)]
        assert [(order.mode, order.leg) for order in tuned] == [
            (Mode.WHISPER, reference_of(call.nonce)),
            (Mode.BARGE, reference_of(call.nonce)),
        ]
        desk = await office.store.read(lambda reports: reports.desk("aoki"))
        assert desk is not None
        assert [(one.supervisor, one.mode) for one in desk.listeners] == [("mori", Mode.BARGE)]
        await office.told(ListenEnded(supervisor="mori", **office.now))
        assert isinstance(office.line.ears[-1], EndListener)
        assert await listening(office) is None
        rows = [(row["what"], row["by"], row.get("mode")) for row in await said(office)]
        assert rows == [
            ("supervised", "mori", "listen"),
            ("supervised", "mori", "whisper"),
            ("supervised", "mori", "barge"),
            ("supervision_over", "mori", None),
        ]


async def test_a_supervisor_is_out_with_the_call() -> None:
    """Nobody hears the next customer because they heard this one."""
    async with a_floor() as office:
        await talking(office)
        await asks(office)
        await comes_in(office)
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)
        end = office.line.ears[-1]
        assert isinstance(end, EndListener)
        assert end.leg
        assert await listening(office) is None


async def test_a_call_that_is_handed_over_is_heard_by_nobody() -> None:
    """The colleague was not told; who wants to listen asks anew."""
    async with a_floor() as office:
        await talking(office)
        await asks(office)
        await comes_in(office)
        await office.told(TransferAsked(colleague="baba", **ours(office)))
        await office.hears(CallMoved, FIRST, reference=reference_of(FIRST), move=1)
        assert isinstance(office.line.ears[-1], EndListener)
        assert await listening(office) is None


async def test_nobody_listens_where_nobody_speaks_or_without_a_right() -> None:
    """Not before the person is there, not who is not in the settings, not to two calls at once."""
    async with a_floor(2) as office:
        await office.tick()
        with pytest.raises(StaleState, match="speaks with nobody"):
            await asks(office)
        await office.talks(FIRST)
        await office.talks(FIRST.replace("-1-1", "-2-1"))
        with pytest.raises(StaleState, match="name no supervisor stranger"):
            await asks(office, by="stranger")
        await asks(office)
        with pytest.raises(StaleState, match="rings"):
            await asks(office, Mode.BARGE)
        await comes_in(office)
        with pytest.raises(StaleState, match="another call"):
            await asks(office, agent="baba")
        await asks(office, by="endo", agent="baba")
        assert len(office.line.ears) == 2


async def test_a_line_that_is_not_picked_up_may_be_called_again() -> None:
    """After its ringing is over."""
    async with a_floor() as office:
        await talking(office)
        await asks(office)
        office.go(seconds=26)
        await asks(office, Mode.WHISPER)
        assert [type(order) for order in office.line.ears] == [CallListener, CallListener]


@pytest.mark.parametrize("answer", [Said.REFUSED, Said.UNSURE, Said.GONE])
async def test_a_line_that_cannot_be_called_is_said(answer: Said) -> None:
    """And should it ring after all, it is put out at once."""
    async with a_floor() as office:
        await talking(office)
        office.line.listening = answer
        await asks(office)
        found = await listening(office)
        assert found is not None
        assert found.problem == answer.value
        await comes_in(office)
        assert isinstance(office.line.ears[-1], EndListener)
        office.line.listening = Said.DONE
        await asks(office)
        await comes_in(office)
        found = await listening(office)
        assert found is not None
        assert found.is_in


async def test_who_is_not_known_to_be_muted_is_put_out() -> None:
    """A change that failed leaves nobody sure who hears them."""
    async with a_floor() as office:
        await talking(office)
        await asks(office)
        await comes_in(office)
        office.line.listening = Said.UNSURE
        await asks(office, Mode.WHISPER)
        assert isinstance(office.line.ears[-1], EndListener)
        assert await listening(office) is None


async def test_a_line_that_hung_up_takes_part_no_more() -> None:
    """Told by the room; word of it twice is once."""
    async with a_floor() as office:
        await talking(office)
        await asks(office)
        await comes_in(office)
        await comes_in(office, is_in=False)
        assert await listening(office) is None
        assert [row["what"] for row in await said(office)] == ["supervised", "supervision_over"]
