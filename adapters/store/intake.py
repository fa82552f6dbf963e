"""People are put on a campaign's list, in batches."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select

from adapters.store.dialects import Among, listed
from adapters.store.mapping import Values, contact_to_row
from adapters.store.part import Part
from adapters.store.statement import Clash, Statement, names_of
from adapters.store.tables import CAMPAIGN, CONTACT, CONTACT_PHONE, LEAD
from campaigns.outcome import LeadState
from dialer.ports import Candidate

# Held until the end of the transaction, so that of two enrolments at once the second sees what the first did.
_LOCK = Statement(select(CAMPAIGN.c.id).where(CAMPAIGN.c.id == bindparam("campaign")).with_for_update())
_KNOWN = Statement(
    select(LEAD.c.unique_key, LEAD.c.contact).where(
        LEAD.c.campaign == bindparam("campaign"),
        or_(Among(LEAD.c.unique_key, "uniques"), Among(LEAD.c.contact, "people")),
    )
)
_CONTACT = Statement(
    lambda insert: (found := insert(CONTACT)).on_conflict_do_update(
        index_elements=[CONTACT.c.key],
        set_={name: found.excluded[name] for name in names_of(CONTACT) if name != "key"},
    ),
    names_of(CONTACT),
)
_FORGET_PHONES = Statement(delete(CONTACT_PHONE).where(Among(CONTACT_PHONE.c.contact, "people")))
_PHONE = Statement(lambda insert: insert(CONTACT_PHONE).on_conflict_do_nothing(), names_of(CONTACT_PHONE))
_LEAD = Statement(lambda insert: insert(LEAD).on_conflict_do_nothing(), names_of(LEAD))


class Intake(Part):
    """What a list brings."""

    def enrol(self, campaign: str, batch: Sequence[Candidate], due: datetime) -> Sequence[bool]:
        """Put contacts on the list; for each, whether it is new to this campaign. Known contacts are refreshed.

        A campaign has a person once and a deduplication key once, however often either is brought. Raises Clash when
        the campaign was never saved.
        """
        if self._run.value(_LOCK, {"campaign": campaign}) is None:
            raise Clash(f"there is no campaign {campaign}: save it before its list is read")
        people = list({candidate.contact.key: candidate.contact for candidate in batch}.values())
        is_new = self._is_new(campaign, batch)
        self._run.change_all(_CONTACT, map(contact_to_row, people))
        self._run.change(_FORGET_PHONES, {"people": listed(contact.key for contact in people)})
        phones = [
            {"number": phone.number, "contact": contact.key} for contact in people for phone in contact.phones
        ]
        self._run.change_all(_PHONE, phones)
        new = [candidate for candidate, new in zip(batch, is_new, strict=True) if new]
        self._run.change_all(_LEAD, (_lead(campaign, candidate, due) for candidate in new))
        return is_new

    def _is_new(self, campaign: str, batch: Sequence[Candidate]) -> list[bool]:
        wanted = {
            "campaign": campaign,
            "uniques": listed(candidate.unique for candidate in batch),
            "people": listed(candidate.contact.key for candidate in batch),
        }
        rows = self._run.rows(_KNOWN, wanted)
        return list(_firsts(batch, {unique for unique, _ in rows}, {person for _, person in rows}))


def _firsts(batch: Sequence[Candidate], uniques: set[str], people: set[str]) -> Iterator[bool]:
    """Yield for each candidate whether neither its person nor its key is known by then."""
    for candidate in batch:
        is_new = candidate.unique not in uniques and candidate.contact.key not in people
        if is_new:
            uniques.add(candidate.unique)
            people.add(candidate.contact.key)
        yield is_new


def _lead(campaign: str, candidate: Candidate, due: datetime) -> Values:
    return {
        "campaign": campaign,
        "contact": candidate.contact.key,
        "unique_key": candidate.unique,
        "state": LeadState.WAITING.value,
        "step": 0,
        "step_tries": 0,
        "tries": 0,
        "due": due,
        "rank": candidate.rank,
        "ending": None,
        "holdout": candidate.holdout,
    }
