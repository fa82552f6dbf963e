"""Models of what others do, written anew from what is published about them, and an oracle that knows every fate."""

from collections import deque
from dataclasses import dataclass, field
from math import exp, floor

from bench.pacing_floor import Floor


@dataclass(slots=True)
class Progressive:
    """One line for each free agent."""

    period_s: float = 1.0
    is_prompt: bool = True

    def calls(self, floor: Floor) -> int:
        """Return how many calls to open now."""
        return max(0, len(floor.idle) - len(floor.waiting) - len(floor.ringing))

    def saw(self, floor: Floor, what: str, seconds: float) -> None:
        """Learn nothing."""


@dataclass(slots=True)
class Ratio(Progressive):
    """So many lines for each agent on the floor, talking or not."""

    ratio: float = 1.5

    def calls(self, floor: Floor) -> int:
        """Return how many calls to open now."""
        agents = len(floor.idle) + len(floor.talking)
        return max(0, floor_of(self.ratio * agents) - len(floor.ringing) - len(floor.talking))


@dataclass(slots=True)
class PerFree(Progressive):
    """So many lines for each free agent."""

    ratio: float = 2.0

    def calls(self, floor: Floor) -> int:
        """Return how many calls to open now."""
        free = len(floor.idle) - len(floor.waiting)
        return max(0, floor_of(self.ratio * free) - len(floor.ringing))


@dataclass(slots=True)
class Vicidial:
    """VICIdial's adaptive level, in the restatement of facts: level each 15 s, drops each 60 s, calls each 2.5 s."""

    method: str = "hard"
    cap: float = 3.0
    intensity: float = 0.0
    aim: float = 0.0
    limit: float = 0.03
    opens_h: float = 9.0
    latest_hhmm: int = 2100
    period_s: float = 0.5
    is_prompt: bool = False
    level: float = 1.0
    ready: deque[int] = field(default_factory=lambda: deque(maxlen=15))
    queued: deque[int] = field(default_factory=lambda: deque(maxlen=15))
    staff: deque[int] = field(default_factory=lambda: deque(maxlen=15))
    live: int = 0
    drops: int = 0
    known: tuple[int, int] = (0, 0)
    ticks: int = 0

    def calls(self, floor: Floor) -> int:
        """Sample each second, adapt the level each 15 s, and open calls each 2.5 s."""
        if self.ticks % 2 == 0:
            self._sample(floor)
        if self.ticks % 120 == 0:
            self.known = (self.drops, self.live)
        if self.ticks and self.ticks % 30 == 0:
            self._adapt(floor)
        self.ticks += 1
        if self.ticks % 5:
            return 0
        agents = len(floor.idle) + len(floor.talking)
        lines = len(floor.ringing) + len(floor.waiting) + len(floor.talking)
        return max(0, round(self.level * agents) - lines)

    def saw(self, floor: Floor, what: str, seconds: float) -> None:  # noqa: ARG002 - what everybody is told
        """Count drops among live answers."""
        self.live += what in {"served", "abandoned"}
        self.drops += what == "abandoned"

    def _sample(self, floor: Floor) -> None:
        self.ready.append(len(floor.idle))
        self.queued.append(len(floor.waiting))
        self.staff.append(len(floor.idle) + len(floor.talking) + len(floor.wrapping))

    def _adapt(self, floor: Floor) -> None:
        staff = sum(self.staff)
        change = (sum(self.ready) - sum(self.queued) + self.aim * len(self.staff)) / staff if staff else 0.0
        change *= 1.0 + self.intensity if change >= 0 else abs(self.intensity - 1.0)
        self.level = max(1.0, min(self.cap, round(self.level * (1.0 + change), 3)))
        drops, live = self.known
        if live > 50 and drops / live > self.limit:
            self.level = max(1.0, self._braked(floor.now))

    def _braked(self, now: float) -> float:
        if self.method == "hard":
            return 1.0
        if self.method == "average":
            return self.level / 2.0
        minutes = int(self.opens_h * 60 + now / 60)
        left = self.latest_hhmm - (minutes // 60 * 100 + minutes % 60)  # clock readings, as whole numbers
        return self.level * min(1.0, left / 1000.0) if left >= 0 else 1.0


@dataclass(slots=True)
class Omni:
    """OMniDialer's predictive pacer, in the restatement of facts."""

    limit: float = 0.03
    talk_s: float = 105.0
    wrap_s: float = 15.0
    ring_s: float = 15.0
    period_s: float = 1.0
    is_prompt: bool = False
    hit: float = 0.25
    drop: float = 0.0
    served: int = 0
    bad_ticks: int = 0
    is_latched: bool = False

    def calls(self, floor: Floor) -> int:
        """Return how many calls to open now, three in a second at most."""
        free = len(floor.idle) - len(floor.waiting)
        if self.served < 50 or self._latched():
            return max(0, min(3, free - len(floor.ringing)))
        soon = sum(self._share(self.talk_s - (floor.now - since)) for since in floor.talking.values())
        soon += sum(self._share(self.wrap_s - (floor.now - since)) for since in floor.wrapping.values())
        chance = max(0.05, self.hit)
        wanted = (free + soon - len(floor.ringing) * chance) / chance * self._damping()
        return max(0, min(3, floor_of(wanted)))

    def saw(self, floor: Floor, what: str, seconds: float) -> None:  # noqa: ARG002 - what everybody is told
        """Average over the last nineteen or so."""
        if what in {"reached", "missed"}:
            self.hit += 0.1 * ((what == "reached") - self.hit)
        elif what == "abandoned":
            self.drop += 0.1 * (1.0 - self.drop)
        elif what == "served":
            self.drop *= 0.9
            self.served += 1

    def _share(self, remaining: float) -> float:
        return 1.0 - exp(-self.ring_s / max(1.0, remaining))

    def _latched(self) -> bool:
        self.bad_ticks = self.bad_ticks + 1 if self.drop > self.limit else 0
        if self.bad_ticks >= 5:
            self.is_latched = True
        elif self.drop < 0.8 * self.limit:
            self.is_latched = False
        return self.is_latched

    def _damping(self) -> float:
        if self.drop <= self.limit / 2:
            return 1.0
        return max(0.2, 1.0 - 0.8 * (self.drop / self.limit - 0.5) / 0.5)


@dataclass(slots=True)
class Oracle:
    """It knows what becomes of each call and when each agent is free, and calls when somebody will be."""

    period_s: float = 0.5
    is_prompt: bool = True
    due: dict[int, float] = field(default_factory=dict)  # call -> when it will ask for an agent

    def calls(self, floor: Floor) -> int:
        """Return how many of the next calls somebody will be free for, or that nobody answers."""
        self.due = {call: at for call, at in self.due.items() if call in floor.ringing}
        arrivals = sorted(self.due.values())
        free = sorted(self._free(floor))[len(floor.waiting) :]
        most, count, call = floor.room(), 0, floor.totals.dialled
        idle = len(free) > len(arrivals)
        while count < most and idle:
            after, asks, _ = floor.fate_of(call + count)
            if asks:
                at = floor.now + after
                if not fits(sorted([*arrivals, at]), free, floor.scenario.patience_s * 0.9):
                    break
                arrivals = sorted([*arrivals, at])
                self.due[call + count] = at
                idle = len(free) > len(arrivals)
            count += 1
        return count

    def saw(self, floor: Floor, what: str, seconds: float) -> None:
        """Know it already."""

    def _free(self, floor: Floor) -> list[float]:
        busy = [floor.free_at[agent] for agent in (*floor.talking, *floor.wrapping)]
        if not floor.has_shifts:
            return [floor.now] * len(floor.idle) + busy
        stays = [agent for agent in floor.idle if floor.goes_at(agent) > floor.now + 25.0]
        return [floor.now] * len(stays) + [
            floor.free_at[agent]
            for agent in (*floor.talking, *floor.wrapping)
            if floor.goes_at(agent) > floor.free_at[agent] + 25.0
        ]


def fits(arrivals: list[float], free: list[float], patience: float) -> bool:
    """Tell whether each who asks, in their order, finds the next agent who is free in time."""
    return all(ready <= at + patience for at, ready in zip(arrivals, free, strict=False))


def floor_of(value: float) -> int:
    """Return the whole lines of a computed number."""
    return floor(value + 1e-9)
