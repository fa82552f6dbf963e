"""A practice as it is set up: what it takes of the real configuration, what it leaves out, and its words."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from rich.console import Console

from adapters.configuration import Configuration, load_configuration
from adapters.opening import opening_hour
from adapters.practice_words import Reviewed, as_values, sentence
from adapters.practising import Wanted, agent_named, practise
from adapters.wiring.coaching import duties_said
from adapters.wiring.practice import campaign_to_practise, carrier_of, settings_of
from adapters.words import LANGUAGES, words_in
from campaigns.loading import load_campaign
from campaigns.parts import Step
from compliance.terms import Technology
from dialer.errors import DialerError
from dialer.review import Practised, review
from dialer.settings import AgentSettings, CarrierSettings, MailSettings, Settings
from tests.dialer.test_review import calls
from tests.support.builders import CAMPAIGN_FILE, NOON, a_campaign

TOKYO = ZoneInfo("Asia/Tokyo")
AOKI = AgentSettings(id="aoki", name="青木 美咲", languages=("ja",))
ROOT = Path(__file__).parents[2]
REAL = Settings(
    database="postgresql://real:5432/dialer",
    checkpoints="/mnt/real/checkpoints.jsonl",
    public_url="https://dialer.example.com",
    listen="0.0.0.0:443",
    carrier=CarrierSettings(account_sid="AC" + "1" * 32),
    mail=MailSettings(host="mail.example.com", username="dialer"),
    agents=(AOKI, AOKI.model_copy(update={"id": "baba", "name": "馬場"})),
)


def configuration(**changes: Any) -> Configuration:
    """Return our own configuration, changed where the test says."""
    return replace(load_configuration(ROOT / "config"), **changes)


def test_of_real_settings_nothing_that_leads_anywhere_is_left(tmp_path: Path) -> None:
    """Every address is this machine's, every file in the folder, and no variable is named that anybody sets."""
    mail = MailSettings(host="127.0.0.1", port=2525, security="none", password_env="NOBODY_SETS_THIS")
    at_home = AOKI.model_copy(update={"line": "+819012345678"})
    made = settings_of(REAL, at_home, folder=tmp_path, carrier=carrier_of(1, "ACx"), mail=mail)
    text = json.dumps(made.model_dump(mode="json"))
    assert set(re.findall(r"[a-z]+://[^/:\"]*", text)) == {"http://127.0.0.1", "sqlite://"}
    assert made.database == f"sqlite:///{tmp_path / 'dialer.db'}"
    assert not re.search(r"TWILIO|SECRET|SMTP|example|postgresql|mnt|baba|9012345678", text)
    assert [agent.id for agent in made.agents] == ["aoki"]
    assert made.listen.startswith("127.0.0.1:")


def test_a_campaign_to_practise_leads_nowhere_and_says_the_same() -> None:
    """Sounds, fallback, music, mails and budget are gone; scripts, results, hours and limits are as they were."""
    text = CAMPAIGN_FILE.read_text("utf-8") + (
        "fallback_url: https://real.example.com/notice.xml\nhold_music: https://real.example.com/music.mp3\n"
    )
    text = re.sub(
        r"^notice:\n",
        "notice:\n  audio: {ja: https://real.example.com/notice.mp3}\n",
        text,
        flags=re.MULTILINE,
    )
    real = load_campaign(text, "winback.yaml").campaign
    assert real.model_dump_json().count("https://real.example.com") == 3
    made = campaign_to_practise(real)
    assert "https://" not in made.model_dump_json()
    assert (made.pacing.mode, [step.channel for step in made.steps]) == (Technology.PROGRESSIVE, ["voice"])
    same = ("scripts", "dispositions", "hours", "seller", "purpose", "caps", "caller_ids")
    assert {name: getattr(made, name) for name in same} == {name: getattr(real, name) for name in same}
    assert made.pacing.wrap_up == real.pacing.wrap_up


@pytest.mark.parametrize(
    ("hours", "day", "opens"),
    [
        ({"mon-fri": ("10:00-12:00", "13:00-19:00")}, date(2026, 11, 24), (24, time(13))),
        ({"mon-fri": ("10:00-19:30",)}, date(2026, 11, 21), (24, time(10))),  # the 23rd is a holiday
        ({"sat": ("10:15-17:00",)}, date(2026, 11, 24), (28, time(10, 30))),
        ({"mon-sun": ("05:00-08:30",)}, date(2026, 11, 24), None),
    ],
)
def test_the_clock_shows_an_hour_of_the_campaign(
    hours: dict[str, Any], day: date, opens: tuple[int, time] | None
) -> None:
    """The longest stretch of the first open day; none where there is none."""
    found = opening_hour(configuration(), a_campaign(hours=hours), day, TOKYO)
    assert (found and (found.day, found.time())) == opens


def test_an_agent_is_known_by_id_or_name() -> None:
    """And whoever is not there is told with those who are."""
    words = words_in("en")
    assert agent_named(REAL.agents, "aoki", words) == agent_named(REAL.agents, "青木 美咲", words)
    with pytest.raises(DialerError, match=r"nobody is no agent of dialer\.yaml\. Known: aoki, baba"):
        agent_named(REAL.agents, "nobody", words)


@pytest.mark.parametrize(
    ("campaign", "agent", "says"),
    [
        ({"steps": (Step(channel="email", template="missed_you"),)}, {}, "makes no calls"),
        ({}, {"languages": ("fr",)}, "speaks fr, and the campaign has scripts in ja, en only"),
        ({"hours": {"mon-sun": ("05:00-08:00",)}}, {}, "no hour in the next 60 days"),
    ],
)
async def test_what_cannot_be_practised_is_one_clear_error(
    campaign: dict[str, Any], agent: dict[str, Any], says: str
) -> None:
    """Before anything is opened."""
    own = Settings(agents=(AOKI.model_copy(update=agent),))
    real = configuration(settings=own)
    plan = next(iter(real.plans.values()))
    changed = replace(plan, campaign=plan.campaign.model_copy(update=campaign))
    wanted = Wanted(agent="aoki", calls=1, seed="1", language="en")
    with pytest.raises(DialerError, match=says):
        await practise(real, changed, wanted, Console())


def test_a_duty_counts_from_its_first_tick_unless_it_was_taken_back() -> None:
    """With each rule that asks for it, and the strictest time."""
    permit = {
        "verdict": {
            "obligations": ["announce_recording(required)", "scrub"],
            "sayings": [
                {"element": "company_name", "rule": "A-1", "within_s": 5},
                {"element": "company_name", "rule": "B-1", "within_s": 2},
            ],
        }
    }

    def tick(duty: str, *, is_done: bool = True) -> dict[str, Any]:
        return {"what": "duty", "duty": duty, "is_done": is_done}

    said = [
        (1.0, tick("company_name")),
        (2.0, tick("announce_recording(required)")),
        (3.0, tick("announce_recording(required)", is_done=False)),
        (9.0, {"what": "never_again"}),
    ]
    recording, company = duties_said(permit, said)
    assert (recording.code, recording.after_s, recording.rules) == ("announce_recording(required)", None, ())
    assert (company.after_s, company.rules, company.within_s) == (1.0, ("A-1", "B-1"), 2)


@given(call=calls)
def test_every_finding_has_its_sentence(call: Practised) -> None:
    """In both languages, filled in, and as JSON."""
    found = review(call)
    for language in LANGUAGES:
        words = words_in(language)
        for one in found.findings:
            text = sentence(one, words, TOKYO)
            assert text
            assert "{" not in text
    told = Reviewed(
        attempt="a-1-1",
        name="山田",
        at=NOON,
        zone=TOKYO,
        wanted=call.wish.wanted.value,
        chosen=call.chosen.value if call.chosen else "",
        review=found,
    )
    values = json.loads(json.dumps(as_values([told], words_in("ja"), agent="aoki")))
    assert values["score"] == values["calls"][0]["score"] == found.score
    assert datetime.fromisoformat(values["calls"][0]["at"]) == NOON.astimezone(UTC)
