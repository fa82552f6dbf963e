"""F1: killed with -9 between the intent and the order, an attempt is found again, and its call is never doubled."""

import pytest

from dialer.crashpoints import Point
from tests.faults.strikes import BROKEN, struck

POINTS = (Point.PLANNING, Point.PLANNED, Point.ORDERING)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_f01_a_program_killed_before_its_order_dials_nobody_twice(database: str) -> None:
    """A real process dies at each point up to the order; the next one ends every attempt that it left behind.

    The double took at most one order for each attempt and let no phone ring twice for one; every order has an outcome.
    """
    figures = struck(database, POINTS)
    assert figures["kills by kind"] == dict.fromkeys(map(str, POINTS), 1)
    assert figures["calls accepted by the carrier"] > 0
    assert [figures[name] for name in BROKEN] == [0] * len(BROKEN)
    assert figures["attempts whose fate nobody knows"] == 0
