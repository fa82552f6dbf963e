from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.enrolment import Enrolled, enrol
from adapters.files import read_text
from adapters.suppressions import Suppressed, import_suppressions
from bench.demo_lists import demo_lines, demo_people, do_not_contact
from bench.fiction import Dice
from bench.make_contacts import many, write_many
from campaigns.loading import load_campaign
from campaigns.rejects import RejectCode
from compliance.ledger import Kind
from compliance.problem import DocumentInvalid
from compliance.terms import Channel
from tests.support.rosters import NOW, MemoryStore, a_campaign, a_row, rejects_of, write_list

CONTACTS = Path(__file__).resolve().parents[2] / "config" / "contacts"
WARNINGS = {
    RejectCode.NUMBER_IGNORED,
    RejectCode.EMAIL_IGNORED,
    RejectCode.CONSENT_IGNORED,
    RejectCode.LANGUAGE_UNKNOWN,
}


async def enrol_into(store: MemoryStore, path: Path, **changes: object) -> Enrolled:
    """Enrol a list onto a campaign, with the rejects beside it."""
    rejects = path.with_suffix(".rejects.csv")
    return await enrol(store.port, a_campaign(**changes), path, now=NOW, rejects_path=rejects)


async def test_the_demos_list_is_enrolled_but_for_what_is_wrong_with_it(tmp_path: Path) -> None:
    """All 720 lines of a list as offices write them, each accounted for."""
    store = MemoryStore()
    file = CONTACTS.parent / "campaigns" / "winback-dormant.yaml"
    campaign = load_campaign(read_text(file), file.name).campaign
    path = file.parent / campaign.audience.file
    found = await enrol(store.port, campaign, path, now=NOW, rejects_path=tmp_path / "rejects.csv")
    assert found.encoding == "cp932"
    assert found.rows == 720 == found.new + found.duplicates + found.filtered + found.rejected
    assert found.new == len(store.unit.leads) >= 640
    assert (found.known, found.duplicates) == (0, 13)
    assert found.filtered >= 20
    listed = rejects_of(found.rejects_file)
    warned = [one for one in listed if one["code"] in WARNINGS]
    assert len(warned) == found.warnings >= 25
    assert len(listed) - len(warned) == found.rejected + found.duplicates
    languages = [lead.contact.language for lead in store.unit.leads.values()]
    assert 0.10 < languages.count("en") / len(languages) < 0.20


async def test_the_same_list_twice_enrols_nobody_twice(tmp_path: Path) -> None:
    """The second reading says that everybody is known, and leaves no trace but its own record."""
    store = MemoryStore()
    path = write_list(tmp_path / "list.csv", [a_row(), a_row(顧客番号="C2", 携帯電話="080-5550-0002")])
    first = await enrol_into(store, path)
    again = await enrol_into(store, path)
    assert (first.new, first.known) == (2, 0)
    assert (again.new, again.known) == (0, 2)
    kinds = [record.kind for record in store.unit.records]
    assert kinds == [Kind.ENROLLED, Kind.ENROLLED, Kind.LISTED, Kind.LISTED]


async def test_the_ledger_says_who_was_enrolled_from_which_line(tmp_path: Path) -> None:
    """And which file it was to the last byte, without a name or a number in it."""
    store = MemoryStore()
    found = await enrol_into(store, write_list(tmp_path / "list.csv", [a_row()], "cp932"), holdout=1.0)
    person, listed = store.unit.records
    assert (person.campaign, person.person, person.at) == ("winback", "C1", NOW)
    assert person.body == {"list": "list.csv", "line": 2, "holdout": True}
    assert listed.body["sha256"] == found.sha256
    assert (listed.body["encoding"], listed.body["rows"], listed.body["new"]) == ("cp932", 1, 1)


async def test_a_duplicate_names_the_line_it_repeats(tmp_path: Path) -> None:
    """By customer and by number, however the number is written."""
    rows = [
        a_row(),
        a_row(顧客番号="C2", 携帯電話="０９０－５５５０－０００１"),
        a_row(携帯電話="080-5550-0009"),
        a_row(顧客番号="C3", 携帯電話="+81 80 5550 0009"),
    ]
    found = await enrol_into(MemoryStore(), write_list(tmp_path / "list.csv", rows))
    assert (found.new, found.duplicates) == (2, 2)
    by_number, by_key = rejects_of(found.rejects_file)
    assert (by_number["line"], by_number["code"], by_number["column"]) == (
        "3",
        "duplicate_unique",
        "携帯電話",
    )
    assert (by_number["value"], by_number["reason"]) == ("'+819055500001", "the same number as on line 2")
    assert by_number["理由"] == "2行目と電話番号が同じです"
    assert (by_key["line"], by_key["code"], by_key["reason"]) == (
        "4",
        "duplicate_key",
        "the same customer as on line 2",
    )


async def test_a_list_without_a_column_of_the_campaign_is_refused_whole(tmp_path: Path) -> None:
    """Every missing column at once, before anybody is enrolled, with what the list does have."""
    store = MemoryStore()
    path = tmp_path / "list.csv"
    path.write_text(
        "顧客番号,氏名,言語,自宅電話,勤務先電話,会員ランク,メール許諾日,メール許諾元,最終購入日\n", "utf-8"
    )
    with pytest.raises(DocumentInvalid) as caught:
        await enrol_into(store, path)
    assert [problem.what["ja"] for problem in caught.value.problems] == [
        "列「メール」がありません",
        "列「携帯電話」がありません",
    ]
    assert "自宅電話" in caught.value.problems[0].remedy["en"]
    assert store.unit.transactions == 0


async def test_progress_is_told_in_bytes_until_all_is_done(tmp_path: Path) -> None:
    """For a bar that only goes forward and ends at its end."""
    rows = (a_row(顧客番号=f"C{n}", 携帯電話=f"090-5550-{n:04d}") for n in range(1_200))
    path = write_list(tmp_path / "list.csv", rows)
    told: list[tuple[int, int]] = []
    await enrol(
        MemoryStore().port,
        a_campaign(),
        path,
        now=NOW,
        rejects_path=tmp_path / "rejects.csv",
        progress=lambda done, total: told.append((done, total)),
    )
    assert len(told) == 3
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16-le"])
async def test_exactly_the_planted_lines_are_rejected(tmp_path: Path, encoding: str) -> None:
    """Of a long list every broken line, with the reason it was broken for, and no other."""
    path = tmp_path / "long.csv"
    plain = encoding.removesuffix("-sig")
    planted = write_many(path, many(Dice(encoding), 1_500, 0.1, plain), encoding)
    columns = {**a_campaign().audience.columns}
    found = await enrol_into(MemoryStore(), path, columns=columns)
    listed = [one for one in rejects_of(found.rejects_file) if one["code"] not in WARNINGS]
    assert [(int(one["line"]), one["code"]) for one in listed] == [
        (one["line"], one["code"]) for one in planted
    ]
    assert len({one["code"] for one in planted}) >= 10
    assert found.rows == 1_500
    assert found.new == 1_500 - len(planted)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "顧客番号": st.sampled_from(["C1", "C2", "C3", ""]),
                "携帯電話": st.sampled_from(["090-5550-0001", "08055500002", "なし", ""]),
                "メール": st.sampled_from(["a@example.jp", "b@example.jp", "?", ""]),
                "最終購入日": st.sampled_from(["2025/3/1", "2026/11/1", "いつか", ""]),
            }
        ),
        max_size=12,
    ),
    st.sampled_from(["key", "number", "email"]),
)
async def test_every_row_is_counted_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], by: str
) -> None:
    """The sum is the number of rows, everybody is enrolled once, and whoever is not is listed or filtered."""
    store = MemoryStore()
    full = [a_row(**row) for row in rows]
    found = await enrol_into(
        store, write_list(tmp_path_factory.mktemp("any") / "list.csv", full), unique_by=by
    )
    assert found.rows == len(rows)
    assert found.rows == found.new + found.known + found.duplicates + found.filtered + found.rejected
    keys = [lead.contact.key for lead in store.unit.leads.values()]
    assert len(keys) == len(set(keys)) == found.new
    listed = [one for one in rejects_of(found.rejects_file) if one["code"] not in WARNINGS]
    assert len(listed) == found.rejected + found.duplicates


async def suppress_into(store: MemoryStore, path: Path, folder: Path | None = None) -> Suppressed:
    """Import a do-not-contact list, with the rejects beside it unless a folder is given."""
    rejects = (folder or path.parent) / "suppressions.rejects.csv"
    return await import_suppressions(
        store.port, path, now=NOW, by="officer", source="head office", rejects_path=rejects
    )


async def test_the_demos_do_not_contact_list_is_in_force(tmp_path: Path) -> None:
    """Numbers in any writing are stored as E.164, addresses and customers as the contacts have them."""
    store = MemoryStore()
    found = await suppress_into(store, CONTACTS / "do-not-contact.csv", tmp_path)
    entries = store.unit.suppressions
    assert (found.rows, found.new, found.rejected) == (28, len(entries), 2)
    assert [one["code"] for one in rejects_of(found.rejects_file)] == ["entry_unreadable", "entry_empty"]
    numbers = [one.number for one in entries if one.number]
    assert len(numbers) == 17
    assert all(number.startswith("+81") for number in numbers)
    assert sum(one.email is not None for one in entries) == 5
    assert sum(one.person is not None for one in entries) == 4
    assert sum(one.reason == "refused" for one in entries) >= 12
    contacts_path, rejects = CONTACTS / "winback.csv", tmp_path / "rejects.csv"
    await enrol(store.port, a_campaign(), contacts_path, now=NOW, rejects_path=rejects)
    contacts = [lead.contact for lead in store.unit.leads.values()]
    known = {phone.number for contact in contacts for phone in contact.phones}
    known |= {contact.key for contact in contacts} | {contact.email for contact in contacts if contact.email}
    met = [one for one in entries if {one.number, one.email, one.person} & known]
    assert len(met) >= 20


async def test_an_entry_is_taken_in_its_widest_sense_when_in_doubt(tmp_path: Path) -> None:
    """An unknown channel means all of them, an unreadable day means now, an unreadable end means never."""
    store = MemoryStore()
    path = tmp_path / "list.csv"
    path.write_text("number,date,channel,expires\n090-5550-0001,someday,pigeon,later\n", "utf-8")
    found = await suppress_into(store, path)
    (entry,) = store.unit.suppressions
    assert (entry.channel, entry.at, entry.expires_at, entry.reason) == (None, NOW, None, "listed")
    assert [one["column"] for one in rejects_of(found.rejects_file)] == ["date", "expires", "channel"]
    assert found.warnings == 3


async def test_a_row_that_names_several_suppresses_each(tmp_path: Path) -> None:
    """One entry for the number, one for the address, one for the customer, in one channel; and once only."""
    store = MemoryStore()
    path = tmp_path / "list.csv"
    path.write_text("電話番号,メール,顧客番号,経路,国\n020 7946 0900,a@example.jp,C1,メール,gb\n", "utf-8")
    first, again = await suppress_into(store, path), await suppress_into(store, path)
    assert (first.new, first.known, again.new, again.known) == (3, 0, 0, 3)
    assert [(one.person, one.number, one.email) for one in store.unit.suppressions] == [
        ("C1", None, None),
        (None, "+442079460900", None),
        (None, None, "a@example.jp"),
    ]
    assert {one.channel for one in store.unit.suppressions} == {Channel.EMAIL}
    assert [record.kind for record in store.unit.records].count(Kind.SUPPRESSED) == 3


async def test_a_list_that_names_nobody_is_refused(tmp_path: Path) -> None:
    """None of its columns is a number, an address or a customer."""
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(DocumentInvalid, match="No column names anybody"):
        await suppress_into(MemoryStore(), path)


def test_the_demos_lists_are_what_their_maker_makes() -> None:
    """To the last byte: whoever changes one changes the other."""
    people = demo_people(Dice("winback"))
    lists = {
        "winback.csv": demo_lines(people),
        "do-not-contact.csv": do_not_contact(Dice("winback refused"), people),
    }
    for name, lines in lists.items():
        assert (CONTACTS / name).read_bytes() == b"".join(line + b"\r\n" for line in lines)
