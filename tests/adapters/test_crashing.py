import pytest

from adapters.crashing import crash_at
from dialer.crashpoints import Point
from dialer.errors import DialerError


def test_the_program_ends_at_the_point_named_and_nowhere_else() -> None:
    """The N-th time, once."""
    ends: list[str] = []
    passing = crash_at("ordered:2", lambda: ends.append("killed"))
    for point in (*Point, *Point, *Point):
        before = len(ends)
        passing(point)
        assert len(ends) == before or point is Point.ORDERED
    assert ends == ["killed"]


@pytest.mark.parametrize("where", ["nowhere", "ordered:x", ":1"])
def test_a_point_that_is_none_is_refused(where: str) -> None:
    """With those there are."""
    with pytest.raises(DialerError, match="planned"):
        crash_at(where, lambda: None)
