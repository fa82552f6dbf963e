"""Finding a lost call among many: over pages, among other attempts' calls, and when it proves that there is none."""

from datetime import datetime, timedelta

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from dialer.errors import CarrierSilent
from dialer.events import CallPlaced
from tests.adapters.twilio.builders import (
    ATTEMPT,
    CALLS,
    FROM,
    NOW,
    TO,
    Json,
    a_call,
    a_carrier,
    a_page,
    a_refusal,
    a_router,
    an_attempt,
    an_order,
    rfc2822,
    seconds,
)


def created(at: datetime, sid: str, **changes: object) -> Json:
    """A call of a given time."""
    return a_call(sid=sid, date_created=rfc2822(at), **changes)


def in_pages(
    router: respx.MockRouter, calls: list[Json], size: int = 100, *, status: str | None = None
) -> None:
    """Serve these calls in pages whose addresses mean nothing to anybody but the server."""
    queued = {"Status": status} if status else {}
    pages = [calls[n : n + size] for n in range(0, len(calls), size)] or [[]]
    for number, page in reversed(list(enumerate(pages))):
        more = f"{CALLS}?token=%2B{status or ''}{number + 1}&x=a%26b" if number + 1 < len(pages) else None
        params = {"token": f"+{status or ''}{number}", "x": "a&b"} if number else queued
        router.get(CALLS, params=params).mock(return_value=a_page(*page, next_page=more))


def two_lists(router: respx.MockRouter, plain: list[Json], queued: list[Json] | None = None) -> None:
    """Serve what is queued, and then everything."""
    router.get(CALLS, params={"Status": "queued"}).mock(return_value=a_page(*(queued or [])))
    router.get(CALLS).mock(return_value=a_page(*plain))


async def found(router: respx.MockRouter, *, known: tuple[str, ...] = (), **attempt: object) -> str | None:
    """Ask about a lost attempt; return the call it turned out to be."""
    events = await a_carrier(router).ask(an_attempt(**attempt), known=known)
    return next((event.reference for event in events if isinstance(event, CallPlaced)), None)


@pytest.mark.parametrize("place", [0, 99, 100, 137, 249])
async def test_a_call_is_found_wherever_it_stands_among_250(place: int) -> None:
    """Three pages, followed by their own addresses to the last; the list is in no order that we would rely on."""
    calls = [created(NOW + seconds(60 * (n + 1)), f"CA{n:03}") for n in range(250)]
    calls[place] = created(NOW + seconds(1), "CAours")
    router = a_router()
    in_pages(router, [], status="queued")
    in_pages(router, calls)
    assert await found(router) == "CAours"
    assert len(router.calls) == 4
    assert [call.request.url.params.get("token") for call in router.calls] == [None, None, "+1", "+2"]


async def test_a_queued_call_is_found_on_a_later_page() -> None:
    """The queue has pages of its own."""
    router = a_router()
    waiting = [created(NOW - seconds(600), f"CA{n:03}") for n in range(200)]
    in_pages(router, [*waiting, created(NOW, "CAours")], status="queued")
    in_pages(router, [])
    assert await found(router) == "CAours"


async def test_a_call_that_leaves_the_queue_while_we_ask_is_not_missed() -> None:
    """The plain list hides it while it queues, the queue has it no more: asked in that order, neither would have it."""
    router, asked = a_router(), []

    def tell(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        is_ringing, is_queue = len(asked) > 1, "Status" in request.url.params
        return a_page(created(NOW, "CAours")) if is_ringing != is_queue else a_page()

    router.get(CALLS).mock(side_effect=tell)
    assert await found(router) == "CAours"


async def test_days_are_cut_to_seconds_here() -> None:
    """Twilio's filters know UTC days, so no day is asked for: midnight between order and call hides nothing."""
    midnight = datetime(2026, 11, 21, tzinfo=NOW.tzinfo)
    router = a_router()
    earlier = [created(midnight - timedelta(minutes=minute), f"CA{minute}") for minute in range(1, 200)]
    two_lists(router, [*earlier, created(midnight + seconds(1), "CAours")])
    assert await found(router, opened_at=midnight - seconds(2)) == "CAours"
    for call in router.calls:
        assert set(call.request.url.params) <= {"To", "From", "PageSize", "Status"}
        assert (call.request.url.params["To"], call.request.url.params["From"]) == (TO, FROM)


async def test_no_call_in_250_is_proof_of_none() -> None:
    """All pages were read, and all that is there is older."""
    router = a_router()
    in_pages(router, [], status="queued")
    in_pages(router, [created(NOW - seconds(60 * (n + 1)), f"CA{n}") for n in range(250)])
    assert await found(router) is None


async def test_a_list_without_an_end_proves_nothing() -> None:
    """An empty page that names itself as the next is left after so many turns, and the question stays open."""
    router = a_router()
    router.get(CALLS).mock(return_value=a_page(next_page=f"{CALLS}?PageToken=again"))
    with pytest.raises(CarrierSilent, match="pages"):
        await found(router)
    assert len(router.calls) == 20


@pytest.mark.parametrize(
    "second",
    [
        httpx.Response(500),
        httpx.Response(429, json=a_refusal(20429, 429)),
        httpx.Response(200, html="<h1>no</h1>"),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
    ],
    ids=["500", "429", "HTML", "slow", "refused"],
)
async def test_half_a_list_proves_nothing(second: httpx.Response | Exception) -> None:
    """When the second page does not come, a call on it may be ours: even if the first has one that would do."""
    router = a_router()
    router.get(CALLS, params={"PageToken": "PB"}).mock(side_effect=[second])
    router.get(CALLS).mock(
        return_value=a_page(created(NOW + seconds(900), "CA1"), next_page=f"{CALLS}?PageToken=PB")
    )
    with pytest.raises(CarrierSilent):
        await found(router)


@pytest.mark.parametrize("next_page", ["http://[", 7, {"uri": CALLS}, "\x00"])
async def test_a_next_page_that_is_no_address_proves_nothing(next_page: object) -> None:
    """Whatever stands there."""
    router = a_router()
    router.get(CALLS).mock(return_value=a_page(next_page=next_page))  # type: ignore[arg-type]
    router.route().mock(return_value=httpx.Response(404))
    with pytest.raises(CarrierSilent):
        await found(router)


async def test_pages_stay_on_our_own_host() -> None:
    """The key goes with each request: an address of another host is read as a path of ours."""
    router = a_router()
    elsewhere = router.get(host="elsewhere.example").mock(return_value=a_page())
    router.get(url__startswith="https://api.tokyo.jp1.twilio.com/https").mock(
        return_value=httpx.Response(404)
    )
    router.get(CALLS).mock(return_value=a_page(next_page="https://elsewhere.example/Calls.json"))
    with pytest.raises(CarrierSilent):
        await found(router)
    assert elsewhere.call_count == 0


EARLIER, OURS = created(NOW - seconds(20), "CAearlier"), created(NOW + seconds(1), "CAours")


async def test_another_attempts_call_is_not_adopted() -> None:
    """Tried minutes apart: the call of the first is within the clocks' difference, and nearer than nothing."""
    router = a_router()
    two_lists(router, [EARLIER])
    assert await found(router) == "CAearlier"
    assert await found(router, known=("CAearlier",)) is None


@pytest.mark.parametrize("known", [(), ("CAearlier",), ("CAearlier", "CAelse")])
async def test_of_two_the_nearer_one_is_ours(known: tuple[str, ...]) -> None:
    """With or without knowing whose the other is."""
    router = a_router()
    two_lists(router, [EARLIER, OURS])
    assert await found(router, known=known) == "CAours"


async def test_the_nearest_is_passed_over_when_it_is_anothers() -> None:
    """A later attempt's call lies nearer to this one's order than its own, which the carrier took late."""
    router = a_router()
    two_lists(router, [created(NOW + seconds(4), "CAlater"), created(NOW + seconds(9), "CAours")])
    assert await found(router, known=("CAlater",)) == "CAours"


async def test_what_was_placed_here_is_remembered() -> None:
    """The carrier itself knows whose calls it placed, and needs nobody to tell."""
    router = a_router()
    router.post(CALLS).mock(return_value=httpx.Response(201, json=EARLIER))
    two_lists(router, [EARLIER])
    carrier = a_carrier(router)
    await carrier.place(an_order(attempt="winback-7-0"))
    assert await carrier.ask(an_attempt()) == ()


async def test_what_was_found_once_is_found_again_and_by_nobody_else() -> None:
    """Two attempts in doubt share no call: the first that is asked about has it."""
    router = a_router()
    two_lists(router, [OURS])
    carrier = a_carrier(router)
    for _ in range(2):
        found_placed, found_queued = await carrier.ask(an_attempt())
        assert {found_placed.attempt, found_queued.attempt} == {ATTEMPT}
        assert found_placed.key == "CAours:placed"
        assert found_queued.key.startswith("CAours:queued:")
    assert await carrier.ask(an_attempt(id="winback-7-2", opened_at=NOW + seconds(5))) == ()


async def test_the_oldest_calls_are_forgotten_in_the_end() -> None:
    """Memory has a bound; whoever knows more from the store says so."""
    router = a_router()
    two_lists(router, [EARLIER])
    carrier = a_carrier(router)
    carrier._lookup.learn("CAearlier", "winback-7-0")
    for number in range(9_999):
        carrier._lookup.learn(f"CA{number}", "another")
    assert await carrier.ask(an_attempt()) == ()
    carrier._lookup.learn("CAone-more", "another")
    assert await carrier.ask(an_attempt()) != ()


@pytest.mark.parametrize("date", [None, "yesterday", ""])
async def test_a_call_without_a_date_leaves_the_question_open(date: str | None) -> None:
    """It may be ours. Neither adopted nor taken for proof of none; one that is surely ours settles it."""
    router = a_router()
    two_lists(router, [a_call(sid="CAundated", date_created=date)])
    with pytest.raises(CarrierSilent):
        await found(router)
    assert await found(router, known=("CAundated",)) is None
    two_lists(router, [a_call(sid="CAundated", date_created=date), OURS])
    assert await found(router) == "CAours"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, html="<h1>not here</h1>"),
        httpx.Response(404, json={}),
        httpx.Response(404, json=a_refusal(20003, 404)),
        httpx.Response(410, json=a_refusal(20404, 410)),
    ],
    ids=["HTML", "no code", "another code", "another status"],
)
async def test_only_twilios_own_word_proves_that_a_call_is_unknown(answer: httpx.Response) -> None:
    """A 404 of something in between says nothing about a call."""
    router = a_router()
    router.get(path__startswith="/2010-04-01").mock(return_value=answer)
    with pytest.raises(CarrierSilent):
        await found(router, reference="CA1")


@given(
    offsets=st.lists(st.integers(-300, 300), max_size=12),
    known=st.sets(st.integers(0, 11)),
    opened=st.integers(-60, 60),
)
async def test_the_nearest_that_can_be_ours_and_no_other(
    offsets: list[int], known: set[int], opened: int
) -> None:
    """Against a plain search: created no earlier than half a minute before the order, nobody else's, the nearest."""
    router = a_router()
    two_lists(router, [created(NOW + seconds(offset), f"CA{n}") for n, offset in enumerate(offsets)])
    able = [(abs(o - opened), n) for n, o in enumerate(offsets) if n not in known and o >= opened - 30]
    adopted = await found(router, known=tuple(f"CA{n}" for n in known), opened_at=NOW + seconds(opened))
    if adopted is None:
        assert not able
    else:
        assert int(adopted[2:]) in {n for away, n in able if away == min(able)[0]}
