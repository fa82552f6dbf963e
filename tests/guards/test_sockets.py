import socket

import pytest

from tests.conftest import OutsideWorld


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, ("192.0.2.1", 9)),
        (socket.AF_INET6, ("2001:db8::1", 9)),
    ],
)
def test_no_connection_leaves_the_machine(family: socket.AddressFamily, address: tuple[str, int]) -> None:
    """An address of the outside world is refused before a byte is sent."""
    with socket.socket(family, socket.SOCK_STREAM) as outward, pytest.raises(OutsideWorld):
        outward.connect(address)


def test_no_datagram_leaves_the_machine() -> None:
    """The same without a connection."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward, pytest.raises(OutsideWorld):
        outward.sendto(b"hello", ("192.0.2.1", 9))


def test_no_name_is_looked_up_outside() -> None:
    """Asking a name server is a way out too."""
    with pytest.raises(OutsideWorld):
        socket.getaddrinfo("example.com", 443)


def test_loopback_is_open() -> None:
    """Our own servers are reached by their name and by their address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            with socket.create_connection((host, port)) as caller, server.accept()[0] as callee:
                callee.sendall(b"here")
                assert caller.recv(4) == b"here"
