"""The documents as the guards read them: their words, their sections, and what they must not leave out."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from typer.main import get_command

from adapters.cli import app
from campaigns.parts import LANGUAGES, Text
from tests.guards import tree

Words = set[str]
Verbs = dict[str, set[str]]
"""Commands by their whole names, each with its options."""


def text_of(name: str) -> str:
    """Return a document of the checkout."""
    return (tree.ROOT / name).read_text("utf-8")


def papers() -> list[Path]:
    """Return every Markdown file, relative to the root."""
    return [name for name in tree.files() if name.suffix == ".md"]


def quoted(text: str) -> Words:
    """Return everything that stands between single backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above; "" when there is none."""
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def shapes(annotation: Any) -> Iterator[Any]:
    """Yield the plain types that an annotation is made of."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from shapes(get_args(annotation)[0])
    elif origin is None or origin is Literal:
        yield annotation
    else:
        for part in get_args(annotation):
            yield from shapes(part)


def models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models in an annotation whose keys a reader must know one by one."""
    found = [shape for shape in shapes(annotation) if isinstance(shape, type) and shape is not Text]
    return [shape for shape in found if issubclass(shape, BaseModel)]


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Yield the path of every key of a document, such as `audience.columns.key`; lists and languages add nothing."""
    for name, field in model.model_fields.items():
        path = f"{before}{field.alias or name}"
        if name in LANGUAGES:
            continue
        yield path
        inner = models(field.annotation)
        for part in inner:
            yield from keys_of(part, f"{path}.")
        if not inner and get_origin(field.annotation) is dict:
            words = get_args(get_args(field.annotation)[0])
            yield from (f"{path}.{word}" for word in words if isinstance(word, str) and " " not in word)


def commands(command: Any, path: str = "dialer") -> Iterator[tuple[str, Any]]:
    """Yield every command of the terminal with its whole name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, found in inner.items():
        yield from commands(found, f"{path} {name}")


def options_of(command: Any) -> Words:
    """Return the long options of a command, but for --help."""
    return {name for option in command.params for name in option.opts if name.startswith("--")} - {"--help"}


def verbs() -> Verbs:
    """Return every command of the program and every verb of the Makefile: name -> its options."""
    found = {path: options_of(command) for path, command in commands(get_command(app))}
    makefile = re.findall(r"^([a-z][a-z-]*):(?!=)", text_of("Makefile"), re.MULTILINE)
    return found | {f"make {verb}": set() for verb in makefile}


def consoles(text: str) -> Iterator[str]:
    """Yield the lines of a document's `console` blocks, without a prompt."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from (line.removeprefix("$ ").removeprefix(".venv/bin/") for line in block.splitlines())


def wrong_commands(text: str, known: Verbs) -> Iterator[str]:
    """Yield the lines that nobody can type: no such command, or no such option."""
    for line in consoles(text):
        words = shlex.split(line.partition(" > ")[0])
        if words[:1] not in (["dialer"], ["make"]):
            continue
        if len(words) == 1:
            continue
        name = next((found for found in (" ".join(words[:3]), " ".join(words[:2])) if found in known), None)
        if name is None:
            yield line
        elif name.startswith("dialer "):
            asked = {word.partition("=")[0] for word in words if word.startswith("--")}
            if not asked <= known[name] | {"--help"}:
                yield line


def anchor(heading: str) -> str:
    """Return the fragment that leads to a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return kept.replace(" ", "-")


def without_code(text: str) -> str:
    """Return a document without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def fragments_of(path: Path, text: str | None = None) -> Words:
    """Return where links into a document may lead; `text` stands in for what is in its file."""
    headings = re.findall(r"^#+ (.+)$", without_code(text or path.read_text("utf-8")), re.MULTILINE)
    return {anchor(heading) for heading in headings}


def dead_links(name: Path, text: str) -> Iterator[str]:
    """Yield the relative links of a document that lead nowhere."""
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, fragment = target.partition("#")
        path = tree.ROOT / name.parent / place
        if not path.exists() or (fragment and fragment not in fragments_of(path, None if place else text)):
            yield target
