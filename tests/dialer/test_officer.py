"""What an officer says holds for the next judgement, and stands on the ledger."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from compliance.ledger import Kind
from compliance.question import Consent, Listing, Reassignment
from compliance.terms import Channel
from dialer.events import ContactSuppressed
from dialer.officer import NotRecorded
from dialer.statements import (
    ConsentGiven,
    ConsentTakenBack,
    NumbersAsked,
    OfficerSaid,
    RegistryRead,
    SuppressionLifted,
    Word,
)
from tests.support.builders import NOON, a_contact
from tests.support.engines import Office, an_office
from tests.support.stores import a_suppression

NUMBER = a_contact(1).phones[0].number
KEY = a_contact(1).key


def said(word: Word, key: str = "o1", by: str = "kato") -> OfficerSaid:
    """An officer says it at noon."""
    return OfficerSaid(key=key, at=NOON, by=by, word=word)


async def known(office: Office, at: timedelta = timedelta(days=1)) -> object:
    """What the judge would be told of the first person."""
    return await office.store.read(
        lambda reports: reports.known_of(reports.story(KEY).contacts[0], NOON + at)
    )


async def test_a_consent_is_known_until_it_is_taken_back() -> None:
    """By number in any writing; both stand on the ledger with who said so."""
    consent = Consent(
        type="express",
        seller="midorien",
        obtained_at=NOON,
        channels=frozenset({Channel.VOICE}),
        evidence="form",
    )
    async with an_office(people=2) as office:
        await office.engine.receive(said(ConsentGiven(given=((NUMBER.replace("+81", "0"), consent),))))
        assert consent in (await known(office)).contact.consents  # type: ignore[attr-defined]
        await office.engine.receive(said(ConsentTakenBack(whom=KEY, seller=None, reason="letter"), key="o2"))
        history = (await known(office)).history  # type: ignore[attr-defined]
        assert [past.event for past in history] == ["consent_revoked"]
        (given,), (back,) = await office.ledger(Kind.CONSENTED), await office.ledger(Kind.REVOKED)
        assert (given.person, json.loads(given.body)["by"]) == (KEY, "kato")
        assert (back.person, json.loads(back.body)["reason"]) == (KEY, "letter")


async def test_the_same_word_twice_is_one() -> None:
    """A repeat changes nothing."""
    async with an_office(people=1) as office:
        for _ in range(2):
            await office.engine.receive(said(RegistryRead(facts={"registry": "us_national_dnc", "count": 3})))
        (entry,) = await office.ledger(Kind.LISTED)
        assert json.loads(entry.body)["count"] == 3


async def test_an_entry_is_lifted_by_two_people_and_kept() -> None:
    """The next tick calls; the ledger names both; what was refused before then no longer counts."""
    async with an_office(people=1) as office:
        entry = a_suppression(number=NUMBER, reason="refused")
        await office.engine.receive(ContactSuppressed(key="s1", at=NOON, suppression=entry))
        await office.tick()
        assert office.line.placed == []
        lifting = SuppressionLifted(whom=NUMBER, reason="asked in writing", approved_by="aoki")
        await office.engine.receive(said(lifting, key="o2"))
        assert await office.suppressions() == []
        (released,) = await office.ledger(Kind.RELEASED)
        body = json.loads(released.body)
        assert (body["by"], body["approved_by"], body["entries"][0]["number"]) == ("kato", "aoki", NUMBER)
        await office.engine.receive(ContactSuppressed(key="s2", at=NOON, suppression=entry))
        assert len(await office.suppressions()) == 1


@pytest.mark.parametrize(
    ("word", "by", "says"),
    [
        (
            lambda: SuppressionLifted(whom=NUMBER, reason="r", approved_by=" KATO "),
            "kato",
            "two different people",
        ),
        (lambda: SuppressionLifted(whom=NUMBER, reason="r", approved_by=" "), "kato", "second person"),
        (lambda: SuppressionLifted(whom=NUMBER, reason=" ", approved_by="aoki"), "kato", "reason is needed"),
        (
            lambda: SuppressionLifted(whom="C99999", reason="r", approved_by="aoki"),
            "kato",
            "no do-not-contact entry",
        ),
        (lambda: ConsentTakenBack(whom="C99999", seller=None, reason="r"), "kato", "nobody is known"),
    ],
)
async def test_what_is_not_taken_changes_nothing(word: Callable[[], Word], by: str, says: str) -> None:
    """One person alone, no reason, nobody of that name."""
    async with an_office(people=1) as office:
        entry = a_suppression(number=NUMBER)
        await office.engine.receive(ContactSuppressed(key="s1", at=NOON, suppression=entry))
        with pytest.raises(NotRecorded, match=says):
            await office.engine.receive(said(word(), key="o2", by=by))
        assert len(await office.suppressions()) == 1
        assert await office.ledger(Kind.RELEASED) == []


async def test_an_answer_about_a_number_reaches_the_judge() -> None:
    """The newest one, for that number alone."""
    async with an_office(people=2) as office:
        for key, at, answer in (("o1", NOON, "yes"), ("o2", NOON - timedelta(days=3), "no")):
            answers = {NUMBER: Reassignment(answer=answer, queried_at=at)}  # type: ignore[arg-type]
            await office.engine.receive(said(NumbersAsked(answers=answers, source="rnd.csv"), key=key))
        found = (await known(office)).reassignments  # type: ignore[attr-defined]
        assert found == {NUMBER: Reassignment(answer="yes", queried_at=NOON)}


class OnEveryList:
    """Registries that have been asked about these numbers."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.asked: list[str] = []

    def listings(self, number: str) -> tuple[Listing, ...]:
        """The number is on one."""
        self.asked.append(number)
        return (Listing(registry="us_national_dnc", as_of=NOON, is_listed=True),)


async def test_the_registries_are_asked_at_the_look_and_kept_with_the_facts() -> None:
    """In the transaction that opens the attempt (POL-2), so that the verdict can be judged again."""
    async with an_office(people=1) as office:
        registries = OnEveryList()
        office.engine.take_registries(registries)
        await office.tick()
        assert registries.asked == [NUMBER]
        (permitted,) = await office.ledger(Kind.PERMITTED)
        (listing,) = json.loads(permitted.body)["facts"]["listings"]
        assert listing["registry"] == "us_national_dnc"
        assert replace(a_contact(1)).phones[0].number == NUMBER
