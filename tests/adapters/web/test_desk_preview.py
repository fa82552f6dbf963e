"""The person before the call, on the desk: shown at once, dialled or skipped by one press."""

import json

from campaigns.outcome import LeadState
from dialer.agents import AgentState
from dialer.events import SwitchTurned
from dialer.previews import PreviewState
from tests.adapters.web.desk_office import FIRST, a_desk
from tests.support.previews import previewing, seen


async def test_the_page_shows_who_it_is_and_what_may_be_pressed() -> None:
    """Who, why, history, script and the reasons to skip, with keys; the clock of the person; nothing to say yet."""
    async with a_desk(campaign=previewing(), agents=["aoki"]) as browser, browser.watching() as page:
        await browser.office.tick()
        shown = await page.until(state="previewing")
        assert (shown["may_dial"], shown["is_dialling"], shown["may_say"]) == (True, False, False)
        assert (shown["may_away"], shown["may_leave"], shown["left_s"]) == (True, True, 60.0)
        assert shown["hint"].endswith("Nobody is called until you press Dial.")
        assert (shown["announce"], shown["clock"]) == ("Look: 山田 1", "12:00")
        call = shown["call"]
        assert (call["name"], call["call_state"]) == ("山田 1", "not dialled")
        assert [(one["id"], one["key"]) for one in call["skips"]] == [
            ("not-now", "1"),
            ("dealt-with", "2"),
            ("bad-data", "3"),
        ]
        assert "aoki" in call["steps"][0]["text"]
        assert {"company_name"} <= {one["code"] for one in call["duties"]}
        assert shown["keys"]["dial"] == "d"


async def test_dial_is_one_press_from_however_many_pages() -> None:
    """Two tabs, two presses each: one call. The desk goes on to the call by itself."""
    async with a_desk(campaign=previewing(), agents=["aoki"]) as browser, browser.watching() as page:
        await browser.office.tick()
        which = (await page.until(state="previewing"))["preview"]
        for key in ("one", "one", "two"):
            assert (await browser.does("dial", preview=which, key=key)).status == 200
        waiting = await page.until(is_dialling=True)
        assert (waiting["may_dial"], waiting["state"]) == (False, "previewing")
        await browser.office.tick()
        assert (await page.until(state="reserved"))["call"]["attempt"] == FIRST
        assert [order.attempt for order in browser.office.line.placed] == [FIRST]
        assert (await browser.does("dial", preview=which, key="late")).status == 200
        assert (await browser.does("dial", preview="pv-of-nobody", key="x")).status == 409


async def test_skip_says_why_and_shows_the_next() -> None:
    """With a note; an unknown reason is refused, and the person stays."""
    async with a_desk(campaign=previewing(), agents=["aoki"]) as browser, browser.watching() as page:
        await browser.office.tick()
        which = (await page.until(state="previewing"))["preview"]
        assert (await browser.does("skip", preview=which, reason="moon")).status == 409
        assert (await seen(browser.office)).state is PreviewState.SHOWN
        answer = await browser.does("skip", preview=which, reason="bad-data", note="no such street")
        assert answer.status == 200
        await browser.office.tick()
        following = await page.until(state="previewing")
        while following["preview"] == which:
            following = await page.until(state="previewing")
        assert following["call"]["name"] == "山田 2"
        (row,) = await browser.office.ledger("said")
        assert json.loads(row.body)["note"] == "no such street"
        assert (await browser.office.lead(1)).state is LeadState.WAITING


async def test_the_page_says_why_a_preview_was_taken_away() -> None:
    """In words, in the agent's language."""
    async with a_desk(campaign=previewing(), agents=["aoki"]) as browser, browser.watching("ja") as page:
        await browser.office.tick()
        await page.until(state="previewing")
        await browser.office.told(SwitchTurned(enabled=False, by="t", **browser.office.now))
        await browser.office.after(seconds=1)
        assert (await page.until(state="ready"))["hint"].startswith("すべての発信が停止中です")
        await browser.office.told(SwitchTurned(enabled=True, by="t", **browser.office.now))
        await browser.office.after(seconds=1)
        await page.until(state="previewing")
        await browser.office.after(seconds=60)
        assert "離席にしました" in (await page.until(state="away"))["hint"]
        assert (await browser.office.agent()).state is AgentState.AWAY
        assert browser.office.line.placed == []


async def test_a_campaign_that_dials_in_the_end_says_so() -> None:
    """Before the time is up."""
    campaign = previewing(on_timeout="dial")
    async with a_desk(campaign=campaign, agents=["aoki"]) as browser, browser.watching() as page:
        await browser.office.tick()
        shown = await page.until(state="previewing")
        assert shown["hint"].endswith("When the time is up, the call is made.")


async def test_a_program_reads_the_same() -> None:
    """The desk's JSON names the preview, its reasons and the script."""
    async with a_desk(campaign=previewing(), agents=["aoki"]) as browser:
        await browser.office.tick()
        answer = await browser.client.get("/desk/aoki")
        told = await answer.json()
        assert (told["state"], told["preview"]) == ("previewing", (await seen(browser.office)).id)
        assert [one["id"] for one in told["skips"]] == ["not-now", "dealt-with", "bad-data"]
        assert told["contact"]["name"] == "山田 1"
        assert told["script"]
