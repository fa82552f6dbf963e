"""What each kind of rule says, in a few words and its figures, for the tables of the documents."""

from collections.abc import Iterable
from functools import singledispatch

from compliance.campaign_rules import (
    AbandonmentRule,
    CallerIdRule,
    ConnectRule,
    DisclosureRule,
    MailRule,
    NoticeRule,
    RingRule,
)
from compliance.contact_rules import (
    CapRule,
    ConsentRule,
    CooldownRule,
    ElementsRule,
    EmergencyRule,
    EvidenceRule,
    ListRule,
    NumbersRule,
    ReassignedRule,
    RecordingRule,
    RefusalRule,
    WindowRule,
)
from compliance.fields import write_duration
from compliance.hours import DAYS, MIDNIGHT, Windows
from compliance.rules import Exemption, NoteRule, Rule


@singledispatch
def figure(rule: Rule) -> str:
    """Return what a rule says. TypeError for a kind of rule nobody has words for."""
    raise TypeError(f"no words for {type(rule).__name__}")


def words(found: Iterable[object]) -> str:
    """Return a set as a sentence lists it."""
    return ", ".join(sorted(str(one) for one in found))


def _unless(exempt: Exemption) -> str:
    lasting = (f"{tie} ({months} months)" if months else tie for tie, months in exempt.relationships.items())
    lifts = [*sorted(exempt.consents), *sorted(lasting)]
    return f"; not with {', '.join(lifts)}" if lifts else ""


@figure.register
def _(rule: WindowRule) -> str:
    hours = {DAYS[day]: _span(windows) for day, windows in sorted(rule.days.items())}
    week = "; ".join(
        f"{', '.join(day for day in hours if hours[day] == span) if len(set(hours.values())) > 1 else 'every day'}"
        f" {span}"
        for span in dict.fromkeys(hours.values())
    )
    if rule.on_holidays is not None:
        choice = " (may be chosen away)" if rule.on_holidays.optional else ""
        week += f"; public holidays {_span(rule.on_holidays.windows)}{choice}"
    if rule.before_holidays is not None:
        week += f"; the day before one {_span(rule.before_holidays)}"
    if rule.zones:
        week += f"; on the clocks of {words(rule.zones)}"
    return week + _unless(rule.exempt)


def _span(windows: Windows) -> str:
    ends = ((start, "24:00" if end == MIDNIGHT else f"{end:%H:%M}") for start, end in windows)
    return ", ".join(f"{start:%H:%M}-{end}" for start, end in ends) or "closed"


@figure.register
def _(rule: CapRule) -> str:
    most = ", ".join(f"{most} per {period}" for period, most in rule.limits.items())
    same = f" of the same {words(rule.same)}" if rule.same else ""
    counts = f", counting {words(rule.counts)}" if rule.counts else ""
    return f"at most {most}{same}{counts}{_unless(rule.exempt)}"


@figure.register
def _(rule: CooldownRule) -> str:
    rest = "until the local day ends" if rule.rest is None else f"for {write_duration(rule.rest)}"
    return f"after {words(rule.events)}: nothing {rest}"


@figure.register
def _(rule: RefusalRule) -> str:
    return f"after {words(rule.events)}: nothing more from the same {words(rule.scope)}"


@figure.register
def _(rule: ListRule) -> str:
    grace = f", {rule.grace_days} days after registering" if rule.grace_days else ""
    newer = ", by a consent newer than the registration only" if rule.newer_consent else ""
    return (
        f"who is on {rule.name} (`{rule.registry}`){grace} is not approached; the copy is at most "
        f"{rule.max_age_days} days old{_unless(rule.exempt)}{newer}"
    )


@figure.register
def _(rule: ConsentRule) -> str:
    ties = Exemption(relationships=rule.relationships)
    instead = _unless(ties).replace("; not with", ", or") if rule.relationships else ""
    return f"needs {words(rule.consents)}{' with proof' if rule.evidence else ''}{instead}"


@figure.register
def _(rule: EvidenceRule) -> str:
    return f"the consent is proved; the proof is kept for {rule.retain_years} years"


@figure.register
def _(rule: ElementsRule) -> str:
    return f"shows {words(rule.elements)}"


@figure.register
def _(rule: ReassignedRule) -> str:
    return f"an answer `yes` denies, `no_data` needs a person, `no` brings {words(rule.duties) or 'nothing'}"


@figure.register
def _(rule: RecordingRule) -> str:
    return f"when recorded: {', '.join(rule.duties)}"


@figure.register
def _(rule: EmergencyRule) -> str:
    del rule
    return "nothing while an emergency is declared there (`emergencies` of the policy)"


@figure.register
def _(rule: NumbersRule) -> str:
    return f"calls go to {words(rule.dialable)} only"


@figure.register
def _(rule: DisclosureRule) -> str:
    when = f"within {rule.within_s} s" if rule.within_s else "before the pitch"
    return f"said {when}: {', '.join(rule.elements)}"


@figure.register
def _(rule: RingRule) -> str:
    least = f"at least {rule.min_s} s" if rule.min_s else ""
    most = f"at most {rule.max_s} s" if rule.max_s else ""
    return "rings " + " and ".join(filter(None, (least, most)))


@figure.register
def _(rule: CallerIdRule) -> str:
    asked = [
        "a number is shown",
        "with proof that we may show it" if rule.proof else "",
        "that takes opt-outs when called back" if rule.takes_opt_outs else "",
        f"beginning with {', '.join(rule.prefixes)}" if rule.prefixes else "",
        f"never {words(rule.forbidden)}" if rule.forbidden else "",
    ]
    return ", ".join(filter(None, asked))


@figure.register
def _(rule: NoticeRule) -> str:
    return f"without an agent, within {write_duration(rule.within)} a notice with {words(rule.elements)}"


@figure.register
def _(rule: ConnectRule) -> str:
    return f"an agent within {rule.within:g} s of the greeting's end, else abandoned"


@figure.register
def _(rule: AbandonmentRule) -> str:
    over = {
        "successive": f"each run of {rule.days} days",
        "rolling": f"any {rule.days} days",
        "day": "the local day",
        "month": "the calendar month",
    }[rule.period]
    false = ", falsely detected machines among them" if rule.counts_false_machines else ""
    of, per = rule.of.replace("_", " "), " and ".join(rule.per)
    return f"at most {rule.most:.0%} of {of} abandoned per {per} over {over}{false}"


@figure.register
def _(rule: MailRule) -> str:
    asked = [
        f"the way out works for {rule.unsubscribe_days} days" if rule.unsubscribe_days else "",
        f"one click from {rule.one_click_from} mails a day" if rule.one_click_from else "",
        f"complaints below {rule.most_complaints:.1%}" if rule.most_complaints else "",
        f"shows {words(rule.elements)}" if rule.elements else "",
    ]
    return "; ".join(filter(None, asked))


@figure.register
def _(rule: NoteRule) -> str:
    figures = "".join(f" ({name} {value:g})" for name, value in rule.figures.items())
    return f"{rule.text}{figures}"
