"""A seeded calling floor, event by event: calls ring, people answer and give up, agents talk, write up and rest."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush
from typing import Protocol

from bench.pacing_fates import Fates, Roster, Scenario

SOON = 0.25
"""A floor is looked at when an agent becomes free or is taken, but not more often than this, in seconds."""
MISTAKEN = 0.1
"""Of the machines, the share that is taken for people."""
A_MACHINES_TALK_S = 6.0
"""How long an agent listens to one."""


class What(IntEnum):
    """What can happen; the call's or the agent's number comes with it."""

    RESOLVED = 0
    ASKS = 1
    GIVES_UP = 2
    TALK_ENDS = 3
    WRAP_ENDS = 4
    COMES = 5
    DUE = 6  # a break or the end of a shift
    LOOK = 7


class Policy(Protocol):
    """Whoever decides how many calls to open, and how often it wants to be asked."""

    period_s: float
    is_prompt: bool  # asked as well when an agent becomes free or is taken

    def calls(self, floor: "Floor") -> int:
        """Return how many calls to open now."""
        ...

    def saw(self, floor: "Floor", what: str, seconds: float) -> None:
        """Take note of what happened: see `Floor.tell`."""
        ...


@dataclass(slots=True)
class Totals:
    """What a day came to. `worst` is filled from `answers`: (second, was it abandoned) of each live answer."""

    staffed_s: float = 0.0
    busy_s: float = 0.0
    idle_s: float = 0.0
    served: int = 0
    dialled: int = 0
    misjudged: int = 0
    answers: list[tuple[float, bool]] = field(default_factory=list)


class Floor:
    """The floor of one day under one policy. `now` is seconds since opening."""

    def __init__(self, scenario: Scenario, drawn: Fates, rosters: list[Roster], policy: Policy) -> None:
        """Put everybody in place."""
        self.scenario, self.fates, self.policy = scenario, drawn, policy
        self.now, self.totals = 0.0, Totals()
        self.ringing: dict[int, float] = {}  # call -> when it was ordered
        self.waiting: deque[int] = deque()
        self.idle: dict[int, float] = {}  # agent -> since when; the longest idle first
        self.talking: dict[int, float] = {}
        self.wrapping: dict[int, float] = {}
        self.free_at: dict[int, float] = {}  # agent -> when talk and write-up end, as only an oracle may know
        self._people: set[int] = set()
        self.rosters, self.has_shifts = rosters, any(one != Roster() for one in rosters)
        self._pauses = [deque(one.breaks) for one in rosters]
        self._here: dict[int, float] = {}
        self._call_of: dict[int, int] = {}
        self._heap: list[tuple[float, int, int, int]] = []
        self._count, self._tokens, self._filled_at, self._looked_at = 0, 1.0, 0.0, -1.0
        self._soon = max(
            SOON, scenario.agents / 40
        )  # who asks each second anyway gains nothing on a large floor
        self._handlers: dict[What, Callable[[int], None]] = {
            What.RESOLVED: self._resolved,
            What.ASKS: self._asks,
            What.GIVES_UP: self._gives_up,
            What.TALK_ENDS: self._talk_ends,
            What.WRAP_ENDS: self._wrap_ends,
            What.COMES: self._comes,
            What.DUE: self._due,
            What.LOOK: self._look,
        }

    def run(self) -> Totals:
        """Run the day and return what it came to."""
        for agent, one in enumerate(self.rosters):
            self._at(one.comes_at, What.COMES, agent)
        self._at(0.0, What.LOOK, 0)
        end = self.scenario.seconds
        while self._heap and self._heap[0][0] < end:
            self.now, _, what, number = heappop(self._heap)
            self._handlers[What(what)](number)
        self.now = end
        for agent in list(self._here):
            self._close(agent)
        return self.totals

    def leaves_in(self, agent: int) -> float:
        """Return the seconds until an agent is known to go, inf when nobody knows."""
        one, pauses = self.rosters[agent], self._pauses[agent]
        is_known = not one.is_sudden or self.now >= one.leaves_at
        known = one.leaves_at if is_known else float("inf")
        return max(0.0, min(known, pauses[0][0] if pauses else float("inf")) - self.now)

    def goes_at(self, agent: int) -> float:
        """Return when an agent goes, as only an oracle may know."""
        one, pauses = self.rosters[agent], self._pauses[agent]
        return min(one.leaves_at, pauses[0][0] if pauses else float("inf"))

    def room(self) -> int:
        """Return how many calls the carrier's account may start now."""
        rate = self.scenario.calls_per_second
        self._tokens = min(max(1.0, rate), self._tokens + (self.now - self._filled_at) * rate)
        self._filled_at = self.now
        return int(min(self._tokens, 1e6))

    # --- calls ---------------------------------------------------------------------------------------------------

    def _look(self, _: int) -> None:
        self._ask()
        self._at(self.now + self.policy.period_s, What.LOOK, 0)

    def _ask(self) -> None:
        self._looked_at = self.now
        for _ in range(min(self.policy.calls(self), self.room())):
            self._tokens -= 1.0
            self._dial()

    def _ask_soon(self) -> None:
        if self.policy.is_prompt and self.now - self._looked_at >= self._soon:
            self._ask()

    def fate_of(self, call: int) -> tuple[float, bool, bool]:
        """Return after how many seconds the n-th call turns out, ordered now; does it ask for an agent, for a person?

        Detection keeps people for a second or so, machines for longer, and is wrong now and then about both.
        """
        drawn, day = self.fates, self.scenario
        if day.outage_at <= self.now < day.outage_at + day.outage_s:
            return drawn.setup_s[call], False, False
        after = drawn.setup_s[call] + drawn.ring_s[call]
        is_person = drawn.luck[call] < day.answer_at(self.now)
        if not is_person and drawn.machine[call] >= day.machines:
            return drawn.setup_s[call] + (1.0 if drawn.is_quick[call] else day.ring_limit_s), False, False
        if not day.machines:
            return after, True, is_person
        luck, screened = drawn.verdict[call], drawn.screened_s[call]
        if is_person:
            return after + screened, luck >= day.false_machines, True
        return after + 2.5 * screened, luck < MISTAKEN, False

    def _dial(self) -> None:
        call = self.totals.dialled
        self.totals.dialled += 1
        self.ringing[call] = self.now
        after, asks, is_person = self.fate_of(call)
        if is_person:
            self._people.add(call)
        self._at(self.now + after, What.ASKS if asks else What.RESOLVED, call)

    def _resolved(self, call: int) -> None:
        ordered = self.ringing.pop(call)
        self.policy.saw(self, "missed", self.now - ordered)
        if call in self._people:
            self._people.remove(call)
            self.totals.misjudged += 1
            self.policy.saw(self, "misjudged", 0.0)
        self._ask_soon()

    def _asks(self, call: int) -> None:
        ordered = self.ringing.pop(call)
        self.policy.saw(self, "reached", self.now - ordered)
        screened = self.fates.screened_s[call] if self.scenario.machines else 0.0
        if screened and call in self._people:
            self.policy.saw(self, "screened", screened)
        patience = self.scenario.patience_s - screened
        if self.idle and patience >= 0.0:
            self._connect(next(iter(self.idle)), call)
            self._ask_soon()
        else:
            self.waiting.append(call)
            self._at(self.now + max(0.0, patience), What.GIVES_UP, call)

    def _gives_up(self, call: int) -> None:
        if call in self.waiting:
            self.waiting.remove(call)
            if call in self._people:
                self._people.remove(call)
                self.totals.answers.append((self.now, True))
                self.policy.saw(self, "abandoned", 0.0)

    # --- agents --------------------------------------------------------------------------------------------------

    def _connect(self, agent: int, call: int) -> None:
        self.totals.idle_s += self.now - self.idle.pop(agent)
        self.totals.served += 1
        self.talking[agent], self._call_of[agent] = self.now, call
        talk = A_MACHINES_TALK_S
        if call in self._people:
            talk = self.fates.talk_s[call]
            self._people.remove(call)
            self.totals.answers.append((self.now, False))
            self.policy.saw(self, "served", 0.0)
        self.free_at[agent] = self.now + talk + self.fates.wrap_s[call]
        self._at(self.now + talk, What.TALK_ENDS, agent)

    def _talk_ends(self, agent: int) -> None:
        since = self.talking.pop(agent)
        self.totals.busy_s += self.now - since
        self.policy.saw(self, "talked", self.now - since)
        self.wrapping[agent] = self.now
        self._at(self.now + self.fates.wrap_s[self._call_of[agent]], What.WRAP_ENDS, agent)

    def _wrap_ends(self, agent: int) -> None:
        since = self.wrapping.pop(agent)
        self.totals.busy_s += self.now - since
        self.policy.saw(self, "wrapped", self.now - since)
        self._free(agent)

    def _comes(self, agent: int) -> None:
        self._here[agent] = self.now
        one = self.rosters[agent]
        for at in (one.leaves_at, *(begins for begins, _ in self._pauses[agent])):
            if at < self.scenario.seconds:
                self._at(max(at, self.now), What.DUE, agent)
        self._free(agent)

    def _free(self, agent: int) -> None:
        self.idle[agent] = self.now
        if not self._gone(agent) and self.waiting:
            self._connect(agent, self.waiting.popleft())
        self._ask_soon()

    def _due(self, agent: int) -> None:
        if agent in self.idle:
            self._gone(agent)

    def _gone(self, agent: int) -> bool:
        """Let an idle agent go whose time has come; tell whether it had."""
        one, pauses = self.rosters[agent], self._pauses[agent]
        if self.now >= one.leaves_at:
            self._close(agent)
            return True
        if pauses and self.now >= pauses[0][0]:
            _, lasts = pauses.popleft()
            self._close(agent)
            self._at(self.now + lasts, What.COMES, agent)
            return True
        return False

    def _close(self, agent: int) -> None:
        """Take an agent off the floor and count their time."""
        self.totals.staffed_s += self.now - self._here.pop(agent)
        if agent in self.idle:
            self.totals.idle_s += self.now - self.idle.pop(agent)
        for part in (self.talking, self.wrapping):
            if agent in part:
                self.totals.busy_s += self.now - part.pop(agent)

    def _at(self, second: float, what: What, number: int) -> None:
        self._count += 1
        heappush(self._heap, (second, self._count, int(what), number))
