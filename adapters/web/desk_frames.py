"""What agents' pages are sent: looks for changes several times a second, and draws only the desks that changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from zoneinfo import ZoneInfo

import orjson

from adapters.web.desk_plan import Planning, limit_s, plan_say
from adapters.web.desk_view import Sight, times_of, view_of
from adapters.web.frames import Clock
from adapters.web.language import words_in
from adapters.web.live import Live, Subscription, Topic
from campaigns.campaign import Campaign
from dialer.agents import Agent, AgentState
from dialer.handling import Handling
from dialer.listening import Listening
from dialer.ports import Reports, Store

PERIOD_S = 0.1
"""How often agents are looked at: a person on the line must be on the screen within 300 ms."""
REFRESH_S = {AgentState.RESERVED: 1.0, AgentState.TALKING: 5.0}
"""How often a desk with a call is looked at whole: what happens to the call does not always show on the agent."""
_AWAITED_S = 0.5
BEAT_S = 5.0
"""After how long without news a page is told that there is none: a line that is dead says nothing either."""


_Seat = tuple[Agent, Handling | None, tuple[Listening, ...]]
"""An agent's row, and those about their line: when none of them has changed, hardly anything on the page has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """What a page was told last: from which rows, looked at when, the picture, when it heard anything at all."""

    seat: _Seat
    looked: float
    view: Mapping[str, object]
    spoke: float


class DeskFrames:
    """Makes the frames of the desks that are open: the newest picture where it is another, a beat now and then."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        campaigns: Callable[[], Mapping[str, Campaign]],
        zone: ZoneInfo,
        planning: Planning,
    ) -> None:
        """Take where to look, when, whose time to show, and what is planned."""
        self._store, self._clock, self._campaigns = store, clock, campaigns
        self._zone, self._planning = zone, planning
        self._sent: dict[Topic, _Sent] = {}

    def forget(self, agent: str) -> None:
        """Draw this agent's desk anew at the next look, whether or not it changed."""
        for topic in [topic for topic in self._sent if topic[0] == agent]:
            del self._sent[topic]

    async def __call__(self, topics: set[Topic]) -> dict[Topic, bytes]:
        """Return a frame for each topic that has any news, or has heard none for long."""
        self._sent = {topic: sent for topic, sent in self._sent.items() if topic in topics}
        seats = await self._store.read(_seats)
        stale = {topic for topic in topics if self._is_stale(topic, seats.get(topic[0]))}
        seen = await self._look({agent for agent, _ in stale}) if stale else {}
        frames: dict[Topic, bytes] = {}
        for topic in topics:
            sight = seen.get(topic[0]) if topic in stale else None
            if (frame := self._frame(topic, sight) if sight else self._beat(topic)) is not None:
                frames[topic] = frame
        return frames

    def _is_stale(self, topic: Topic, seat: _Seat | None) -> bool:
        sent = self._sent.get(topic)
        if seat is None or sent is None or sent.seat != seat:
            return seat is not None
        if sent.view["plan_say"] != self._plan_say(topic):
            return True
        # A line that comes does not show on the agent before it is there.
        is_awaited = seat[0].state is AgentState.READY and seat[0].leg is None
        refresh_s = _AWAITED_S if is_awaited else REFRESH_S.get(seat[0].state, inf)
        return self._clock.monotonic() - sent.looked >= refresh_s

    def _plan_say(self, topic: Topic) -> str:
        agent, language = topic
        return plan_say(self._planning, agent, self._clock.now(), words_in(language), self._zone)

    async def _look(self, agents: set[str]) -> Mapping[str, Sight]:
        now = self._clock.now()

        def read(reports: Reports) -> dict[str, Sight]:
            desks = [desk for agent in sorted(agents) if (desk := reports.desk(agent))]
            return {
                desk.agent.id: Sight(
                    desk=desk, due=reports.known_of(desk.contact, now) if desk.contact else None
                )
                for desk in desks
            }

        return await self._store.read(read)

    def _frame(self, topic: Topic, sight: Sight) -> bytes | None:
        """Return the picture, None when the page has it already."""
        labels, words = self._planning.labels, words_in(topic[1])
        view = view_of(sight, self._campaigns(), labels, words, self._zone)
        view["plan_say"] = self._plan_say(topic)
        now, before = self._clock.monotonic(), self._sent.get(topic)
        desk = sight.desk
        seat: _Seat = (desk.agent, desk.handling, desk.listeners)
        is_known = before is not None and before.view == view and before.seat[0] == desk.agent
        spoke = before.spoke if before and is_known else now
        self._sent[topic] = _Sent(seat=seat, looked=now, view=view, spoke=spoke)
        if is_known:
            return self._beat(topic)
        at, factor, agent = self._clock.now(), self._clock.factor, sight.desk.agent
        times = times_of(sight.desk, at, factor, self._zone)
        limit = {"limit_s": limit_s(self._planning, agent, at, factor)}
        return b"data: %s\n\n" % orjson.dumps({**view, **times, **limit})

    def _beat(self, topic: Topic) -> bytes | None:
        sent, now = self._sent.get(topic), self._clock.monotonic()
        if sent is None or now - sent.spoke < BEAT_S:
            return None
        self._sent[topic] = _Sent(seat=sent.seat, looked=sent.looked, view=sent.view, spoke=now)
        return b"event: beat\ndata: \n\n"


def _seats(reports: Reports) -> dict[str, _Seat]:
    """Return each agent's rows, by agent."""
    handlings, listenings = reports.handlings(), reports.listenings()
    return {
        agent.id: (
            agent,
            next((one for one in handlings if _is_with(one, agent)), None),
            tuple(one for one in listenings if one.agent == agent.id),
        )
        for agent in reports.agents()
    }


def _is_with(handling: Handling, agent: Agent) -> bool:
    """Tell whether a call is the agent's, or concerns them while they have none; as the store finds it for a desk."""
    if agent.attempt:
        return handling.attempt == agent.attempt
    return agent.id in {handling.colleague, handling.guest}


class LiveDesks:
    """The open desks of this process."""

    def __init__(self, frames: DeskFrames) -> None:
        """Take what draws them."""
        self._frames, self.live = frames, Live(frames, period_s=PERIOD_S)

    def subscribe(self, agent: str, language: str) -> Subscription:
        """Open a desk; its picture comes at once, to the other pages of the same agent as well."""
        self._frames.forget(agent)
        return self.live.subscribe((agent, language))

    def changed(self, agent: str) -> None:
        """Show at once what this agent did."""
        self._frames.forget(agent)
        self.live.nudge()
