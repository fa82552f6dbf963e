"""A number shown to the people called: whether a campaign may show it."""

from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from compliance.campaign_rules import CallerIdRule
from compliance.numbers import Number, NumberFault, read_number
from compliance.terms import LineType, ReasonCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A number to be shown (E.164; None: withheld), whether we may show it, whether it takes opt-outs when called."""

    number: str | None
    is_authorised: bool = True
    takes_opt_outs: bool = True


def faults_of(caller: Caller, rule: CallerIdRule) -> Iterator[ReasonCode]:
    """Yield what a rule has against a number to be shown."""
    if caller.number is None:
        yield ReasonCode.CALLER_ID_MISSING
        return
    if rule.proof and not caller.is_authorised:
        yield ReasonCode.CALLER_ID_NOT_AUTHORISED
    if rule.takes_opt_outs and not caller.takes_opt_outs:
        yield ReasonCode.CALLER_ID_NO_INBOUND
    is_outside = bool(rule.prefixes) and not caller.number.startswith(rule.prefixes)
    if is_outside or rule.forbidden & _kinds(caller.number):
        yield ReasonCode.CALLER_ID_RANGE


def _kinds(number: str) -> frozenset[LineType]:
    """Return what kinds of line a number may be, toll-free ones among them; none for no number."""
    read = read_number(number, phonenumbers.UNKNOWN_REGION)
    found = read.number if isinstance(read, NumberFault) else read
    if not isinstance(found, Number):
        return frozenset()
    is_either = found.line_type is LineType.FIXED_OR_MOBILE
    return frozenset({LineType.FIXED, LineType.MOBILE} if is_either else {found.line_type})
