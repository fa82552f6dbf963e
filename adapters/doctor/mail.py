"""Does the mail server take us, with the security that was asked for?"""

from collections.abc import Mapping

from adapters.doctor.account import is_loopback
from adapters.doctor.finding import Finding, fail, ok, skipped, warning
from dialer.settings import MailSettings


def check_mail(
    mail: MailSettings, environment: Mapping[str, str], failure: str | None, *, is_used: bool
) -> Finding:
    """Tell whether the server lets us in; `failure` is why it did not, None when it was not asked."""
    said = {"host": mail.host, "port": mail.port, "security": mail.security}
    if mail.username and not environment.get(mail.password_env):
        return fail("mail", "password", **said, variable=mail.password_env)
    if failure is None:
        return skipped("mail")
    if failure:
        return (
            fail("mail", "silent", **said, failure=failure) if is_used else warning("mail", "unused", **said)
        )
    if mail.security == "none" and not is_loopback(mail.host):
        return warning("mail", "plain", **said)
    return ok("mail", **said)
