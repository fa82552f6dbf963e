"""Fictional customers, as many as a rehearsal wants, when the real list is shorter."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from adapters.simulator.chance import Chance
from campaigns.contact import Contact, Phone
from compliance.question import Consent, Relationship

_FAMILIES = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田")
_GIVEN = ("陽子", "健一", "美咲", "翔太", "さくら", "大輔", "由美", "直樹", "恵", "拓也", "彩", "誠")
_ENGLISH = ("Emily Carter", "James Wilson", "Olivia Brown", "Noah Taylor", "Sophie Evans", "Liam Walker")
_PREFIXES = ("+8170", "+8180", "+8190")
_FIXED_SHARE, _ENGLISH_SHARE, _MAIL_SHARE = 0.3, 0.12, 0.6


def crowd(seed: str, count: int, *, seller: str, now: datetime) -> Iterator[Contact]:
    """Yield `count` people who bought from `seller` 200 to 900 days before `now`; the same for the same seed."""
    chance = Chance(f"{seed}:crowd")
    for place in range(count):
        yield _person(chance, place, seller, now)


def _person(chance: Chance, place: int, seller: str, now: datetime) -> Contact:
    english = chance.happens(_ENGLISH_SHARE, "language", place)
    bought = now - timedelta(days=200 + int(700 * chance.draw("bought", place)))
    email = f"guest{place:05d}@example.com"
    consents = (
        (Consent(type="email_optin", seller=seller, obtained_at=bought, evidence="rehearsal"),)
        if chance.happens(_MAIL_SHARE, "consent", place)
        else ()
    )
    return Contact(
        key=f"rehearsal-{place:05d}",
        name=_pick(chance, _ENGLISH, "name", place) if english else _japanese_name(chance, place),
        language="en" if english else "ja",
        phones=_phones(chance, place),
        email=email,
        consents=consents,
        relationships=(Relationship(type="purchase", seller=seller, at=bought),),
    )


def _japanese_name(chance: Chance, place: int) -> str:
    return f"{_pick(chance, _FAMILIES, 'family', place)} {_pick(chance, _GIVEN, 'given', place)}"


def _phones(chance: Chance, place: int) -> tuple[Phone, ...]:
    """Return a mobile and for some a landline too; every place has numbers of its own."""
    mobile = Phone(number=f"{_pick(chance, _PREFIXES, 'prefix', place)}3{place:07d}", kind="mobile")
    if not chance.happens(_FIXED_SHARE, "fixed", place):
        return (mobile,)
    return (mobile, Phone(number=f"+8133{place:07d}", kind="home"))


def _pick(chance: Chance, choices: tuple[str, ...], *names: object) -> str:
    return choices[int(chance.draw(*names) * len(choices))]
