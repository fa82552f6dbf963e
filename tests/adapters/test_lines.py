"""How agents' lines come in one installation: by its settings, and, where its carrier is a double, from that."""

from pathlib import Path
from typing import Any

import pytest

from adapters.clock import SystemClock
from adapters.environment import Keys
from adapters.web.lines import LineFailed, LineKind
from adapters.wiring.lines import HouseLines, join_address, line_address
from dialer.errors import DialerError
from dialer.settings import Settings
from tests.adapters.simulator.builders import a_double
from tests.support.builders import SECRET

KEYS = Keys(key_sid="SK" + "c" * 32, key_secret="a key's secret of thirty-two chars", auth_tokens=("t",))
PHONE = {"phone": "+815031234567"}


def lines_of(base_url: str, *, application: str = "", line: Any = "browser", ring: Any = None) -> HouseLines:
    """The lines of an installation with one agent."""
    carrier = {
        "base_url": base_url,
        "account_sid": "AC" + "a" * 32,
        "application_sid": application,
        "line_caller_id": "+81312345678",
    }
    settings = Settings.model_validate(
        {
            "public_url": "http://127.0.0.1:9",
            "carrier": carrier,
            "agents": [{"id": "aoki", "name": "A", "line": line}],
        }
    )
    return HouseLines(settings, ring or (lambda: KEYS), secret=SECRET, clock=SystemClock())


@pytest.mark.parametrize(
    ("base_url", "application", "line", "kind"),
    [
        ("https://api.tokyo.jp1.twilio.com", "AP" + "b" * 32, "browser", LineKind.BROWSER),
        ("https://api.tokyo.jp1.twilio.com", "", "browser", LineKind.CALLED_IN),
        ("https://api.tokyo.jp1.twilio.com", "AP" + "b" * 32, PHONE, LineKind.TELEPHONE),
        ("http://127.0.0.1:4020", "AP" + "b" * 32, "browser", LineKind.SIMULATED),
        ("http://127.0.0.1:4020", "", PHONE, LineKind.TELEPHONE),
    ],
)
def test_each_line_comes_its_way(base_url: str, application: str, line: Any, kind: LineKind) -> None:
    """A double on this machine stands in for browsers; telephones are rung there too."""
    assert lines_of(base_url, application=application, line=line).kind("aoki") is kind


def test_a_pass_is_made_with_the_key_of_the_moment() -> None:
    """And while there is none, that is said and nothing else."""
    told = lines_of("https://api.twilio.com", application="AP" + "b" * 32).pass_for("aoki")
    assert set(told) == {"token", "identity", "life_s", "edge"}

    def none() -> Keys:
        raise DialerError("TWILIO_API_KEY is not set")

    with pytest.raises(LineFailed, match="no key"):
        lines_of("https://api.twilio.com", ring=none).pass_for("aoki")


async def test_the_double_opens_a_line_once_and_hangs_it_up(tmp_path: Path) -> None:
    """However often the page asks; and a double that is gone is said to be."""
    async with a_double(tmp_path) as double:
        lines = lines_of(f"http://127.0.0.1:{double.where.port}")
        for _ in range(3):
            await lines.open("aoki")
        health = (await double.api.get("/double/health")).json()
        assert health["agents"] == {"aoki": "joining"}  # nobody serves its room's address here
        await lines.close("aoki")
        await lines.close("aoki")
        assert (await double.api.get("/double/health")).json()["agents"] == {}
        wrong = await double.api.post("/double/lines", json={"id": "aoki"})
        assert wrong.status_code == 400
    with pytest.raises(LineFailed):
        await lines.open("aoki")
    await lines.close("aoki")


def test_the_addresses_hold_what_nobody_can_guess() -> None:
    """And are another where the secret is another."""
    settings = Settings(public_url="https://dialer.example/")
    assert line_address(settings, SECRET).startswith("https://dialer.example/twilio/line/")
    assert line_address(settings, SECRET) != line_address(settings, "t" * 32)
    assert "/twilio/agents/aoki/" in join_address(settings, SECRET, "aoki")
