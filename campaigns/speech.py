"""What a line hears: words or a recording, in which language, read by which voice."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, WithJsonSchema

from campaigns.parts import Document, Text
from compliance.problem import Wrong, wording

Japanese = Literal[
    "Polly.Mizuki",
    "Polly.Takumi",
    "Polly.Kazuha-Neural",
    "Polly.Takumi-Neural",
    "Polly.Tomoko-Neural",
    "Google.ja-JP-Standard-A",
    "Google.ja-JP-Standard-B",
    "Google.ja-JP-Standard-C",
    "Google.ja-JP-Standard-D",
    "Google.ja-JP-Wavenet-A",
    "Google.ja-JP-Wavenet-B",
    "Google.ja-JP-Wavenet-C",
    "Google.ja-JP-Wavenet-D",
    "Google.ja-JP-Neural2-B",
    "Google.ja-JP-Neural2-C",
    "Google.ja-JP-Neural2-D",
    "Google.ja-JP-Chirp3-HD-Aoede",
    "Google.ja-JP-Chirp3-HD-Charon",
    "Google.ja-JP-Chirp3-HD-Fenrir",
    "Google.ja-JP-Chirp3-HD-Kore",
    "Google.ja-JP-Chirp3-HD-Leda",
    "Google.ja-JP-Chirp3-HD-Orus",
    "Google.ja-JP-Chirp3-HD-Puck",
    "Google.ja-JP-Chirp3-HD-Zephyr",
]
"""Every Japanese voice of the carrier's own list."""

English = Literal[
    "Polly.Joanna",
    "Polly.Joanna-Neural",
    "Polly.Matthew",
    "Polly.Matthew-Neural",
    "Polly.Danielle-Neural",
    "Polly.Ruth-Neural",
    "Polly.Stephen-Neural",
]
"""English voices (en-US) that were seen in use. A name the carrier does not know is read by its oldest voice."""

VOICES = {"ja": get_args(Japanese), "en": get_args(English)}

MOST_LETTERS = 3000
"""Letters of one thing that is read out: some ten minutes. The carrier refuses documents of 64 kB."""

_MOST_ADDRESS = 500
_ADDRESS = rf"https://[^\s<>\"]{{1,{_MOST_ADDRESS}}}"


def _secure(value: str) -> str:
    if re.fullmatch(_ADDRESS, value) is None:
        raise Wrong(
            wording(f"{value} is not an address of the web we can use", f"{value} は使えないアドレスです"),
            wording(
                f"Write https:// and an address without spaces, {_MOST_ADDRESS} letters at most",
                f"https:// で始まり空白のない{_MOST_ADDRESS}字以内のアドレスを書いてください",
            ),
        )
    return value


Address = Annotated[
    str, AfterValidator(_secure), WithJsonSchema({"type": "string", "pattern": f"^{_ADDRESS}$"})
]
"""Where a sound file lies: https, since what a person hears must not be changed on the way."""

_Words = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]


class Voices(Document):
    """Who reads out what is not recorded."""

    ja: Japanese = Field(default="Polly.Takumi-Neural", description="who reads Japanese")
    en: English = Field(default="Polly.Joanna-Neural", description="who reads English")

    def of(self, language: str) -> str:
        """Return the voice that reads this language."""
        return self.ja if language == "ja" else self.en


class Audio(Document):
    """Sound files (mp3 or wav) by language."""

    ja: Address | None = Field(default=None, description="in Japanese")
    en: Address | None = Field(default=None, description="in English")


class Spoken(Text):
    """Words that a line hears: read out, or played where there is a file, whose transcript they are then."""

    ja: _Words | None = Field(default=None, description="in Japanese")
    en: _Words | None = Field(default=None, description="in English")
    audio: Audio | None = Field(
        default=None,
        description="played instead of reading the words out, by language; the words stay as its transcript",
        examples=[{"ja": "https://example.jp/notice.mp3"}],
    )


class Recording(Document):
    """Whether calls are recorded, and the announcement that says so."""

    record: bool = Field(default=False, description="whether calls are recorded")
    announcement: Spoken | None = Field(default=None, description="what people are told (JP-P2)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One thing a line hears: `text` in `language`, by `voice` (None: the carrier's own); `audio` (https) wins."""

    text: str
    language: str = "ja"
    voice: str | None = None
    audio: str | None = None


def utter(spoken: Spoken, language: str, voices: Voices) -> Utterance:
    """Return what to say to somebody of this language; in the other one, and by its voice, where words are missing."""
    wanted = "ja" if language == "ja" else "en"
    written = wanted if getattr(spoken, wanted) else _other(wanted)
    sound = getattr(spoken.audio, written, None) if spoken.audio else None
    return Utterance(text=spoken.in_(written), language=written, voice=voices.of(written), audio=sound)


def _other(language: str) -> str:
    return "en" if language == "ja" else "ja"
