import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards import tree

LINES_OF_A_MODULE = 300
LINES_OF_A_FUNCTION = 50
PARAMETERS = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(function: Function) -> int:
    """Return how many lines a function has without its decorators and its docstring."""
    first = function.body[0]
    docstring = 0
    if ast.get_docstring(function) is not None:
        docstring = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def parameters_of(function: Function) -> int:
    """Return how many parameters a caller of a function may give; `self` and `cls` are given by Python."""
    asked = function.args
    names = [one.arg for one in (*asked.posonlyargs, *asked.args, *asked.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def is_command(function: Function) -> bool:
    """Tell whether a function is a command of the terminal: its parameters are the command's options."""
    called = [one.func for one in function.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(one, ast.Attribute) and one.attr in {"command", "callback"} for one in called)


def problems(text: str) -> Iterator[str]:
    """Yield what is too large in a module, or missing from its head."""
    parsed = ast.parse(text)
    if not ast.get_docstring(parsed):
        yield "has no docstring: one line, its line of the map"
    lines = len(text.splitlines())
    if lines > LINES_OF_A_MODULE:
        yield f"has {lines} lines, more than {LINES_OF_A_MODULE}: it is two modules"
    for node in ast.walk(parsed):
        if not isinstance(node, Function):
            continue
        if lines_of(node) > LINES_OF_A_FUNCTION:
            yield f"{node.name} has {lines_of(node)} lines, more than {LINES_OF_A_FUNCTION}"
        if parameters_of(node) > PARAMETERS and not is_command(node):
            yield f"{node.name} has {parameters_of(node)} parameters, more than {PARAMETERS}"


def test_modules_and_functions_are_small_and_say_what_they_are() -> None:
    """A module is read in one sitting, a function without scrolling (docs/architecture.md)."""
    found = [
        f"{name}: {problem}"
        for name in tree.modules(*tree.PACKAGES)
        if "versions" not in name.parts  # a migration is as long as what it migrates
        for problem in problems((tree.ROOT / name).read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1", "has no docstring"),
        ('"""A."""\n' + "x = 1\n" * 300, "has 301 lines"),
        ('"""A."""\ndef f():\n' + "    x = 1\n" * 50, "f has 51 lines"),
        ('"""A."""\nasync def f():\n    """B."""\n' + "    x = 1\n" * 50, "f has 51 lines"),
        ('"""A."""\ndef f(a, b, c, *, d, e, g, h): ...', "f has 7 parameters"),
        ('"""A."""\nclass A:\n    def f(self, a, b, c, d, e, g, h): ...', "f has 7 parameters"),
        ('"""A."""\ndef f():\n    def g(a, b, c, d, e, f, g): ...', "g has 7 parameters"),
    ],
)
def test_what_is_too_large_is_caught(text: str, says: str) -> None:
    """Each kind of it, planted: exactly one problem, and it is named."""
    (found,) = problems(text)
    assert found.startswith(says)


@pytest.mark.parametrize(
    "text",
    [
        '"""A."""\n' + "x = 1\n" * 299,
        '"""A."""\ndef f():\n    """B.\n\n    C.\n    """\n' + "    x = 1\n" * 49,
        '"""A."""\nclass A:\n    def f(self, a, b, c, *, d, e, g): ...',
        '"""A."""\n@app.command()\ndef f(a, b, c, d, e, g, h, i): ...',
    ],
    ids=["module", "function", "method", "command"],
)
def test_what_just_fits_is_not(text: str) -> None:
    """The largest that is allowed, of each kind."""
    assert list(problems(text)) == []


def test_the_guard_looks_at_every_package() -> None:
    """A guard over nothing would pass for ever."""
    seen = {name.parts[0] for name in tree.modules(*tree.PACKAGES)}
    assert seen == set(tree.PACKAGES)
    assert Path("compliance/__init__.py") in tree.modules("compliance")
