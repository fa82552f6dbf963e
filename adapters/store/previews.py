"""People shown to agents before the call."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Exists, Text, bindparam, cast, exists, or_, select

from adapters.store.claims import TAKEN_UP
from adapters.store.columns import to_instant
from adapters.store.dialects import Among, listed
from adapters.store.mapping import to_due
from adapters.store.part import moving, pick
from adapters.store.statement import Duplicate, Row, Runner, Statement, names_of
from adapters.store.tables import CONTACT, CONTACT_PHONE, LEAD, PREVIEW, SUPPRESSION
from adapters.store.tries import Tries
from campaigns.outcome import LeadState
from dialer.errors import StaleState
from dialer.previews import Live, Preview, PreviewState, Why
from dialer.view import Due

PREVIEW_COLUMNS = tuple(field.name for field in fields(Preview))
_INSTANTS = ("shown_at", "deadline", "held_until", "over_at")


def _barred(*wheres: ColumnElement[bool]) -> Exists:
    return exists().where(SUPPRESSION.c.lifted_at.is_(None), *wheres).correlate(PREVIEW, CONTACT)


# One look for each index, as in `standings`.
_NAMED = or_(
    _barred(SUPPRESSION.c.person == PREVIEW.c.contact),
    _barred(SUPPRESSION.c.mailbox == CONTACT.c.mailbox),
    _barred(SUPPRESSION.c.number == CONTACT_PHONE.c.number, CONTACT_PHONE.c.contact == PREVIEW.c.contact),
)
_LIVE = Statement(
    select(*pick(PREVIEW, PREVIEW_COLUMNS), LEAD.c.state, LEAD.c.due, _NAMED)
    .select_from(PREVIEW)
    .join(LEAD, LEAD.c.id == PREVIEW.c.lead)
    .join(CONTACT, CONTACT.c.key == PREVIEW.c.contact)
    .where(PREVIEW.c.state != PreviewState.OVER.value)
    .order_by(PREVIEW.c.agent)
)
_OF_AGENT = Statement(select(*pick(PREVIEW, PREVIEW_COLUMNS)).where(PREVIEW.c.agent == bindparam("agent")))
_SHOW = Statement(
    lambda insert: (shown := insert(PREVIEW)).on_conflict_do_update(
        index_elements=[PREVIEW.c.agent],
        set_={name: shown.excluded[name] for name in PREVIEW_COLUMNS if name != "agent"},
        where=PREVIEW.c.state == PreviewState.OVER.value,
    ),
    names_of(PREVIEW),
)
_MOVE = moving(PREVIEW, ("state", "deadline", "over_at", "why"))
_DUE_OF = Statement(TAKEN_UP.where(Among(cast(LEAD.c.id, Text), "leads")).order_by(LEAD.c.id))


class Previews(Tries):
    """What the planner looks at, and whom agents look at."""

    def previews(self) -> Sequence[Live]:
        """Return every preview that is not over, by agent."""
        return [_to_live(row) for row in self._run.rows(_LIVE, {})]

    def preview(self, agent: str) -> Preview | None:
        """Return the last preview of an agent, over or not."""
        return preview_of(self._run, agent)

    def show(self, preview: Preview) -> None:
        """Put a person before an agent. Raises StaleState when another sees them, or the agent sees somebody."""
        row = {name: getattr(preview, name) for name in PREVIEW_COLUMNS}
        try:
            met = self._run.change(_SHOW, row)
        except Duplicate as error:
            raise StaleState(f"preview {preview.id} cannot be shown: {error}") from error
        if met != 1:
            raise StaleState(f"agent {preview.agent} sees somebody already")

    def save_preview(self, preview: Preview, expected: PreviewState) -> None:
        """Write how a preview stands. Raises StaleState when it is not in the state expected."""
        change = {name: getattr(preview, name) for name in ("state", "deadline", "over_at", "why")}
        change |= {"is_id": preview.id, "expected": expected.value}
        self._move(_MOVE, change, f"preview {preview.id}")

    def due_of(self, leads: Sequence[int]) -> Sequence[Due]:
        """Return waiting leads, whenever they are due, with all that the judge needs."""
        rows = self._run.rows(_DUE_OF, {"leads": listed(map(str, leads)), "limit": len(leads)})
        return self.in_full(list(map(to_due, rows)))


def preview_of(run: Runner, agent: str) -> Preview | None:
    """Return the last preview of an agent, over or not; it locks nothing."""
    row = run.row(_OF_AGENT, {"agent": agent})
    return None if row is None else to_preview(row)


def to_preview(row: Row) -> Preview:
    """Return the preview of a row of PREVIEW_COLUMNS."""
    found: dict[str, Any] = dict(zip(PREVIEW_COLUMNS, row, strict=True))
    for name in _INSTANTS:
        found[name] = None if found[name] is None else to_instant(found[name])
    found["state"] = PreviewState(found["state"])
    found["why"] = None if found["why"] is None else Why(found["why"])
    return Preview(**found)


def _to_live(row: Row) -> Live:
    *own, state, due, named = row
    return Live(
        preview=to_preview(tuple(own)),
        lead_state=LeadState(state),
        lead_due=None if due is None else to_instant(due),
        is_named=bool(named),
    )
