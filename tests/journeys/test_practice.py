"""A practice reaches nobody and leaves nothing: started beside a configuration that looks real, and watched."""

import socket
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from campaigns.outcome import Outcome
from tests.support.practices import ROOT, a_config, a_practice, a_seed, calls_of

pytestmark = pytest.mark.timeout(300)  # people take seconds to answer, at the pace of real ones
SENTINEL = b"the real database, which is none of a practice's business"


def a_trap() -> socket.socket:
    """Return a listener that stands for the real carrier or mail server; nobody is ever to connect to it."""
    trap = socket.create_server(("127.0.0.1", 0))
    trap.setblocking(False)
    return trap


def port_of(trap: socket.socket) -> int:
    """Return where it listens."""
    port: int = trap.getsockname()[1]
    return port


async def test_nothing_real_is_touched(tmp_path: Path) -> None:
    """Not the database, the keys, the list, the carrier or the mail server; only loopback, only files of its own."""
    config, real = a_config(tmp_path), tmp_path / "real"
    real.mkdir()
    (real / "dialer.db").write_bytes(SENTINEL)
    keys = {}
    for name in ("TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_AUTH_TOKEN", "DIALER_SECRET"):
        (real / name).write_text("a real key of the real account, 32 letters", "utf-8")
        keys[f"{name}_FILE"] = str(real / name)
    with a_trap() as carrier, a_trap() as mail:
        text = (config / "dialer.yaml").read_text("utf-8")
        for old, new in {
            "database: sqlite:///var/dialer.db": f"database: sqlite:///{real / 'dialer.db'}",
            "base_url: https://api.tokyo.jp1.twilio.com": f"base_url: http://127.0.0.1:{port_of(carrier)}",
            'account_sid: ""': f"account_sid: AC{'0' * 32}",
            "  port: 25\n": f"  port: {port_of(mail)}\n",
        }.items():
            assert old in text
            text = text.replace(old, new)
        (config / "dialer.yaml").write_text(text, "utf-8")
        options = ("--calls", "1", "--seed", a_seed(Outcome.CALLBACK))
        async with a_practice(tmp_path, config, *options, environment=keys) as practice:
            await practice.ask("POST", "/ready", {})
            desk = await practice.until("talking")
            await practice.said(4)
            call, at = {"attempt": desk["attempt"]}, datetime.fromisoformat(desk["since"]) + timedelta(days=1)
            judged = await practice.ask("POST", "/callback", call | {"at": at.isoformat()})
            promised = judged["at"] if judged["lawful"] else judged["next"]
            said = {"disposition": "callback", "note": "in a hurry", "callback_at": promised}
            await practice.ask("POST", "/dispose", call | said)
            await practice.reviewed(1)
            assert list(practice.temporary.iterdir())
            out = await practice.end()
            assert practice.process.returncode == 0
        for trap in (carrier, mail):
            with pytest.raises(BlockingIOError):
                trap.accept()
    (call,) = calls_of(out)
    codes = {one["code"] for one in call["findings"]}
    assert (call["wanted"], call["chosen"]) == ("callback", "callback")
    assert {"result_right", "note_written", "duty_missed", "first_never"} <= codes
    assert len(codes & {"callback_kept", "callback_moved", "callback_elsewhen"}) == 1
    assert list(practice.temporary.iterdir()) == []
    assert (real / "dialer.db").read_bytes() == SENTINEL
    assert {path.name for path in real.iterdir()} == {"dialer.db", *(name[: -len("_FILE")] for name in keys)}
    touched = practice.touched()
    assert any(str(config / "dialer.yaml") in line for line in touched)
    assert any(line.startswith("connect 127.0.0.1") for line in touched)
    hosts = {line.split()[1] for line in touched if line.startswith(("connect", "lookup"))}
    assert hosts <= {"127.0.0.1", "None"}
    forbidden = (str(real), str(config / "contacts"))
    assert [line for line in touched if any(place in line for place in forbidden)] == []


def test_an_agent_nobody_knows_is_one_clear_error() -> None:
    """With those there are, in the reader's language."""
    command = ("practice", "config/campaigns/winback-dormant.yaml", "--agent", "nobody", "--lang", "ja")
    done = subprocess.run(
        [sys.executable, "-m", "dialer", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "nobody は dialer.yaml のオペレーターではありません" in done.stderr
    for known in ("aoki", "hall"):
        assert known in done.stderr
    assert "Traceback" not in done.stderr
