"""Nothing goes out that was stopped in the meantime, however long the server took (F46)."""

import asyncio

import pytest

from dialer.mail_events import MailAccepted, MailNotSent
from tests.adapters.mail.builders import ATTEMPT, NOW, Office, a_mailer, an_order, open_office, wanted

UNWANTED = MailNotSent(key=f"mail:{ATTEMPT}:not-sent", at=NOW, attempt=ATTEMPT, detail="no longer wanted")


async def test_stopped_while_waiting_for_a_connection() -> None:
    """The only connection is taken; when it frees, the person has opted out."""
    office, stopped = Office(gate=asyncio.Event()), asyncio.Event()

    async def unless_stopped() -> bool:
        return not stopped.is_set()

    async with open_office(office) as office, asyncio.TaskGroup() as group:
        mailer = a_mailer(office.port, connections=1)
        first = group.create_task(mailer.send(an_order(), wanted))
        second = group.create_task(mailer.send(an_order(), unless_stopped))
        await asyncio.wait([first, second], timeout=0.1)
        assert not first.done()
        stopped.set()
        assert office.gate
        office.gate.set()
        assert isinstance(await first, MailAccepted)
        assert await second == UNWANTED
        await mailer.close()
    assert len(office.taken) == 1


async def test_stopped_between_recipient_and_text() -> None:
    """The question comes after RCPT; a no takes the message back, and the connection serves the next one."""
    seen: list[int] = []
    async with open_office(Office()) as office:

        async def stopped_now() -> bool:
            seen.append(office.recipients)
            return False

        mailer = a_mailer(office.port, connections=1)
        assert await mailer.send(an_order(), stopped_now) == UNWANTED
        assert office.taken == []
        assert isinstance(await mailer.send(an_order(to="sato@example.jp"), wanted), MailAccepted)
        await mailer.close()
    assert seen == [1]
    assert [envelope.rcpt_tos for envelope in office.taken] == [["sato@example.jp"]]
    assert len(office.sessions) == 1


async def test_a_question_that_fails_sends_nothing() -> None:
    """The failure is the asker's own; the connection is given back, and no message goes by itself."""

    async def broken() -> bool:
        raise OSError("disk full")

    async with open_office(Office()) as office:
        mailer = a_mailer(office.port, connections=1)
        with pytest.raises(OSError, match="disk full"):
            await mailer.send(an_order(), broken)
        assert office.taken == []
        assert isinstance(await mailer.send(an_order(), wanted), MailAccepted)
        await mailer.close()
