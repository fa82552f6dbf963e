"""Who picked up: found out before the first document, or in the background."""

from collections.abc import Callable

from adapters.clock import SystemClock
from adapters.simulator.calls import Call, LineCut
from adapters.simulator.chance import Chance
from adapters.simulator.courier import Courier
from adapters.simulator.detection import Tuning, Verdict, greeting, judge
from adapters.simulator.people import Kind

_SLOWEST_LAG_S = 1.1  # what the analysis takes beyond what must be heard


class Screening:
    """Machine detection on answered calls."""

    def __init__(
        self, *, clock: SystemClock, courier: Courier, seed: str, complain: Callable[[str, int, str], None]
    ) -> None:
        """Take the courier of its reports, and the account's debugger."""
        self._clock, self._courier, self._complain = clock, courier, complain
        self._chance = Chance(seed)

    async def screen(self, call: Call) -> dict[str, str]:
        """Return what the first request tells of who picked up; nothing when it is found out in the background.

        Synchronous detection is dead air: a person who cannot bear it hangs up (LineCut).
        """
        tuning = call.request.detection
        if tuning is None:
            return {}
        verdict = self._verdict(call, tuning)
        if tuning.is_async:
            self._courier.spawn(lambda: self._later(call, tuning, verdict))
            return {}
        patience_s = call.reaction.patience_s
        if call.reaction.kind is Kind.ANSWER and verdict.seconds > patience_s:
            await call.wait(patience_s)
            raise LineCut("completed")
        await call.wait(verdict.seconds)
        call.verdict = verdict.word
        return _fields(verdict)

    def _verdict(self, call: Call, tuning: Tuning) -> Verdict:
        """Listen."""
        names = (call.request.to, call.nth)
        heard = greeting(self._chance, call.reaction, *names)
        return judge(heard, tuning, self._chance.between(0.5, _SLOWEST_LAG_S, "amd-lag", *names))

    async def _later(self, call: Call, tuning: Tuning, verdict: Verdict) -> None:
        """Report who picked up, unless the call is over by then."""
        await self._clock.wait(verdict.seconds)
        if call.is_over:
            return
        call.verdict = verdict.word
        if tuning.callback is None:  # a warning: the verdict stands in the call's resource alone
            self._complain(call.sid, 21262, "no AsyncAmdStatusCallback was given")
            return
        fields = {"CallSid": call.sid, "AccountSid": call.account_sid, **_fields(verdict)}
        self._courier.notify(tuning.callback, fields, call.sid, "amd", method=tuning.method)


def _fields(verdict: Verdict) -> dict[str, str]:
    """Return the verdict as webhooks carry it."""
    return {"AnsweredBy": verdict.word, "MachineDetectionDuration": str(round(verdict.seconds * 1000))}
