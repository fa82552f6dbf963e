"""HTML from templates: everything escaped, nothing undefined."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.web.language import LANGUAGES, Words

_FOLDER = Path(__file__).parent / "templates"


class _Blank:
    """A row with nothing in it, from which the script makes new ones."""

    def __getattr__(self, name: str) -> str:
        return ""


class Pages:
    """The templates of the pages."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        """Read templates from a folder, each once."""
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def render(self, template: str, words: Words, **values: object) -> str:
        """Return the page in the language of `words`, which templates call as `words("board.calls")`."""
        return self._environment.get_template(template).render(
            words=words, languages=LANGUAGES, blank=_Blank(), **values
        )


PAGES = Pages()
"""The pages of this package."""
