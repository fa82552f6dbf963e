"""What the environment holds in secret: keys of the account and the mail server, the installation's own secret."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dialer.errors import DialerError
from dialer.settings import Settings

SECRET_LENGTH = 32
FILE: Final = "_FILE"
"""What is added to a variable's name to give a file with its value instead, which may be replaced while we run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What opens the carrier's account and the mail server."""

    key_sid: str
    key_secret: str
    auth_tokens: tuple[str, ...]
    smtp_password: str | None = None


KeyRing = Callable[[], Keys]
"""Where keys are read anew each time they are asked for; it raises DialerError when one is missing."""


def keys_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> Keys:
    """Return what the environment names, as it is now. Raises DialerError for what is missing or cannot be read."""
    carrier = settings.carrier
    if not carrier.account_sid:
        raise DialerError("carrier.account_sid in dialer.yaml is empty: put your account's SID (AC…) there")
    return Keys(
        key_sid=variable(carrier.key_sid_env, environment),
        key_secret=variable(carrier.key_secret_env, environment),
        auth_tokens=tuple(
            token.strip() for token in variable(carrier.auth_token_env, environment).split(",")
        ),
        smtp_password=variable(settings.mail.password_env, environment) if settings.mail.username else None,
    )


def stamp_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> object:
    """Return something that differs once the file with the auth tokens is another; None when there is no such file."""
    path = environment.get(settings.carrier.auth_token_env + FILE)
    try:
        found = Path(path).stat() if path else None
    except OSError:
        return None
    # The clock of a disk may stand still for some milliseconds: size and number of the file tell of changes within.
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None


def secret_of(settings: Settings) -> str:
    """Return the installation's secret. Raises DialerError when it is missing or too short to be one."""
    secret = variable(settings.secret_env)
    if len(secret) < SECRET_LENGTH:
        raise DialerError(f"{settings.secret_env} must have at least {SECRET_LENGTH} characters")
    return secret


def variable(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return a secret: the variable NAME, or what stands in the file that NAME_FILE names, read now.

    Raises DialerError when there is neither, when there are both, and when the file is empty or cannot be read.
    """
    value = optional(name, environment)
    if not value:
        raise DialerError(f"the environment variable {name} is not set, nor is {name}{FILE}")
    return value


def optional(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the same, "" when there is neither."""
    value, path = environment.get(name, ""), environment.get(name + FILE, "")
    if value and path:
        raise DialerError(f"both {name} and {name}{FILE} are set: leave one of them out")
    return _content(name, path) if path else value


def unfolded(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the value of every secret whose file can be read; whoever looks sees one form."""
    return dict(environment) | dict(_found(settings, environment))


def _found(settings: Settings, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    carrier = settings.carrier
    account = (carrier.key_sid_env, carrier.key_secret_env, carrier.auth_token_env)
    for name in (*account, settings.secret_env, settings.mail.password_env):
        try:
            value = optional(name, environment)
        except DialerError:
            continue
        if value:
            yield name, value


def _content(name: str, path: str) -> str:
    try:
        value = Path(path).read_text("utf-8").strip()
    except (OSError, ValueError) as failure:
        raise DialerError(f"{name}{FILE}: {path} cannot be read: {type(failure).__name__}") from failure
    if not value:
        raise DialerError(f"{name}{FILE}: {path} is empty")
    return value
