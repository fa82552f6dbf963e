"""What the keys of a campaign in a written case mean, however they are called and wherever they stand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.cases.fields import CaseInvalid, Fields

_SECONDS = r"(_s|_secs?|_seconds)"
_CALLER = r"(caller_?ids?|cli|from_number)"

SCRIPT = re.compile(r"script_elements(_\w+)?")
ORDER = re.compile(r"script_order|disclosure_order")
TOLD_AFTER = re.compile(rf"(disclos\w+|identif\w+|identity\w*)(_(at|after|within))?{_SECONDS}")
CALLER = re.compile(rf"{_CALLER}(_number)?")
WITHHELD = re.compile(
    rf"(({_CALLER}_)?(withheld|blocked|hidden|suppressed|restricted)|(withhold|block|hide|suppress)_{_CALLER})"
)
PROOF = re.compile(rf"{_CALLER}_(proof|(is_)?owned|verified|authori[sz]ed|authority|ownership|registered)")
ROUTE = re.compile(
    rf"({_CALLER}_)?(inbound|callback|call_back)(_route|_opt_?out)?"
    rf"|({_CALLER}_)?takes_(opt_?outs|dnc|dnc_requests)"
)
RING = re.compile(
    rf"((min|max)(imum)?_)?ring(ing)?(_(time|timeout|limit|duration|min|max))*{_SECONDS}?"
    rf"|(no_answer|dial)_timeout{_SECONDS}?"
)
RINGS = re.compile(r"(m(in|ax)_)?rings")
NOTICE = re.compile(
    r"((safe_harbou?r|abandon(ed|ment)?(_call)?|information)_(message|notice|recording|announcement)|safe_harbou?r)"
    r"(_(?P<element>\w+))?"
)
WAITS = re.compile(
    r"(amd|(answering_)?machine_detection)(_(mode|type|(is_)?(sync|synchronous|async|blocking)))?"
)
RECORDS = re.compile(r"record(s|ed|ing)?(_calls?|_enabled|_record)?|call_recording")
ANNOUNCES = re.compile(
    r"(announce_)?recording(_(announce(d|ment)|notice|disclosure))?|recording_announce_calls"
)
ELEMENT = re.compile(r"e?mail_elements(_(?P<element>\w+))?")
LIFETIME = re.compile(
    r"\w*(unsub|opt_?out)\w*(valid|ttl|lifetime|live|works|expir|active)\w*|\w*unsub(scribe)?(_link|_url)?_days"
)
VOLUME = re.compile(
    r"(daily_(e?mail_|message_)?(volume|mails|e-?mails|messages|sends))|((e?mails|messages|volume|sent|sends)_per_day)"
)
CLOCK = re.compile(
    r"(\w+_)?(start|end|stop|begin|launch|open|close|resume|pause|callback|send|run|scheduled?)(_at)?_local"
    r"|local_(start|end|stop|time)"
)
ZONE = re.compile(r"(\w+_)?time_?zone|tz")
CONSENT = re.compile(r"consent_required|requires_consent|asks_consent")
SWITCH = re.compile(r"dialing_enabled|kill_switch|skip_(holidays|weekends|saturdays|sundays)")

NO = frozenset(
    {"", "0", "false", "no", "none", "null", "off", "missing", "disabled", "never", "inactive", "absent"}
)
"""Words that say no, as null, false, 0 and nothing do."""
_UNPROVED = NO | {"expired", "revoked", "pending", "unverified", "unknown", "invalid", "failed", "not_owned"}

_SWITCHES_OFF = re.compile(
    r"(^|_)(disabled?|disables|disabling|ignored?|ignores|bypass(es|ed)?|suspend(s|ed)?|waived?|waives"
    r"|turn(ed)?_off|switch(ed)?_off|off$|exempt(ed)?|exclude_rules|skip|without|no(?!_answer))(_|$)"
)
_OVERRIDES = re.compile(r"(^|_)overrid(e|es|den)(_|$)")
_SWITCHED = re.compile(
    r"(^|_)(dnc|dnd|do_not_(call|contact)|suppressions?|audit|ledger|opt_?outs?|tps|ctps|bloctel|rpo|dncl|dncr|rnd"
    r"|registry|registries|lists?|rules?|packs?|law|compliance|hours?|windows?|caps?|consents?"
    r"|enforced?|enforcement|checks?|honou?r|respect|scrub(bing)?|overrides?)(_|$)",
    re.IGNORECASE,
)
_RULE = re.compile(r"(^|_)[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")
_UNDENIABLE = re.compile(r"(^|_)(internal_)?(dnc|audit|ledger|do_not_(call|contact))(_|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One value of a case: its key under those above it (`abandonment_message`), where it stands, what is there."""

    name: str
    key: str
    value: Any
    fields: Fields

    @property
    def place(self) -> str:
        """Return where it stands in the case, such as `campaign.amd.mode`."""
        return self.fields.place(self.key)

    @property
    def is_no(self) -> bool:
        """Whether it says no: null, false, 0, nothing, or a word for it."""
        return self.value in (None, False, 0) or self.value == {} or self._word in NO or self.value == []

    @property
    def is_proof(self) -> bool:
        """Whether it says of something that it is there and in order."""
        return not self.is_no and self._word not in _UNPROVED

    @property
    def wants_off(self) -> bool:
        """Whether it is a wish to switch off a rule: there is no key for that, so its name must tell."""
        is_wish = not self.is_no and not self.is_figure
        if is_wish or _SWITCHES_OFF.search(self.name):
            return is_wish and bool(_SWITCHES_OFF.search(self.name) or _OVERRIDES.search(self.name))
        if self.value is None:
            return _UNDENIABLE.search(self.name) is not None
        is_rule = _SWITCHED.search(self.name) or _RULE.search(self.name)
        # A cap of 0 is a strict one; an empty list names nothing.
        is_off = self.is_no and not self.is_figure and self.value not in ([], {})
        return is_off and is_rule is not None

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, true and false being none."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    @property
    def figure(self) -> float | None:
        """The number it is, if it is there. Raises CaseInvalid for anything else."""
        if self.value is None:
            return None
        if not self.is_figure:
            raise CaseInvalid(f"{self.place}: a number is needed, not {self.value!r}")
        return float(self.value)

    @property
    def _word(self) -> str | None:
        return self.value.strip().casefold() if isinstance(self.value, str) else None


class Leaves:
    """Every value of some mappings of a case, at any depth; a key counts as read once its meaning was asked for."""

    def __init__(self, *places: tuple[Fields, Mapping[str, Any]]) -> None:
        """Take mappings, each with the fields that read it."""
        self._leaves = [leaf for fields, body in places for leaf in _walk(fields, body)]
        self._asked: set[int] = set()

    def of(self, *meanings: re.Pattern[str]) -> list[Leaf]:
        """Return the values whose keys have one of these meanings."""
        return self._taken(leaf for leaf in self._leaves if any(m.fullmatch(leaf.name) for m in meanings))

    def wishes(self) -> list[Leaf]:
        """Return the values that switch off a rule, among those whose meaning nobody asked for."""
        left = [leaf for leaf in self._leaves if id(leaf) not in self._asked]
        return self._taken(leaf for leaf in left if leaf.wants_off)

    def _taken(self, leaves: Iterable[Leaf]) -> list[Leaf]:
        found = list(leaves)
        for leaf in found:
            self._asked.add(id(leaf))
            leaf.fields.get(leaf.key)
        return found


def element_of(meaning: re.Pattern[str], leaf: Leaf) -> str | None:
    """Return the element that the name of a value ends in (`abandonment_message_phone`); None when in none."""
    found = meaning.fullmatch(leaf.name)
    word = found["element"] if found else None
    return None if word == "elements" else word


def _walk(fields: Fields, body: Mapping[str, Any], above: str = "") -> Iterator[Leaf]:
    for key, value in body.items():
        if isinstance(value, Mapping) and value:
            yield from _walk(fields.below(key), value, f"{above}{key}_")
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            for one, body_of_one in zip(fields.each(key), value, strict=True):
                yield from _walk(one, body_of_one, f"{above}{key}_")
        else:
            yield Leaf(name=f"{above}{key}", key=key, value=value, fields=fields)
