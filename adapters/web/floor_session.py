"""Who sits at the supervisors' page: a browser signed in with a supervisor's token; no press from elsewhere."""

from typing import Final

from aiohttp import web

from adapters.web.errors import Refused
from adapters.web.passes import Pass
from adapters.web.site import SITE

FLOOR: Final = Pass(cookie="floor", path="/floor", session="floor-session", press="floor-press")


def supervisor_of(request: web.Request) -> str | None:
    """Return which supervisor of the settings the browser was signed in as, None when it was not, or too long ago."""
    name = FLOOR.signed_in(request)
    return name if name in request.app[SITE].supervisors else None


def check_supervisor(request: web.Request) -> str:
    """Return the supervisor whose press or page this is.

    Raises Refused: 401 for nobody, 403 for a press that did not come from our page.
    """
    known = supervisor_of(request)
    if known is None:
        raise Refused(401, "floor_token")
    FLOOR.check_sent(request)
    return known
