"""Can the carrier reach us: the public address, the way from there to here, and the signature checked at its end?"""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from adapters.doctor.account import is_loopback, is_real
from adapters.doctor.finding import Finding, fail, ok, skipped
from adapters.facts import Way
from dialer.settings import Settings


def check_public_url(settings: Settings, way: Way | None) -> Finding:
    """Tell whether callbacks can be sent to the public address at all; a double on loopback may call loopback."""
    url = settings.public_url
    if (parts := _split(url)) is None:
        return fail("public_url", "malformed", url=url)
    host = parts.hostname or ""
    if "_" in host:
        return fail("public_url", "underscore", host=host)
    if not is_real(settings.carrier):
        return ok("public_url", "double", url=url)
    if is_loopback(host) or _is_private(host):
        return fail("public_url", "inside", host=host)
    if parts.scheme != "https":
        return fail("public_url", "plain", url=url)
    if way is not None and not way.addresses:
        return fail("public_url", "unresolved", host=host)
    return ok("public_url", url=url)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    is_whole = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
    return parts if is_whole and not parts.query and not parts.fragment else None


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def check_webhooks(settings: Settings, way: Way | None) -> Finding:
    """Tell whether a request to the public address arrives at this installation."""
    if way is None:
        return skipped("webhooks")
    if way.listen_failure:
        return fail("webhooks", "listen", listen=settings.listen, failure=way.listen_failure)
    said = {"url": settings.public_url, "listen": settings.listen}
    if way.reached.status is None:
        return fail("webhooks", "silent", **said, failure=way.reached.failure)
    if way.reached.status != 200:
        return fail("webhooks", "status", **said, status=way.reached.status)
    return ok("webhooks", **said) if way.is_ours else fail("webhooks", "stranger", **said)


def check_board(settings: Settings, way: Way | None) -> Finding:
    """Tell whether the board, which has no sign-in, shows itself to whoever knows the public address."""
    if not is_real(settings.carrier):
        return ok("board", "double")
    if way is None or way.shows_board is None:
        return skipped("board")
    # A proxy that passes on neither the host asked for nor for whom it asks makes the world look like this machine.
    return fail("board", "public", url=settings.public_url) if way.shows_board else ok("board")


def check_signature(settings: Settings, way: Way | None) -> Finding:
    """Tell whether a callback signed with the account's token passes our own gate."""
    if way is None or way.listen_failure:
        return skipped("signature")
    said = {"url": settings.public_url, "variable": settings.carrier.auth_token_env}
    match way.signed.status:
        case 200:
            return ok("signature", **said)
        case 403:
            return fail("signature", "refused", **said)
        case None:
            return fail("signature", "silent", **said, failure=way.signed.failure)
        case status:
            return fail("signature", "status", **said, status=status)
