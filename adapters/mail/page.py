"""The two small pages behind a mail's links, in the reader's language; no script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Final, Literal

import jinja2
import markupsafe

Language = Literal["ja", "en"]

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1.125rem/1.7 system-ui, "Hiragino Sans", "Noto Sans CJK JP", sans-serif; margin: 0; }
main { max-width: 34rem; margin: 12vh auto 0; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.4; }
button { font: inherit; font-weight: 600; padding: .7rem 1.6rem; border: 0; border-radius: .5rem;
  background: #1a4fa3; color: #fff; cursor: pointer; min-height: 3rem; }
button:focus-visible, a:focus-visible { outline: 3px solid #e08a00; outline-offset: 3px; }
nav { margin-top: 3rem; font-size: 1rem; }
@media (prefers-color-scheme: dark) { a { color: #9cc2ff; } }
"""

_PAGE: Final = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{ title }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
<h1>{{ title }}</h1>
<p>{{ text }}</p>
{% if button %}
<form method="post"><button type="submit">{{ button }}</button></form>
{% endif %}
<nav><a href="?lang={{ other }}" lang="{{ other }}" hreflang="{{ other }}">{{ other_name }}</a></nav>
</main>
</body>
</html>
"""
)

_WORDS: Final[Mapping[tuple[str, Language], tuple[str, str, str]]] = {
    ("unsubscribe", "ja"): (
        "メール配信の停止",
        "今後このような案内のメールを受け取らない場合は、下のボタンを押してください。ログインは不要です。",
        "配信を停止する",
    ),
    ("unsubscribe", "en"): (
        "Stop these e-mails",
        "If you want no more e-mails like this one, press the button. You need not sign in.",
        "Unsubscribe",
    ),
    ("unsubscribed", "ja"): (
        "配信を停止しました",
        "ご不便をおかけしました。今後、案内のメールはお送りしません。このページは閉じて構いません。",
        "",
    ),
    ("unsubscribed", "en"): (
        "You are unsubscribed",
        "We will send you no more such e-mails. You can close this page.",
        "",
    ),
    ("answer", "ja"): (
        "ご連絡のご希望",
        "担当者からのご連絡をご希望の場合は、下のボタンを押してください。",
        "連絡を希望する",
    ),
    ("answer", "en"): (
        "Would you like to hear from us?",
        "Press the button if you would like us to get in touch with you.",
        "Please contact me",
    ),
    ("answered", "ja"): (
        "承りました",
        "ありがとうございます。担当者よりご連絡いたします。このページは閉じて構いません。",
        "",
    ),
    ("answered", "en"): ("Thank you", "We will get in touch with you. You can close this page.", ""),
    ("unknown", "ja"): (
        "リンクが正しくありません",
        "メールのリンクが途中で切れていないかご確認ください。",
        "",
    ),
    ("unknown", "en"): ("This link is not valid", "Please check that the link was copied whole.", ""),
}

_STYLE_MARKUP: Final = markupsafe.Markup(_STYLE)  # noqa: S704 - a constant of ours
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # The address is a key to somebody's subscription: it is told to nobody, and kept nowhere.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
"""What every page is sent with."""


def page(name: str, language: Language) -> str:
    """Return one of the pages unsubscribe, unsubscribed, answer, answered, unknown as HTML."""
    title, text, button = _WORDS[name, language]
    other: Language = "en" if language == "ja" else "ja"
    return _PAGE.render(
        language=language,
        title=title,
        text=text,
        button=button,
        other=other,
        other_name="English" if other == "en" else "日本語",
        # Trusted: it is the constant above, and its hash must match what is sent.
        style=_STYLE_MARKUP,
    )


def language_of(asked: str | None, accepted: str) -> Language:
    """Return the language asked for, else the first of Accept-Language that we have, else Japanese."""
    if asked in {"ja", "en"}:
        return "en" if asked == "en" else "ja"
    for choice in accepted.lower().split(","):
        tongue = choice.strip().split(";")[0].split("-")[0]
        if tongue in {"ja", "en"}:
            return "en" if tongue == "en" else "ja"
    return "ja"
