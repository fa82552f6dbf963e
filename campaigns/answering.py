"""Whether what an answered line gets fits the campaign: message and keys, voicemail, sound files, why we call."""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from campaigns.answers import OPT_OUT_KEY, Broadcast, Voicemail
from campaigns.checks import Check, Found, wrong_at
from campaigns.dialing import Detection, Pacing
from campaigns.parts import LANGUAGES, Script, Seller, Text
from campaigns.speech import Recording, Spoken
from campaigns.wordings import names_seller, notice_lacks
from compliance.problem import Path

_LONGEST_REASON = 50
"""Letters of a call's reason that the carrier takes."""
_INLINE_LETTERS = 3500
"""Letters of a message, as XML, that go into a call under way: Twilio takes 4000 with what stands around them."""


def _modes(pacing: Pacing, broadcast: Broadcast | None) -> Found:
    if pacing.is_agentless and broadcast is None:
        yield wrong_at(
            ("pacing", "mode"),
            (
                "An agentless campaign has nothing to play",
                "オペレーターなしの発信で流すメッセージがありません",
            ),
            ("Add broadcast: with message and options", "broadcast: に message と options を書いてください"),
        )
    if broadcast is not None and not pacing.is_agentless:
        yield wrong_at(
            ("broadcast",),
            (
                "A campaign with agents plays no broadcast",
                "オペレーターが話すキャンペーンでは broadcast は流れません",
            ),
            ("Write pacing.mode: agentless, or remove it", "pacing.mode: agentless と書くか、消してください"),
        )


def _options(broadcast: Broadcast | None) -> Found:
    if broadcast is not None and broadcast.choice(OPT_OUT_KEY) != "opt_out":
        yield wrong_at(
            ("broadcast", "options"),
            (
                f"{OPT_OUT_KEY} must mean opt_out, as in every message",
                f"{OPT_OUT_KEY} は必ず opt_out(今後の停止)です",
            ),
            (f'Write "{OPT_OUT_KEY}": opt_out', f'"{OPT_OUT_KEY}": opt_out と書いてください'),
        )


def _messages(
    broadcast: Broadcast | None,
    voicemail: Voicemail | None,
    scripts: Mapping[str, Script],
    seller: Seller,
) -> Found:
    """Yield what a message leaves out: words in a language, who called, the number, and of a broadcast the way out."""
    if broadcast is not None:
        path: Path = ("broadcast", "message")
        yield from _unsaid(path, broadcast.message, scripts)
        for language, words in _written(broadcast.message):
            yield from (((*path, language), wrong) for wrong in notice_lacks(words, language, seller))
    if voicemail is not None:
        path = ("voicemail", "message")
        yield from _unsaid(path, voicemail.message, scripts)
        for language, words in _written(voicemail.message):
            yield from (((*path, language), wrong) for wrong in names_seller(words, language, seller))


def _voicemail(voicemail: Voicemail | None, pacing: Pacing) -> Found:
    if voicemail is None or not voicemail.leave:
        return
    if pacing.machine_detection == "off":
        yield wrong_at(
            ("voicemail",),
            (
                "Nobody looks for machines, so no message is left",
                "留守番電話を判定しないため、伝言は残せません",
            ),
            ("Write pacing.machine_detection: async", "pacing.machine_detection: async と書いてください"),
        )
    for language, words in _written(voicemail.message):
        letters = 0 if getattr(voicemail.message.audio, language, None) else len(escape(words))
        if letters > _INLINE_LETTERS:
            yield wrong_at(
                ("voicemail", "message", language),
                (f"{letters} letters are too many to leave", f"伝言が長すぎます({letters}字)"),
                (
                    f"Write {_INLINE_LETTERS} letters or fewer, or use audio",
                    f"{_INLINE_LETTERS}字以内にするか、audio を使ってください",
                ),
            )


def _detection(pacing: Pacing) -> Found:
    if pacing.machine_detection == "off" and pacing.detection != Detection():
        yield wrong_at(
            ("pacing", "detection"),
            ("Machine detection is off", "留守番電話の判定が無効です"),
            (
                "Write machine_detection: async, or remove it",
                "machine_detection: async と書くか、消してください",
            ),
        )


def _sounds(
    notice: Spoken, recording: Recording, broadcast: Broadcast | None, voicemail: Voicemail | None
) -> Found:
    """Yield each sound file whose words are not written down: nobody could check or keep what it says."""
    places: list[tuple[Path, Spoken | None]] = [
        (("notice",), notice),
        (("recording", "announcement"), recording.announcement),
        (("broadcast", "message"), broadcast.message if broadcast else None),
        (("voicemail", "message"), voicemail.message if voicemail else None),
    ]
    for path, spoken in places:
        for language in LANGUAGES:
            if spoken and getattr(spoken.audio, language, None) and not getattr(spoken, language):
                yield wrong_at(
                    (*path, "audio", language),
                    ("What this file says is not written down", "この音声の文面が書かれていません"),
                    (f"Write its words as {language}: …", f"同じ文面を {language}: に書いてください"),
                )


def _reason(call_reason: Text | None) -> Found:
    for language, words in _written(call_reason) if call_reason else ():
        if len(words) > _LONGEST_REASON:
            yield wrong_at(
                ("call_reason", language),
                (f"{len(words)} letters are too many", f"{len(words)}字は長すぎます"),
                (
                    f"Write {_LONGEST_REASON} letters or fewer",
                    f"{_LONGEST_REASON}字以内で書いてください",
                ),
            )


def _written(text: Text) -> Iterator[tuple[str, str]]:
    """Yield (language, words) of what is written."""
    yield from ((name, words) for name in LANGUAGES if (words := getattr(text, name)))


def _unsaid(path: Path, spoken: Spoken, scripts: Mapping[str, Script]) -> Found:
    """Yield each language people are spoken to in that the message has no words in."""
    for language in (name for name in scripts if not getattr(spoken, name)):
        yield wrong_at(
            path,
            (f"The message is missing in {language}", f"{language} のメッセージがありません"),
            (f"Add {language}: …", f"{language}: … を加えてください"),
        )


ANSWER_CHECKS = (
    Check(needs=("pacing", "broadcast"), look=_modes),
    Check(needs=("broadcast",), look=_options),
    Check(needs=("broadcast", "voicemail", "scripts", "seller"), look=_messages),
    Check(needs=("voicemail", "pacing"), look=_voicemail),
    Check(needs=("pacing",), look=_detection),
    Check(needs=("notice", "recording", "broadcast", "voicemail"), look=_sounds),
    Check(needs=("call_reason",), look=_reason),
)
"""Every check of what an answered line gets."""
