"""A document somebody wrote becomes a frozen model, or every problem at once with its line and column."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from compliance.outline import example_at, keys_at
from compliance.positions import Positions, read
from compliance.problem import DocumentInvalid, Path, Problem, Wording, Wrong, wording
from compliance.remedies import Words, missing_key, unknown_key, wrong_value

__all__ = [
    "DocumentInvalid",
    "Examined",
    "Path",
    "Positions",
    "Problem",
    "Wording",
    "Wrong",
    "build",
    "examine",
    "problem_at",
    "wording",
]

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined(Generic[M]):
    """What became of a text: the document, or what is wrong and those of its sections (by attribute) that are sound."""

    file: str
    positions: Positions
    document: M | None
    problems: tuple[Problem, ...] = ()
    sound: Mapping[str, Any] = field(default_factory=dict)


def build(model: type[M], text: str, file: str, context: Mapping[str, Any] | None = None) -> M:
    """Return the `model` that YAML `text` holds; `file` is how problems name it, `context` is for its validators.

    Raises DocumentInvalid with every problem of syntax, keys, types and ranges. Values are taken strictly, as in JSON:
    text is never read as a number nor the other way round; dates and choices are written as text.
    """
    examined = examine(model, text, file, context)
    if examined.document is None:
        raise DocumentInvalid(examined.problems)
    return examined.document


def examine(model: type[M], text: str, file: str, context: Mapping[str, Any] | None = None) -> Examined[M]:
    """Do as `build`, but return what is wrong beside what is sound, so that more can be checked and told at once.

    Raises DocumentInvalid when the text is not even YAML.
    """
    reading = read(text, file)
    given = dict(context) if context is not None else None
    try:
        document = model.model_validate_json(json.dumps(reading.value), strict=True, context=given)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
    else:
        sound = {name: getattr(document, name) for name in model.model_fields}
        return Examined(file=file, positions=reading.positions, document=document, sound=sound)
    found = {
        (problem.line, problem.column, problem.what["en"]): problem
        for problem in _problems(model, errors, file, reading.positions)
    }
    return Examined(
        file=file,
        positions=reading.positions,
        document=None,
        problems=tuple(found.values()),
        sound=_sound(model, reading.value, errors, given),
    )


def problem_at(file: str, positions: Positions, path: Path, wrong: Wrong) -> Problem:
    """Return the problem that `wrong` is with the value at `path`."""
    line, column = positions.at((*path, *wrong.at), key=wrong.is_key)
    return Problem(file=file, line=line, column=column, what=wrong.what, remedy=wrong.remedy)


def _problems(
    model: type[BaseModel], errors: list[ErrorDetails], file: str, positions: Positions
) -> Iterator[Problem]:
    for path, kind, error in _without_lost_branches(errors, positions):
        inner = error.get("ctx", {}).get("error")
        if isinstance(inner, Wrong):
            yield problem_at(file, positions, path, inner)
            continue
        is_key = kind == "extra_forbidden" or error["loc"][-1:] == ("[key]",)
        place = path[:-1] if kind == "missing" else path
        what, remedy = _words(model, path, error, is_key=is_key)
        line, column = positions.at(place, key=is_key)
        yield Problem(file=file, line=line, column=column, what=what, remedy=remedy)


def _words(model: type[BaseModel], path: Path, error: ErrorDetails, *, is_key: bool) -> Words:
    if error["type"] == "missing":
        return missing_key(str(path[-1]), example_at(model, path))
    if is_key:
        given = error["input"] if error["type"] == "extra_forbidden" else ""
        return unknown_key(str(path[-1]), keys_at(model, path[:-1]), given)
    return wrong_value(error, example_at(model, path))


def _without_lost_branches(
    errors: list[ErrorDetails], positions: Positions
) -> Iterator[tuple[Path, str, ErrorDetails]]:
    """Yield (path in the document, type, error), one for each place.

    Pydantic reports every branch of a union and names the branch in the path. The author meant one of them: the one
    that got deepest into the value.
    """
    kept: dict[tuple[Path, bool], list[tuple[Path, str, ErrorDetails]]] = {}
    for error in errors:
        path, union = _path(error, positions)
        kept.setdefault((union or path, union is None), []).append((path, error["type"], error))
    places = {path for path, _ in kept}
    for (place, is_plain), found in kept.items():
        if is_plain:
            # A list whose entries are wrong is called too short as well: that is not another mistake.
            is_echo = any(len(other) > len(place) and other[: len(place)] == place for other in places)
            yield from (entry for entry in found if not (is_echo and entry[1] in {"too_short", "too_long"}))
        else:
            deepest = max(len(path) for path, _, _ in found)
            yield next(entry for entry in found if len(entry[0]) == deepest)


def _path(error: ErrorDetails, positions: Positions) -> tuple[Path, Path | None]:
    """Return the error's path in the document, and that of the union it passed through, if any."""
    path: Path = ()
    union: Path | None = None
    last = len(error["loc"]) - 1
    for index, part in enumerate(error["loc"]):
        if part == "[key]":
            continue
        if (*path, part) in positions or (error["type"] == "missing" and index == last):
            path = (*path, part)
        else:
            union = path
    return path, union


def _sound(
    model: type[BaseModel], value: Any, errors: list[ErrorDetails], context: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the model's fields that hold, so that checks across sections can be made on them all the same."""
    if not isinstance(value, dict):
        return {}
    broken = {str(error["loc"][0]) for error in errors if error["loc"]}
    sound: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in broken:
            continue
        if key in value:
            adapter = TypeAdapter(info.rebuild_annotation())
            sound[name] = adapter.validate_json(json.dumps(value[key]), strict=True, context=context)
        else:
            sound[name] = info.get_default(call_default_factory=True, validated_data={})
    return sound
