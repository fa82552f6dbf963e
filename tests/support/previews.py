"""Builders for calls that an agent sees first."""

from typing import Any

from campaigns.campaign import Campaign
from campaigns.previewing import Preview as Looks
from compliance.terms import Technology
from dialer.previews import Preview
from tests.support.builders import the_campaign
from tests.support.engines import Office


def previewing(**changes: Any) -> Campaign:
    """Our campaign, dialled after a look."""
    looks: dict[str, Any] = {
        name: changes.pop(name) for name in ("on_timeout", "time", "again_after") if name in changes
    }
    pacing = the_campaign().pacing.model_copy(
        update={
            "mode": Technology.PREVIEW,
            "preview": Looks().model_copy(update=looks),
            "max_lines": 200,
            "calls_per_second": 50.0,
            **changes,
        }
    )
    return the_campaign().model_copy(update={"pacing": pacing})


async def seen(office: Office, agent: str = "aoki") -> Preview:
    """Return the agent's last preview; there is one."""
    found = await office.write(lambda unit: unit.preview(agent))
    assert found is not None
    return found
