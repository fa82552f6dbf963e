"""The search of a long list for whoever is worth calling now, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.contact import Contact, Lead
from dialer.claiming import Paging
from dialer.foresight import Insight
from dialer.ranking import Ahead, Prospect, given_to, index_of, usual_of
from dialer.shortlist import PAGE, Entry, Shortlist
from dialer.traits import NEVER, number_of, traits_of, zone_of

Pair = tuple[Lead, Contact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What is searched, and what is gone by."""

    unit: Paging
    campaign: str
    steps: Sequence[int]
    insight: Insight
    ahead: Ahead

    def paged(self, short: Shortlist) -> Shortlist:
        """Return the shortlist after another page of the list, when it is time for one."""
        now = self.ahead.now
        if not short.is_hungry(now):
            return short
        page = self.unit.next_calls(self.campaign, now, PAGE, steps=self.steps, after=short.cursor)
        listed = given_to(prospects(self.unit, page, now), self.insight, self.ahead)
        usual = usual_of(listed) if listed else short.usual
        entries = [
            Entry(
                lead=one.lead.id,
                contact=one.contact.key,
                language=one.contact.language,
                index=index_of(one, given, usual, now),
                chance=given.chance or 0.0,
                at=now,
            )
            for one, given in listed
        ]
        return short.after(entries, page[-1][0].rank if len(page) == PAGE else None, now, usual)

    def joined(
        self, head: Sequence[Pair], short: Shortlist, count: int, languages: Sequence[str]
    ) -> tuple[Sequence[Pair], Shortlist]:
        """Return the head of the list with the best of the others, by rank; and the shortlist as it is now."""
        now = self.ahead.now
        best = short.first(count, languages, now)
        there = self.unit.calls_to(self.campaign, now, [entry.contact for entry in best], steps=self.steps)
        pairs = {lead.id: (lead, contact) for lead, contact in (*head, *there)}
        gone = {entry.lead for entry in best}.difference(lead.id for lead, _ in there)
        return sorted(pairs.values(), key=lambda pair: (pair[0].rank, pair[0].id)), short.without(gone)


def prospects(unit: Paging, pairs: Sequence[Pair], now: datetime) -> list[Prospect]:
    """Return the leads with what is known of each before the next call; whoever has no number is left out."""
    pasts = unit.pasts([contact for _, contact in pairs]) if pairs else {}
    return [
        Prospect(
            lead=lead,
            contact=contact,
            traits=traits_of(contact, number, pasts.get(contact.key, NEVER), now),
            zone=zone_of(number),
        )
        for lead, contact in pairs
        if (number := number_of(lead, contact))
    ]
