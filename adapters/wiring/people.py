"""The people of a practice, put on its list one at a time: the next is called when the agent has done with the last."""

from collections.abc import Iterator

import orjson

from adapters.simulator.practice import people
from adapters.wiring.coaching import Pupil
from adapters.wiring.house import House
from campaigns.contact import Contact
from campaigns.roster import Candidate
from compliance.ledger import Kind, LedgerEntry
from compliance.sentences import REASONS
from compliance.terms import ReasonCode
from dialer.attempt import AttemptState
from dialer.events import CampaignStarted
from dialer.ports import Unit
from dialer.view import CampaignState

_IN_A_ROW = 3
"""After how many people in a row whom the law refuses it is clear that it refuses them all."""


class Queue:
    """Who is called next, and what became of the last."""

    def __init__(self, house: House, pupil: Pupil) -> None:
        """Begin with nobody on the list."""
        self._house, self._pupil = house, pupil
        self._people: Iterator[Contact] = people(
            pupil.seed, pupil.campaign, pupil.languages, house.clock.now()
        )
        self._called: list[str] = []

    async def next(self) -> None:
        """Put the next person on the list, and see that the campaign runs."""
        contact, place, now = next(self._people), len(self._called), self._house.clock.now()
        campaign = self._pupil.campaign.id
        candidate = Candidate(contact=contact, unique=f"key:{contact.key}", rank=place)

        def enrol(unit: Unit) -> CampaignState:
            unit.enrol(campaign, [candidate], now)
            return next(row.state for row in unit.campaigns() if row.id == campaign)

        # A list that is done closes its campaign: with one more person on it, nothing closes it any more.
        state = await self._house.store.transact(enrol)
        self._called.append(contact.key)
        if state is not CampaignState.RUNNING:
            start = CampaignStarted(key=f"practice:{place}", at=now, campaign=campaign, by="practice")
            await self._house.engine.receive(start)
        self._house.engine.nudge()

    async def is_served(self) -> bool:
        """Tell whether nobody is being called or still to be called."""
        if not self._called:
            return True
        entries = await self._entries(self._called[-1])
        if any(row.kind == Kind.REFUSED for row in entries):
            return True
        names = [row.attempt for row in entries if row.kind == Kind.PERMITTED and row.attempt]
        tries = await self._house.store.transact(lambda unit: list(unit.attempts(names))) if names else []
        return bool(tries) and all(one.state is AttemptState.OVER for one in tries)

    async def refusal(self, language: str) -> str:
        """Return why the law refused everybody lately, "" when it did not."""
        last = self._called[-_IN_A_ROW:]
        found = [
            [row for row in await self._entries(key) if row.kind in {Kind.REFUSED, Kind.PERMITTED}]
            for key in last
        ]
        if len(last) < _IN_A_ROW or not all(rows and rows[-1].kind == Kind.REFUSED for rows in found):
            return ""
        return _why(found[-1][-1], language)

    async def _entries(self, person: str) -> list[LedgerEntry]:
        return await self._house.store.read(
            lambda reports: [row for row in reports.ledger() if row.person == person]
        )


def _why(refused: LedgerEntry, language: str) -> str:
    """Return the reasons of a refusal in words, each with its rule."""
    reasons = orjson.loads(refused.body).get("reasons", ())
    place = 1 if language == "ja" else 0
    return "; ".join(
        f"{one['rule']}: {REASONS[ReasonCode(one['code'])][place]} ({one['citation']})" for one in reasons
    )
