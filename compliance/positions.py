"""YAML 1.2 read with positions: what a person typed stays what it looks like, and every value knows its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.error import Mark

from compliance.problem import DocumentInvalid, Path, Problem, Wording, wording
from compliance.syntax import syntax_wording

_STR, _NULL, _BOOL, _INT, _FLOAT, _SEQ, _MAP = (
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "null", "bool", "int", "float", "seq", "map")
)
_KNOWN_TAGS = frozenset({_STR, _NULL, _BOOL, _INT, _FLOAT, _SEQ, _MAP})
_DEEPEST = 40
"""Levels of nesting after which a document is a mistake (or an attack), not a document."""


class _Refused(yaml.MarkedYAMLError):
    """Something YAML allows and we do not; `what` and `remedy` are ours."""

    def __init__(self, mark: Any, what: Wording, remedy: Wording) -> None:
        super().__init__(problem_mark=mark)
        self.what, self.remedy = what, remedy


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with other eyes: `no`, `18:30`, `0123` and `+81312345678` are text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node, refusing aliases (a copy has no place of its own) and bottomless nesting."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(
                event.start_mark,
                wording(
                    f"*{event.anchor} refers to another place", f"*{event.anchor} は別の場所を参照しています"
                ),
                wording("Write the value out here", "ここに値をそのまま書いてください"),
            )
        if self._depth >= _DEEPEST:
            raise _Refused(
                event.start_mark,
                wording(f"Nested more than {_DEEPEST} levels deep", f"入れ子が{_DEEPEST}段を超えています"),
                wording(
                    "Close the brackets above, or indent less", "上の括弧を閉じるか、字下げを減らしてください"
                ),
            )
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


# YAML 1.2 core less what surprises: no leading plus or zeros (telephone numbers), no octal, no bare exponents, no .inf.
for _tag, _pattern, _first in (
    (_NULL, r"null|Null|NULL|~|", "nN~"),
    (_BOOL, r"true|True|TRUE|false|False|FALSE", "tTfF"),
    (_INT, r"-?(?:0|[1-9][0-9]{0,17})", "-0123456789"),
    (_FLOAT, r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}(?:[eE][-+]?[0-9]{1,2})?", "-0123456789"),
):
    _Loader.add_implicit_resolver(
        _tag, re.compile(rf"(?:{_pattern})\Z"), [*_first, *([""] if _tag == _NULL else [])]
    )


@dataclass(frozen=True, slots=True)
class Positions:
    """Where everything stands: `path -> ((line, column) of the key, (line, column) of the value)`, counted from 1."""

    places: Mapping[Path, tuple[tuple[int, int], tuple[int, int]]]

    def at(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Return (line, column) of the value at `path` (of its key, if asked), else of the nearest place above."""
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place is not None:
                return place[0] if key and length == len(path) else place[1]
        return (1, 1)

    def __contains__(self, path: object) -> bool:
        """Tell whether something stands at `path`."""
        return path in self.places


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as plain values (mappings, lists, text, numbers, truth values, None) and where each stands."""

    value: Any
    positions: Positions


def read(text: str, file: str) -> Reading:
    """Read YAML text; `file` is how problems name it. Raises DocumentInvalid with the position of what is wrong."""
    loader = None
    try:
        loader = _Loader(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        raise DocumentInvalid([_problem(error, text, file)]) from None
    finally:
        if loader is not None:
            loader.dispose()
    if root is None or (isinstance(root, yaml.ScalarNode) and root.tag == _NULL):
        raise DocumentInvalid([_empty(file)])
    places: dict[Path, tuple[tuple[int, int], tuple[int, int]]] = {}
    problems: list[Problem] = []
    value = _value(root, (), places, _Collector(file, problems))
    if problems:
        raise DocumentInvalid(problems)
    return Reading(value, Positions(places))


@dataclass(frozen=True, slots=True)
class _Collector:
    """Gathers what is wrong with single nodes, so that all of it is reported."""

    file: str
    problems: list[Problem]

    def add(self, mark: Mark, what: Wording, remedy: Wording) -> None:
        """Add one problem at `mark`."""
        line, column = _place(mark)
        self.problems.append(Problem(file=self.file, line=line, column=column, what=what, remedy=remedy))


def _place(mark: Mark) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _value(
    node: yaml.Node,
    path: Path,
    places: dict[Path, tuple[tuple[int, int], tuple[int, int]]],
    wrong: _Collector,
) -> Any:
    places.setdefault(path, (_place(node.start_mark), _place(node.start_mark)))
    if node.tag not in _KNOWN_TAGS:
        wrong.add(
            node.start_mark,
            wording(f"The tag {node.tag} is not known", f"タグ {node.tag} は使えません"),
            wording("Remove the word that begins with !", "「!」で始まる語を消してください"),
        )
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, places, wrong)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), places, wrong) for index, item in enumerate(node.value)]
    return _scalar(node.tag, str(node.value))


def _mapping(
    node: yaml.MappingNode,
    path: Path,
    places: dict[Path, tuple[tuple[int, int], tuple[int, int]]],
    wrong: _Collector,
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, key_node, value_node in _keys(node, wrong):
        if key in found:
            first = places[*path, key][0][0]
            wrong.add(
                key_node.start_mark,
                wording(f'"{key}" stands here a second time', f"「{key}」が二度書かれています"),
                wording(
                    f"Keep one of the two (the first is in line {first})",
                    f"どちらか一つにしてください(最初は{first}行目)",
                ),
            )
            continue
        places[*path, key] = (_place(key_node.start_mark), _place(value_node.start_mark))
        found[key] = _value(value_node, (*path, key), places, wrong)
    return found


def _keys(node: yaml.MappingNode, wrong: _Collector) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    for key_node, value_node in node.value:
        if isinstance(key_node, yaml.ScalarNode):
            yield str(key_node.value), key_node, value_node
        else:
            wrong.add(
                key_node.start_mark,
                wording("A key must be a word", "キーは語でなければなりません"),
                wording(
                    'Write a word before the colon; put text that begins with { or [ in "quotes"',
                    'コロンの前に語を書き、{ や [ で始まる文は "引用符" で囲んでください',
                ),
            )


def _scalar(tag: str, text: str) -> Any:
    if tag == _NULL:
        return None
    if tag == _BOOL:
        return text.lower() == "true"
    if tag == _INT and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if tag == _FLOAT and re.fullmatch(r"-?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


def _problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if isinstance(error, _Refused):
        mark, what, remedy = error.problem_mark, error.what, error.remedy
    else:
        quote = _run_on_quote(error, text)
        mark, (what, remedy) = quote or _mark(error), syntax_wording(error, is_unclosed=quote is not None)
    line, column = _place(mark) if mark is not None else _count(text, getattr(error, "position", 0))
    return Problem(file=file, line=line, column=column, what=what, remedy=remedy)


def _mark(error: yaml.YAMLError) -> Mark | None:
    """Return the most telling mark: where an unclosed quote or bracket began, else where reading stopped."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return None
    said = str(error.problem)
    is_unclosed = any(sign in said for sign in ("end of stream", "<stream end>", "expected ',' or"))
    return error.context_mark if is_unclosed and error.context_mark else error.problem_mark


def _run_on_quote(error: yaml.YAMLError, text: str) -> Mark | None:
    """Return where a quoted text begins that ran over several lines into the error: its end was forgotten."""
    stopped = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if stopped is None:
        return None
    last: yaml.Token | None = None
    try:
        for token in yaml.scan(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), Loader=_Loader):
            if token.start_mark.index >= stopped.index:
                break
            last = token
    except yaml.YAMLError:
        pass
    if (
        isinstance(last, yaml.ScalarToken)
        and last.style in {'"', "'"}
        and last.start_mark.line < last.end_mark.line
    ):
        mark: Mark = last.start_mark
        return mark
    return None


def _count(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _empty(file: str) -> Problem:
    return Problem(
        file=file,
        line=1,
        column=1,
        what=wording("The file is empty", "ファイルが空です"),
        remedy=wording("Write the document into it, or remove it", "内容を書くか、ファイルを消してください"),
    )
