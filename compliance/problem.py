"""What is wrong in a document somebody wrote: where, what, and what to write instead, in English and Japanese."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Wording = Mapping[str, str]
"""The same sentence under the keys `en` and `ja`, without its final full stop."""

Path = tuple[str | int, ...]
"""The way to a place in a document: keys of mappings and indexes of lists."""


def wording(en: str, ja: str) -> Wording:
    """Return one sentence in both languages."""
    return {"en": en, "ja": ja}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in a file. Lines and columns count characters from 1."""

    file: str
    line: int
    column: int
    what: Wording
    remedy: Wording

    def text(self, language: str = "en") -> str:
        """Return `file:line:column: what. remedy.` in `en` or `ja`."""
        place = f"{self.file}:{self.line}:{self.column}: "
        if language == "ja":
            return f"{place}{self.what['ja']}。{self.remedy['ja']}。"
        remedy = self.remedy["en"]
        return f"{place}{self.what['en']}. {remedy[:1].upper()}{remedy[1:]}."


class DocumentInvalid(Exception):
    """A document cannot be used; `problems` holds every reason at once, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by place."""
        self.problems = tuple(sorted(problems, key=lambda found: (found.file, found.line, found.column)))
        super().__init__("\n".join(problem.text() for problem in self.problems))


class Wrong(ValueError):
    """Raised by a validator of a model: what is wrong with a value and what to write instead, in both languages.

    `at` leads from the value to the part of it that is wrong; `is_key` says that the key there is at fault.
    """

    def __init__(self, what: Wording, remedy: Wording, at: Path = (), *, is_key: bool = False) -> None:
        """Keep the wordings; the exception's own text is the English one."""
        self.what, self.remedy, self.at, self.is_key = what, remedy, at, is_key
        super().__init__(f"{what['en']}. {remedy['en']}.")
