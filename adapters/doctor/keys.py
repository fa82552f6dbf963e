"""Are the secrets there: the installation's own, and what opens the carrier's account?"""

import re
from collections.abc import Mapping
from typing import Final

from adapters.doctor.finding import Finding, fail, ok, warning
from adapters.environment import SECRET_LENGTH
from dialer.settings import CarrierSettings, Settings

_ACCOUNT: Final = re.compile(r"AC[0-9a-f]{32}")
_KEY: Final = re.compile(r"(?:SK|AC)[0-9a-f]{32}")


def check_secret(settings: Settings, environment: Mapping[str, str]) -> Finding:
    """Tell whether the installation's secret is set and long enough to be one."""
    length = len(environment.get(settings.secret_env, ""))
    said = {"variable": settings.secret_env, "least": SECRET_LENGTH, "length": length}
    if not length:
        return fail("secret", "missing", **said)
    if length < SECRET_LENGTH:
        return fail("secret", "short", **said)
    return ok("secret", **said)


def check_variables(carrier: CarrierSettings, environment: Mapping[str, str]) -> Finding:
    """Tell whether the account is named, and every variable with a key of it is set and looks like one."""
    if not carrier.account_sid:
        return fail("variables", "account")
    names = variables_of(carrier)
    if missing := [name for name in names if not environment.get(name)]:
        return fail("variables", "missing", names=", ".join(missing))
    if not _ACCOUNT.fullmatch(carrier.account_sid):
        return warning("variables", "account_shape", sid=carrier.account_sid)
    if not _KEY.fullmatch(environment[carrier.key_sid_env]):
        return warning("variables", "key_shape", variable=carrier.key_sid_env)
    return ok("variables", names=", ".join(names))


def variables_of(carrier: CarrierSettings) -> tuple[str, str, str]:
    """Return the names of the variables that open the account."""
    return carrier.key_sid_env, carrier.key_secret_env, carrier.auth_token_env
