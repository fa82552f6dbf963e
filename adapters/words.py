"""The words of pages and terminal: one catalog in Japanese, one in English."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("ja", "en")
_FOLDER = Path(__file__).parent / "locale"


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
