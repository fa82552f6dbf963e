"""F36: the stop switch and a campaign's pause, turned at random instants, judged by the carrier's own record."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.stop import run
from bench.stop_judge import BOARD, PAUSE, SWITCH, TALKING, Life, Stop, judge

TURNS = (SWITCH, BOARD, PAUSE)


async def test_f36_nothing_goes_out_a_second_after_a_stop(tmp_path: Path) -> None:
    """Whichever way it is turned: no order to dial, no ring, no mail; waiting calls end; conversations go on.

    Each way once, since this takes real time; `python -m bench.stop` turns 27 times, for two minutes.
    """
    verdict = await run(tmp_path, TURNS, "f36")
    assert verdict.wrong == []
    # The turns met what there is to meet, or the judgement says nothing.
    assert verdict.met["conversations"] >= 2
    assert verdict.met["ringing"] + verdict.met["queued or set up"] >= 4
    assert verdict.met["mails"] >= 1
    assert len(verdict.ends) >= 4


AT = datetime.fromisoformat("2026-11-24T03:00:00+00:00")


def later(seconds: float) -> datetime:
    """An instant after the commit."""
    return AT + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("how", "call", "mail", "wrong"),
    [
        (SWITCH, Life(number="n", created=later(-3), ended=later(0.4), status="canceled"), later(0.9), ""),
        (SWITCH, Life(number="n", created=later(1.1), ended=later(1.2)), later(-1), "dialled late"),
        (PAUSE, Life(number="n", created=later(1.1), ended=later(9)), later(1.2), "dialled late"),
        (SWITCH, Life(number="n", created=later(-3), rang=later(1.2), status=TALKING), AT, "rang late"),
        (SWITCH, Life(number="n", created=later(-3), ended=later(1.1)), AT, "ended late"),
        (SWITCH, Life(number="n", created=later(-3)), AT, "ended late"),
        (SWITCH, Life(number="n", created=later(-3), status=TALKING), AT, ""),
        (SWITCH, Life(number="n", created=later(-3), ended=later(0.1)), later(1.2), "mail"),
        (PAUSE, Life(number="n", created=later(-3), ended=later(0.1), status="canceled"), AT, "cut off"),
        (
            SWITCH,
            Life(number="n", created=AT, ended=later(0.3), talk=(later(-5), 5), drawn_s=20),
            AT,
            "conversation cut off",
        ),
        (SWITCH, Life(number="n", created=AT, ended=later(9), talk=(later(-5), 14), drawn_s=14.4), AT, ""),
    ],
)
def test_f36_the_judge_sees_what_must_not_be(how: str, call: Life, mail: datetime, wrong: str) -> None:
    """Each way to break the promise is found when it is planted, and nothing is when nothing is wrong."""
    verdict = judge([Stop(how=how, at=AT, until=later(1.4))], [call], [mail])
    assert len(verdict.wrong) == bool(wrong), verdict.wrong
    assert all(line.startswith(wrong) for line in verdict.wrong)
