import re
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web import bars
from adapters.web.language import LANGUAGES, words_in
from adapters.web.picture import Picture, picture_of
from campaigns.modes import SERVED_MODES
from campaigns.outcome import Ending, Outcome
from dialer.pace import Bound, Why
from dialer.reports import AgentLine, BudgetLine, CallersLine, PaceLine, RefusalLine, Summary
from dialer.view import CampaignState
from tests.support.summaries import NOW, a_summary

TOKYO = ZoneInfo("Asia/Tokyo")
amounts = st.integers(min_value=0, max_value=10_000_000)
shares = st.floats(min_value=0, max_value=1)


def drawn(summary: Summary, language: str = "en") -> Picture:
    """The picture as Tokyo sees it."""
    return picture_of(summary, words_in(language), TOKYO)


def percent(text: str) -> float:
    """What an SVG width says."""
    return float(text.removesuffix("%"))


@given(
    st.builds(
        a_summary,
        state=st.sampled_from([state.value for state in CampaignState]),
        waiting=amounts,
        trying=amounts,
        done=amounts,
        calls=amounts,
        answered=amounts,
        abandoned_share=shares,
        occupancy=shares,
        endings=st.dictionaries(st.sampled_from(list(Ending)), amounts),
        outcomes=st.dictionaries(st.sampled_from([o.value for o in Outcome]), amounts),
        talk_s=amounts,
    ),
    st.sampled_from(LANGUAGES),
)
def test_any_standing_can_be_drawn(summary: Summary, language: str) -> None:
    """No bar leaves its track, the parts of the list fill it exactly or not at all, and all of it is JSON."""
    picture = drawn(summary, language)
    filled = sum(percent(part.width) for part in picture.parts)
    assert filled == pytest.approx(100, abs=0.01) or filled == 0
    for bar in (*picture.parts, *picture.outcomes, *picture.refusals):
        assert 0 <= percent(bar.x) <= 100
        assert 0 <= percent(bar.width) <= 100
    assert all(percent(tile.meter) <= 100 for tile in picture.tiles if tile.meter)
    assert 0 <= picture.done_percent <= 100
    assert b"\n" not in orjson.dumps(picture)


def test_the_list_is_done_only_when_all_of_it_is() -> None:
    """999 of 1,000 is not 100%: a manager would go home."""
    assert drawn(a_summary(done=999, trying=0, waiting=1)).done_percent == 99
    assert drawn(a_summary(done=1000, trying=0, waiting=0)).done_percent == 100


@pytest.mark.parametrize(
    ("share", "tone"), [(0.0, "good"), (0.0199, "good"), (0.02, "warn"), (0.03, "warn"), (0.0301, "bad")]
)
def test_abandoned_calls_are_judged_against_their_limit(share: float, tone: str) -> None:
    """A warning from two thirds of the limit on, alarm above it: 3 % itself is still within the law."""
    tile = next(tile for tile in drawn(a_summary(abandoned_share=share)).tiles if tile.id == "abandoned")
    assert tile.tone == tone


@pytest.mark.parametrize(
    ("state", "action", "may_stop"),
    [
        ("draft", "start", False),
        ("running", "pause", True),
        ("paused", "start", True),
        ("finished", "start", False),
        ("stopped", "", False),
    ],
)
def test_only_what_a_state_allows_is_offered(state: str, action: str, may_stop: bool) -> None:
    """A button that can only fail is not shown."""
    picture = drawn(a_summary(state=state))
    assert (picture.action, picture.may_stop) == (action, may_stop)
    assert bool(picture.action_word) is bool(action)


def test_agents_on_a_call_come_first() -> None:
    """Whoever looks wants to know who talks; those away are last."""
    lines = [
        AgentLine(id=f"a{place}", name="x", state=state, seconds=1)
        for place, state in enumerate(("away", "ready", "lost", "talking", "reserved", "wrapping"))
    ]
    picture = drawn(a_summary(agents=tuple(lines)))
    assert [row.state for row in picture.agents] == [
        "talking",
        "wrapping",
        "reserved",
        "ready",
        "away",
        "lost",
    ]
    assert picture.agents_say.startswith("Talking 1 · Writing up 1")


def test_whoever_is_ready_without_a_line_is_seen() -> None:
    """A manager who wonders why they get no call finds it in their row; of those away nobody wonders."""
    lines = (
        AgentLine(id="a1", name="x", state="ready", seconds=1, is_deaf=True),
        AgentLine(id="a2", name="y", state="ready", seconds=1),
        AgentLine(id="a3", name="z", state="away", seconds=1, is_deaf=True),
    )
    rows = drawn(a_summary(agents=lines)).agents
    assert [bool(row.partner) for row in rows] == [True, False, False]


def test_refusals_name_their_rule_and_its_citation() -> None:
    """The officer's question is answered on the manager's page; the most frequent first."""
    lines = (
        RefusalLine(rule="JP-R1", code="REFUSAL_ON_FILE", citation="Act art. 17", count=2),
        RefusalLine(rule="JP-H1", code="OUTSIDE_HOURS", citation="house", count=5),
        RefusalLine(rule="XX-1", code="A_CODE_OF_TOMORROW", citation="later", count=1),
    )
    refusals = drawn(a_summary(refusals=lines), "ja").refusals
    assert [(bar.word, bar.rule, bar.citation, bar.count) for bar in refusals] == [
        ("発信時間外", "JP-H1", "house", "5"),
        ("過去に勧誘を拒否", "JP-R1", "Act art. 17", "2"),
        ("A_CODE_OF_TOMORROW", "XX-1", "later", "1"),
    ]
    assert refusals[0].width == "100.000%"


def test_a_title_in_one_language_serves_both() -> None:
    """A campaign need not be written twice to be found."""
    assert drawn(a_summary(title={"ja": "秋"}), "en").title == "秋"
    assert drawn(a_summary(title={}), "en").title == "winback"


def test_the_plot_s_rows_are_in_the_zone_s_time() -> None:
    """What the axis says and what the table says is the same moment."""
    picture = drawn(a_summary())
    assert picture.minutes[0].time == "09:57"
    assert picture.minutes[0].unix == int(NOW.timestamp()) - 225 * 60
    assert picture.clock == "13:42:07"


def test_every_tone_has_its_colour() -> None:
    """A tone that the style sheet does not know would be black."""
    css = (Path(bars.__file__).parent / "static" / "site.css").read_text("utf-8")
    known = set(re.findall(r'\[data-tone="(\w+)"\]', css))
    used = {*bars.TONES.values(), *(bar.tone for bar in drawn(a_summary()).parts), "quiet", "warn"}
    assert used <= known


@pytest.mark.parametrize(
    ("state", "is_used_up", "en", "ja"),
    [
        ("running", False, "Budget: 28.60 of 40 JPY", "予算: 40 JPY のうち 28.60 を使用"),
        ("paused", True, "the budget is used up", "予算を使い切った"),
        ("stopped", True, "28.60 of 40 JPY", "28.60"),
    ],
)
def test_a_budget_is_told_and_why_a_campaign_stands_still(
    state: str, is_used_up: bool, en: str, ja: str
) -> None:
    """Beside its state; a campaign that somebody stopped stands still for that."""
    line = BudgetLine(spent="28.60", promised="12", amount="40", currency="JPY", is_used_up=is_used_up)
    summary = a_summary(state=state, budget=line)
    assert en in drawn(summary).budget_say
    assert ja in drawn(summary, "ja").budget_say
    assert ("used up" in drawn(summary).budget_say) is (state == "paused")
    assert drawn(a_summary(state=state)).budget_say == ""


def test_a_refusal_that_paused_a_campaign_is_told() -> None:
    """With the carrier's code, which the guide explains; nothing while it runs."""
    summary = a_summary(state="paused", refused="21215")
    assert "the carrier refused a call (21215)" in drawn(summary).refused_say
    assert "一時停止しました(21215)" in drawn(summary, "ja").refused_say
    assert drawn(a_summary()).refused_say == ""


def test_numbers_that_rest_are_told() -> None:
    """How many of how many, until when, and that nobody is called when none is left."""
    line = CallersLine(resting=1, numbers=2, until=NOW)
    assert "1 of 2 numbers rest" in drawn(a_summary(callers=line)).callers_say
    assert "nobody is called" not in drawn(a_summary(callers=line)).callers_say
    every = CallersLine(resting=2, numbers=2, until=NOW)
    assert "nobody is called" in drawn(a_summary(callers=every)).callers_say
    assert "発信を止めています" in drawn(a_summary(callers=every), "ja").callers_say
    assert drawn(a_summary()).callers_say == ""


def test_a_predictive_campaign_says_why_it_opened_as_many_calls() -> None:
    """Both languages, with what kept the number from being larger; nothing where agents are reserved."""
    found = {
        "calls": 3,
        "idle": 2,
        "waiting": 1,
        "in_flight": 7,
        "theta": 0.021,
        "bound": "risk",
        "why": None,
    }
    line = PaceLine(at=NOW, found=found)
    said = drawn(a_summary(pace=line)).pace_say
    assert "3 at once · 2 agents free, 1 people waiting, 7 calls on their way" in said
    assert "2.1%" in said
    assert said.endswith("held by: the risk of one more")
    assert "同時に3件" in drawn(a_summary(pace=line), "ja").pace_say
    halted = PaceLine(at=NOW, found={**found, "bound": "agents", "why": "halted"})
    assert drawn(a_summary(pace=halted)).pace_say.endswith("leaves no room yet")
    assert drawn(a_summary()).pace_say == ""


def test_how_numbers_are_dialled_is_told() -> None:
    """In both languages."""
    assert drawn(a_summary(mode="ratio")).mode_say == "Dialling: ratio (several lines for each free agent)"
    assert drawn(a_summary(mode="ratio"), "ja").mode_say == "発信方式: 比率(空き1人に複数回線)"


def test_every_reason_of_a_pace_has_words() -> None:
    """Whatever the decider says can be read on the board."""
    for language in ("ja", "en"):
        for mode in SERVED_MODES:
            assert words_in(language).of("mode", mode.value)
        for reason in (*Bound, *Why):
            assert words_in(language).of("pace", reason.value)
