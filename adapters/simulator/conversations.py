"""What a simulated person says to an agent who practises: written turns, filled in and spread over the talk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from adapters.files import read_text
from adapters.simulator.chance import Chance
from campaigns.outcome import Outcome
from campaigns.parts import Document
from campaigns.script import placeholders, render
from compliance.document import build, wording
from compliance.problem import Wrong
from dialer.desk_events import OpinionKind

_FILE = Path(__file__).parent / "conversations.yaml"
_FIRST_S, _LONGEST_GAP_S, _GOODBYE_S = 1.5, 11.0, 4.0
_HOURS = ((10, 0), (11, 30), (14, 0), (15, 30), (17, 0), (18, 30), (20, 30), (21, 30))
_KNOWN = frozenset({"seller", "product", "when"})

Ways = Annotated[tuple[str, ...], Field(min_length=1)]


class Turn(Document):
    """One thing said, in both languages, with some ways to say it."""

    ja: Ways
    en: Ways
    opinion: OpinionKind | None = None
    decides: bool = False

    @model_validator(mode="after")
    def _can_be_filled(self) -> Self:
        unknown = {name for text in (*self.ja, *self.en) for name, _ in placeholders(text)} - _KNOWN
        if unknown:
            raise Wrong(
                wording(f"{', '.join(sorted(unknown))} is no placeholder here", "差し込みの名前が違います"),
                wording(
                    "Write {seller}, {product} or {when}", "{seller}、{product}、{when} を使ってください"
                ),
            )
        return self


class Conversations(Document):
    """All that people say: by what they want, and when they are spoken to in a language that is not theirs."""

    other_language: Turn
    wishes: dict[Outcome, tuple[Turn, ...]]

    @model_validator(mode="after")
    def _comes_to_the_point(self) -> Self:
        for wish, turns in self.wishes.items():
            if sum(turn.decides for turn in turns) != 1:
                raise Wrong(
                    wording("One turn must decide", "decides は1つだけ必要です"),
                    wording("Write decides: true once", "decides: true を1つ書いてください"),
                    at=("wishes", wish.value),
                )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a talk: `at_s` seconds after the agent and the person met."""

    at_s: float
    text: str
    language: str
    opinion: str | None = None
    decides: bool = False


@cache
def conversations() -> Conversations:
    """Return what stands in our file. Raises DocumentInvalid with every problem in it."""
    return build(Conversations, read_text(_FILE), str(_FILE))


def conversation(
    chance: Chance,
    wish: Outcome,
    *,
    talk_s: float,
    language: str,
    values: Mapping[str, str],
    is_foreign: bool,
) -> tuple[Line, ...]:
    """Return the lines of one talk, all of them said before `talk_s` is over; `chance` is this call's own."""
    book = conversations()
    turns = list(book.wishes.get(wish) or book.wishes[Outcome.NOT_INTERESTED])
    if is_foreign and wish is not Outcome.MACHINE:
        turns.insert(1, book.other_language)
    gap = min(_LONGEST_GAP_S, max(0.0, talk_s - _FIRST_S - _GOODBYE_S) / len(turns))
    return tuple(
        Line(
            at_s=min(_FIRST_S, talk_s) + place * gap,
            text=render(_way(chance, turn.ja if language == "ja" else turn.en, place), values),
            language=language,
            opinion=turn.opinion.value if turn.opinion else None,
            decides=turn.decides,
        )
        for place, turn in enumerate(turns)
    )


def _way(chance: Chance, ways: tuple[str, ...], place: int) -> str:
    return ways[int(chance.draw("way", place) * len(ways))]


def wished_hour(chance: Chance, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a person asks to be called: tomorrow or the day after, perhaps later than anybody may call."""
    day = now.astimezone(zone).date() + timedelta(days=1 + int(chance.draw("day") * 2))
    hour, minute = _HOURS[int(chance.draw("hour") * len(_HOURS))]
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def hour_in_words(at: datetime, now: datetime, language: str) -> str:
    """Return an hour as people say it on the clock of `at`: 明日(金曜日)の18時30分, tomorrow (Friday) at 18:30."""
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    if language == "ja":
        day = {1: "明日", 2: "あさって"}.get(days, f"{at.month}月{at.day}日")
        minute = f"{at.minute}分" if at.minute else ""
        return f"{day}({'月火水木金土日'[at.weekday()]}曜日)の{at.hour}時{minute}"
    weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    day = {1: "tomorrow", 2: "the day after tomorrow"}.get(days, f"on the {at.day}th")
    return f"{day} ({weekdays[at.weekday()]}) at {at.hour}:{at.minute:02}"
