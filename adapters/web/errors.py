"""The one place where what goes wrong becomes an answer: a calm page for people, JSON for programs."""

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.web.language import language_of, words_in
from adapters.web.pages import PAGES
from dialer.errors import StaleState

_log = structlog.get_logger()


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
        return _problem(request, refused.status, refused.problem, **refused.values)
    except StaleState as stale:
        return _problem(request, 409, "stale", why=stale)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as failed:
        return _http_answer(request, failed)
    except Exception:  # noqa: BLE001 - nobody above would answer; it is logged with its trace
        _log.exception("web_request_failed", method=request.method, path=request.path)
        return _problem(request, 500, "500")


def wants_json(request: web.Request) -> bool:
    """Tell whether a program asks: every desk and control address, and whoever says so."""
    return request.path.startswith(("/desk/", "/control/")) or "application/json" in request.headers.get(
        "Accept", ""
    )


def _http_answer(request: web.Request, failed: web.HTTPException) -> web.Response:
    known = failed.status if failed.status in {400, 404, 405, 413} else 400
    response = _problem(request, failed.status, str(known))
    if "Allow" in failed.headers:
        response.headers["Allow"] = failed.headers["Allow"]
    return response


def _problem(request: web.Request, status: int, problem: str, **values: object) -> web.Response:
    words = words_in(language_of(request))
    error, remedy = words(f"error.{problem}", **values), words(f"error.{problem}_remedy", **values)
    if wants_json(request):
        response = web.json_response({"error": error, "remedy": remedy}, status=status)
    else:
        text = PAGES.render("error.html", words, status=status, error=error, remedy=remedy)
        response = web.Response(text=text, status=status, content_type="text/html")
    if status == 401:
        response.headers["WWW-Authenticate"] = f'Bearer realm="{request.path.split("/")[1]}"'
    return response
