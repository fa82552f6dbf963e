"""How well the answer odds of single people are known, on attempts that were held out, against the plain hourly rate.

python -m bench.odds [--attempts 40000] [--seeds 5] [--first 1000]

The population is made up: people have an unseen readiness of their own, habits by hour, weekday and kind of line, and
lists age. What a model can know of that is what it saw of earlier attempts. The first three quarters of the attempts
teach; on the last quarter each chance is given before the attempt, and then learned from, as on a working day.
"""

import argparse
from dataclasses import dataclass
from math import exp

import numpy as np

from dialer.odds import Calibration, Odds
from dialer.traits import Last, Line, Traits

DAYTIME = {Line.MOBILE: (0.1, 0.5, 0.9), Line.FIXED: (0.7, 0.2, 0.6), Line.UNKNOWN: (0.2, 0.2, 0.5)}
"""Added to the score in the morning, the afternoon and the evening."""


@dataclass(slots=True)
class Person:
    """Somebody on the list; `readiness` is what no model sees."""

    readiness: float
    line: Line
    listed_days: float
    tries: int = 0
    answered: int = 0
    last: Last = Last.NONE


def people(chance: np.random.Generator, count: int) -> list[Person]:
    """Return a list of people, each with a readiness of their own."""
    lines = chance.choice([0, 1, 2], size=count, p=[0.6, 0.3, 0.1])
    kinds = (Line.MOBILE, Line.FIXED, Line.UNKNOWN)
    return [
        Person(
            readiness=float(chance.normal(0.0, 1.0)),
            line=kinds[line],
            listed_days=float(chance.exponential(200.0)),
        )
        for line in lines
    ]


def truth(person: Person, hour: int, weekday: int) -> float:
    """Return the chance that a person answers, as only the population knows."""
    part = 0 if hour < 12 else 1 if hour < 17 else 2
    score = -2.1 + person.readiness + DAYTIME[person.line][part] * 1.4 - 0.15 * min(person.tries, 5)
    score += 0.4 * (weekday >= 5) - 0.0015 * min(person.listed_days, 600.0)
    return 1.0 / (1.0 + exp(-score))


def attempt(chance: np.random.Generator, person: Person, hour: int, weekday: int) -> tuple[Traits, bool]:
    """Return what was known before an attempt and whether it was answered, and let the person remember it."""
    share = person.answered / person.tries if person.tries else None
    traits = Traits(
        hour=hour,
        weekday=weekday,
        tries=person.tries,
        last=person.last,
        answered_share=share,
        line=person.line,
        listed_days=person.listed_days,
    )
    is_answered = bool(chance.random() < truth(person, hour, weekday))
    person.tries += 1
    person.answered += is_answered
    person.last = Last.ANSWERED if is_answered else Last.UNANSWERED
    return traits, is_answered


def trial(seed: int, attempts: int) -> tuple[Calibration, Calibration, Calibration]:
    """Return what the model, the plain hourly rate and the truth itself were worth on the last quarter."""
    chance = np.random.default_rng(seed)
    everybody = people(chance, attempts // 4)
    odds, model, plain, best = Odds(), Calibration(), Calibration(), Calibration()
    hourly = {hour: [1.0, 4.0] for hour in range(24)}
    for number in range(attempts):
        hour, weekday = 9 + number * 12 // 1000 % 12, number // 1000 % 7
        person = everybody[int(chance.integers(len(everybody)))]
        real = truth(person, hour, weekday)
        traits, is_answered = attempt(chance, person, hour, weekday)
        if number >= attempts * 3 // 4:
            model = model.after(odds.of(traits), is_answered=is_answered)
            plain = plain.after(hourly[hour][0] / hourly[hour][1], is_answered=is_answered)
            best = best.after(real, is_answered=is_answered)
        odds = odds.after(traits, is_answered=is_answered)
        hourly[hour][0] += is_answered
        hourly[hour][1] += 1.0
    return model, plain, best


def main() -> None:
    """Print Brier scores for each seed, and the reliability table of the first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--attempts", type=int, default=40_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=1000)
    given = parser.parse_args()
    print(
        "| seed | model | plain hourly rate | the truth itself | of what can be known, known |\n|---|---|---|---|---|"
    )
    found = [trial(given.first + seed, given.attempts) for seed in range(given.seeds)]
    for seed, (model, plain, best) in enumerate(found, given.first):
        share = (plain.brier - model.brier) / (plain.brier - best.brier)
        print(f"| {seed} | {model.brier:.4f} | {plain.brier:.4f} | {best.brier:.4f} | {share:.0%} |")
    print("\n| calls | chance given | answered |\n|---|---|---|")
    for calls, chance, answered in found[0][0].rows():
        print(f"| {calls} | {chance:.3f} | {answered:.3f} |")


if __name__ == "__main__":
    main()
