from datetime import timedelta

import pytest

from campaigns.loading import campaign_from_json, campaign_to_json
from compliance.ledger import Kind, Record
from dialer.errors import StaleState
from dialer.ports import CampaignRow, Store, Unit
from dialer.reports import Stopped
from dialer.view import CampaignState
from tests.support.builders import NOON, a_campaign
from tests.support.stores import CAMPAIGN

_WORDS = {True: "enabled", False: "disabled"}
SOON = NOON + timedelta(seconds=15)


async def test_a_campaign_is_stored_with_each_of_its_versions(store: Store) -> None:
    """New, it is a draft; a new version comes into force and leaves state and old version alone."""
    campaign = a_campaign()
    later = a_campaign(product="sencha")
    await store.transact(lambda unit: unit.save_campaign(campaign, "v1", NOON))
    await store.transact(
        lambda unit: unit.set_campaign_state(CAMPAIGN, CampaignState.RUNNING, CampaignState.DRAFT)
    )
    await store.transact(lambda unit: unit.save_campaign(later, "v2", NOON))
    await store.transact(lambda unit: unit.save_campaign(later, "v2", NOON))
    rows = await store.transact(lambda unit: unit.campaigns())
    assert list(rows) == [CampaignRow(id=CAMPAIGN, version="v2", state=CampaignState.RUNNING)]
    text = await store.transact(lambda unit: unit.campaign_text(CAMPAIGN, "v1"))
    assert text == campaign_to_json(campaign)
    assert campaign_from_json(text) == campaign
    assert await store.transact(lambda unit: unit.campaign_text(CAMPAIGN, "v9")) is None
    assert await store.read(lambda reports: reports.campaigns()) == [CAMPAIGN]


async def test_a_campaign_moves_only_from_the_state_expected(store: Store) -> None:
    """Two managers at once: the second is told."""
    await store.transact(lambda unit: unit.save_campaign(a_campaign(), "v1", NOON))
    with pytest.raises(StaleState):
        await store.transact(
            lambda unit: unit.set_campaign_state(CAMPAIGN, CampaignState.PAUSED, CampaignState.RUNNING)
        )
    assert (await store.transact(lambda unit: unit.campaigns()))[0].state is CampaignState.DRAFT


async def test_the_stop_switch_is_off_until_somebody_turns_it(store: Store) -> None:
    """And it stays as it was turned."""
    assert await store.transact(lambda unit: unit.is_dialing_enabled())
    for enabled in (False, False, True):
        await store.transact(lambda unit, enabled=enabled: unit.set_dialing(enabled=enabled))  # type: ignore[misc]
        assert await store.transact(lambda unit: unit.is_dialing_enabled()) is enabled
        assert (await store.read(lambda reports: reports.stopped()) is None) is enabled


async def test_who_stopped_all_calls_is_read_from_the_ledger(store: Store) -> None:
    """The last turn counts, whatever was sealed since; a switch turned past the ledger is off all the same."""

    def turn(unit: Unit, *, enabled: bool, **body: object) -> None:
        unit.set_dialing(enabled=enabled)
        told = {"from": _WORDS[not enabled], "to": _WORDS[enabled], **body}
        unit.record([Record(kind=Kind.SWITCH, at=NOON, body=told), Record(kind=Kind.AGENT, at=SOON)])

    await store.transact(
        lambda unit: turn(unit, enabled=False, by="mori", reason="fire", hung_up=3, unnamed=1)
    )
    assert await store.read(lambda reports: reports.stopped()) == Stopped(
        at=NOON, by="mori", reason="fire", hung_up=3, unnamed=1
    )
    await store.transact(lambda unit: turn(unit, enabled=True, by="aoki"))
    assert await store.read(lambda reports: reports.stopped()) is None
    await store.transact(lambda unit: unit.set_dialing(enabled=False))
    assert await store.read(lambda reports: reports.stopped()) == Stopped()
