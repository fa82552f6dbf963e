"""F2: killed with -9 after the carrier took the order, the call is adopted: from a callback, or by asking."""

import pytest

from dialer.crashpoints import Point
from tests.faults.strikes import BROKEN, struck

POINTS = (Point.ORDERED, Point.RECEIVING, Point.REACTING, Point.RECEIVED, Point.ASKING)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_f02_a_program_killed_after_its_order_adopts_the_call(database: str) -> None:
    """A real process dies before the carrier's answer is stored, around each event, and before it asks.

    The next one gives no second order: every order that the double took has exactly one attempt, and an outcome.
    """
    figures = struck(database, POINTS)
    assert figures["kills by kind"] == dict.fromkeys(map(str, POINTS), 1)
    assert figures["calls accepted by the carrier"] > 0
    assert [figures[name] for name in BROKEN] == [0] * len(BROKEN)
