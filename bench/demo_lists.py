"""The demo's two lists: 720 customers with all that is wrong with a real list, and whom not to contact."""

from dataclasses import replace

from bench.customers import DORMANT, HEADER, RECENT, Customer, customer, key_of, line_of
from bench.fiction import FULL_WIDTH, Dice, dated, day_before, mobile, somebody, written

ABROAD = (
    "+1 415 555 01{:02d}",
    "+44 20 7946 09{:02d}",
    "+886 912 555 1{:02d}",
    "+82 10-5555-01{:02d}",
    "+65 6555 01{:02d}",
    "+33 1 55 55 01 {:02d}",
    "+66 81 555 01{:02d}",
)
NO_NUMBERS = ("090-5550-12345", "なし", "0120-555-1{:02d}", "090-555", "不明", "0570-555-1{:02d}", "110")


def demo_people(dice: Dice) -> list[Customer]:
    """Return the demo's 720 lines as cells: what is wrong with them stands where it would stand in a real list."""
    people = [customer(dice, person) for person in range(707)]
    _spread(dice, people)
    _spoil(people)
    _repeat(dice, people)
    return people


def _spread(dice: Dice, people: list[Customer]) -> None:
    """Make some of them late buyers, some people abroad, some people who can only be written to."""
    for at in range(3, 700, 27):  # bought a short while ago: the filter leaves them out
        people[at] = replace(people[at], last_purchase=dated(dice, day_before(dice, RECENT, 120)))
    for place, at in enumerate(
        range(10, 700, 50)
    ):  # live abroad: no rulebook, so the law refuses at dial time
        name = somebody(dice, is_japanese=False)
        people[at] = replace(
            people[at],
            name=name.written,
            kana="",
            language="English",
            mobile=ABROAD[place % len(ABROAD)].format(place),
            home="",
            work="",
            email=f"{name.latin}{at}@example.com",
            prefecture="海外",
        )
    for place, at in enumerate(range(21, 700, 38)):  # can only be written to
        agreed = dated(dice, day_before(dice, DORMANT, 700)) if place % 4 else ""
        people[at] = replace(
            people[at],
            mobile="",
            home="",
            work="",
            email=people[at].email or f"customer{at}@example.jp",
            consent_at=agreed,
            consent_from="会員登録" if agreed else "",
        )


def _spoil(people: list[Customer]) -> None:
    """Write cells that cannot be read, some of them the only way to their person."""
    for place, at in enumerate(range(16, 700, 30)):  # one number of several is none
        people[at] = replace(people[at], work=NO_NUMBERS[place % len(NO_NUMBERS)].format(place))
    for place, at in enumerate(range(40, 700, 62)):  # no number of theirs is one, and there is no e-mail
        wrong = NO_NUMBERS[place % len(NO_NUMBERS)].format(place)
        people[at] = replace(people[at], mobile=wrong, home="", work="", email="", consent_at="")
    for at in range(55, 700, 90):
        people[at] = replace(people[at], email="yoko.example.jp", consent_at="")
    for at, language in ((77, "中国語"), (301, "フランス語")):
        people[at] = replace(people[at], language=language)
    for at, cell in ((118, "昨年末"), (245, "2025/2/30"), (390, ""), (512, "不明"), (633, "")):
        people[at] = replace(people[at], last_purchase=cell)
    for at in (133, 480):
        people[at] = replace(people[at], key="")


def _repeat(dice: Dice, people: list[Customer]) -> None:
    """Enter thirteen of them twice."""
    for at in range(66, 700, 100):  # the same number, under a customer number of its own
        people[at] = replace(people[at], mobile=mobile(at))
        people.append(replace(people[at], key=f"C9{at:05d}", home="", email="", consent_at=""))
    for at in (671, 589, 467, 344, 203, 88):  # the same customer, entered by somebody else a while later
        people.insert(at + 9, replace(people[at], mobile=written(dice, mobile(at)), work=""))


def demo_lines(people: list[Customer]) -> list[bytes]:
    """Return the demo's lines as bytes, four of them damaged as a file can be."""
    lines = [line_of(person.cells).encode("cp932") for person in people]
    lines[266] = line_of(people[266].cells[:-2]).encode("cp932")
    lines[433] = line_of([*people[433].cells, "要確認"]).encode("cp932")
    lines[555] = lines[555].replace(b",", b",\x81\xff", 1)
    lines[612] = lines[612].replace(b",", b',"', 1)
    return [line_of(HEADER).encode("cp932"), *lines]


def do_not_contact(dice: Dice, people: list[Customer]) -> list[bytes]:
    """Return the lines of the demo's do-not-contact list: by number, by e-mail, by customer number."""

    def day() -> str:
        return dated(dice, day_before(dice, RECENT, 500))

    refusals = [
        [written(dice, mobile(person)), "", "", ("refused", "拒否", "苦情")[place % 3], day(), "", ""]
        for place, person in enumerate(range(5, 600, 46))
    ]
    stops = [
        [written(dice, mobile(person)), "", "", "発信停止", day(), "電話", ""] for person in (24, 151, 338)
    ]
    customers = [
        ["", "", key_of(person), "refused", day(), "", "以前の勧誘時に拒否"] for person in (9, 130, 262, 407)
    ]
    mails = [person.email for person in people if person.email and person.consent_at][30:300:60]
    mailed = [
        ["", _retyped(email, place), "", "配信停止", day(), "メール", ""] for place, email in enumerate(mails)
    ]
    odd = [
        ["03-5550-0042", "", "", "refused", "令和8年3月2日", "すべて", "勤務先"],
        ["090-5550-12345", "", "", "refused", "2026/5/1", "", "桁数が多い"],
        ["", "", "", "拒否", "2026/5/1", "", "誰のことか不明"],
    ]
    header = ["電話番号", "メール", "顧客番号", "理由", "登録日", "経路", "備考"]
    lines = [header, *refusals, *stops, *customers, *mailed, *odd]
    return [line_of(cells).encode("cp932") for cells in lines]


def _retyped(email: str, place: int) -> str:
    """Return an address as somebody else would type it: in full width, or with a domain in capitals."""
    return email.replace("@example", "@EXAMPLE") if place % 2 else email.translate(FULL_WIDTH)
