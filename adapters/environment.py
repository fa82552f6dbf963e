"""What the environment holds in secret: keys of the account and the mail server, the installation's own secret."""

import os
from dataclasses import dataclass

from dialer.errors import DialerError
from dialer.settings import Settings

SECRET_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What opens the carrier's account and the mail server."""

    key_sid: str
    key_secret: str
    auth_tokens: tuple[str, ...]
    smtp_password: str | None = None


def keys_of(settings: Settings) -> Keys:
    """Return what the environment names. Raises DialerError for a missing variable."""
    carrier = settings.carrier
    if not carrier.account_sid:
        raise DialerError("carrier.account_sid in dialer.yaml is empty: put your account's SID (AC…) there")
    return Keys(
        key_sid=variable(carrier.key_sid_env),
        key_secret=variable(carrier.key_secret_env),
        auth_tokens=tuple(variable(carrier.auth_token_env).split(",")),
        smtp_password=variable(settings.mail.password_env) if settings.mail.username else None,
    )


def secret_of(settings: Settings) -> str:
    """Return the installation's secret. Raises DialerError when it is missing or too short to be one."""
    secret = variable(settings.secret_env)
    if len(secret) < SECRET_LENGTH:
        raise DialerError(f"{settings.secret_env} must have at least {SECRET_LENGTH} characters")
    return secret


def variable(name: str) -> str:
    """Return an environment variable. Raises DialerError when it is not set."""
    value = os.environ.get(name, "")
    if not value:
        raise DialerError(f"the environment variable {name} is not set")
    return value
