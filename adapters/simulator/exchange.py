"""The account's calls: accepted, queued by calls per second, looked up, changed, and found again after a restart."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from adapters.clock import SystemClock
from adapters.simulator import refusals
from adapters.simulator.calls import Call, LineCut, LineRedirected
from adapters.simulator.courier import Courier
from adapters.simulator.journal import Journal, stamp
from adapters.simulator.lines import Lines
from adapters.simulator.naming import fresh
from adapters.simulator.options import DoubleOptions
from adapters.simulator.orders import CallRequest, from_journal
from adapters.simulator.people import Population
from adapters.simulator.refusals import Refusal
from adapters.simulator.telephones import Telephones

_LONGEST_QUEUE = timedelta(hours=24)


class Exchange:
    """Everything the account has called, newest last; `calls.jsonl` keeps it over a restart."""

    def __init__(
        self,
        options: DoubleOptions,
        clock: SystemClock,
        *,
        population: Population,
        courier: Courier,
        lines: Lines,
        telephones: Telephones,
    ) -> None:
        """Open the journal in the options' folder, and close as failed what an earlier run left alive."""
        self._options, self._clock, self._population = options, clock, population
        self._telephones = telephones
        self._courier, self._lines = courier, lines
        self._calls: dict[str, Call] = {}
        self._live_calls: dict[str, Call] = {}
        self._by_number: dict[str, dict[str, Call]] = defaultdict(dict)
        self._dialled: Counter[str] = Counter()
        self._interval = timedelta(seconds=1 / options.calls_per_second)
        self._next_start = clock.now()
        self._journal = Journal(options.state / "calls.jsonl")
        for line in self._journal.past:
            self._replay(line)
        for call in self.live():
            call.sequence = max(len(call.request.status_events) - 1, 0)
            self._close(call, "failed")

    def accept(self, request: CallRequest) -> Call | Refusal:
        """Take a call in, to be dialled when its turn comes."""
        now = self._clock.now()
        starts_at = max(now, self._next_start)
        if starts_at - now > _LONGEST_QUEUE:
            return refusals.QUEUE_FULL
        self._next_start = starts_at + self._interval
        starts_at += timedelta(seconds=self._courier.faults.hold_answer_s)
        call = self._add(fresh("CA"), request, now)
        call.queue_ms = round((starts_at - now) / timedelta(milliseconds=1))
        self._journal.append(
            {
                "event": "create",
                "at": stamp(now),
                "sid": call.sid,
                "to": request.to,
                "from": request.sender,
                "request": request,
            }
        )
        self._courier.spawn(lambda: self._live(call, starts_at))
        return call

    def nth(self, number: str) -> int:
        """Return which call to this number the next one would be, from 1."""
        return self._dialled[number] + 1

    def find(self, sid: str) -> Call | None:
        """Return a call by its SID."""
        return self._calls.get(sid)

    def count(self) -> int:
        """Return how many calls there are."""
        return len(self._calls)

    def newest_first(self, to: str | None = None) -> Iterator[Call]:
        """Yield every call, or every call to one number."""
        return reversed((self._calls if to is None else self._by_number.get(to, {})).values())

    def live(self) -> tuple[Call, ...]:
        """Return the calls that are not over."""
        return tuple(self._live_calls.values())

    def update(self, call: Call, form: Mapping[str, str]) -> Refusal | None:
        """Cancel, end or redirect a call, or say why not (twilio.md §1.4)."""
        status, twiml, url = form.get("Status"), form.get("Twiml"), form.get("Url")
        if call.is_over:
            return refusals.BAD_STATE
        if status == "canceled" or (status == "completed" and call.answered is None):
            if call.answered is not None:
                return refusals.BAD_STATE
            call.interrupt(LineCut("canceled"))
        elif status == "completed":
            call.interrupt(LineCut("completed"))
        elif status is not None:
            return refusals.BAD_PARAMETER
        elif call.answered is None:
            return refusals.BAD_STATE
        elif twiml is not None or url is not None:
            call.interrupt(LineRedirected(twiml=twiml if url is None else None, url=url))
        return None

    def delete(self, call: Call) -> Refusal | None:
        """Forget a call that is over."""
        if not call.is_over:
            return refusals.STILL_LIVE
        self._forget(call)
        self._journal.append({"event": "delete", "at": stamp(self._clock.now()), "sid": call.sid})
        return None

    def hang_up_all(self) -> None:
        """End every call, as the account does when it is shut down."""
        for call in self.live():
            call.interrupt(LineCut("completed" if call.answered is not None else "canceled"))

    def close(self) -> None:
        """Let go of the journal."""
        self._journal.close()

    def _forget(self, call: Call) -> None:
        """Take a call out of every list."""
        del self._calls[call.sid]
        del self._by_number[call.request.to][call.sid]
        self._live_calls.pop(call.sid, None)

    async def _live(self, call: Call, starts_at: datetime) -> None:
        """Let a call live, and keep how it ended."""
        await self._lines.live(call, starts_at)
        self._keep_end(call)

    def _close(self, call: Call, status: str) -> None:
        """End a call that an earlier run of this double left alive."""
        self._lines.end(call, status)
        self._keep_end(call)

    def _keep_end(self, call: Call) -> None:
        """Write how a call ended into the journal."""
        self._live_calls.pop(call.sid, None)
        ended = call.ended or self._clock.now()
        line = {"event": "end", "at": stamp(ended), "sid": call.sid, "status": call.status}
        said = {"answered_by": call.answered_by, "verdict": call.verdict}
        self._journal.append({**line, "duration_s": call.duration_s, **said})

    def _add(self, sid: str, request: CallRequest, now: datetime) -> Call:
        """Add a call and draw what it will meet."""
        nth = self.nth(request.to)
        self._dialled[request.to] = nth
        call = Call(
            sid=sid,
            account_sid=self._options.account_sid,
            request=request,
            created=now,
            clock=self._clock,
            reaction=self._telephones.reaction(request.to)
            or self._population.reaction(request.to, self._population.local(now), nth),
            nth=nth,
        )
        self._calls[sid] = self._live_calls[sid] = self._by_number[request.to][sid] = call
        return call

    def _replay(self, line: Mapping[str, object]) -> None:
        """Do again what a line of the journal says happened."""
        sid, at = str(line["sid"]), datetime.fromisoformat(str(line["at"]))
        asked = line.get("request")
        if line["event"] == "create" and isinstance(asked, dict):
            self._add(sid, from_journal(asked), at)
        elif line["event"] == "end":
            call, seconds = self._calls[sid], int(str(line["duration_s"]))
            self._live_calls.pop(sid, None)
            call.status, call.ended, call.started = str(line["status"]), at, call.created
            call.answered = at - timedelta(seconds=seconds) if call.status == "completed" else None
            call.answered_by = None if line["answered_by"] is None else str(line["answered_by"])
            call.verdict = None if line.get("verdict") is None else str(line["verdict"])
        else:
            self._forget(self._calls[sid])
