"""A row of a do-not-contact list becomes suppressions: read in its widest sense whenever it is in doubt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from campaigns.cells import folded, read_date, read_email_once, read_number_once, tidy
from campaigns.rejects import NO_EMAIL, Reject, RejectCode
from compliance.numbers import NumberFault
from compliance.question import Suppression
from compliance.terms import Channel

_COLUMNS = {
    "number": ("電話番号", "電話", "番号", "number", "phone", "tel"),
    "email": ("メールアドレス", "メール", "email", "e-mail", "mail"),
    "person": ("顧客番号", "顧客", "person", "key", "customer"),
    "reason": ("理由", "reason"),
    "date": ("登録日", "受付日", "日付", "date"),
    "channel": ("経路", "チャネル", "channel"),
    "expires": ("有効期限", "期限", "expires"),
    "region": ("国", "region"),
}
_NAMES = ("number", "email", "person")
_CHANNELS = {
    Channel.VOICE: ("電話", "voice", "phone", "call"),
    Channel.EMAIL: ("メール", "email", "e-mail", "mail"),
    None: ("", "すべて", "全て", "両方", "all", "both"),
}
_CHANNEL_OF = {word: channel for channel, words in _CHANNELS.items() for word in words}
_REASONS = {
    "refused": ("拒否", "勧誘拒否", "再勧誘拒否", "refused", "refusal"),
    "opted_out": ("発信停止", "オプトアウト", "opted out", "opt-out", "opted_out"),
    "unsubscribed": ("配信停止", "unsubscribed", "unsubscribe"),
    "complained": ("苦情", "complaint", "complained"),
}
_REASON_OF = {word: reason for reason, words in _REASONS.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocklist:
    """How a do-not-contact list is read: its columns by meaning, and what every entry of it says.

    `region` is where numbers without a country code are from; a column for it in the list comes first.
    """

    columns: Mapping[str, str]
    region: str
    now: datetime
    by: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row that suppresses, and what of it could not be read."""

    line: int
    suppressions: tuple[Suppression, ...]
    warnings: tuple[Reject, ...] = ()


def columns_of(header: Iterable[str]) -> dict[str, str]:
    """Return which column has which meaning, by its name in Japanese or English; ValueError when none names anybody."""
    known = {folded(name): name for name in header}
    found = {
        meaning: next(known[word] for word in words if word in known)
        for meaning, words in _COLUMNS.items()
        if any(word in known for word in words)
    }
    if not found.keys() & set(_NAMES):
        raise ValueError("Name a column 電話番号 (number), メール (email) or 顧客番号 (person)")
    return found


def read_suppression(blocklist: Blocklist, row: Mapping[str, str], line: int) -> Entry | Reject:
    """Read one row: a suppression for each of number (E.164), e-mail and person that it names, on every seller.

    Without a readable channel it holds on all of them; without a readable end, for good; without a readable day, from
    now. Whoever is named and cannot be read is a warning, and a Reject when nobody else is left in the row.
    """
    warnings: list[Reject] = []
    named = _named(blocklist, row, line, warnings)
    if not named:
        return _nobody(line, warnings)
    at = min(_instant(blocklist, row, "date", warnings, line) or blocklist.now, blocklist.now)
    expires_at = _instant(blocklist, row, "expires", warnings, line)
    channel = _channel(blocklist, row, line, warnings)
    reason = _cell(blocklist, row, "reason")
    suppressions = tuple(
        Suppression(
            number=value if meaning == "number" else None,
            email=value if meaning == "email" else None,
            person=value if meaning == "person" else None,
            channel=channel,
            reason=_REASON_OF.get(reason.casefold(), reason or "listed"),
            source=blocklist.source,
            by=blocklist.by,
            at=at,
            expires_at=expires_at,
        )
        for meaning, value in named.items()
    )
    return Entry(line=line, suppressions=suppressions, warnings=tuple(warnings))


def _cell(blocklist: Blocklist, row: Mapping[str, str], meaning: str) -> str:
    return tidy(row.get(blocklist.columns.get(meaning, ""), ""))


def _named(blocklist: Blocklist, row: Mapping[str, str], line: int, warnings: list[Reject]) -> dict[str, str]:
    """Return whom a row names, normalised before anything is stored or compared (NUM-1)."""
    named: dict[str, str] = {}
    if person := _cell(blocklist, row, "person"):
        named["person"] = person
    if text := _cell(blocklist, row, "number"):
        number = read_number_once(text, _cell(blocklist, row, "region").upper() or blocklist.region)
        if isinstance(number, NumberFault):
            said = {"fault": {"en": number.en, "ja": number.ja}}
            column, code = blocklist.columns["number"], RejectCode.NUMBER_IGNORED
            warnings.append(Reject(line=line, column=column, value=text, code=code, said=said))
        else:
            named["number"] = number.e164
    if text := _cell(blocklist, row, "email"):
        if email := read_email_once(text):
            named["email"] = email
        else:
            column, code = blocklist.columns["email"], RejectCode.EMAIL_IGNORED
            warnings.append(Reject(line=line, column=column, value=text, code=code, said={"fault": NO_EMAIL}))
    return named


def _nobody(line: int, warnings: list[Reject]) -> Reject:
    """Return the reject of a row that suppresses nobody, and why: an officer must know of each."""
    if not warnings:
        return Reject(line=line, column="", value="", code=RejectCode.ENTRY_EMPTY)
    first = warnings[0]
    code, said = RejectCode.ENTRY_UNREADABLE, {"why": first.said["fault"]}
    return Reject(line=line, column=first.column, value=first.value, code=code, said=said)


def _instant(
    blocklist: Blocklist, row: Mapping[str, str], meaning: str, warnings: list[Reject], line: int
) -> datetime | None:
    """Return the start of a day, None where there is none to read."""
    text = _cell(blocklist, row, meaning)
    day = read_date(text)
    if day is not None:
        return datetime.combine(day, time.min, tzinfo=UTC)
    if text:
        warnings.append(_widened(blocklist, meaning, text, line))
    return None


def _channel(
    blocklist: Blocklist, row: Mapping[str, str], line: int, warnings: list[Reject]
) -> Channel | None:
    text = _cell(blocklist, row, "channel")
    word = text.casefold()
    if word not in _CHANNEL_OF:
        warnings.append(_widened(blocklist, "channel", text, line))
    return _CHANNEL_OF.get(word)


def _widened(blocklist: Blocklist, meaning: str, text: str, line: int) -> Reject:
    column = blocklist.columns[meaning]
    return Reject(line=line, column=column, value=text, code=RejectCode.SCOPE_WIDENED)
