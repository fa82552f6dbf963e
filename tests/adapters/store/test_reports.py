from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from campaigns.contact import Phone
from campaigns.outcome import Ending, LeadState, Outcome
from compliance.ledger import Kind
from compliance.terms import Channel
from dialer.agents import AgentState, release, reserve, talk, wrap_up
from dialer.attempt import AttemptState
from dialer.ports import Store, Unit
from dialer.reports import AgentLine, RefusalLine, Summary
from tests.support.builders import NOON, a_contact, an_agent, the_campaign
from tests.support.stores import (
    CAMPAIGN,
    a_candidate,
    a_record,
    a_suppression,
    concluded_call,
    lead_of,
    open_call,
    prepare,
    prepared,
)


def after(**time: float) -> datetime:
    """Some time after noon."""
    return NOON + timedelta(**time)


async def summary(store: Store, now: datetime = NOON + timedelta(hours=1)) -> Summary:
    """How the campaign stands."""
    return await store.read(lambda reports: reports.summary(CAMPAIGN, now))


async def test_a_campaign_that_has_done_nothing_stands_at_zero(store: Store) -> None:
    """With its title and its state, and no share of nothing."""
    await store.transact(lambda unit: unit.save_campaign(the_campaign(), "v1", NOON))
    found = await summary(store)
    title = the_campaign().title
    assert found == Summary(
        campaign=CAMPAIGN,
        title={"ja": title.in_("ja"), "en": title.in_("en")},
        state="draft",
        now=after(hours=1),
    )


async def test_a_campaign_that_is_not_there_has_no_summary(store: Store) -> None:
    """It is not shown as one with nothing done."""
    with pytest.raises(KeyError, match="nowhere"):
        await store.read(lambda reports: reports.summary("nowhere", NOON))


async def test_leads_are_counted_by_state_and_ending_hold_outs_apart(store: Store) -> None:
    """Waiting, trying and done make up those enrolled; of all of them the campaign tells when its list ended."""
    await prepared(store, 3)

    def happen(unit: Unit) -> None:
        unit.enrol(CAMPAIGN, [a_candidate(9, holdout=True)], NOON)
        concluded_call(unit, 1, outcome=Outcome.SOLD, over_at=after(minutes=7))
        done = replace(lead_of(unit, 1), state=LeadState.DONE, due=None, ending=Ending.TALKED)
        unit.save_lead(done, LeadState.WAITING)
        open_call(unit, 2)

    await store.transact(happen)
    found = await summary(store)
    assert (found.enrolled, found.waiting, found.trying, found.done, found.held_out) == (3, 1, 1, 1, 1)
    assert found.endings == {"talked": 1}
    assert found.list_ends_at is None

    def finish(unit: Unit) -> None:
        for place, state in ((2, LeadState.TRYING), (3, LeadState.WAITING)):
            done = replace(lead_of(unit, place), state=LeadState.DONE, due=None, ending=Ending.EXHAUSTED)
            unit.save_lead(done, state)

    await store.transact(finish)
    found = await summary(store)
    assert found.list_ends_at == after(minutes=7)
    assert found.endings == {"talked": 1, "exhausted": 2}


CALLS: list[dict[str, Any]] = [
    {"outcome": Outcome.NO_ANSWER},
    {"outcome": Outcome.MACHINE, "answered_at": after(seconds=5)},
    {"outcome": Outcome.ABANDONED, "answered_at": after(seconds=5)},
    *(
        {"outcome": Outcome.SOLD, "answered_at": NOON, "connected_at": after(seconds=wait / 10), "talk_s": 60}
        for wait in (1, 2, 3, 40)
    ),
    {"outcome": Outcome.NO_DISPOSITION, "answered_at": NOON, "connected_at": after(seconds=0.5), "talk_s": 5},
]


async def test_calls_are_counted_and_timed(store: Store) -> None:
    """Abandoned are those whom nobody met, or too late (4 s), of all who answered; waits are until the agent came."""
    await prepared(store, len(CALLS) + 1)

    def happen(unit: Unit) -> None:
        for place, call in enumerate(CALLS, 1):
            concluded_call(unit, place, **call)
        open_call(unit, len(CALLS) + 1)

    await store.transact(happen)
    found = await summary(store)
    assert (found.calls, found.live, found.answered, found.talk_s) == (9, 1, 7, 245)
    assert found.outcomes == {"no_answer": 1, "machine": 1, "abandoned": 1, "sold": 4, "no_disposition": 1}
    assert (found.abandoned, found.abandoned_share) == (2, 2 / 6)
    assert (found.connect_p50_s, found.connect_p99_s) == (0.3, 4.0)


async def test_mails_are_counted_apart_from_calls(store: Store) -> None:
    """Sent is what a server took; an answer is one however often the button was pressed."""
    await prepared(store, 4)
    mail: dict[str, Any] = {"channel": Channel.EMAIL}

    def happen(unit: Unit) -> None:
        for place, (outcome, placed) in enumerate(
            [
                (Outcome.SENT, NOON),
                (Outcome.SENT, NOON),
                (Outcome.BOUNCED, NOON),
                (Outcome.UNDELIVERED, None),
            ],
            1,
        ):
            concluded_call(
                unit, place, **mail, address=f"p{place}@example.jp", outcome=outcome, placed_at=placed
            )
        for key in ("a", "b"):
            unit.remember(key, "at-1", "MailAnswered", after(days=1), {})
        unit.remember("c", "at-2", "MailUnsubscribed", after(days=2), {})

    await store.transact(happen)
    found = await summary(store)
    counts = (found.mails_sent, found.mails_answered, found.mails_unsubscribed, found.mails_bounced)
    assert counts == (3, 1, 1, 2)
    assert (found.calls, found.answered, found.live) == (0, 0, 0)
    assert found.last_event_at == after(days=2)


async def test_the_last_event_is_this_campaigns(store: Store) -> None:
    """Another campaign's calls say nothing about this one."""
    await store.transact(lambda unit: prepare(unit, 1))

    def happen(unit: Unit) -> None:
        open_call(unit)
        unit.remember("mine", "at-1", "CallRinging", after(seconds=3), {})
        unit.remember("nobody's", None, "CallRinging", after(seconds=9), {})

    await store.transact(happen)
    assert (await summary(store)).last_event_at == after(seconds=3)


def refused(*reasons: tuple[str, str], campaign: str = CAMPAIGN) -> Any:
    """A refusal as the planner records it."""
    found = [{"code": code, "rule": rule, "citation": f"art. {rule}"} for rule, code in reasons]
    return a_record(Kind.REFUSED, campaign=campaign, person="C00001", body={"reasons": found})


async def test_refusals_are_counted_by_rule_most_frequent_first(store: Store) -> None:
    """Each rule that failed counts, of this campaign's refusals."""
    await prepared(store, 0)
    hours, cap = ("JP-H1", "OUTSIDE_HOURS"), ("JP-A1", "ATTEMPT_CAP_DAY")
    await store.transact(lambda unit: unit.record([refused(cap), refused(hours, cap)]))
    await store.transact(lambda unit: unit.record([refused(cap), refused(hours, campaign="other")]))
    found = await summary(store)
    assert found.refusals == (
        RefusalLine(rule="JP-A1", code="ATTEMPT_CAP_DAY", citation="art. JP-A1", count=3),
        RefusalLine(rule="JP-H1", code="OUTSIDE_HOURS", citation="art. JP-H1", count=1),
    )
    assert found.ledger_rows == 4


async def test_rejected_rows_of_a_list_read_twice_count_once(store: Store) -> None:
    """The last reading of each list counts, of this campaign."""
    await prepared(store, 0)

    def listed(name: str, rejected: int, campaign: str = CAMPAIGN) -> Any:
        return a_record(Kind.LISTED, campaign=campaign, body={"list": name, "rejected": rejected})

    rows = [listed("a.csv", 9), listed("b.csv", 2), listed("a.csv", 4), listed("a.csv", 50, "other")]
    await store.transact(lambda unit: unit.record(rows))
    assert (await summary(store)).rejected == 6


async def test_agents_are_shown_with_whom_they_talk_and_how_busy_they_were(store: Store) -> None:
    """Ten minutes logged in each: one talked four and wrote up one, the other waited; reserved is not busy."""
    await prepared(store, 1)
    away = an_agent("chiba", state=AgentState.AWAY)

    def happen(unit: Unit) -> None:
        unit.put_agent(away)
        open_call(unit)
        steps = [an_agent("aoki"), reserve(an_agent("aoki"), "at-1", after(minutes=1))]
        steps.append(talk(steps[-1], after(minutes=2)))
        steps.append(wrap_up(steps[-1], after(minutes=6), timedelta(minutes=2)))
        steps.append(release(steps[-1], after(minutes=7)))
        steps.append(reserve(steps[-1], "at-1", after(minutes=10)))
        steps.append(talk(steps[-1], after(minutes=10)))
        for before, then in pairwise(steps):
            unit.save_agent(then, before.state)

    await store.transact(happen)
    found = await summary(store, after(minutes=10))
    assert found.occupancy == 5 / 20
    found = await summary(store, after(minutes=15))
    assert found.occupancy == 10 / 30
    languages = ("ja", "en")
    assert found.agents == (
        AgentLine(
            id="aoki", name="aoki", state="talking", seconds=300, languages=languages, talking_to="山田 1"
        ),
        AgentLine(id="baba", name="baba", state="ready", seconds=900, languages=languages),
        AgentLine(id="chiba", name="chiba", state="away", seconds=900, languages=languages),
    )


async def test_time_before_the_campaign_is_nobodys_idleness(store: Store) -> None:
    """Occupancy is counted from the campaign's first attempt on."""
    await prepared(store, 1)

    def happen(unit: Unit) -> None:
        open_call(unit, opened_at=after(hours=8))
        reserved = reserve(an_agent("aoki"), "at-1", after(hours=8))
        unit.save_agent(reserved, AgentState.READY)
        unit.save_agent(talk(reserved, after(hours=8)), AgentState.RESERVED)

    await store.transact(happen)
    assert (await summary(store, after(hours=9))).occupancy == 1 / 2


async def test_the_plot_has_slices_of_five_minutes_empty_ones_too(store: Store) -> None:
    """Each attempt counts where it was opened."""
    await prepared(store, 4)

    def happen(unit: Unit) -> None:
        concluded_call(unit, 1, opened_at=after(minutes=1), outcome=Outcome.BUSY)
        concluded_call(unit, 2, opened_at=after(minutes=4.9), answered_at=NOON, outcome=Outcome.SOLD)
        concluded_call(
            unit, 3, opened_at=after(minutes=4), channel=Channel.EMAIL, address="a@b.jp", placed_at=NOON
        )
        open_call(unit, 4, opened_at=after(minutes=11))

    await store.transact(happen)
    told = [(m.at, m.attempts, m.answered, m.talked, m.mails) for m in (await summary(store)).minutes]
    assert told == [
        (NOON, 2, 1, 1, 1),
        (after(minutes=5), 0, 0, 0, 0),
        (after(minutes=10), 1, 0, 0, 0),
    ]


async def test_a_long_campaign_has_wider_slices(store: Store) -> None:
    """A month fits the plot too."""
    await prepared(store, 2)
    for place, at in ((1, NOON), (2, after(days=30))):
        await store.transact(lambda unit, place=place, at=at: open_call(unit, place, opened_at=at))  # type: ignore[misc]
    minutes = (await summary(store)).minutes
    assert 150 <= len(minutes) <= 201
    assert sum(minute.attempts for minute in minutes) == 2


@pytest.mark.parametrize(
    "needle",
    [
        "C00001",
        "090-2000-0001",
        "０９０２００００００１",
        "+81 90 2000 0001",
        "Guest1@EXAMPLE.jp",
        " C00001 ",
    ],
)
async def test_a_story_is_found_by_number_mail_or_key(store: Store, needle: str) -> None:
    """In any way of writing; and it is this person's alone."""
    await prepared(store, 2)
    by_number, by_key = a_suppression(), a_suppression(person="C00001")

    def happen(unit: Unit) -> None:
        for place in (1, 2):
            concluded_call(unit, place, outcome=Outcome.BUSY)
        for entry in (by_number, by_key, a_suppression(number="+819020000002")):
            unit.suppress(entry)
        unit.record(
            [
                a_record(Kind.ENROLLED, person="C00001"),
                a_record(Kind.ENROLLED, person="C00002"),
                a_record(Kind.CONCLUDED, attempt="at-1"),
                a_record(Kind.SUPPRESSED, body={"number": "+819020000001"}),
                a_record(Kind.SUPPRESSED, body={"number": "+819020000002"}),
                a_record(Kind.SUPPRESSED, body={"email": "guest1@example.jp"}),
                a_record(),
            ]
        )

    await store.transact(happen)
    story = await store.read(lambda reports: reports.story(needle))
    assert story.needle == needle
    assert story.contacts == (a_contact(1),)
    assert [lead.id for lead in story.leads] == [1]
    assert [attempt.id for attempt in story.attempts] == ["at-1"]
    assert story.suppressions == (by_number, by_key)
    assert [entry.seq for entry in story.entries] == [1, 3, 4, 6]


async def test_everyone_who_shares_a_number_is_in_its_story(store: Store) -> None:
    """A household, and calls to the number whoever has it now."""
    home = Phone(number="+81311112222", kind="home")
    await prepared(store, [a_contact(1, phones=(home,)), a_contact(2, phones=(home,)), a_contact(3)])
    await store.transact(lambda unit: open_call(unit, 3, address=home.number))
    story = await store.read(lambda reports: reports.story("03-1111-2222"))
    assert [contact.key for contact in story.contacts] == ["C00001", "C00002"]
    assert [attempt.contact for attempt in story.attempts] == ["C00003"]


async def test_the_story_of_nobody_is_empty(store: Store) -> None:
    """Also of a text that means nothing."""
    await prepared(store, 1)
    for needle in ("C99999", "090-9999-9999", "?", ""):
        story = await store.read(lambda reports, needle=needle: reports.story(needle))  # type: ignore[misc]
        assert (story.contacts, story.attempts, story.suppressions, story.entries) == ((), (), (), ())


async def test_a_mail_that_waits_for_words_is_not_a_live_call(store: Store) -> None:
    """It stays open for weeks."""
    await prepared(store, 1)

    def happen(unit: Unit) -> None:
        sent = open_call(unit, channel=Channel.EMAIL, address="a@b.jp")
        accepted = replace(sent, state=AttemptState.ACCEPTED, outcome=Outcome.SENT, deadline=None)
        unit.save_attempt(accepted, AttemptState.OPENED)

    await store.transact(happen)
    assert (await summary(store)).live == 0
