"""Can agents' browsers call: is the application there, and does it ask this installation what to do?"""

from adapters.doctor.account import is_real
from adapters.doctor.finding import Finding, fail, ok, skipped, warning
from adapters.facts import Account
from dialer.settings import Settings


def check_lines(settings: Settings, account: Account | None, *, key: str, expected: str) -> Finding:
    """Tell whether agents who hear people in their browser will.

    `expected` is the voice address that the application must have, "" where it cannot be made for want of the secret;
    `key` is the SID with which tokens would be made.
    """
    by_browser = [agent.id for agent in settings.agents if agent.id not in settings.telephones]
    if not by_browser:
        return ok("lines", "telephones")
    if not is_real(settings.carrier):
        return ok("lines", "double")
    sid = settings.carrier.application_sid
    if not sid:
        return warning("lines", "none", agents=", ".join(by_browser), url=expected or "…")
    if not key.startswith("SK"):
        return fail("lines", "key", variable=settings.carrier.key_sid_env)
    if account is None or account.calls.status != 200 or account.application is None or not expected:
        return skipped("lines")
    found = account.application
    if found.reply.status == 404:
        return fail("lines", "missing", sid=sid, host=settings.carrier.base_url)
    if found.reply.status != 200:
        return warning("lines", "unread", sid=sid, status=found.reply.status or found.reply.failure)
    if found.voice_url.partition("#")[0] != expected or found.voice_method.upper() != "POST":
        said = f"{found.voice_method} {found.voice_url}".strip() or "-"
        return fail("lines", "elsewhere", sid=sid, found=said, url=expected)
    return ok("lines", sid=sid)
