"""What holds for every test: no network but loopback, and Hypothesis that says the same each time."""

import ipaddress
import shutil
import socket
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

# A run of the suite is repeatable to the last example; `make test ARGS=--hypothesis-profile=long` goes looking further.
settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,  # two cores that do other work as well say nothing about the code
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


class OutsideWorld(RuntimeError):
    """A test tried to reach something that is not on this machine."""


def _is_loopback(host: object) -> bool:
    """Tell whether a host given to a socket is this machine; nothing and '' are what a listener gives."""
    if host in {None, "", b"", "localhost", b"localhost"}:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_address(host: object) -> bool:
    """Tell whether a host is written as an address, so that looking it up asks nobody."""
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _stay_inside(event: str, args: tuple[object, ...]) -> None:
    """Refuse whatever would leave the machine: connections, datagrams and look-ups of names."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        sock, address = args[0], args[1]
        if not isinstance(sock, socket.socket) or sock.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            message = f"tests stay on this machine, and this is outside: {address!r}"
            raise OutsideWorld(message)
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not (
        _is_loopback(args[0]) or _is_address(args[0])
    ):
        message = f"tests stay on this machine, and this name is outside: {args[0]!r}"
        raise OutsideWorld(message)


# An audit hook sees every socket whoever opens it, and nothing has to be patched. It stays until the process ends.
sys.addaudithook(_stay_inside)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Forget where a command that ran in this process wrote its logs: that stream is closed by now."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a browser that Playwright can drive; without one the test is skipped, and says so."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path is not None:
            return path
    pytest.skip("no browser here: install the package chromium (and fonts-noto-cjk) to see the pages tested")
