"""The words of the pages in Japanese and English, and which of the two a reader gets."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aiohttp import web

LANGUAGES = ("ja", "en")
COOKIE = "lang"
_FOLDER = Path(__file__).parent / "locale"
_YEAR_S = 365 * 24 * 3600


class Words:
    """One language's catalog: `words("board.calls")`, placeholders filled by name."""

    def __init__(self, language: str, catalog: Mapping[str, str]) -> None:
        """Take a flat catalog: dotted key -> text."""
        self.language, self.catalog = language, catalog

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under `key`. Raises KeyError for one that no catalog has: a page must not guess."""
        return self.catalog[key].format_map(values)

    def of(self, kind: str, name: str) -> str:
        """Return the word for a value of ours, such as ("outcome", "sold"); one not known yet stands for itself."""
        return self.catalog.get(f"{kind}.{name}", name)


def _flat(tree: Mapping[str, object], before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{key}.")
        else:
            flat[before + key] = str(value)
    return flat


@cache
def words_in(language: str) -> Words:
    """Return the catalog of `ja` or `en`."""
    text = (_FOLDER / f"{language}.json").read_text("utf-8")
    return Words(language, _flat(json.loads(text)))


def accepted(header: str) -> str:
    """Return our language that an Accept-Language header likes best; English when it likes neither.

    Understands ranges with weights (`ja-JP,ja;q=0.9,en;q=0.8`); what it cannot read it passes over.
    """
    best, weight = "en", 0.0
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().split("-")[0]
        try:
            q = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if language in LANGUAGES and q > weight:
            best, weight = language, q
    return best


def language_of(request: web.Request) -> str:
    """Return the reader's language: asked for in the address, else remembered, else what the browser prefers."""
    for wish in (request.query.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    return accepted(request.headers.get("Accept-Language", ""))


def remember(request: web.Request, response: web.Response) -> None:
    """Keep a language that was asked for in the address for the next visit."""
    wish = request.query.get("lang")
    if wish in LANGUAGES:
        response.set_cookie(COOKIE, str(wish), max_age=_YEAR_S, httponly=True, samesite="Lax", path="/")
