"""Campaigns and the stop switch."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from adapters.store.part import Part, moving, pick
from adapters.store.statement import Statement, names_of
from adapters.store.stops import DIALING
from adapters.store.tables import CAMPAIGN, CAMPAIGN_VERSION, SWITCH
from campaigns.campaign import Campaign
from campaigns.loading import campaign_to_json
from dialer.ports import CampaignRow
from dialer.view import CampaignState

_ALL = Statement(select(*pick(CAMPAIGN, ("id", "version", "state"))).order_by(CAMPAIGN.c.id))
_TEXT = Statement(
    select(CAMPAIGN_VERSION.c.body).where(
        CAMPAIGN_VERSION.c.campaign == bindparam("campaign"),
        CAMPAIGN_VERSION.c.version == bindparam("version"),
    )
)
_SAVE = Statement(
    lambda insert: (saved := insert(CAMPAIGN)).on_conflict_do_update(
        index_elements=[CAMPAIGN.c.id], set_={"version": saved.excluded.version}
    ),
    names_of(CAMPAIGN),
)
_SAVE_VERSION = Statement(
    lambda insert: insert(CAMPAIGN_VERSION).on_conflict_do_nothing(), names_of(CAMPAIGN_VERSION)
)
_MOVE = moving(CAMPAIGN, ("state",))
_SWITCH = Statement(select(SWITCH.c.enabled).where(SWITCH.c.name == bindparam("name")))
_TURN = Statement(
    lambda insert: (turned := insert(SWITCH)).on_conflict_do_update(
        index_elements=[SWITCH.c.name], set_={"enabled": turned.excluded.enabled}
    ),
    names_of(SWITCH),
)


class Controls(Part):
    """What is decided for whole campaigns."""

    def campaigns(self) -> Sequence[CampaignRow]:
        """Return every campaign known, by id."""
        return [
            CampaignRow(id=name, version=version, state=CampaignState(state))
            for name, version, state in self._run.rows(_ALL, {})
        ]

    def campaign_text(self, campaign: str, version: str) -> str | None:
        """Return the stored campaign (canonical JSON) of that version."""
        text: str | None = self._run.value(_TEXT, {"campaign": campaign, "version": version})
        return text

    def save_campaign(self, campaign: Campaign, version: str, at: datetime) -> None:
        """Store a version of a campaign, as a draft when new, and make it the one in force."""
        row = {"id": campaign.id, "version": version, "state": CampaignState.DRAFT.value}
        self._run.change(_SAVE, row)
        body = {
            "campaign": campaign.id,
            "version": version,
            "at": at,
            "seller": campaign.seller.id,
            "product": campaign.product,
            "body": campaign_to_json(campaign),
        }
        self._run.change(_SAVE_VERSION, body)

    def set_campaign_state(self, campaign: str, new: CampaignState, expected: CampaignState) -> None:
        """Move a campaign to another state. Raises StaleState when it is not in the one expected."""
        change = {"state": new.value, "is_id": campaign, "expected": expected.value}
        self._move(_MOVE, change, f"campaign {campaign}")

    def is_dialing_enabled(self) -> bool:
        """Tell whether the global stop switch is off; one never turned is."""
        return self._run.value(_SWITCH, {"name": DIALING}) in {None, True}

    def set_dialing(self, *, enabled: bool) -> None:
        """Turn the global stop switch."""
        self._run.change(_TURN, {"name": DIALING, "enabled": enabled})
