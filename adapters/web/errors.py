"""The one place where what goes wrong becomes an answer: a calm page for people, JSON for programs."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.web.language import language_of, words_in
from adapters.web.pages import PAGES
from dialer.errors import StaleState

_log = structlog.get_logger()

Top = Mapping[str, object]
"""What the frame of a page needs beside the page: see `adapters.web.calls.top_of`."""
TOP: web.AppKey[Callable[[web.Request], Awaitable[Top]]] = web.AppKey("top")
"""Makes it for a request; nothing for a reader who is no manager."""


class Refused(Exception):
    """A request that cannot be granted: an HTTP status, and which problem of the catalogs it is.

    The catalogs hold what is wrong under `error.<problem>` and what to do under `error.<problem>_remedy`.
    """

    def __init__(self, status: int, problem: str, **values: object) -> None:
        """Take the status, the problem and what its sentences name."""
        super().__init__(problem)
        self.status, self.problem, self.values = status, problem, values


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every failure into an answer that says what is wrong and what to do."""
    try:
        return await handler(request)
    except Refused as refused:
        return await _problem(request, refused.status, refused.problem, **refused.values)
    except StaleState as stale:
        return await _problem(request, 409, "stale", why=stale)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as failed:
        return await _http_answer(request, failed)
    except Exception:  # noqa: BLE001 - nobody above would answer; it is logged with its trace
        _log.exception("web_request_failed", method=request.method, path=request.path)
        return await _problem(request, 500, "500")


def wants_json(request: web.Request) -> bool:
    """Tell whether a program asks: each desk and control address but a browser's form, and whoever says so."""
    accepted = request.headers.get("Accept", "")
    is_form = request.path in {"/desk/out", "/floor/out"} and "text/html" in accepted
    is_ours = request.path.startswith(("/desk/", "/floor/", "/control/")) and not is_form
    return is_ours or "application/json" in accepted


async def _http_answer(request: web.Request, failed: web.HTTPException) -> web.Response:
    known = failed.status if failed.status in {400, 404, 405, 413} else 400
    response = await _problem(request, failed.status, str(known))
    if "Allow" in failed.headers:
        response.headers["Allow"] = failed.headers["Allow"]
    return response


async def _problem(request: web.Request, status: int, problem: str, **values: object) -> web.Response:
    words = words_in(language_of(request))
    error, remedy = words(f"error.{problem}", **values), words(f"error.{problem}_remedy", **values)
    if wants_json(request):
        response = web.json_response({"error": error, "remedy": remedy}, status=status)
    else:
        # Only a browser is given the stop switch: what a carrier or a mail program asks for is no manager's page.
        is_page = "text/html" in request.headers.get("Accept", "")
        top = await request.app[TOP](request) if is_page else {}
        told = {"status": status, "error": error, "remedy": remedy}
        home = "/desk" if request.path.startswith("/desk") else "/"
        text = PAGES.render("error.html", words, home=home, path=home, **told, **top)
        response = web.Response(text=text, status=status, content_type="text/html")
    if status == 401:
        response.headers["WWW-Authenticate"] = f'Bearer realm="{request.path.split("/")[1]}"'
    return response
