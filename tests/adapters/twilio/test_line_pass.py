"""What a browser is given to call us with: whose it is, what it may do, and for how long."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.twilio.account import Credentials
from adapters.twilio.line_pass import LIFE, edge_of, identity_of, mint, named_by, region_of, signalling_hosts
from tests.adapters.twilio.builders import ACCOUNT, BASE, NOW, settings

APPLICATION = "AP" + "f" * 32
KEYS = Credentials(key_sid="SK" + "c" * 32, key_secret="a key's secret of thirty-two chars")


def minted(agent: str = "aoki", base_url: str = BASE) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head and the body of a token, its signature checked."""
    carrier = settings(application_sid=APPLICATION, base_url=base_url)
    token = mint(agent, carrier, KEYS, NOW).token
    body = jwt.decode(
        token, KEYS.key_secret, algorithms=["HS256"], options={"verify_exp": False, "verify_nbf": False}
    )
    return dict(jwt.get_unverified_header(token)), body


def test_a_token_says_who_and_may_call_our_application_alone() -> None:
    """Nobody can be called with it, and no other application; it is made with the key, never with the auth token."""
    head, body = minted()
    assert body["grants"] == {"identity": "aoki", "voice": {"outgoing": {"application_sid": APPLICATION}}}
    assert (body["iss"], body["sub"]) == (KEYS.key_sid, ACCOUNT)
    assert (head["alg"], head["cty"], head["twr"]) == ("HS256", "twilio-fpa;v=1", "jp1")


def test_a_token_lives_for_minutes() -> None:
    """From a little before now, for a browser whose clock is behind, by our own clock."""
    _, body = minted()
    assert body["exp"] == int((NOW + LIFE).timestamp())
    assert timedelta() < NOW - NOW.fromtimestamp(body["nbf"], NOW.tzinfo) <= timedelta(seconds=10)
    assert timedelta(minutes=15) >= LIFE


@pytest.mark.parametrize(
    ("base_url", "region", "edge"),
    [
        ("https://api.tokyo.jp1.twilio.com", "jp1", "tokyo"),
        ("https://api.dublin.ie1.twilio.com", "ie1", "dublin"),
        ("https://api.twilio.com", None, "roaming"),
    ],
)
def test_a_token_is_of_the_region_of_the_key(base_url: str, region: str | None, edge: str) -> None:
    """Another region would refuse it; the browser connects where that region is."""
    head, _ = minted(base_url=base_url)
    assert (head.get("twr"), region_of(base_url), edge_of(base_url)) == (region, region, edge)
    assert signalling_hosts(base_url)[0] == f"wss://voice-js.{edge}.twilio.com"
    assert all(source.endswith(".twilio.com") for source in signalling_hosts(base_url))


@given(st.text(min_size=1))
def test_an_identity_is_what_the_carrier_takes(agent: str) -> None:
    """Letters, digits and underscores, 121 at most; and it leads back to the agent."""
    identity = identity_of(agent)
    assert identity.replace("_", "a").isascii()
    assert identity.replace("_", "a").isalnum()
    assert len(identity) <= 121
    assert named_by([f"client:{identity}"], [agent]) == agent


@pytest.mark.parametrize(
    "senders",
    [
        [],
        ["client:"],
        ["aoki"],
        ["client:baba"],
        ["client:aoki", "client:baba"],
        ["client:aoki ", "client:aoki"],
        ["+815012345678", "client:aoki"],
        ["sip:aoki@example.com"],
        ["client:AOKI"],
    ],
)
def test_nobody_else_is_an_agent(senders: list[str]) -> None:
    """Named twice in two ways is named by somebody who would like to be two."""
    assert named_by(senders, ["aoki"]) is None
