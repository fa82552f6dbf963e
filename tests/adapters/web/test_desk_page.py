import asyncio
import json
from datetime import timedelta

import pytest

from adapters.clock import SystemClock
from campaigns.outcome import LeadState, Outcome
from dialer.agents import AgentState
from dialer.events import CallEnding
from tests.adapters.web.desk_office import AT_HOME, FIRST, a_desk, away, browsing, talking
from tests.support.builders import NOON, a_contact

POP_S = 0.3


async def test_a_call_comes_onto_the_open_page() -> None:
    """Who, in which language, why, what they bought, what to say and what must be said; then the line itself."""
    async with a_desk() as browser, browser.watching() as page:
        idle = await page.next()
        assert (idle["state"], idle["call"], idle["may_away"], idle["may_ready"]) == (
            "ready",
            None,
            True,
            False,
        )
        await browser.office.tick()
        coming = await page.until(state="reserved")
        call = coming["call"]
        assert (call["name"], call["language"], call["number"]) == ("山田 1", "ja", "+81 90-2000-0001")
        assert call["title"] == "Welcome-back campaign (dormant customers)"
        assert call["why"] == "Sales call · deep-steamed green tea subscription · Midorien Co."
        assert {"label": "前回商品", "value": "煎茶"} in call["facts"]
        assert call["consents"][0]["text"].startswith("agreed to e-mails")
        assert call["steps"][0]["text"].startswith("お忙しいところ失礼いたします。")
        assert "aoki" in call["steps"][0]["text"]
        assert call["steps"][0]["other"].startswith("Good day. My name is aoki")
        assert {"announce_recording(recommended)", "company_name"} <= {one["code"] for one in call["duties"]}
        assert (coming["may_away"], coming["may_break"], coming["may_leave"]) == (False, False, False)
        assert (coming["may_say"], coming["announce"]) == (False, "Call from the campaign: 山田 1")
        await browser.office.talks(FIRST)
        on = await page.until(state="talking")
        assert (on["may_say"], on["may_hang_up"], on["save"]) == (True, True, "End the call and save")
        assert (on["clock"], on["call"]["zone"]) == ("12:00", "Asia/Tokyo")


async def test_the_page_shows_a_call_in_time() -> None:
    """From the stored event to the page: the median of ten calls, since others share this machine."""
    clock, waits = SystemClock(), []
    async with a_desk(12, agents=["aoki"]) as browser, browser.watching() as page:
        await page.next()
        for _ in range(10):
            await browser.office.after(seconds=5)
            attempt = (await page.until(state="reserved"))["call"]["attempt"]
            await browser.office.talks(attempt)
            stored = clock.monotonic()
            await page.until(state="talking")
            waits.append(clock.monotonic() - stored)
            await browser.office.ends(attempt, CallEnding.COMPLETED, talk_s=5)
            await browser.office.disposes(attempt, "not-now")
            await page.until(state="ready")
    assert sorted(waits)[5] < POP_S


async def test_ready_and_away_are_shown_where_they_lead_somewhere() -> None:
    """No dead buttons."""
    async with a_desk() as browser, browser.watching() as page:
        await page.next()
        assert (await browser.does("away", key="1")).status == 200
        gone = await page.until(state="away")
        assert (gone["may_ready"], gone["may_away"], gone["may_hang_up"]) == (True, False, False)
        assert (await browser.does("ready", key="2")).status == 200
        assert (await page.until(state="ready"))["may_ready"] is False


async def test_a_break_has_its_reason() -> None:
    """Chosen on the page, shown there, kept by the ledger; another one begins anew; a made up one is refused."""
    async with a_desk() as browser, browser.watching() as page:
        await page.next()
        assert (await browser.does("away", reason="lunch")).status == 200
        seen = await page.until(state="away")
        assert (seen["state_word"], seen["reason"]) == ("Away · Lunch", "lunch")
        browser.office.go(minutes=30)
        assert (await browser.does("away", reason="training")).status == 200
        assert (await page.until(reason="training"))["for_s"] == 0
        assert (await browser.does("away", reason="fishing")).status == 400
        assert (await browser.does("ready")).status == 200
        assert (await page.until(state="ready"))["reason"] == ""
        rows = [json.loads(row.body) for row in await browser.office.ledger("agent")]
        assert [row.get("reason") for row in rows] == ["lunch", "training", None]


async def test_the_time_left_is_counted_in_the_agents_seconds() -> None:
    """From the deadline that the engine set."""
    async with a_desk() as browser:
        await talking(browser)
        await browser.office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)
        browser.office.go(seconds=30)
        async with browser.watching() as page:
            seen = await page.next()
        assert (seen["state"], seen["for_s"], seen["left_s"]) == ("wrapping", 30.0, 90.0)


async def test_each_agent_reads_in_their_language() -> None:
    """Two pages of one desk: labels and duties differ, the script speaks the person's."""
    async with a_desk() as browser:
        await talking(browser)
        async with browser.watching("ja") as ja, browser.watching("en") as en:
            first, second = await ja.next(), await en.next()
        assert (first["state_word"], second["state_word"]) == ("通話中", "Talking")
        assert first["call"]["steps"] == second["call"]["steps"]
        assert first["call"]["choices"][0]["label"] == "成約(定期便)"


async def test_duties_are_ticked_on_every_page_and_in_the_ledger() -> None:
    """Ticked here, seen there, sealed once."""
    async with a_desk() as browser:
        await talking(browser)
        async with browser.watching() as page:
            await page.next()
            assert (await browser.notes("duty", duty="company_name", done=True)).status == 200
            seen = await page.next()
        done = {one["code"] for one in seen["call"]["duties"] if one["done"]}
        assert done == {"company_name"}
        assert len(await browser.office.ledger("said")) == 1
        assert (await browser.notes("duty", duty="to sing", done=True)).status == 409


async def test_opinions_are_recorded_with_their_kind() -> None:
    """And one without a kind of ours, or without words, is not."""
    async with a_desk() as browser:
        await talking(browser)
        assert (await browser.notes("opinion", category="complaint", note="茶葉が細かい")).status == 200
        assert (await browser.notes("opinion", category="gossip", note="x")).status == 400
        assert (await browser.notes("opinion", category="praise", note="")).status == 400
        async with browser.watching() as page:
            assert (await page.next())["call"]["said"] == [{"kind": "Complaint", "note": "茶葉が細かい"}]


async def test_never_again_is_one_press() -> None:
    """At once, on every channel; the talk goes on, and the page says what is left to do."""
    async with a_desk() as browser:
        await talking(browser)
        async with browser.watching() as page:
            await page.next()
            answers = await asyncio.gather(*(browser.notes("never", key="one press") for _ in range(3)))
            assert [answer.status for answer in answers] == [200] * 3
            seen = await page.next()
        assert (seen["state"], seen["call"]["never"], seen["may_hang_up"]) == ("talking", True, True)
        assert seen["hint"].startswith("What came of it is recorded.")
        assert len(await browser.office.suppressions()) == 3
        assert (await browser.office.attempt(FIRST)).outcome is Outcome.OPTED_OUT
        assert (await browser.notes("hang-up")).status == 200
        assert [order.attempt for order in browser.office.line.hung_up] == [FIRST]


async def test_an_hour_is_judged_before_it_is_promised() -> None:
    """On the customer's clock; a refused hour names its rule and the next lawful one, which then is granted."""
    async with a_desk() as browser:
        await talking(browser)
        granted = await (await browser.notes("callback", local="2026-11-24T15:30")).json()
        assert (granted["lawful"], granted["at"]) == (True, "2026-11-24T15:30:00+09:00")
        refused = await (await browser.notes("callback", local="2026-11-24T21:30")).json()
        assert refused["lawful"] is False
        assert any("POL-7" in why for why in refused["why"])
        assert refused["why"][-1].startswith("Allowed again from Wed 25 Nov 2026 10:00")
        assert refused["next_local"] == "2026-11-25T10:00"
        again = await (await browser.notes("callback", at=refused["next"])).json()
        assert again["lawful"] is True


async def test_an_hour_at_which_the_phone_would_ring_too_late_is_not_promised() -> None:
    """The planner would not open a call then: who hears 19:29 is called at 19:29, or is told another hour."""
    async with a_desk() as browser:
        await talking(browser)
        late = await (await browser.notes("callback", local="2026-11-24T19:29:50")).json()
        assert (late["lawful"], late["next_local"]) == (False, "2026-11-25T10:00")


@pytest.mark.parametrize(
    "body", [{}, {"local": "2026-11-24T11:59"}, {"at": "2026-11-24T02:59:00Z"}, {"local": "soon"}]
)
async def test_no_hour_is_promised_that_has_gone_by(body: dict[str, str]) -> None:
    """Nor one that nobody named."""
    async with a_desk() as browser:
        await talking(browser)
        assert (await browser.notes("callback", **body)).status == 400
        assert (await browser.does("callback", attempt="other", local="2026-11-24T15:00")).status == 404


async def test_only_a_lawful_callback_is_written_down() -> None:
    """Whoever asks: the page, or a program that never asked first."""
    async with a_desk() as browser:
        await talking(browser)
        wish = {"disposition": "callback", "callback_at": "2026-11-24T23:00:00+09:00"}
        answer = await browser.notes("dispose", **wish)
        assert answer.status == 409
        assert "POL-7" in (await answer.json())["error"]
        assert (await browser.office.attempt(FIRST)).disposition is None
        assert (
            await browser.notes("dispose", **{**wish, "callback_at": "2026-11-24T16:00:00+09:00"})
        ).status == 200
        lead = await browser.office.lead()
        assert (lead.state, lead.due) == (LeadState.WAITING, NOON + timedelta(hours=4))


async def test_earlier_contacts_are_shown_with_what_was_noted() -> None:
    """The newest first; what the carrier said is no colleague's note."""
    async with a_desk([a_contact(1)], agents=["aoki"]) as browser:
        await browser.office.tick()
        await browser.office.ends(FIRST, CallEnding.BUSY)
        await browser.office.after(minutes=40)
        async with browser.watching() as page:
            call = (await page.next())["call"]
        assert [one["what"] for one in call["history"]] == ["call · Busy"]


async def test_a_browser_that_dies_comes_back_to_its_call() -> None:
    """Nothing hangs on the page: the call stays, and the next page shows it with what was ticked."""
    async with a_desk() as browser:
        await talking(browser)
        async with browser.watching() as page:
            await page.next()
            await browser.notes("duty", duty="caller_name", done=True)
        assert (await browser.office.agent()).state is AgentState.TALKING
        assert browser.office.line.hung_up == []
        async with browser.watching() as page:
            seen = await page.next()
        assert (seen["state"], seen["call"]["attempt"]) == ("talking", FIRST)
        assert [one["code"] for one in seen["call"]["duties"] if one["done"]] == ["caller_name"]


async def test_two_tabs_are_one_agent() -> None:
    """Both press ready, both dispose: one call, one word, and both show the same."""
    async with a_desk(3, agents=["aoki"]) as one:
        await away(one.office)
        other = one
        async with one.watching() as left, other.watching() as right:
            for page in (left, right):
                await page.until(state="away")
            pressed = await asyncio.gather(one.does("ready", key="left"), other.does("ready", key="right"))
            assert [answer.status for answer in pressed] == [200, 200]
            await one.office.tick()
            await one.office.tick()
            assert len(one.office.line.placed) == 1
            await one.office.talks(FIRST)
            seen = [await page.until(state="talking") for page in (left, right)]
            assert [picture["call"]["attempt"] for picture in seen] == [FIRST, FIRST]
            said = [one.notes("dispose", disposition=what, key=what) for what in ("sold", "not-now")]
            statuses = sorted(answer.status for answer in await asyncio.gather(*said))
            assert statuses == [200, 409]
        assert len(await one.office.ledger("concluded")) == 1


async def test_a_press_that_is_repeated_is_one() -> None:
    """Twenty times at once, as a nervous finger or a bad line would: one event, one end of the call."""
    async with a_desk() as browser:
        await talking(browser)
        pressed = [browser.notes("dispose", disposition="sold", key="same") for _ in range(20)]
        assert {answer.status for answer in await asyncio.gather(*pressed)} == {200}
        assert [order.attempt for order in browser.office.line.hung_up] == [FIRST]
        assert len(await browser.office.ledger("concluded")) == 1


@pytest.mark.parametrize(("path", "wants"), [("/desk", "text/html"), ("/static/desk.js", "javascript")])
async def test_pages_carry_the_strict_policy(path: str, wants: str) -> None:
    """Nothing inline, nothing from elsewhere, in nobody's frame."""
    async with a_desk() as browser:
        answer = await browser.client.get(path, headers=AT_HOME)
        assert wants in answer.headers["Content-Type"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_a_second_browser_is_as_good_as_the_first() -> None:
    """The agent moves to another machine in the middle of a call."""
    async with a_desk() as browser:
        await talking(browser)
        async with browsing(browser.office) as other:
            await other.sign_in()
            async with other.watching() as page:
                assert (await page.next())["call"]["attempt"] == FIRST
