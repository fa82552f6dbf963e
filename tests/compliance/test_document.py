import json
import re
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from compliance.document import build, examine
from compliance.fields import E164, Day, Duration, Share, read_duration, write_duration
from compliance.positions import read
from compliance.problem import DocumentInvalid, Problem, Wrong, wording


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    GREEN = "green"


class Part(BaseModel):
    """A part, as documents have them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wheel(Part):
    """One of several."""

    size: int = Field(gt=0, lt=100, examples=[26])
    spokes: tuple[str, ...] = ()


class Bicycle(Part):
    """One field of each kind that documents use."""

    name: str = Field(min_length=2, max_length=8)
    code: str = Field(default="A1", pattern=r"^[A-Z]\d$")
    wheels: tuple[Wheel, ...] = Field(default=(), max_length=2)
    parts: dict[Colour, Wheel] = {}
    words: dict[Literal["ja", "en"], str] = {}
    colour: Colour = Colour.RED
    weight: float = Field(default=1.0, ge=0.5, le=20)
    is_new: bool = False
    tags: frozenset[str] = frozenset()
    built: date | None = None
    sold: Day | None = None
    opens: time | None = None
    ride: Duration = timedelta(0)
    share: Share = 0.0
    phone: E164 | None = None
    heading: str | tuple[str, ...] = "x"
    nested: Wheel | None = None


def problems_of(text: str, model: type[BaseModel] = Bicycle) -> tuple[Problem, ...]:
    """What is wrong with a document."""
    with pytest.raises(DocumentInvalid) as caught:
        build(model, text, "b.yaml")
    return caught.value.problems


def places_of(text: str) -> list[tuple[int, int]]:
    """Where it is wrong."""
    return [(problem.line, problem.column) for problem in problems_of(text)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("18:30", "18:30"),
        ("0123", "0123"),
        ("+81312345678", "+81312345678"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e5", "1e5"),
        (".inf", ".inf"),
        ("2026-04-01", "2026-04-01"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("'1'", "1"),
        ("1", 1),
        ("-20", -20),
        ("0.05", 0.05),
        ("-1.5e3", -1500.0),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_yaml_is_read_as_it_looks(written: str, value: object) -> None:
    """YAML 1.2 core, less what turns telephone numbers, times and countries into something else."""
    found = read(f"a: {written}", "f").value["a"]
    assert found == value
    assert type(found) is type(value)


def test_a_key_is_always_a_word() -> None:
    """Even one that looks like a number or a truth value."""
    assert read("1: a\nno: b\ntrue: c", "f").value == {"1": "a", "no": "b", "true": "c"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:\n\tb: 1", (2, 1)),
        ("a: 'x", (1, 4)),
        ("a: [1,\nb: 2", (1, 4)),
        ('a: "x\nb: 1\nc: "y"\n', (1, 4)),
        ("a: {x} y", (1, 8)),
        ("a: b: c", (1, 5)),
        ("- a\nb: 1", (2, 1)),
        ("a: @x", (1, 4)),
        ("a: %x", (1, 4)),
        ("a: !!python/object/apply:os.system [x]", (1, 4)),
        ("a: 1\n---\nb: 2", (2, 1)),
        ("a: \x07", (1, 4)),
        ("ab: 1\nあ: \x00", (2, 4)),
        ("[" * 500, (1, 41)),
        ("? [1]\n: 2", (1, 3)),
        ("a: &x [1]\nb: *x", (2, 4)),
        ('a: "\\q"', (1, 6)),
        ("", (1, 1)),
        ("# only a comment", (1, 1)),
        ("a: 1\nb: 2\na: 3", (3, 1)),
    ],
)
def test_what_yaml_cannot_be_is_told_with_its_place(text: str, place: tuple[int, int]) -> None:
    """Syntax, tags, aliases, depth, control characters, duplicates: one sentence each, in both languages."""
    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == place
    assert re.search(r"[ぁ-んァ-ン]", problem.text("ja"))
    assert problem.text("en").startswith(f"b.yaml:{place[0]}:{place[1]}: ")


def test_two_duplicates_are_both_told() -> None:
    """Reading goes on after the first."""
    assert places_of("a: 1\na: 2\nb: {c: 1, c: 2}") == [(2, 1), (3, 11)]


def test_a_text_may_begin_with_a_byte_order_mark() -> None:
    """Editors on Windows write one; columns count from after it."""
    assert build(Bicycle, "\ufeffname: Bike", "b.yaml").name == "Bike"


def test_every_kind_of_mistake_is_told_at_its_place() -> None:
    """One of each in one file, all at once."""
    text = """\
name: 3
code: a1
wheels:
  - size: 0
  - size: "26"
  - {}
parts:
  blue: {size: 1}
words: {jp: x}
colour: gren
weight: 21
is_new: yes
tags: one
built: 2026-02-30
sold: 2026-02-30
opens: 25:00
ride: 90
share: 3
phone: 03-1234-5678
heading: 5
nested: big
wheel: 1
"""
    assert places_of(text) == [
        (1, 7),
        (2, 7),
        (4, 11),
        (5, 11),
        (6, 5),
        (8, 3),
        (9, 9),
        (10, 9),
        (11, 9),
        (12, 9),
        (13, 7),
        (14, 8),
        (15, 7),
        (16, 8),
        (17, 7),
        (18, 8),
        (19, 8),
        (20, 10),
        (21, 9),
        (22, 1),
    ]


@pytest.mark.parametrize(
    ("text", "english", "japanese"),
    [
        ("name: Bike\ncolor: red", 'Write "colour"', "「colour」と書くか"),
        ("name: Bike\nzzz: 1", "Use one of: name, code", "使えるキーは次のとおりです: name"),
        ("code: B1", 'Add a line "name: …"', "「name: …」の行"),
        ("name: Bike\nwheels: [{}]", 'Add a line "size: 26"', "「size: 26」の行"),
        ("name: Bike\ncolour: gren", "Write green", "green と書いて"),
        ("name: Bike\ncolour: 5", "Write one of: red, green", "次のどれかを書いてください: red, green"),
        ("name: Bike\nweight: 21", "Write 20 or less", "20 以下"),
        ("name: Bike\nweight: 0.25", "Write 0.5 or more", "0.5 以上"),
        ("name: Bike\nnested: {size: 100}", "less than 100", "100 より小さく"),
        ("name: B", "at least 2 characters", "2 文字以上"),
        ("name: Bicycles and more", "at most 8 characters", "8 文字以内"),
        ("name: Bike\nwheels: [{size: 1}, {size: 2}, {size: 3}]", "at most 2", "2件以下"),
        ("name: Bike\nopens: 25:00", "for example 09:30", "09:30"),
        ("name: Bike\nphone: 03-1234-5678", "+81312345678", "+81312345678"),
        ("name: Bike\nphone: abc", "+81312345678", "+81312345678"),
        ("name: Bike\nshare: 3", "Write 3% or 0.03", "3% または 0.03"),
        ("name: Bike\nshare: -5%", "such as 5%", "5%"),
        ("name: Bike\nride: -5m", "such as 30m", "30m"),
        ("name: Bike\nweight:", "Write a number", "数を引用符なし"),
    ],
)
def test_the_remedy_says_what_to_write(text: str, english: str, japanese: str) -> None:
    """Near misses get the word that was meant, ranges their bound, formats an example."""
    (problem,) = problems_of(text)
    assert english in problem.text("en")
    assert japanese in problem.text("ja")


def test_a_validator_may_point_into_its_value() -> None:
    """Wrong carries words in both languages and the way to the place."""

    class Pair(Part):
        values: tuple[int, ...]

        @field_validator("values")
        @classmethod
        def _is_even(cls, values: tuple[int, ...]) -> tuple[int, ...]:
            for index, value in enumerate(values):
                if value % 2:
                    raise Wrong(wording("odd", "奇数です"), wording("write 2", "2と書いてください"), (index,))
            return values

    (problem,) = problems_of("values: [2, 4, 5]", Pair)
    assert (problem.line, problem.column) == (1, 16)
    assert problem.text("en") == "b.yaml:1:16: odd. Write 2."
    assert problem.text("ja") == "b.yaml:1:16: 奇数です。2と書いてください。"


def test_an_unforeseen_complaint_keeps_its_words() -> None:
    """A validator that says nothing in Japanese is still quoted, with its place."""

    def refuse(value: Any) -> Any:
        raise ValueError(f"never {value}")

    class Odd(Part):
        a: Annotated[int, BeforeValidator(refuse)] = Field(examples=[7])

    (problem,) = problems_of("a: 1", Odd)
    assert "never 1" in problem.text("en")
    assert "never 1" in problem.text("ja")
    assert "7" in problem.text("ja")


def test_the_context_reaches_the_validators() -> None:
    """What is known beside the document is handed to its model."""

    class Dated(Part):
        day: str

        @field_validator("day")
        @classmethod
        def _is_today(cls, day: str, known: ValidationInfo) -> str:
            if day != (known.context or {}).get("today"):
                raise Wrong(wording("not today", "今日ではありません"), wording("wait", "待ってください"))
            return day

    assert build(Dated, "day: 2026-04-01", "d.yaml", {"today": "2026-04-01"}).day == "2026-04-01"
    with pytest.raises(DocumentInvalid):
        build(Dated, "day: 2026-04-02", "d.yaml", {"today": "2026-04-01"})


def test_sound_sections_are_known_beside_broken_ones() -> None:
    """So that what hangs together can be checked although something else is wrong."""
    examined = examine(Bicycle, "name: Bike\nweight: many\nnested: {size: 5}", "b.yaml")
    assert examined.document is None
    assert "weight" not in examined.sound
    assert examined.sound["nested"] == Wheel(size=5)
    assert examined.sound["colour"] is Colour.RED
    assert examined.positions.at(("nested", "size")) == (3, 16)
    assert examined.positions.at(("nested",), key=True) == (3, 1)
    assert examined.positions.at(("nested", "nothing", 3)) == (3, 9)


def test_a_sound_document_is_built() -> None:
    """Every kind of value, as people write it."""
    text = """\
name: Bike
wheels: [{size: 26, spokes: [a, b]}]
parts: {green: {size: 1}}
colour: green
weight: 12
built: 2026-02-28
opens: "09:30"
ride: 90m
share: 5%
phone: +81312345678
heading: [a, b]
"""
    bicycle = build(Bicycle, text, "b.yaml")
    assert bicycle.wheels == (Wheel(size=26, spokes=("a", "b")),)
    assert (bicycle.opens, bicycle.ride, bicycle.share) == (time(9, 30), timedelta(minutes=90), 0.05)
    assert (bicycle.phone, bicycle.heading) == ("+81312345678", ("a", "b"))


TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(value=st.dictionaries(TEXT, VALUES, min_size=1, max_size=5))
def test_json_is_read_as_what_it_is(value: dict[str, Any]) -> None:
    """JSON is YAML 1.2: any text, number or nesting comes back, and each key has a place of its own."""
    reading = read(json.dumps(value, ensure_ascii=False, indent=1), "f")
    assert reading.value == value
    places = [reading.positions.at((key,), key=True) for key in value]
    assert len(set(places)) == len(places)


@given(text=st.text(alphabet="ab01:-[]{}'\"#&*!|>%@`,? \n\tあ\\", max_size=80))
def test_any_text_is_a_document_or_has_problems_inside_it(text: str) -> None:
    """Nothing a person types ends in an accident, and every place lies within the text."""
    try:
        build(Bicycle, text, "b.yaml")
    except DocumentInvalid as invalid:
        lines = text.split("\n")
        for problem in invalid.problems:
            assert 1 <= problem.line <= len(lines) + 1
            assert problem.column >= 1
            assert problem.text("en")
            assert problem.text("ja")


@given(seconds=st.integers(0, 999_999))
def test_a_duration_is_written_as_it_is_read(seconds: int) -> None:
    """To the second, in the largest unit that is exact."""
    duration = timedelta(seconds=seconds)
    assert read_duration(write_duration(duration)) == duration
