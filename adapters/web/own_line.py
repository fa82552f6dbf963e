"""The desk's own line: what the page needs to open it, and what it may do for it."""

import structlog
from aiohttp import web

from adapters.web.bodies import Body, read_body
from adapters.web.errors import Refused
from adapters.web.headers import CONTENT_POLICY, SECURITY
from adapters.web.lines import LINES, LineFailed, LineKind
from adapters.web.sdk import SDK
from adapters.web.session import check_agent

_log = structlog.get_logger(__name__)

routes = web.RouteTableDef()


@routes.post("/desk/{agent}/line")
async def line(request: web.Request) -> web.Response:
    """Return what the page needs for its line: see docs/agent.md. 503 when it cannot be had now."""
    agent, lines, sdk = request.match_info["agent"], request.app[LINES], request.app[SDK]
    check_agent(request, agent)
    await read_body(request, Body)
    kind = lines.kind(agent)
    told: dict[str, object] = {"kind": kind.value}
    try:
        if kind is LineKind.BROWSER:
            told |= {**lines.pass_for(agent), "script": sdk.address, "integrity": sdk.integrity}
        elif kind is LineKind.SIMULATED:
            await lines.open(agent)
    except LineFailed as failed:
        _log.warning("line_failed", agent=agent, reason=str(failed))
        raise Refused(503, "no_line") from None
    return web.json_response(told)


def let_call(request: web.Request, response: web.Response, agent: str) -> None:
    """Let a desk whose browser is the telephone use the microphone and reach the carrier; no other page may."""
    lines = request.app[LINES]
    if lines.kind(agent) is not LineKind.BROWSER:
        return
    connect = " ".join(("connect-src 'self'", *lines.sources))
    policy = CONTENT_POLICY.replace("connect-src 'self'", f"{connect}; media-src 'self'")
    response.headers["Content-Security-Policy"] = policy
    permissions = SECURITY["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
    response.headers["Permissions-Policy"] = permissions
