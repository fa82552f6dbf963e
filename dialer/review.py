"""What a practice call was worth: what the agent chose, said and noted, against what the person wanted. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from campaigns.outcome import Outcome


class Mark(StrEnum):
    """How well one thing was done."""

    RIGHT = "right"
    ACCEPTABLE = "acceptable"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty of the permit. Seconds count from the agent's first moment with the person; `after_s` None: not ticked."""

    code: str
    rules: tuple[str, ...] = ()
    within_s: float | None = None
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the simulated person wanted. `was_said`: they came to say it before the call ended.

    `at` is the hour they asked for, `opinions` the kinds (`dialer.desk_events.OpinionKind`) of what they said of us;
    `is_foreign`: they spoke another language than the list says.
    """

    wanted: Outcome
    was_said: bool = True
    at: datetime | None = None
    at_is_lawful: bool = True
    opinions: frozenset[str] = frozenset()
    is_foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Practised:
    """One call as the record has it: times in seconds, `chosen` what the disposition or the never-again key means."""

    wish: Wish
    chosen: Outcome | None
    offered: frozenset[Outcome]
    duties: tuple[Duty, ...] = ()
    callback_at: datetime | None = None
    callback_is_lawful: bool = True
    note: str = ""
    opinions: frozenset[str] = frozenset()
    talk_s: float = 0.0
    talk_limit_s: float = 1200.0
    wrap_s: float = 0.0
    wrap_limit_s: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of a review: `code` says what was found, `values` fill its sentence, `points` were earned `of` some."""

    code: str
    mark: Mark
    points: float
    of: float
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Every finding about one call."""

    findings: tuple[Finding, ...]

    @property
    def score(self) -> int:
        """Return 0 to 100: points earned of those there were, and 0 when a refusal was not honoured."""
        if any(one.code == BROKEN for one in self.findings):
            return 0
        possible = sum(one.of for one in self.findings)
        return round(100 * sum(one.points for one in self.findings) / possible) if possible else 100


BROKEN = "refusal_broken"
RESULT, REFUSAL, DUTIES, CALLBACK, NOTE, OPINIONS, LANGUAGE, TEMPO = (
    35.0,
    20.0,
    25.0,
    15.0,
    5.0,
    5.0,
    5.0,
    5.0,
)
"""What each part of a review is worth (docs/agent.md says so too)."""
FIRST_GOOD_S, FIRST_LATE_S = 15.0, 30.0
"""Within how many seconds the first duty should be said, and after how many it is too late."""
PUNCTUAL = timedelta(minutes=15)
"""How far from the wished hour a callback still is as wished."""

_NEAR: Mapping[Outcome, frozenset[Outcome]] = MappingProxyType(
    {
        Outcome.SOLD: frozenset({Outcome.INTERESTED, Outcome.CALLBACK}),
        Outcome.INTERESTED: frozenset({Outcome.CALLBACK}),
        Outcome.CALLBACK: frozenset({Outcome.INTERESTED}),
        Outcome.NOT_INTERESTED: frozenset({Outcome.REFUSED}),
        Outcome.REFUSED: frozenset({Outcome.OPTED_OUT}),
        Outcome.OPTED_OUT: frozenset({Outcome.REFUSED}),
        Outcome.WRONG_NUMBER: frozenset({Outcome.OPTED_OUT, Outcome.REFUSED}),
    }
)
_REFUSALS = frozenset({Outcome.REFUSED, Outcome.OPTED_OUT})
_WRITTEN = frozenset({Outcome.SOLD, Outcome.INTERESTED, Outcome.CALLBACK})
"""Wishes that somebody goes on with: without a note they have to ask again."""


def review(call: Practised) -> Review:
    """Return what is to be said of one call, part by part."""
    parts = (_result, _refusal, _duties, _callback, _notes, _tempo)
    return Review(findings=tuple(finding for part in parts for finding in part(call)))


def average(reviews: Sequence[Review]) -> int | None:
    """Return the mean score of a practice, None without a call."""
    return round(sum(one.score for one in reviews) / len(reviews)) if reviews else None


def expected(wanted: Outcome, offered: frozenset[Outcome]) -> frozenset[Outcome]:
    """Return the right answers to a wish: its own where the campaign offers it, else the nearest that it does.

    Never again needs no disposition: it has a key of its own.
    """
    known = offered | {Outcome.OPTED_OUT}
    if wanted in known:
        return frozenset({wanted})
    return (_NEAR.get(wanted, frozenset()) & known) or frozenset({Outcome.NOT_INTERESTED})


def _result(call: Practised) -> Iterator[Finding]:
    wanted, chosen = call.wish.wanted, call.chosen
    values = {"wanted": wanted.value, "chosen": chosen.value if chosen else ""}
    if chosen is None or chosen is Outcome.NO_DISPOSITION:
        yield _finding("result_unsaid", Mark.WRONG, RESULT, values)
    elif not call.wish.was_said:
        yield _finding("result_unheard", Mark.ACCEPTABLE, RESULT, values)
    elif chosen in expected(wanted, call.offered):
        yield _finding("result_right", Mark.RIGHT, RESULT, values)
    elif chosen in _NEAR.get(wanted, frozenset()):
        yield _finding("result_acceptable", Mark.ACCEPTABLE, RESULT, values)
    else:
        yield _finding("result_wrong", Mark.WRONG, RESULT, values)


def _refusal(call: Practised) -> Iterator[Finding]:
    """A refusal that was said holds at once; one that nobody said costs a customer."""
    if call.wish.wanted in _REFUSALS and call.wish.was_said:
        is_kept = call.chosen in _REFUSALS
        yield _finding(
            "refusal_kept" if is_kept else BROKEN, Mark.RIGHT if is_kept else Mark.WRONG, REFUSAL, {}
        )


def _duties(call: Practised) -> Iterator[Finding]:
    """Each duty ticked in time; a machine hears none, and what no rule asks for is only recommended."""
    if call.wish.wanted is Outcome.MACHINE or not call.duties:
        return
    share = DUTIES / len(call.duties)
    for duty in call.duties:
        values = {
            "duty": duty.code,
            "rule": ", ".join(duty.rules),
            "after": round(duty.after_s or 0),
            "within": round(duty.within_s or 0),
        }
        if duty.after_s is None:
            yield _finding("duty_missed", Mark.WRONG if duty.rules else Mark.ACCEPTABLE, share, values)
        elif duty.within_s is not None and duty.after_s > duty.within_s:
            yield _finding("duty_late", Mark.ACCEPTABLE, share, values)
        else:
            yield _finding("duty_done", Mark.RIGHT, share, values)


def _callback(call: Practised) -> Iterator[Finding]:
    """A wish to be called again is kept at its hour, or at a lawful one when that hour is not."""
    wish = call.wish
    if wish.wanted is not Outcome.CALLBACK or not wish.was_said or wish.at is None:
        return
    code, mark = _promise(call, wish.at)
    values = {"wished": wish.at.isoformat(), "at": call.callback_at.isoformat() if call.callback_at else ""}
    yield _finding(code, mark, CALLBACK, values)


def _promise(call: Practised, wished: datetime) -> tuple[str, Mark]:
    if call.callback_at is None or call.chosen is not Outcome.CALLBACK:
        return "callback_none", Mark.WRONG
    if not call.callback_is_lawful:
        return "callback_unlawful", Mark.WRONG
    if not call.wish.at_is_lawful:
        return "callback_moved", Mark.RIGHT
    if abs(call.callback_at - wished) <= PUNCTUAL:
        return "callback_kept", Mark.RIGHT
    return "callback_elsewhen", Mark.ACCEPTABLE


def _notes(call: Practised) -> Iterator[Finding]:
    """What the next colleague, and the company, will want to know."""
    is_written = bool(call.note.strip())
    if call.wish.wanted in _WRITTEN and call.wish.was_said:
        code, mark = ("note_written", Mark.RIGHT) if is_written else ("note_missing", Mark.WRONG)
        yield _finding(code, mark, NOTE, {})
    if said := call.wish.opinions:
        missing = said - call.opinions
        values = {"said": ",".join(sorted(said)), "missing": ",".join(sorted(missing))}
        if not missing:
            yield _finding("opinions_noted", Mark.RIGHT, OPINIONS, values)
        elif call.opinions:
            yield _finding("opinions_other", Mark.ACCEPTABLE, OPINIONS, values)
        else:
            yield _finding("opinions_missing", Mark.WRONG, OPINIONS, values)
    if call.wish.is_foreign:
        is_told = is_written or bool(call.opinions)
        code = "language_noted" if is_told else "language_missing"
        yield _finding(code, Mark.RIGHT if is_told else Mark.WRONG, LANGUAGE, {})


def _tempo(call: Practised) -> Iterator[Finding]:
    """The first duty early, the talk and the write-up within the campaign's limits."""
    if call.duties and call.wish.wanted is not Outcome.MACHINE:
        first = min((duty.after_s for duty in call.duties if duty.after_s is not None), default=None)
        late = first is None or first > FIRST_LATE_S
        mark = Mark.WRONG if late else Mark.RIGHT if first <= FIRST_GOOD_S else Mark.ACCEPTABLE  # type: ignore[operator]
        values = {"seconds": round(first or 0), "good": round(FIRST_GOOD_S)}
        yield _finding("first_never" if first is None else "first_word", mark, TEMPO, values)
    is_cut = call.talk_s >= call.talk_limit_s
    talk = {"seconds": round(call.talk_s), "limit": round(call.talk_limit_s)}
    yield _finding("talk_time", Mark.WRONG if is_cut else Mark.RIGHT, TEMPO, talk)
    is_over = call.wrap_s > call.wrap_limit_s or call.chosen in {None, Outcome.NO_DISPOSITION}
    is_slow = call.wrap_s > call.wrap_limit_s * 0.75
    mark = Mark.WRONG if is_over else Mark.ACCEPTABLE if is_slow else Mark.RIGHT
    wrap = {"seconds": round(call.wrap_s), "limit": round(call.wrap_limit_s)}
    yield _finding("write_up", mark, TEMPO, wrap)


def _finding(code: str, mark: Mark, of: float, values: Mapping[str, object]) -> Finding:
    share = {Mark.RIGHT: 1.0, Mark.ACCEPTABLE: 0.5, Mark.WRONG: 0.0}[mark]
    return Finding(code=code, mark=mark, points=of * share, of=of, values=values)
