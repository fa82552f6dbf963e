"""The installation that runs on this machine, spoken to over HTTP."""

from collections.abc import Mapping
from typing import Any

import httpx

from dialer.errors import DialerError
from dialer.nonce import nonce_for
from dialer.settings import Settings

_TIMEOUT_S = 10.0
_ANYWHERE = {"", "0.0.0.0", "[::]", "::"}  # noqa: S104 - nothing is bound here: it is where others may listen


class NoAnswer(DialerError):
    """Nothing, or nothing of ours, answers where the installation should listen."""


class OrderRefused(DialerError):
    """The running installation did not do what it was told; the text says why, and what to do."""


def address_of(settings: Settings) -> str:
    """Return where this machine reaches the installation that the settings describe."""
    host, _, port = settings.listen.rpartition(":")
    return f"http://{'127.0.0.1' if host in _ANYWHERE else host}:{port}"


async def tell(address: str, secret: str, path: str, body: Mapping[str, object]) -> str:
    """Give one order to the installation at `address`, once, and return what it says was done.

    Raises OrderRefused for an answer that is no yes, and NoAnswer when there is none.
    """
    return str((await ask(address, secret, path, body))["done"])


async def ask(address: str, secret: str, path: str, body: Mapping[str, object]) -> Mapping[str, Any]:
    """Do the same, and return the whole answer, which has `done` in it."""
    headers = {
        "Authorization": f"Bearer {nonce_for(secret, 'control', 'cli')}",
        "Accept": "application/json",
        "Accept-Language": "en",
    }
    try:
        # A proxy from the environment has no business between this machine and itself.
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            answer = await client.post(f"{address}{path}", json=body, headers=headers)
        said: Any = answer.json()
        if answer.is_success:
            return {**said, "done": said["done"]}
        problem = f"{said['error']} {said['remedy']}"
    except httpx.HTTPError as failed:
        raise NoAnswer(f"nothing answers at {address} ({type(failed).__name__})") from failed
    except (ValueError, KeyError, TypeError) as failed:
        raise NoAnswer(f"what answers at {address} is no installation of this program") from failed
    raise OrderRefused(problem)
