"""The coach of a practice: what the person on the line says by now, and the record of each call made into a review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from adapters.practice_words import Reviewed
from adapters.simulator.chance import Chance
from adapters.simulator.conversations import Line, conversation, hour_in_words, wished_hour
from adapters.simulator.exchange import Exchange
from adapters.simulator.practice import is_foreign
from adapters.web.practice import Said, Talk
from adapters.wiring.house import House
from campaigns.campaign import Campaign
from campaigns.outcome import Outcome
from compliance.ledger import Kind, LedgerEntry
from compliance.places import zone_of_region
from dialer.attempt import Attempt, AttemptState
from dialer.promises import judge_promise
from dialer.review import Duty, Practised, Wish, review

_SAID_ALOUD = "announce"
"""How the conditions of a permit begin that are the agent's, as on the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """Who practises what: the agent, their languages, the campaign, the seed of its people, how many calls."""

    agent: str
    languages: tuple[str, ...]
    campaign: Campaign
    seed: str
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one person has to say and to wish for in one call."""

    wanted: Outcome
    lines: tuple[Line, ...]
    wished: datetime | None
    is_foreign: bool


class Coach:
    """Listens to the practice; what it needs to know of the people it asks the double, whose calls they are."""

    def __init__(self, house: House, exchange: Exchange, pupil: Pupil) -> None:
        """Take the installation of the practice and the double's calls."""
        self._house, self._exchange, self._pupil = house, exchange, pupil
        self._reviews: dict[str, Reviewed] = {}
        self._zone = ZoneInfo(zone_of_region(pupil.campaign.audience.region))
        self.is_ended = False

    def end(self) -> None:
        """End the practice: the agent has seen enough."""
        self.is_ended = True

    async def talk(self) -> Talk:
        """Return what the person on the line has said by now, and how far the practice is."""
        desk = await self._house.store.read(lambda reports: reports.desk(self._pupil.agent))
        attempt = desk.attempt if desk else None
        done = len(await self.reviewed())
        shown = attempt is not None and attempt.connected_at is not None
        return Talk(
            attempt=attempt.id if attempt and shown else "",
            lines=tuple(self._said(attempt)) if attempt and shown else (),
            done=done,
            calls=self._pupil.calls,
        )

    async def reviewed(self) -> Sequence[Reviewed]:
        """Return the reviews of the calls that are written up, in the order in which they were made."""
        agents, entries = await self._house.store.read(
            lambda reports: (reports.agents(), list(reports.ledger()))
        )
        held = {agent.attempt for agent in agents}
        found = dict.fromkeys(row.attempt for row in entries if row.kind == Kind.PERMITTED and row.attempt)
        new = [name for name in found if name not in self._reviews and name not in held]
        for attempt in await self._house.store.transact(lambda unit: list(unit.attempts(new))) if new else ():
            if attempt.state is AttemptState.OVER and attempt.connected_at and attempt.agent:
                noted = [row for row in entries if row.attempt == attempt.id]
                self._reviews[attempt.id] = await self._review(attempt, noted)
        return [self._reviews[name] for name in found if name in self._reviews]

    def _said(self, attempt: Attempt) -> Sequence[Said]:
        part, now = self._part(attempt), attempt.over_at or self._house.clock.now()
        passed = _seconds(attempt.connected_at, now)
        return [
            Said(at_s=line.at_s, text=line.text, language=line.language)
            for line in (part.lines if part else ())
            if line.at_s <= passed
        ]

    def _part(self, attempt: Attempt) -> _Part | None:
        """Return the part of the person on a call; None for a call that the double does not know."""
        call = self._exchange.find(attempt.reference or "")
        if call is None or attempt.connected_at is None:
            return None
        number, pupil = call.request.to, self._pupil
        chance = Chance(f"{pupil.seed}:practice:{number}:{call.nth}")
        stranger = is_foreign(chance, number, pupil.languages) and len(pupil.campaign.languages) > 1
        other = "en" if attempt.language == "ja" else "ja"
        language = other if stranger else attempt.language
        wanted = call.reaction.says
        at = wished_hour(chance, attempt.connected_at, self._zone)
        lines = conversation(
            chance,
            wanted,
            talk_s=call.reaction.talk_s,
            language=language,
            is_foreign=stranger,
            values={
                "seller": pupil.campaign.seller.name.in_(language),
                "product": pupil.campaign.product_name.in_(language),
                "when": hour_in_words(at, attempt.connected_at, language),
            },
        )
        wished = at if wanted is Outcome.CALLBACK else None
        return _Part(wanted=wanted, lines=lines, wished=wished, is_foreign=stranger)

    async def _review(self, attempt: Attempt, noted: Sequence[LedgerEntry]) -> Reviewed:
        part = self._part(attempt)
        bodies = [(row, orjson.loads(row.body)) for row in noted]
        permit = next(body for row, body in bodies if row.kind == Kind.PERMITTED)
        said = [
            (_seconds(attempt.connected_at, datetime.fromisoformat(row.at)), body)
            for row, body in bodies
            if row.kind == Kind.SAID
        ]
        ended = [datetime.fromisoformat(row.at) for row in noted if row.kind == Kind.CONCLUDED]
        wish = await self._wish(attempt, part, permit)
        campaign = self._pupil.campaign
        chosen = attempt.outcome if attempt.disposition or _has_refused(said) else None
        found = review(
            Practised(
                wish=wish,
                chosen=chosen,
                offered=frozenset(one.means for one in campaign.dispositions),
                duties=duties_said(permit, said),
                callback_at=attempt.callback_at,
                callback_is_lawful=await self._is_lawful(attempt, permit, attempt.callback_at),
                note=attempt.note,
                opinions=frozenset(body["category"] for _, body in said if body["what"] == "opinion"),
                talk_s=_seconds(attempt.connected_at, attempt.over_at),
                talk_limit_s=campaign.pacing.call_limit.total_seconds(),
                wrap_s=max(0.0, _seconds(attempt.over_at, ended[0])) if ended else 0.0,
                wrap_limit_s=campaign.pacing.wrap_up.total_seconds(),
            )
        )
        contact = await self._house.store.transact(lambda unit: unit.contact(attempt.contact))
        return Reviewed(
            attempt=attempt.id,
            name=contact.name if contact else attempt.contact,
            at=attempt.connected_at or attempt.opened_at,
            zone=self._zone,
            wanted=wish.wanted.value,
            chosen=chosen.value if chosen else "",
            review=found,
        )

    async def _wish(self, attempt: Attempt, part: _Part | None, permit: Mapping[str, Any]) -> Wish:
        if part is None:
            return Wish(wanted=Outcome.NOT_INTERESTED, was_said=False)
        lasted = _seconds(attempt.connected_at, attempt.over_at)
        heard = [line for line in part.lines if line.at_s <= lasted]
        return Wish(
            wanted=part.wanted,
            was_said=any(line.decides for line in heard),
            at=part.wished,
            at_is_lawful=await self._is_lawful(attempt, permit, part.wished),
            opinions=frozenset(line.opinion for line in heard if line.opinion),
            is_foreign=part.is_foreign,
        )

    async def _is_lawful(self, attempt: Attempt, permit: Mapping[str, Any], at: datetime | None) -> bool:
        """Tell whether the person may be called at an hour, as the desk judged it while they talked."""
        if at is None or attempt.connected_at is None:
            return True
        until, law = attempt.connected_at, self._house.configuration.law
        contact = await self._house.store.transact(lambda unit: unit.contact(attempt.contact))
        if contact is None:
            return True
        due = await self._house.store.read(lambda reports: reports.known_of(contact, until))
        limit = self._pupil.campaign.pacing.ring_limit
        return judge_promise(permit, due, at, ring_limit=limit, law=law).is_allowed


def duties_said(
    permit: Mapping[str, Any], said: Sequence[tuple[float, Mapping[str, Any]]]
) -> tuple[Duty, ...]:
    """Return each duty of the agent with its rules and after how many seconds it was ticked for good."""
    ticked: dict[str, float | None] = {}
    for after, body in said:
        if body["what"] == "duty":
            ticked[body["duty"]] = (ticked.get(body["duty"]) or after) if body["is_done"] else None
    found: dict[str, tuple[list[str], list[float]]] = {
        code: ([], []) for code in permit["verdict"].get("obligations", ()) if code.startswith(_SAID_ALOUD)
    }
    for saying in permit["verdict"].get("sayings", ()):
        rules, limits = found.setdefault(saying["element"], ([], []))
        rules.append(saying["rule"])
        if saying.get("within_s") is not None:
            limits.append(saying["within_s"])
    return tuple(
        Duty(code=code, rules=tuple(rules), within_s=min(limits, default=None), after_s=ticked.get(code))
        for code, (rules, limits) in found.items()
    )


def _has_refused(said: Sequence[tuple[float, Mapping[str, Any]]]) -> bool:
    return any(body["what"] == "never_again" for _, body in said)


def _seconds(since: datetime | None, until: datetime | None) -> float:
    return (until - since) / timedelta(seconds=1) if since and until else 0.0
