import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import adapters.web

FOLDER = Path(adapters.web.__file__).parent
VENDOR = FOLDER / "static" / "vendor"
OURS = [
    path
    for path in sorted(FOLDER.rglob("*"))
    if path.suffix in {".html", ".css", ".js", ".svg"} and VENDOR not in path.parents
]


def test_other_people_s_files_are_as_they_were_published() -> None:
    """Each is listed with its sum, and none is there that is not listed."""
    lines = (VENDOR / "VENDOR.txt").read_text("utf-8").splitlines()
    sums = [line.split("  ", 1) for line in lines if re.match(r"[0-9a-f]{64}  ", line)]
    listed = {name: digest for digest, name in sums}
    there = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.txt"
    }
    assert there == listed


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_pages_ask_for_nothing_from_elsewhere(path: Path) -> None:
    """No CDN, no font, no counter: the name of an SVG's vocabulary is the only address."""
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"(?:https?:)?//[\w-]+\.\w+|@import|url\(", text)


class Inline(HTMLParser):
    """Finds what the content policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        names = {name for name, _ in attrs}
        if tag == "style" or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(tag)
        if tag == "script" and "src" not in names:
            self.found.append(tag)


@pytest.mark.parametrize(
    "path", [path for path in OURS if path.suffix == ".html"], ids=lambda path: path.name
)
def test_templates_have_no_inline_script_or_style(path: Path) -> None:
    """The content policy forbids them, so a page with one would be broken in the browser only."""
    finder = Inline()
    finder.feed(path.read_text("utf-8"))
    assert finder.found == []
