"""The orders of this machine's command line, taken by a running installation."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request

from adapters.controlling import say
from adapters.web.auth import check_control
from adapters.web.errors import Refused
from compliance.question import Consent, Reassignment, Suppression
from compliance.terms import Channel
from dialer.events import CampaignPaused, ContactSuppressed, SwitchTurned
from dialer.nonce import nonce_for
from dialer.officer import NotRecorded
from dialer.statements import ConsentGiven, NumbersAsked, OfficerSaid, RegistryRead, SuppressionLifted
from tests.adapters.web.house import SECRET, House, serving
from tests.support.summaries import NOW

Client = TestClient[web.Request, web.Application]
TOKEN = {"Authorization": f"Bearer {nonce_for(SECRET, 'control', 'cli')}", "Accept-Language": "en"}
WHY = {"reason": "wrote a letter", "by": "officer"}


class Listed(House):
    """A house that can say who is suppressed."""

    entries: tuple[Suppression, ...] = ()

    def suppressions_of(self, contact: object) -> tuple[Suppression, ...]:
        """Those it was given."""
        return self.entries


@pytest.fixture
def house() -> Listed:
    """One campaign, in the middle of its day."""
    return Listed()


@pytest.fixture
async def client(house: Listed) -> AsyncIterator[Client]:
    """A program on the same machine."""
    async with serving(house) as server:
        client: Client = TestClient(server)
        yield client
        await client.close()


async def tell(client: Client, path: str, body: Any, headers: dict[str, str] = TOKEN) -> tuple[int, Any]:
    """Give an order; return status and answer."""
    answer = await client.post(f"/control/{path}", json=body, headers=headers)
    return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"number": "090-2000-0001"}, {"number": "+819020000001"}),
        ({"email": "Taro@Example.JP"}, {"email": "Taro@example.jp"}),
        ({"person": "C00001"}, {"person": "C00001"}),
    ],
)
async def test_somebody_is_never_contacted_again(
    client: Client, house: Listed, said: dict[str, str], kept: dict[str, str]
) -> None:
    """The event holds the entry, everywhere and for good, the address in the one writing that counts."""
    assert await tell(client, "suppress", {**said, **WHY}) == (200, {"done": "suppressed"})
    (event,) = house.events
    assert isinstance(event, ContactSuppressed)
    entry = event.suppression
    assert {name: value for name in ("number", "email", "person") if (value := getattr(entry, name))} == kept
    assert (entry.reason, entry.by, entry.source, entry.at) == ("wrote a letter", "officer", "cli", NOW)
    assert (entry.channel, entry.seller, entry.product, entry.expires_at) == (None,) * 4
    house.entries = (event.suppression,)
    assert await tell(client, "suppress", {**said, **WHY}) == (200, {"done": "known"})


@pytest.mark.parametrize(
    "body",
    [
        {**WHY},
        {**WHY, "number": "+819020000001", "person": "C1"},
        {**WHY, "number": "call me"},
        {**WHY, "email": "nobody"},
        {"number": "+819020000001", "by": "officer"},
        {**WHY, "person": "C1", "for": "ever"},
        [],
    ],
)
async def test_what_cannot_be_read_is_refused_and_told(client: Client, house: Listed, body: Any) -> None:
    """Nobody, two at once, no address, no reason, a field too many, no object."""
    status, said = await tell(client, "suppress", body)
    assert (status, set(said)) == (400, {"error", "remedy"})
    assert house.events == []


async def test_the_switch_is_turned(client: Client, house: Listed) -> None:
    """Both ways, by whom and why; the answer says when it was durable, and what became of the calls under way."""
    durable = {"committed_at": NOW.isoformat()}
    status, said = await tell(client, "dialing", {"enabled": False, "by": "officer", "reason": "wrong list"})
    assert (status, said) == (200, {"done": "disabled", **durable, "hung_up": 3, "unnamed": 1})
    status, said = await tell(client, "dialing", {"enabled": True, "by": "aoki"})
    assert (status, said) == (200, {"done": "enabled", **durable})
    events = [event for event in house.events if isinstance(event, SwitchTurned)]
    assert [(event.enabled, event.by, event.reason) for event in events] == [
        (False, "officer", "wrong list"),
        (True, "aoki", ""),
    ]


async def test_a_second_stop_is_told_of_the_first(client: Client, house: Listed) -> None:
    """The one that held already, since when and by whom, and no count that is not its own."""
    await tell(client, "dialing", {"enabled": False, "by": "officer", "reason": "wrong list"})
    house.clock.advance_to(NOW + timedelta(seconds=5))
    status, said = await tell(client, "dialing", {"enabled": False, "by": "aoki"})
    before = {"at": NOW.isoformat(), "by": "officer", "reason": "wrong list"}
    assert (status, said["done"], said["before"]) == (200, "disabled", before)
    assert not {"hung_up", "unnamed"} & set(said)


async def test_a_campaign_is_moved_or_the_reason_told(client: Client, house: Listed) -> None:
    """By whom goes into the event; a state that does not allow it is 409, an unknown campaign 404."""
    assert await tell(client, "campaigns/winback/pause", {"by": "mori"}) == (200, {"done": "pause"})
    (event,) = house.events
    assert isinstance(event, CampaignPaused)
    assert (event.campaign, event.by) == ("winback", "mori")
    assert (await tell(client, "campaigns/spring/pause", {"by": "mori"}))[0] == 404
    house.stale = "campaign winback is stopped"
    status, said = await tell(client, "campaigns/winback/start", {"by": "mori"})
    assert (status, set(said)) == (409, {"error", "remedy"})
    assert "campaign winback is stopped" in said["error"]


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("", 401),
        ("Basic abc", 401),
        ("Bearer wrong", 403),
        ("Bearer \u00e9", 403),
        (f"Bearer {nonce_for(SECRET, 'desk', 'cli')}", 403),
    ],
)
async def test_only_who_holds_the_secret_gives_orders(
    client: Client, house: Listed, token: str, status: int
) -> None:
    """No token, a foreign scheme, a wrong one, one of a desk."""
    found, said = await tell(client, "dialing", {"enabled": False, "by": "x"}, {"Authorization": token})
    assert (found, set(said)) == (status, {"error", "remedy"})
    assert house.events == []


@pytest.mark.parametrize(
    ("host", "more"),
    [("dialer.example.com", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"})],
)
def test_a_tunnel_brings_no_orders(host: str, more: dict[str, str]) -> None:
    """Even with the token: what comes through a proxy, or under another name, was not typed here."""
    request = make_mocked_request("POST", "/control/dialing", {"Host": host, **TOKEN, **more})
    with pytest.raises(Refused) as refused:
        check_control(request, SECRET)
    assert refused.value.status == 403


async def test_an_officers_word_is_taken_as_it_was_given(client: Client, house: Listed) -> None:
    """What the command line wrote is what the engine hears, instants and channels included."""
    consent = Consent(
        type="express",
        seller="midorien",
        obtained_at=NOW,
        channels=frozenset({Channel.VOICE}),
        evidence="form",
    )
    for word in (
        ConsentGiven(given=(("C00001", consent),)),
        SuppressionLifted(whom="C00001", reason="asked", approved_by="aoki"),
        NumbersAsked(answers={"+12125550101": Reassignment(answer="no", queried_at=NOW)}, source="r.csv"),
        RegistryRead(facts={"registry": "uk_tps", "count": 3}),
    ):
        house.events.clear()
        body = say(word, by="kato").body
        assert await tell(client, "officer", body) == (200, {"done": "recorded"})
        (event,) = house.events
        assert isinstance(event, OfficerSaid)
        assert (event.word, event.by, event.at) == (word, "kato", NOW)


async def test_a_word_that_is_not_taken_says_why(client: Client, house: Listed) -> None:
    """With what to do; and a word of no kind is refused."""
    house.refuses = NotRecorded("a second person is needed")
    body = say(SuppressionLifted(whom="C1", reason="r", approved_by="kato"), by="kato").body
    status, answer = await tell(client, "officer", body)
    assert (status, answer["error"]) == (409, "Not recorded: a second person is needed.")
    status, _ = await tell(client, "officer", {"by": "kato", "word": {"kind": "sung"}})
    assert status == 400
