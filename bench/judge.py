"""What one judgement costs, on many different contacts, beside the bare cost of its two unavoidable steps.

python -m bench.judge [--contacts 100000] [--json var/bench/judge.json]

The contacts live in nine countries and in the American states with rules of their own; half have a history, a third
consents, all what the registries say. The bare cost is that of parsing the same numbers with phonenumbers and looking
up one window on one clock.
"""

import argparse
import json
import random
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, perf_counter_ns
from zoneinfo import ZoneInfo

import phonenumbers

from compliance.judge import judge
from compliance.question import Consent, Listing, Narrowing, PastContact, Question, Relationship, Subject
from compliance.rulebook import Law, packaged_law
from compliance.terms import Channel, Profile, Purpose, Technology

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
MOST_US = 100.0
AREAS = "205 203 305 502 504 617 410 207 313 612 601 402 702 201 505 212 405 503 215 401 605 214 801 703 206 307 303"
PLANS = (
    *(("+1", area, 7, 2_000_000) for area in AREAS.split()),
    ("+81", "90", 8, 10_000_000),
    ("+44", "20", 8, 70_000_000),
    ("+33", "6", 8, 10_000_000),
    ("+49", "30", 7, 2_000_000),
    ("+34", "6", 8, 10_000_000),
    ("+39", "06", 8, 10_000_000),
    ("+1", "416", 7, 2_000_000),
    ("+61", "4", 8, 10_000_000),
)
"""Country code, area, digits that follow, the least they are."""
STATES = ("fl", "tx", "pa", "ok", "in", "co", "la", "ma", "wy", "tn", "mo")
REGISTRIES = (
    "us_national_dnc",
    *(f"us_{state}_dnc" for state in STATES),
    *("uk_tps", "uk_ctps", "au_dncr", "ca_dncl", "it_rpo", "es_robinson"),
)
NARROWINGS = (Narrowing(per_day=2, skip_holidays=False), Narrowing(per_campaign=8))


def questions(count: int, seed: int) -> list[Question]:
    """Return that many questions, every one about another number."""
    chance = random.Random(seed)
    return [_question(chance, place) for place in range(count)]


def _question(chance: random.Random, place: int) -> Question:
    code, area, digits, least = PLANS[place % len(PLANS)]
    number = f"{code}{area}{chance.randrange(least, 10**digits):0{digits}}"
    ago = [NOW - timedelta(days=chance.randrange(1, 40), minutes=place % 500) for _ in range(place % 4)]
    return Question(
        now=NOW + timedelta(minutes=place % 180),
        channel=Channel.VOICE,
        subject=Subject(person=f"C-{place}", number=number),
        campaign="winback",
        purpose=Purpose.SALES,
        technology=Technology.PROGRESSIVE,
        seller="S1",
        product="P1",
        profile=Profile.RECOMMENDED if place % 2 else Profile.STATUTORY,
        history=tuple(
            PastContact(at=at, event="attempted", seller="S1", product="P1", number=number) for at in ago
        ),
        consents=(_consent(),) if place % 3 == 0 else (),
        relationships=(Relationship(type="transaction", seller="S1", at=NOW - timedelta(days=90)),)
        if place % 3 == 1
        else (),
        narrowings=NARROWINGS,
        listings=tuple(
            Listing(registry=name, as_of=NOW - timedelta(days=5), is_listed=chance.random() < 0.05)
            for name in REGISTRIES
        ),
    )


def _consent() -> Consent:
    given = NOW - timedelta(days=100)
    return Consent(
        type="prior_express_written",
        seller="S1",
        obtained_at=given,
        channels=frozenset({Channel.VOICE}),
        evidence="form-1",
    )


def timed(asked: Sequence[Question], law: Law) -> tuple[list[float], Counter[str]]:
    """Return microseconds of each judgement, and how often each decision came."""
    took, decisions = [], Counter[str]()
    for question in asked:
        begun = perf_counter_ns()
        verdict = judge(question, law)
        took.append((perf_counter_ns() - begun) / 1000)
        decisions[verdict.decision.value] += 1
    return took, decisions


def bare_us(asked: Sequence[Question]) -> float:
    """Return microseconds for each contact of parsing its number and looking at one window on one clock."""
    zone = ZoneInfo("America/New_York")
    begun = perf_counter()
    for question in asked:
        parsed = phonenumbers.parse(question.subject.number or "", None)
        phonenumbers.is_valid_number(parsed)
        _ = 8 <= question.now.astimezone(zone).hour < 21
    return (perf_counter() - begun) / len(asked) * 1e6


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    asked, law = questions(options.contacts, options.seed), packaged_law()
    judge(replace(asked[0], subject=Subject(person="C", number="+81312345678")), law)
    bare = bare_us(asked)
    took, decisions = timed(asked, law)
    median, mean = statistics.median(took), statistics.fmean(took)
    percentiles = statistics.quantiles(took, n=100)
    figures = {
        "contacts": len(asked),
        "decisions": dict(decisions),
        "median_us": round(median, 1),
        "p90_us": round(percentiles[89], 1),
        "p99_us": round(percentiles[98], 1),
        "verdicts_per_second": round(1e6 / mean),
        "bare_us": round(bare, 1),
        "ratio_to_bare": round(mean / bare, 2),
        "target_us": MOST_US,
        "is_met": median < MOST_US,
    }
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures), "utf-8")


if __name__ == "__main__":
    main()
