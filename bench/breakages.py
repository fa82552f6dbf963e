"""The breakages that bench.mutants plants: what an absent-minded change to the judge could look like."""

# ruff: noqa: E501 (the texts are as long as they are)

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """One breakage: `old` becomes `new`, once, in `file`."""

    name: str
    file: str
    old: str
    new: str


def _in(module: str, *changes: tuple[str, str, str]) -> list[Breakage]:
    file = f"compliance/{module}"
    return [Breakage(name=name, file=file, old=old, new=new) for name, old, new in changes]


BREAKAGES = [
    *_in(
        "registry_rules.py",
        (
            "lists-skipped",
            "for where in place.jurisdictions for rule in where.rules.lists]",
            "for where in () for rule in where.rules.lists]",
        ),
        (
            "stale-accepted",
            "is_stale = question.now - copy.as_of >",
            "is_stale = False and question.now - copy.as_of >",
        ),
        ("age-off-by-one", "timedelta(days=rule.max_age_days)", "timedelta(days=rule.max_age_days + 1)"),
        (
            "age-at-the-limit",
            "question.now - copy.as_of > timedelta",
            "question.now - copy.as_of >= timedelta",
        ),
        ("missing-accepted", "return ReasonCode.LIST_MISSING", "return None"),
        ("unreadable-accepted", "return ReasonCode.LIST_UNAVAILABLE", "return None"),
        (
            "grace-ignored",
            "    if copy.registered_at is None:\n        return False\n",
            "    if copy.registered_at is not None:\n        return False\n    if copy.registered_at is None:\n        return False\n",
        ),
        (
            "grace-inclusive",
            "question.now - copy.registered_at < timedelta",
            "question.now - copy.registered_at <= timedelta",
        ),
        (
            "area-codes-ignored",
            "    if copy.area_codes is None:\n        return True",
            "    if True:\n        return True",
        ),
        ("older-consent-lifts", "if rule.newer_consent and", "if False and"),
        ("needed-for-nobody", "question.subject.party in rule.needed_for and", "False and"),
        ("own-list-fault-ignored", "if own is not None and own.fault is not None:", "if False:"),
    ),
    *_in(
        "openings.py",
        ("closed-end", "(time_of_day < end or end == MIDNIGHT)", "(time_of_day <= end or end == MIDNIGHT)"),
        ("open-start", "start <= time_of_day and", "start < time_of_day and"),
        ("midnight-forgotten", "(time_of_day < end or end == MIDNIGHT)", "(time_of_day < end)"),
        (
            "any-zone",
            "return all(opening.is_open_on(local(instant, zone))",
            "return any(opening.is_open_on(local(instant, zone))",
        ),
        (
            "holidays-ignored",
            "if self.on_holidays is not None and self.calendar.has(day):\n            return self.on_holidays",
            "if False:\n            return self.on_holidays",
        ),
        ("eve-ignored", "if windows and self.before_holidays is not None and", "if False and"),
        (
            "eve-opens-sundays",
            "if windows and self.before_holidays is not None",
            "if self.before_holidays is not None",
        ),
        (
            "closed-dates-ignored",
            "if day in self.closed_dates:\n            return ()",
            "if False:\n            return ()",
        ),
        (
            "offset-frozen",
            "for begin, finish, offset in _pieces(zone, day):",
            "for begin, finish, offset in _pieces(zone, day)[:1]:",
        ),
        (
            "search-stops-at-one",
            "for opening in openings:\n            for zone in opening.zones:\n                found = _next_of",
            "for opening in openings[:1]:\n            for zone in opening.zones:\n                found = _next_of",
        ),
    ),
    *_in(
        "timetable.py",
        (
            "utc-clock",
            "clocks = {zone: local(question.now, zone)",
            'clocks = {zone: local(question.now, "UTC")',
        ),
        (
            "first-zone-only",
            "if not all(opening.is_open_on(clocks[zone]) for zone in opening.zones)",
            "if not opening.is_open_on(clocks[opening.zones[0]])",
        ),
        ("fixed-zone-ignored", "zones=rule.zones or zones", "zones=zones"),
        ("exempt-always", "if not is_exempt(rule.exempt, question):", "if False:"),
        ("exempt-never", "if not is_exempt(rule.exempt, question):", "if True:"),
        (
            "decree-ignored",
            "return question.proclaimed.get(rules.region, frozenset()) if may_be else frozenset()",
            "return frozenset()",
        ),
        (
            "decree-everywhere",
            "return question.proclaimed.get(rules.region, frozenset()) if may_be",
            "return question.proclaimed.get(rules.region, frozenset()) if True",
        ),
        ("own-hours-ignored", "if narrowing.hours is not None:", "if False:"),
        (
            "wish-not-to-skip-wins",
            "return True in choices if choices else None",
            "return False not in choices if choices else None",
        ),
    ),
    *_in(
        "caps.py",
        ("utc-day", "today = local(now, zone).date()", 'today = local(now, "UTC").date()'),
        ("one-more", "if len(times) >= cap.most else None", "if len(times) > cap.most else None"),
        (
            "closed-elapsed",
            "if question.now < found.at + cap.elapsed",
            "if question.now <= found.at + cap.elapsed",
        ),
        ("first-ends-it", "times[-cap.most] + cap.elapsed", "times[-1] + cap.elapsed"),
        ("loosest-own-cap", "most = min(set_ones)", "most = max(set_ones)"),
        (
            "other-sellers-count",
            '("seller" not in cap.same or found.seller',
            '("seller" in cap.same or found.seller',
        ),
        (
            "other-channels-count",
            "found.channel in cap.counts if cap.counts else found.channel is question.channel",
            "True",
        ),
        ("exempt-caps-bind", "if not is_exempt(rule.exempt, question)", "if True"),
        (
            "campaign-cap-counts-all",
            "count = sum(found.campaign == question.campaign for found in past)",
            "count = 0",
        ),
    ),
    *_in(
        "cooldowns.py",
        ("rest-forgotten", "return against(rule.code, rule, max(ends)) if ends else None", "return None"),
        ("rest-inclusive", "if question.now < end", "if question.now <= end"),
        (
            "day-of-utc",
            "midnight(local(at, zone).date() + _DAY, zone)",
            'midnight(local(at, "UTC").date() + _DAY, "UTC")',
        ),
    ),
    *_in(
        "standing.py",
        ("any-seller", "consent.seller == question.seller\n        and", "True\n        and"),
        ("any-channel", "(not consent.channels or question.channel in consent.channels)", "True"),
        ("any-number", "and consent.number in {None, question.subject.number}", ""),
        (
            "revoked-stands",
            "consent.revoked_at <= question.now:\n        return",
            "consent.revoked_at <= question.now and False:\n        return",
        ),
        (
            "revoked-by-word-stands",
            "if any(True for _ in _said_since(consent.obtained_at, question, _REVOKES)):",
            "if False:",
        ),
        ("expired-stands", "consent.expires_at <= question.now:", "False:"),
        ("expiry-inclusive", "consent.expires_at <= question.now:", "consent.expires_at < question.now:"),
        (
            "tie-for-good",
            "return tie.at is not None and question.now < months_after(tie.at, months)",
            "return True",
        ),
        ("tie-a-month-longer", "months_after(tie.at, months)", "months_after(tie.at, months + 1)"),
        ("tie-outlives-refusal", "and not any(True for _ in _said_since(tie.at, question, _ENDS_TIES))", ""),
        ("ties-of-others", "and tie.seller == question.seller", ""),
    ),
    *_in(
        "consent.py",
        ("proof-not-asked", "needs_proof = rule.evidence or bool(evidence)", "needs_proof = False"),
        (
            "consent-not-asked",
            "parts += [_permitted(question, rule, rules.evidence) for rule in rules.consents]",
            "",
        ),
        ("elements-not-asked", "if not rule.elements <= question.email_elements:", "if False:"),
        (
            "new-owner-ignored",
            'code = ReasonCode.RND_YES if answer.answer == "yes" else ReasonCode.RND_NO_DATA',
            "code = ReasonCode.RND_NO_DATA",
        ),
        (
            "proof-of-query-forgotten",
            "duties=tuple(duty for rule in rules for duty in rule.duties)",
            "duties=()",
        ),
        ("expired-tie-is-none", "if tied and not codes:", "if False:"),
    ),
    *_in(
        "suppression.py",
        (
            "entries-skipped",
            "*(reason for found in question.suppressions for reason in _listed(found, question, rules)),",
            "",
        ),
        (
            "words-skipped",
            "*(reason for past in question.history for reason in _said(past, question, rules)),",
            "",
        ),
        (
            "raw-strings",
            "return one == other or _line(one, home) == _line(other, home)",
            "return one == other",
        ),
        (
            "product-ignored",
            '"product" not in rule.scope or past.product',
            '"product" in rule.scope or past.product',
        ),
        ("seller-ignored", '("seller" not in rule.scope or past.seller in {None, question.seller})', "True"),
        (
            "expired-entry-stands",
            "question.now < suppression.expires_at",
            "question.now <= suppression.expires_at",
        ),
    ),
    *_in(
        "selection.py",
        ("profile-ignored", "(rule.profile is Profile.STATUTORY or profile is Profile.RECOMMENDED)", "True"),
        ("not-yet-in-force", "and rule.valid_from <= day", ""),
        ("no-longer-in-force", "and (rule.valid_to is None or day <= rule.valid_to)", ""),
        ("last-day-out", "day <= rule.valid_to", "day < rule.valid_to"),
        (
            "technology-ignored",
            "return technology in rule.technologies and party in rule.parties and",
            "return party in rule.parties and",
        ),
        (
            "party-ignored",
            "return technology in rule.technologies and party in rule.parties and",
            "return technology in rule.technologies and",
        ),
        ("purpose-ignored", "and purpose in rule.purposes", ""),
    ),
    *_in(
        "jurisdiction.py",
        (
            "unknown-place-called",
            '(dialable.reasons or (house(ReasonCode.LOCATION_UNKNOWN, "TZ-5"),))',
            "dialable.reasons",
        ),
        ("no-rulebook-called", 'reasons.append(house(ReasonCode.PACK_MISSING, "POL-3"))', "pass"),
        ("old-clocks", 'reasons.append(house(ReasonCode.TZDATA_STALE, "TZ-6"))', "pass"),
        ("dear-numbers-called", "if number.line_type in allowed else", "if True else"),
        ("last-place-only", "for place in where:\n        books", "for place in where[-1:]:\n        books"),
    ),
    *_in(
        "rulebook.py",
        ("state-forgotten", "country, law.rulebooks.get(region))", "country)"),
        ("overseas-forgotten", "if code in book.covers", "if False"),
    ),
    *_in(
        "area_codes.py",
        ("overlay-forgotten", "family = {code, str(plan.overlays.get(int(code), code))}", "family = {code}"),
        ("one-exchange", "found[prefix[_CODE]].update(zones)", "found[prefix[_CODE]] = set(zones)"),
    ),
    *_in(
        "places.py",
        ("address-replaces", "if home and best_evidence:", "if home:"),
        ("address-ignored", "home = addresses.places_of(address) if address else ()", "home = ()"),
        ("presumption-forgotten", "if place.region in presumed)", "if False)"),
    ),
    *_in(
        "judge.py",
        ("switch-ignored", "() if question.dialing_enabled else", "() if True else"),
        ("people-not-asked", "return Decision.REVIEW", "return Decision.ALLOW"),
        ("order-lost", "reasons = tuple(sorted(found.reasons, key=_rank))", "reasons = tuple(found.reasons)"),
        ("emergency-ignored", "if where.rules.region in question.emergencies:", "if False:"),
        ("recording-forgotten", "if question.recorded:", "if False:"),
        ("any-end-lifts", "lifted = max([question.now, *ends])", "lifted = min([question.now, *ends])"),
        ("caps-not-asked", "    yield judge_caps(question, place)\n", ""),
        ("cooldowns-not-asked", "    yield judge_cooldowns(question, place)\n", ""),
    ),
]
