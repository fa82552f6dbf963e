"""F39: which edition of the time zones judged is known of every attempt; an edition too old for the law denies."""

import json
from dataclasses import replace
from importlib.metadata import version

import pytest

from compliance.judge import judge
from compliance.question import Location, Subject
from compliance.rulebook import Law, packaged_law
from compliance.terms import ReasonCode
from dialer.plan import plan
from dialer.questions import Rules
from tests.compliance.builders import a_question
from tests.compliance.strategies import AMERICAN, BOOKS, ELSEWHERE, NUMBER
from tests.support.builders import NOON, a_due, a_view, rules
from tests.support.engines import an_office

EDITION = packaged_law().libraries["tzdata"]


def law_with(edition: str) -> Law:
    """Return the law as it would be judged with another edition of the zones."""
    law = packaged_law()
    return replace(law, libraries={**law.libraries, "tzdata": edition})


async def test_f39_every_permit_names_its_edition() -> None:
    """The ledger says with which time zones a call was permitted, and it is the edition that is installed."""
    async with an_office(2) as office:
        await office.tick()
        permits = [
            json.loads(entry.body)["verdict"]["versions"]["tzdata"]
            for entry in await office.ledger("permitted")
        ]
    assert permits == [EDITION] * 2
    wheel = version("tzdata").split(".")
    assert f"{wheel[0]}{chr(ord('a') + int(wheel[1]) - 1)}" == EDITION


@pytest.mark.parametrize("edition", ["2019c", "2020a"])
def test_f39_an_edition_older_than_the_rulebook_needs_calls_nobody(edition: str) -> None:
    """The whole list is due and agents are free: with stale zones nobody is dialled, and the reason says so."""
    bound = rules()
    stale = Rules(law=law_with(edition), policy=bound.policy, settings=bound.settings, secret=bound.secret)
    planned = plan(a_view(a_due(1), a_due(2)), NOON, stale)
    assert planned.openings == ()
    reasons = {
        reason.code
        for refusal in planned.refusals
        for one in refusal.rulings
        for reason in one.verdict.reasons
    }
    assert reasons == {ReasonCode.TZDATA_STALE}


def test_f39_a_newer_edition_is_welcome() -> None:
    """What the stale ones are compared with: today's and tomorrow's."""
    for edition in (EDITION, "2036a"):
        assert judge(a_question(), law_with(edition)).is_allowed


@pytest.mark.parametrize("region", [name for name in BOOKS if name in ELSEWHERE or name == "US"])
def test_f39_every_rulebook_refuses_what_is_older_than_it_needs(region: str) -> None:
    """One letter older than a rulebook asks for: denied for whoever is there, and for nobody else's sake."""
    needed = BOOKS[region].min_tzdata
    older = f"{int(needed[:4]) - 1}z"
    zones = ELSEWHERE.get(region, (NUMBER, AMERICAN))
    subject = Subject(person="C-1", number=zones[0], locations=(Location(region=region, zone=zones[1][0]),))
    question = a_question(subject=subject)
    stale = {reason.code for reason in judge(question, law_with(older)).reasons}
    fresh = {reason.code for reason in judge(question, law_with(needed)).reasons}
    assert ReasonCode.TZDATA_STALE in stale
    assert ReasonCode.TZDATA_STALE not in fresh
