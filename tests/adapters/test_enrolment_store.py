from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.enrolment import Enrolled, enrol
from adapters.files import read_text
from adapters.store import database, migrating
from adapters.suppressions import import_suppressions
from campaigns.cells import read_date
from campaigns.loading import LoadedCampaign, load_campaign
from compliance.ledger import verify
from dialer.ports import Store
from dialer.view import Due
from tests.support.rosters import NOW, a_row

CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.fixture
def winback() -> LoadedCampaign:
    """The demo's campaign, as its manager wrote it."""
    return load_campaign(read_text(CONFIG / "campaigns" / "winback-dormant.yaml"), "winback-dormant.yaml")


@pytest.fixture
async def store(tmp_path: Path, winback: LoadedCampaign) -> AsyncIterator[Store]:
    """A database file of its own, with the demo's campaign in it."""
    url = f"sqlite:///{tmp_path / 'dialer.db'}"
    migrating.upgrade(url)
    opened = database.open_store(url)
    await opened.transact(lambda unit: unit.save_campaign(winback.campaign, winback.version, NOW))
    yield opened
    await opened.close()


async def enrol_into(store: Store, winback: LoadedCampaign, path: Path, folder: Path) -> Enrolled:
    """Enrol a list onto the demo's campaign."""
    return await enrol(store, winback.campaign, path, now=NOW, rejects_path=folder / "rejects.csv")


async def all_due(store: Store, winback: LoadedCampaign, limit: int = 1_000) -> list[Due]:
    """Return who may be tried now, in the order of trying."""
    return list(
        await store.transact(
            lambda unit: unit.due_calls(winback.campaign.id, NOW, limit, steps=[0], languages=["ja", "en"])
        )
    )


async def test_the_demo_stands_in_the_database_in_its_order(
    store: Store, winback: LoadedCampaign, tmp_path: Path
) -> None:
    """Newest buyers first, whoever is held out not at all, every record sealed, and the second time nobody."""
    path = CONFIG / "contacts" / "winback.csv"
    first = await enrol_into(store, winback, path, tmp_path)
    again = await enrol_into(store, winback, path, tmp_path)
    assert first.new >= 640
    assert (again.new, again.known) == (0, first.new)
    due = await all_due(store, winback)
    assert 0.90 * first.new < len(due) < first.new
    bought = [read_date(one.contact.facts["最終購入日"]) for one in due]
    known = [day for day in bought if day is not None]
    assert len(known) == len(bought)
    assert known == sorted(known, reverse=True)
    count, _, fault = await store.read(lambda reports: verify(reports.ledger()))
    assert (count, fault) == (first.new + 2, None)


async def test_whoever_is_listed_not_to_be_contacted_is_known_when_due(
    store: Store, winback: LoadedCampaign, tmp_path: Path
) -> None:
    """The lists meet: numbers written in two ways are one number, in the database as anywhere."""
    await enrol_into(store, winback, CONFIG / "contacts" / "winback.csv", tmp_path)
    listed = CONFIG / "contacts" / "do-not-contact.csv"
    rejects = tmp_path / "stops.csv"
    first = await import_suppressions(
        store, listed, now=NOW, by="officer", source="office", rejects_path=rejects
    )
    again = await import_suppressions(
        store, listed, now=NOW, by="officer", source="office", rejects_path=rejects
    )
    assert (first.new, again.new, again.known) == (26, 0, 26)
    suppressed = [one for one in await all_due(store, winback) if one.suppressions]
    assert len(suppressed) >= 18


async def test_a_known_person_with_another_number_is_no_second_lead(
    store: Store, winback: LoadedCampaign, tmp_path: Path
) -> None:
    """Their contact is refreshed, their place on the list stays one."""
    row = a_row(前回商品="煎茶セット", 都道府県="東京都")
    header = ",".join(row)
    path = tmp_path / "list.csv"
    for number in ("090-5550-0001", "080-5550-0002"):
        path.write_text(f"{header}\n{','.join({**row, '携帯電話': number}.values())}\n", "utf-8")
        await enrol_into(store, winback, path, tmp_path)
    contact = await store.transact(lambda unit: unit.contact("C1"))
    assert contact is not None
    assert [phone.number for phone in contact.phones] == ["+818055500002"]
    assert len(await all_due(store, winback)) <= 1
