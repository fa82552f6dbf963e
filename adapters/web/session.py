"""Who sits at a desk: an agent with their token, or a browser that was signed in with it; no press from elsewhere."""

from typing import Final

from aiohttp import web

from adapters.web.auth import bearer
from adapters.web.errors import Refused
from adapters.web.passes import Pass
from adapters.web.site import SITE
from dialer.nonce import is_genuine

DESK: Final = Pass(cookie="desk", path="/desk", session="session", press="press")


def check_agent(request: web.Request, agent: str) -> None:
    """Let an agent's page or program through: `Authorization: Bearer <token>`, or a browser that was signed in.

    Raises Refused: 401 for nobody, 403 for another agent, and for a press that did not come from our page.
    """
    secret, token = request.app[SITE].secret, bearer(request)
    if token:
        if not is_genuine(secret, "desk", agent, token):
            raise Refused(403, "token_wrong", agent=agent)
        return
    known = DESK.signed_in(request)
    if known is None:
        raise Refused(401, "token_missing")
    if known != agent:
        raise Refused(403, "token_wrong", agent=agent)
    DESK.check_sent(request)
