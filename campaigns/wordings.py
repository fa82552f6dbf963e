"""What a campaign says and writes: placeholders that exist, disclosures before the pitch, a notice with a way out."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import phonenumbers

from campaigns.checks import Check, Found, wrong_at
from campaigns.lawfulness import demanded
from campaigns.parts import Audience, Mail, Script, Seller, Text
from campaigns.script import COMMON, SPOKEN, WRITTEN, placeholders
from campaigns.speech import Recording
from compliance.campaign_rules import DisclosureRule
from compliance.disclosure import ELEMENTS
from compliance.problem import Path, Wrong, wording
from compliance.remedies import nearest
from compliance.terms import Purpose

GREETINGS = ("greeting", "identity_check", "recording_notice")
"""What may be said before the disclosures."""

LATER = ("consent_to_continue", "pitch", "offer", "price", "opt_out_offer", "closing")
"""What comes after."""

_SAID = (*GREETINGS, *sorted(ELEMENTS), *LATER)
_OPENING = {"company_name": "seller", "caller_name": "agent"}
"""Disclosures that the opening makes by a placeholder."""
_WAY_OUT = {
    "ja": r"[9９]\s*(?:番|を|の|キー)",
    "en": r"(?i)(?:press|push|dial|key)(?:\s+the)?(?:\s+number|\s+key)?\s+9",
}
"""How a notice says that 9 stops the calls; the double's and the carrier's side listen for that key."""


def _texts(
    scripts: Mapping[str, Script], mails: Mapping[str, Mapping[str, Mail]]
) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for language, script in scripts.items():
        for index, step in enumerate(script.steps):
            yield ("scripts", language, "steps", index), step, SPOKEN
    for template, languages in mails.items():
        for language, mail in languages.items():
            yield ("mails", template, language, "subject"), mail.subject, (*COMMON,)
            yield ("mails", template, language, "text"), mail.text, WRITTEN


def _placeholders(
    scripts: Mapping[str, Script], mails: Mapping[str, Mapping[str, Mail]], audience: Audience
) -> Found:
    facts = _facts(audience)
    for path, text, common in _texts(scripts, mails):
        known = (*common, *facts)
        for name in dict.fromkeys(name for name, _ in placeholders(text) if name not in known):
            yield path, _lone_brace(name) if name in {"{", "}"} else _unknown(name, known)


def _facts(audience: Audience) -> tuple[str, ...]:
    """Return the columns that texts may name: those the campaign reads by a heading and keeps as facts."""
    columns = {str(name): heading for name, heading in audience.columns.items()}
    headings = [columns.get("facts", ()), columns.get("last_purchase", ())]
    named = [name for part in headings for name in ((part,) if isinstance(part, str) else part)]
    return tuple(unicodedata.normalize("NFKC", name).strip() for name in named)


def _unknown(name: str, known: tuple[str, ...]) -> Wrong:
    meant = nearest(name, known)
    listed = ", ".join(f"{{{word}}}" for word in known)
    what = wording(f"Nobody knows what {{{name}}} is", f"{{{name}}} が何を指すか分かりません")
    if meant:
        return Wrong(
            what,
            wording(
                f"Write {{{meant}}} (known: {listed})", f"{{{meant}}} と書いてください(使えるもの: {listed})"
            ),
        )
    return Wrong(
        what,
        wording(
            f"Use one of {listed}, or name the column in audience.columns.facts",
            f"{listed} のどれかにするか、列を audience.columns.facts に書いてください",
        ),
    )


def _lone_brace(brace: str) -> Wrong:
    return Wrong(
        wording(f"A lone {brace} in the text", f"文に {brace} だけがあります"),
        wording(
            f"Write {{name}} for a placeholder, {brace * 2} for the sign itself",
            f"差し込みは {{name}} のように、記号そのものは {brace * 2} と書いてください",
        ),
    )


def _disclosures(
    purpose: Purpose, scripts: Mapping[str, Script], audience: Audience, start: date | None
) -> Found:
    rules = demanded(audience.region, purpose, start)
    for language, script in scripts.items():
        path: Path = ("scripts", language, "says")
        for index, word in enumerate(script.says):
            if word not in _SAID:
                yield (*path, index), _unknown_disclosure(word)
        yield from _before_pitch(path, script, rules)
        yield from _in_opening(language, script, rules)


def _unknown_disclosure(word: str) -> Wrong:
    meant, listed = nearest(word, _SAID), ", ".join(_SAID)
    return Wrong(
        wording(
            f"{word} is not something a script is known to say", f"{word} は定められた項目ではありません"
        ),
        wording(
            f"Write {meant or 'one of'} (known: {listed})",
            f"{meant or '次のどれか'} と書いてください(使えるもの: {listed})",
        ),
    )


def _before_pitch(path: Path, script: Script, rules: Sequence[DisclosureRule]) -> Found:
    wanted = {element: rule.id for rule in reversed(rules) for element in reversed(rule.elements)}
    missing = [word for word in reversed(wanted) if word not in script.says]
    if missing:
        listed, names = ", ".join(missing), ", ".join(dict.fromkeys(wanted[word] for word in missing))
        yield wrong_at(
            path,
            (
                f"Not said before soliciting: {listed} ({names})",
                f"勧誘の前に告げていない項目があります: {listed} ({names})",
            ),
            (
                f"Say it in the opening and add {listed} here",
                f"冒頭で告げたうえで、ここに {listed} を加えてください",
            ),
        )
    told = [index for index, word in enumerate(script.says) if word in wanted]
    early = [index for index, word in enumerate(script.says) if word in LATER and told and index < told[-1]]
    for index in early:
        last = script.says[told[-1]]
        yield wrong_at(
            (*path, index),
            (
                f"{script.says[index]} comes before the disclosures end ({wanted[last]})",
                f"{script.says[index]} が告知事項より先にあります ({wanted[last]})",
            ),
            (f"Move it after {last}", f"{last} の後に移してください"),
        )


def _in_opening(language: str, script: Script, rules: Sequence[DisclosureRule]) -> Found:
    opening = {name for name, _ in placeholders(script.steps[0])}
    wanted = {element: rule.id for rule in reversed(rules) for element in rule.elements}
    for word, placeholder in _OPENING.items():
        if word in wanted and word in script.says and placeholder not in opening:
            yield wrong_at(
                ("scripts", language, "steps", 0),
                (
                    f"The opening does not name {{{placeholder}}} ({word}, {wanted[word]})",
                    f"冒頭に {{{placeholder}}} がありません ({word}, {wanted[word]})",
                ),
                (
                    f"Put {{{placeholder}}} into the first step",
                    f"最初のステップに {{{placeholder}}} を入れてください",
                ),
            )


def _notice(notice: Text, seller: Seller, scripts: Mapping[str, Script]) -> Found:
    for language in scripts:
        words = notice.ja if language == "ja" else notice.en
        if words is None:
            yield wrong_at(
                ("notice",),
                (f"The notice is missing in {language}", f"{language} の案内がありません"),
                (
                    f"Add {language}: with seller, number and 9 for never again",
                    f"{language}: に会社名・電話番号・「9」での停止方法を書いてください",
                ),
            )
            continue
        yield from ((("notice", language), wrong) for wrong in notice_lacks(words, language, seller))


def names_seller(words: str, language: str, seller: Seller) -> Iterator[Wrong]:
    """Yield what words that are read out leave unsaid of who called: the name, the number."""
    if "{" in words or "}" in words:
        yield Wrong(
            wording(
                "The notice is read out as it stands, without placeholders",
                "案内はそのまま読み上げられ、差し込みは使えません",
            ),
            wording("Write the words themselves", "実際の言葉を書いてください"),
        )
        return
    name = seller.name.in_(language)
    if name.casefold() not in words.casefold():
        yield Wrong(
            wording(f"The notice does not name {name}", f"案内に会社名 {name} がありません"),
            wording(f"Write who called: {name}", f"誰からの電話かを {name} と書いてください"),
        )
    number = phonenumbers.parse(seller.number)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", words))
    if not any(form in digits for form in (re.sub(r"\D", "", national), seller.number[1:])):
        yield Wrong(
            wording(
                f"The notice does not give the seller's number, {national}",
                f"案内に電話番号 {national} がありません",
            ),
            wording(f"Write the number: {national}", f"電話番号 {national} を書いてください"),
        )


def notice_lacks(words: str, language: str, seller: Seller) -> Iterator[Wrong]:
    """Yield what words that are read out to whoever answered leave unsaid: who called, the number, the way out."""
    yield from names_seller(words, language, seller)
    has_braces = "{" in words or "}" in words
    if not has_braces and not re.search(_WAY_OUT[language], words):
        yield Wrong(
            wording("The notice does not say how to stop calls", "案内に電話を止める方法がありません"),
            wording(
                'Write: "To stop these calls, press 9"',
                "「今後のお電話が不要な方は9を押してください」と書いてください",
            ),
        )


def _recording(recording: Recording, scripts: Mapping[str, Script]) -> Found:
    if not recording.record:
        return
    if recording.announcement is None:
        yield wrong_at(
            ("recording",),
            ("Calls are recorded and nobody is told (JP-P2)", "録音することが伝えられていません (JP-P2)"),
            ("Add announcement: with ja: and en:", "announcement: に ja: と en: を書いてください"),
        )
        return
    for language in scripts:
        if not (recording.announcement.ja if language == "ja" else recording.announcement.en):
            yield wrong_at(
                ("recording", "announcement"),
                (f"The announcement is missing in {language}", f"{language} の録音の案内がありません"),
                (f"Add {language}: …", f"{language}: … を加えてください"),
            )


WORDING_CHECKS = (
    Check(needs=("scripts", "mails", "audience"), look=_placeholders),
    Check(needs=("purpose", "scripts", "audience", "start"), look=_disclosures),
    Check(needs=("notice", "seller", "scripts"), look=_notice),
    Check(needs=("recording", "scripts"), look=_recording),
)
"""Every check of what a campaign says and writes."""
