"""How an attempt stands, in one statement: it is asked before each order and with each step of a call."""

from sqlalchemy import ColumnElement, Exists, bindparam, exists, or_, select

from adapters.store.part import Part
from adapters.store.statement import Statement
from adapters.store.stops import DIALING
from adapters.store.tables import ATTEMPT, CAMPAIGN, CONTACT, CONTACT_PHONE, SUPPRESSION, SWITCH
from dialer.attempt import AttemptState
from dialer.unit import Standing
from dialer.view import CampaignState


def _barred(*wheres: ColumnElement[bool]) -> Exists:
    return exists().where(SUPPRESSION.c.lifted_at.is_(None), *wheres).correlate(ATTEMPT, CONTACT)


# One look for each index: PostgreSQL reads the whole list for conditions that are joined by OR inside one.
_NAMED = or_(
    _barred(SUPPRESSION.c.person == ATTEMPT.c.contact),
    _barred(SUPPRESSION.c.number == ATTEMPT.c.address),
    _barred(SUPPRESSION.c.mailbox == CONTACT.c.mailbox),
    _barred(SUPPRESSION.c.number == CONTACT_PHONE.c.number, CONTACT_PHONE.c.contact == ATTEMPT.c.contact),
)
_STANDING = Statement(
    select(
        ATTEMPT.c.state,
        CAMPAIGN.c.state,
        select(SWITCH.c.enabled).where(SWITCH.c.name == DIALING).scalar_subquery(),
        _NAMED,
    )
    .select_from(ATTEMPT)
    .join(CAMPAIGN, CAMPAIGN.c.id == ATTEMPT.c.campaign)
    .join(CONTACT, CONTACT.c.key == ATTEMPT.c.contact)
    .where(ATTEMPT.c.id == bindparam("id"))
)


class Standings(Part):
    """What decides at a glance."""

    def standing(self, attempt: str) -> Standing | None:
        """Return how an attempt stands, in one look; None when there is none of that id."""
        row = self._run.row(_STANDING, {"id": attempt})
        if row is None:
            return None
        state, campaign, enabled, named = row
        return Standing(
            state=AttemptState(state),
            campaign=CampaignState(campaign),
            is_enabled=enabled in {None, True},
            is_named=bool(named),
        )
