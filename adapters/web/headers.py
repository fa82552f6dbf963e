"""The headers every answer carries, so that a page can only be what we sent."""

from aiohttp import web

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere, in nobody's frame."""

SECURITY = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that the answer does not set itself; a page is kept by nobody on its way."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    is_file = request.path.startswith("/static/")
    response.headers.setdefault("Cache-Control", "no-cache" if is_file else "no-store")
