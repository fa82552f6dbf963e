"""What a model expects at a path of a document: which keys, and an example of the value."""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from compliance.problem import Path


def keys_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """Return the keys that the mapping at `path` may have, in the order of the model; none where any key may stand."""
    found: list[str] = []
    for shape in _shapes_at(model, path):
        if _is_model(shape):
            found.extend(_fields(shape))
        elif get_origin(shape) in {dict, Mapping}:
            found.extend(_words(get_args(shape)[0]))
    return tuple(dict.fromkeys(found))


def example_at(model: type[BaseModel], path: Path) -> str | None:
    """Return how a value at `path` is written, from the field's first example; None where there is none."""
    if not path:
        return None
    for shape in _shapes_at(model, path[:-1]):
        if _is_model(shape):
            field = _fields(shape).get(str(path[-1]))
            if field is not None and field.examples:
                return _written(field.examples[0])
    return None


def _shapes_at(model: type[BaseModel], path: Path) -> list[Any]:
    shapes: list[Any] = [model]
    for part in path:
        shapes = [below for shape in shapes for below in _below(shape, part)]
    return shapes


def _below(shape: Any, part: str | int) -> Iterator[Any]:
    if _is_model(shape):
        field = _fields(shape).get(str(part))
        if field is not None:
            yield from _branches(field.annotation)
    elif get_origin(shape) in {dict, Mapping}:
        yield from _branches(get_args(shape)[1])
    elif get_origin(shape) is not None and isinstance(part, int):
        for item in get_args(shape)[:1]:
            yield from _branches(item)


def _branches(annotation: Any) -> Iterator[Any]:
    """Yield what an annotation may be, without its Annotated and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _branches(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for branch in get_args(annotation):
            yield from _branches(branch)
    else:
        yield annotation


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _words(annotation: Any) -> list[str]:
    words: list[str] = []
    for shape in _branches(annotation):
        if get_origin(shape) is Literal:
            words.extend(str(word) for word in get_args(shape))
        elif isinstance(shape, type) and issubclass(shape, Enum):
            words.extend(str(member.value) for member in shape)
    return words


def _written(example: Any) -> str:
    if isinstance(example, bool) or example is None:
        return str(example).lower()
    if isinstance(example, Mapping):
        return "{" + ", ".join(f"{key}: {_written(value)}" for key, value in example.items()) + "}"
    if isinstance(example, list | tuple):
        return "[" + ", ".join(map(_written, example)) + "]"
    return str(example)
