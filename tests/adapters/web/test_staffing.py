"""The board's staffing: counted once in a while, from the real store, and drawn in both languages."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.web.desk_plan import planning_of
from adapters.web.language import words_in
from adapters.web.staff_picture import staff_picture_of
from adapters.web.staff_reader import KEPT_S, Staffed, StaffReader
from dialer.events import AgentAway
from dialer.settings import Settings
from tests.support.builders import NOON, the_campaign
from tests.support.engines import Office, an_office
from tests.support.rotas import BREAKS, a_shift
from tests.support.stores import CAMPAIGN

TOKYO = ZoneInfo("Asia/Tokyo")
SETTINGS = Settings(
    shifts=(
        a_shift(agents=("aoki", "baba"), hours=(570, 1080), breaks=((780, 60),)),
        a_shift(agents=("chiba",), hours=(1080, 1400)),
    ),
    breaks=BREAKS,
)


def a_reader(settings: Settings = SETTINGS) -> StaffReader:
    """What a board of this office reads."""
    return StaffReader(planning_of(settings), settings, lambda: {CAMPAIGN: the_campaign()}, TOKYO)


async def read(office: Office, reader: StaffReader) -> Staffed:
    """One look."""
    now, real_s = office.clock.now(), office.clock.monotonic()
    return await office.store.read(lambda reports: reader.read(reports, now, real_s))


async def test_a_day_is_counted_from_the_first_planned_half_hour_to_the_last() -> None:
    """What was is measured, what is to come is planned, and the list asks for agents while the campaign is open."""
    async with an_office(90, agents=("aoki", "baba")) as office:
        office.go(minutes=40)
        found = await read(office, a_reader())
        assert len(found.slots) == 28  # 09:30 to 23:20, in half hours
        assert found.slots[0].start == NOON - timedelta(hours=2, minutes=30)
        assert [slot.planned for slot in found.slots[4:10]] == [2.0, 2.0, 2.0, 0.0, 0.0, 2.0]
        assert [slot.present for slot in found.slots[4:8]] == [0.0, 2.0, 2.0, None]
        assert found.slots[5].need is None
        assert found.slots[6].need is not None
        assert found.slots[6].need > 0
        assert found.slots[-1].need == 0.0  # nobody is called at night
        assert found.slots[-1].planned == pytest.approx(20 / 30)
        assert not found.efforts[CAMPAIGN].is_measured


async def test_half_hours_that_are_over_are_remembered() -> None:
    """And the rest is counted again once what is shown is old enough."""
    async with an_office(0, agents=("aoki", "baba")) as office:
        reader = a_reader()
        first = await read(office, reader)
        office.go(seconds=KEPT_S - 1)
        assert (await read(office, reader)).slots is first.slots
        office.go(minutes=40)
        await office.told(AgentAway(agent="aoki", reason="lunch", **office.now))
        office.go(minutes=20)
        found = await read(office, reader)
        assert [slot.present for slot in found.slots[5:8]] == pytest.approx([2.0, 4 / 3, 1.0], abs=0.01)
        assert [agent.reason for agent in found.agents] == ["lunch", None]


async def test_without_shifts_nothing_is_counted() -> None:
    """As before there were any; whoever is on a break is named all the same."""
    async with an_office(5) as office:
        await office.told(AgentAway(agent="aoki", reason="lunch", **office.now))
        found = await read(office, a_reader(Settings(breaks=BREAKS)))
        assert (found.slots, found.efforts) == ((), {})
        planning, words = planning_of(Settings(breaks=BREAKS)), words_in("en")
        late = office.clock.now() + timedelta(minutes=61)
        drawn = staff_picture_of(found, CAMPAIGN, planning, words, TOKYO, late)
        assert not drawn.has_staff
        assert drawn.has_breaks
        (row,) = drawn.breaks
        assert (row.word, row.since, row.time, row.limit, row.tone, row.over) == (
            "Lunch",
            "12:00",
            "1 h 01 m",
            "/ 1 h 00 m",
            "bad",
            "over its limit",
        )


@pytest.mark.parametrize(
    ("lang", "says", "basis"),
    [
        ("en", "planned now", "Need from assumptions"),
        ("ja", "現在 予定", "必要数は仮定から"),
    ],
)
async def test_the_picture_says_it_in_words(lang: str, says: str, basis: str) -> None:
    """How many now, what the need rests on, and which half hours are short."""
    async with an_office(1500, agents=("aoki", "baba")) as office:
        office.go(minutes=5)
        found = await read(office, a_reader())
        drawn = staff_picture_of(
            found, CAMPAIGN, planning_of(SETTINGS), words_in(lang), TOKYO, office.clock.now()
        )
        assert says in drawn.staff_say
        assert drawn.staff_basis.startswith(basis)
        noon = drawn.staff[5]
        assert (noon.time, noon.mark, noon.planned, noon.present) == ("12:00", "12", "2", "2")
        assert noon.tone == "short"
        assert float(noon.short) > 0
        assert {row.tone for row in drawn.staff[:5]} == {"over"}
        assert all(row.need == "–" for row in drawn.staff[:5])
