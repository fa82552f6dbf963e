"""What somebody on hold hears, as the address that says it carries it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from adapters.twilio import voice


def hold_query(language: str, music: str | None) -> str:
    """Return what the address of a hold carries; it is signed with the address."""
    # What need not be escaped is not: two programs that write an escape differently would sign two addresses.
    return urlencode({"language": language, **({"music": music} if music else {})}, safe=":/")


def hold_words(query: Mapping[str, str]) -> str:
    """Return the TwiML that such an address asks for; music from anywhere but the web is left out."""
    music = query.get("music", "")
    is_web = music.startswith(("https://", "http://"))
    return voice.on_hold(query.get("language", "ja"), music if is_web else None)
