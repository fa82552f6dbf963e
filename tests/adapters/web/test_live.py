import asyncio

import pytest

from adapters.web.live import QUEUE, Live, Topic

WINBACK: Topic = ("winback", "ja")
SPRING: Topic = ("spring", "en")
FOREVER = 3600.0


class Reader:
    """Counts how often it is asked, for what; fails when told to."""

    def __init__(self) -> None:
        self.asked: list[set[Topic]] = []
        self.is_broken = False

    async def __call__(self, topics: set[Topic]) -> dict[Topic, bytes]:
        self.asked.append(topics)
        if self.is_broken:
            raise OSError("the disk is gone")
        return {topic: f"{topic[0]} {len(self.asked)}".encode() for topic in topics}


async def test_one_read_serves_everybody() -> None:
    """Fifty boards cost the store no more than one, and each language of each campaign is drawn once."""
    reader = Reader()
    live = Live(reader, period_s=FOREVER)
    boards = [live.subscribe(WINBACK) for _ in range(50)] + [live.subscribe(SPRING)]
    first = [await board.queue.get() for board in boards]
    assert first == [b"winback 1"] * 50 + [b"spring 1"]
    assert reader.asked == [{WINBACK, SPRING}]
    await live.close()


async def test_a_board_opened_later_does_not_wait_for_the_next_second() -> None:
    """The first frame comes at once, whoever else is watching."""
    live = Live(Reader(), period_s=FOREVER)
    early = live.subscribe(WINBACK)
    assert await early.queue.get() == b"winback 1"
    late = live.subscribe(WINBACK)
    assert await late.queue.get() == b"winback 2"
    await live.close()


async def test_frames_come_by_themselves() -> None:
    """Each period one."""
    live = Live(Reader(), period_s=0.01)
    board = live.subscribe(WINBACK)
    assert [await board.queue.get() for _ in range(3)] == [b"winback 1", b"winback 2", b"winback 3"]
    await live.close()


async def test_who_does_not_take_frames_is_let_go_and_the_others_go_on() -> None:
    """A stalled board is ended after a few frames; a lively one misses none."""
    live = Live(Reader(), period_s=FOREVER)
    stalled, lively = live.subscribe(WINBACK), live.subscribe(WINBACK)
    got = [await lively.queue.get()]
    for _ in range(QUEUE + 1):
        live.nudge()
        got.append(await lively.queue.get())
    assert got == [f"winback {number}".encode() for number in range(1, QUEUE + 3)]
    assert live.watching == 1
    assert await stalled.queue.get() is None
    await live.close()


async def test_a_failed_read_ends_the_boards_and_the_next_one_starts_afresh() -> None:
    """Browsers connect again by themselves; then the reader tries again too."""
    reader = Reader()
    live = Live(reader, period_s=FOREVER)
    reader.is_broken = True
    assert await live.subscribe(WINBACK).queue.get() is None
    reader.is_broken = False
    assert await live.subscribe(WINBACK).queue.get() == b"winback 2"
    await live.close()


async def test_nobody_watching_means_nobody_reading() -> None:
    """The reader ends with the last board."""
    reader = Reader()
    live = Live(reader, period_s=FOREVER)
    board = live.subscribe(WINBACK)
    await board.queue.get()
    live.unsubscribe(board)
    live.nudge()
    again = live.subscribe(SPRING)
    assert await again.queue.get() is not None
    assert {WINBACK} in reader.asked
    assert reader.asked[-1] == {SPRING}
    await live.close()


async def test_closing_ends_all_boards_and_later_ones_at_once() -> None:
    """A server that shuts down does not wait for open pages."""
    live = Live(Reader(), period_s=FOREVER)
    board = live.subscribe(WINBACK)
    await live.close()
    assert await board.queue.get() is None
    assert await live.subscribe(WINBACK).queue.get() is None


@pytest.mark.parametrize("boards", [1, 3])
async def test_closing_twice_or_with_boards_gone_is_nothing_special(boards: int) -> None:
    """Whatever the order of shutting down."""
    live = Live(Reader(), period_s=FOREVER)
    opened = [live.subscribe(WINBACK) for _ in range(boards)]
    await asyncio.gather(*(board.queue.get() for board in opened))
    for board in opened:
        live.unsubscribe(board)
    assert live.watching == 0
    for _ in range(2):
        await live.close()
        assert await live.subscribe(WINBACK).queue.get() is None
    assert live.watching == 0
