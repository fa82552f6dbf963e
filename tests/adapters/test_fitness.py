from datetime import timedelta
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from adapters.fitness import Disk, fit
from tests.support.builders import NOON


@pytest.mark.parametrize(
    ("total", "free", "is_full"),
    [
        (100_000_000_000, 5_000_000_000, False),
        (100_000_000_000, 4_999_999_999, True),
        (2_000_000_000, 200_000_000, False),
        (2_000_000_000, 199_999_999, True),
        (64_000_000, 32_000_000, False),
        (64_000_000, 31_999_999, True),
    ],
)
def test_a_disk_nearly_full_is_told(tmp_path: Path, total: int, free: int, *, is_full: bool) -> None:
    """Less than 5 % or 200 MB; of a disk that is smaller than that, half."""
    said = Disk(tmp_path, VirtualClock(NOON), lambda _: (total, total - free, free))()
    assert (said is not None) is is_full
    if said:
        assert f"{free // 1_000_000} MB of {total // 1_000_000} MB free" in said


def test_the_disk_is_not_looked_at_all_the_time(tmp_path: Path) -> None:
    """Each two seconds at most, and what was seen holds meanwhile."""
    clock, seen = VirtualClock(NOON), [0, 1_000_000_000, 0]
    disk = Disk(tmp_path, clock, lambda _: (2_000_000_000, 0, seen.pop(0)))
    assert disk()
    assert disk()
    clock.advance_to(NOON + timedelta(seconds=2))
    assert disk() is None
    assert seen == [0]


def test_a_disk_that_is_gone_is_told(tmp_path: Path) -> None:
    """It is no reason to go on."""
    assert "cannot be looked at" in str(Disk(tmp_path / "gone", VirtualClock(NOON))())


def test_the_first_reason_is_told() -> None:
    """Of several checks; none when all are content."""
    assert fit([lambda: None, lambda: "full", lambda: "slow"])() == "full"
    assert fit([lambda: None])() is None
