"""The words of the pages in Japanese and English, and which of the two a reader gets."""

from aiohttp import web

from adapters.words import LANGUAGES, Words, words_in

__all__ = ["LANGUAGES", "Words", "accepted", "language_of", "remember", "words_in"]

COOKIE = "lang"
_YEAR_S = 365 * 24 * 3600


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
