"""An outage of the mail server uses up nobody's try, and is not hammered."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import VirtualClock
from adapters.mail.line import Lost, LostAfterDot, Refused, SenderRefused, Unwanted
from adapters.mail.rest import FIRST_REST_S, LONGEST_REST_S, Rest, Resting
from dialer.mail_events import MailAccepted, MailNotSent
from tests.adapters.mail.builders import NOW, Office, a_mailer, an_order, open_office, scripted, wanted

RESTING = "the mail server is given a rest"


def detail(event: object) -> str:
    """Why a mail was not sent."""
    assert isinstance(event, MailNotSent)
    return event.detail


async def test_a_server_that_is_back_gets_mail_after_the_rest() -> None:
    """Refused, left alone for five seconds, then found to be back."""
    clock, knocks = VirtualClock(NOW), 0

    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal knocks
        knocks += 1

    async with scripted(slam) as port:
        mailer = a_mailer(port, clock=clock)
        assert detail(await mailer.send(an_order(), wanted)) != RESTING
        assert [detail(await mailer.send(an_order(), wanted)) for _ in range(3)] == [RESTING] * 3
    assert knocks == 1
    async with open_office(Office(), port=port) as office:
        await clock.wait(FIRST_REST_S - 0.1)
        assert detail(await mailer.send(an_order(), wanted)) == RESTING
        await clock.wait(0.1)
        assert isinstance(await mailer.send(an_order(), wanted), MailAccepted)
        assert isinstance(await mailer.send(an_order(), wanted), MailAccepted)
        await mailer.close()
    assert len(office.taken) == 2


async def test_a_refused_connection_begins_a_rest() -> None:
    """Nobody listens: those that waited for a connection do not try either."""
    async with open_office(Office()) as office:
        port = office.port
    mailer = a_mailer(port, connections=1)
    events = await asyncio.gather(*(mailer.send(an_order(), wanted) for _ in range(5)))
    assert [detail(event) == RESTING for event in events] == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("MAIL", "421 4.4.2 idle for too long"),
        ("RCPT", "421 4.4.2 idle for too long"),
        ("MAIL", "452 4.5.3 too many messages this session"),
        ("RCPT", "452 4.5.3 too many recipients this session"),
    ],
)
async def test_the_end_of_a_kept_connection_costs_nothing(command: str, reply: str) -> None:
    """The server has enough of this connection; the message goes out on a new one, at once."""
    async with open_office(Office()) as office:
        mailer = a_mailer(office.port, connections=1)
        assert isinstance(await mailer.send(an_order(), wanted), MailAccepted)
        office.once = {command: reply}
        assert isinstance(await mailer.send(an_order(), wanted), MailAccepted)
        await mailer.close()
    assert (len(office.taken), len(office.sessions)) == (2, 2)


async def test_a_refused_sender_does_not_hold_up_the_others() -> None:
    """The sender rests, and nobody else."""
    clock = VirtualClock(NOW)
    async with open_office(Office(replies={"MAIL": "550 5.7.1 not you"})) as office:
        mailer = a_mailer(office.port, clock=clock)
        assert detail(await mailer.send(an_order(), wanted)) == "550 5.7.1 not you"
        office.replies.clear()
        assert detail(await mailer.send(an_order(), wanted)) == RESTING
        assert isinstance(await mailer.send(an_order(sender="other@aoba.example"), wanted), MailAccepted)
        await clock.wait(FIRST_REST_S)
        assert isinstance(await mailer.send(an_order(), wanted), MailAccepted)
        await mailer.close()
    assert len(office.sessions) == 1


LOSSES = st.sampled_from([Lost("refused"), LostAfterDot("reset")])
WORDS = st.sampled_from([None, Refused(550, "no"), SenderRefused(550, "no"), Unwanted()])


@given(ends=st.lists(LOSSES | WORDS | st.just(KeyboardInterrupt()), max_size=12))
def test_the_rest_grows_with_losses_and_ends_with_a_word(ends: list[BaseException | None]) -> None:
    """Five seconds doubled up to sixty; nobody goes before, somebody may go at its end."""
    clock = VirtualClock(NOW)
    rest, length = Rest(clock), 0.0
    for end in ends:
        try:
            with rest.turn():
                if length:
                    with pytest.raises(Resting):  # one probe at a time
                        rest.check()
                if end:
                    raise end
        except (Lost, LostAfterDot):
            length = min(2 * length or FIRST_REST_S, LONGEST_REST_S)
            clock.advance_to(clock.now() + timedelta(seconds=length - 0.001))
            with pytest.raises(Resting):
                rest.check()
            clock.advance_to(clock.now() + timedelta(seconds=0.001))
        except KeyboardInterrupt:
            pass
        except (Refused, SenderRefused, Unwanted):
            length = 0.0
        else:
            length = 0.0
        rest.check()
