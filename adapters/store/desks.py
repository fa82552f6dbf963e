"""What an agent's desk is read from, and what the agent noted during a call; nothing here locks a row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from adapters.store.agents import Agents
from adapters.store.handlings import every_listening, handling_of, handling_with
from adapters.store.legs import legs_of
from adapters.store.mapping import ATTEMPT_COLUMNS, CONTACT_COLUMNS, to_attempt, to_contact
from adapters.store.part import Part, pick
from adapters.store.previews import preview_of
from adapters.store.statement import Runner, Statement
from adapters.store.tables import ATTEMPT, CONTACT, LEDGER
from compliance.ledger import Kind
from dialer.agents import AgentState, is_free
from dialer.attempt import Attempt
from dialer.desks import Desk
from dialer.previews import Preview

_TRIES_SHOWN = 20
_ATTEMPT = Statement(select(*pick(ATTEMPT, ATTEMPT_COLUMNS)).where(ATTEMPT.c.id == bindparam("id")))
_CONTACT = Statement(select(*pick(CONTACT, CONTACT_COLUMNS)).where(CONTACT.c.key == bindparam("key")))
_TRIES = Statement(
    select(*pick(ATTEMPT, ATTEMPT_COLUMNS))
    .where(ATTEMPT.c.contact == bindparam("contact"), ATTEMPT.c.id != bindparam("but"))
    .order_by(ATTEMPT.c.opened_at.desc(), ATTEMPT.c.id)
    .limit(bindparam("limit"))
)
_NOTED = Statement(
    select(LEDGER.c.kind, LEDGER.c.body)
    .where(LEDGER.c.attempt == bindparam("attempt"))
    .order_by(LEDGER.c.seq)
)


_SHOWN = Statement(
    select(LEDGER.c.body)
    .where(LEDGER.c.person == bindparam("person"), LEDGER.c.kind == Kind.AGENT.value)
    .order_by(LEDGER.c.seq.desc())
    .limit(1)
)


class Notes(Part):
    """What agents noted."""

    def said(self, attempt: str) -> Sequence[Mapping[str, Any]]:
        """Return the bodies of what the agent noted during a call, oldest first."""
        return _bodies(_noted(self._run, attempt), Kind.SAID)


def desk_of(run: Runner, agent: str) -> Desk | None:
    """Return one agent's desk, None for an agent nobody knows."""
    found = Agents(run).agent(agent)
    if found is None:
        return None
    handling = handling_of(run, found.attempt) if found.attempt else handling_with(run, agent)
    name = found.attempt or (handling.attempt if handling else None)
    attempt = run.row(_ATTEMPT, {"id": name}) if name else None
    heard = tuple(one for one in every_listening(run) if one.agent == agent)
    called = next(iter(legs_of(run, agent, 1)), None)
    desk = Desk(agent=found, handling=handling, listeners=heard, leg=called)
    if attempt is not None:
        return _with_call(run, desk, to_attempt(attempt))
    preview = preview_of(run, agent)
    is_seen = preview is not None and found.state is AgentState.PREVIEWING
    return _with_person(run, desk, preview) if preview and is_seen else replace(desk, preview=preview)


def _with_person(run: Runner, desk: Desk, preview: Preview) -> Desk:
    contact = run.row(_CONTACT, {"key": preview.contact})
    shown = run.value(_SHOWN, {"person": preview.contact})
    body = orjson.loads(shown) if shown else {}
    tries = {"contact": preview.contact, "but": "", "limit": _TRIES_SHOWN}
    return replace(
        desk,
        contact=None if contact is None else to_contact(contact),
        permit=body if body.get("preview") == preview.id and "verdict" in body else None,
        tries=tuple(to_attempt(row) for row in run.rows(_TRIES, tries)),
        preview=preview,
    )


def _with_call(run: Runner, desk: Desk, attempt: Attempt) -> Desk:
    contact, noted = run.row(_CONTACT, {"key": attempt.contact}), _noted(run, attempt.id)
    permits = _bodies(noted, Kind.PERMITTED)
    tries = {"contact": attempt.contact, "but": attempt.id, "limit": _TRIES_SHOWN}
    return replace(
        desk,
        attempt=attempt,
        contact=None if contact is None else to_contact(contact),
        permit=permits[0] if permits else None,
        said=_bodies(noted, Kind.SAID),
        tries=tuple(to_attempt(row) for row in run.rows(_TRIES, tries)),
        others=tuple(one for one in Agents(run).agents() if is_free(one) and one.id != desk.agent.id),
    )


def _noted(run: Runner, attempt: str) -> Sequence[tuple[str, str]]:
    return [(kind, body) for kind, body in run.rows(_NOTED, {"attempt": attempt})]


def _bodies(noted: Sequence[tuple[str, str]], wanted: Kind) -> tuple[Mapping[str, Any], ...]:
    return tuple(orjson.loads(body) for kind, body in noted if kind == wanted.value)
