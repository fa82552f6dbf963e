"""The people of a practice: invented, eager to answer, each with a wish, and facts for the script's placeholders."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count

from adapters.simulator.chance import Chance
from adapters.simulator.crowd import crowd
from adapters.simulator.habits import Habits
from campaigns.campaign import Campaign
from campaigns.contact import Contact
from campaigns.outcome import Outcome
from campaigns.script import SPOKEN, placeholders

EAGER = Habits(
    answers=10,
    machines=0.7,
    busy=0.02,
    failed=0,
    gone=0,
    ring_s=4,
    talk_s=110,
    short_s=60,
    patience=3,
    presses_9=0,
    presses_1=0,
    says={
        Outcome.SOLD: 0.14,
        Outcome.INTERESTED: 0.16,
        Outcome.CALLBACK: 0.2,
        Outcome.REFUSED: 0.14,
        Outcome.OPTED_OUT: 0.14,
        Outcome.WRONG_NUMBER: 0.08,
    },
)
"""Nearly everybody picks up soon, and every wish comes up within a handful of calls."""
_FOREIGN = 0.12
_MOST = 100_000

_SAMPLES: tuple[tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]], ...] = (
    (("日", "date"), {"ja": (), "en": ()}),
    (
        ("県", "住所", "地域", "prefecture", "region"),
        {"ja": ("静岡県", "東京都", "大阪府"), "en": ("Shizuoka", "Tokyo")},
    ),
    (("ランク", "会員", "rank", "level"), {"ja": ("ゴールド", "シルバー", "一般"), "en": ("Gold", "Silver")}),
    (("数", "額", "点", "count", "amount", "points"), {"ja": ("3", "5", "12"), "en": ("3", "5", "12")}),
    (("商品", "product", "item"), {"ja": ("煎茶", "ほうじ茶", "玉露"), "en": ("sencha", "hojicha")}),
)
"""What stands in a column, by parts of its heading; without a sample the day of the purchase."""


def people(seed: str, campaign: Campaign, languages: Collection[str], now: datetime) -> Iterator[Contact]:
    """Yield invented people without end who speak one of `languages`, with facts for every placeholder."""
    names = _columns(campaign)
    for turn in count():
        for contact in crowd(f"{seed}:practice:{turn}", _MOST, seller=campaign.seller.id, now=now):
            if contact.language in languages:
                yield replace(contact, key=f"{contact.key}-{turn}", facts=_facts(contact, names))


def is_foreign(chance: Chance, number: str, languages: Collection[str]) -> bool:
    """Tell whether a person speaks the other language than the list says; only to agents who know both."""
    return {"ja", "en"} <= set(languages) and chance.happens(_FOREIGN, "tongue", number)


def _columns(campaign: Campaign) -> tuple[str, ...]:
    """Return the columns that people have facts for: the campaign's, and what its scripts name."""
    kept = campaign.audience.columns.get("facts", ())
    named = (
        name
        for script in campaign.scripts.values()
        for step in script.steps
        for name, _ in placeholders(step)
    )
    own = (kept,) if isinstance(kept, str) else kept
    return tuple(dict.fromkeys(name for name in (*own, *named) if name not in {*SPOKEN, "{", "}"}))


def _facts(contact: Contact, names: Collection[str]) -> dict[str, str]:
    chance = Chance(f"facts:{contact.key}:{contact.name}")
    return {name: _sample(chance, contact, name) for name in names}


def _sample(chance: Chance, contact: Contact, name: str) -> str:
    for parts, samples in _SAMPLES:
        if any(part in name.lower() for part in parts):
            known = samples[contact.language]
            return known[int(chance.draw(name) * len(known))] if known else _bought(contact)
    return f"{name}(見本)" if contact.language == "ja" else f"{name} (sample)"


def _bought(contact: Contact) -> str:
    return next((f"{one.at:%Y-%m-%d}" for one in contact.relationships if one.at), "")
