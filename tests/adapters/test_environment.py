"""Secrets from variables and from files, and files that are replaced while we run."""

import os
from pathlib import Path

import pytest

from adapters.environment import keys_of, stamp_of, unfolded, variable
from dialer.errors import DialerError
from dialer.settings import CarrierSettings, MailSettings, Settings

SETTINGS = Settings(carrier=CarrierSettings(account_sid="AC1"), mail=MailSettings(username="dialer"))
NAMES = ("TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_AUTH_TOKEN", "DIALER_SMTP_PASSWORD")
PLAIN = {name: f"the {name}" for name in NAMES}


def in_files(folder: Path) -> dict[str, str]:
    """The same secrets, each in a file with a line's end, as editors and vaults write them."""
    for name, value in PLAIN.items():
        (folder / name).write_text(f"{value}\n", encoding="utf-8")
    return {f"{name}_FILE": str(folder / name) for name in NAMES}


def test_a_file_is_as_good_as_a_variable(tmp_path: Path) -> None:
    """Its content counts without the space around it, for every secret there is."""
    environment = in_files(tmp_path)
    assert keys_of(SETTINGS, environment) == keys_of(SETTINGS, PLAIN)
    assert unfolded(SETTINGS, environment) == environment | PLAIN
    secret = tmp_path / "secret"
    secret.write_text(" s3cret \n", encoding="utf-8")
    assert variable("DIALER_SECRET", {"DIALER_SECRET_FILE": str(secret)}) == "s3cret"


def test_a_file_is_read_each_time(tmp_path: Path) -> None:
    """What was replaced since is what is found, and the stamp tells that it was, were it in the same instant."""
    environment = in_files(tmp_path)
    path, before = tmp_path / "TWILIO_AUTH_TOKEN", stamp_of(SETTINGS, environment)
    assert stamp_of(SETTINGS, environment) == before
    told = path.stat()
    path.write_text("old, new\n", encoding="utf-8")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert stamp_of(SETTINGS, environment) != before
    assert keys_of(SETTINGS, environment).auth_tokens == ("old", "new")
    path.unlink()
    assert stamp_of(SETTINGS, environment) is None
    assert stamp_of(SETTINGS, PLAIN) is None


def test_what_cannot_be_read_is_said_without_its_content(tmp_path: Path) -> None:
    """Missing, empty, or no text: the variable and the path are named. Both at once would leave a doubt."""
    path = tmp_path / "key"
    environment = {"KEY_FILE": str(path)}
    with pytest.raises(DialerError, match=r"KEY_FILE: .*/key cannot be read: FileNotFoundError"):
        variable("KEY", environment)
    path.write_bytes(b" \n")
    with pytest.raises(DialerError, match="/key is empty"):
        variable("KEY", environment)
    path.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(DialerError, match="UnicodeDecodeError"):
        variable("KEY", environment)
    with pytest.raises(DialerError, match="both KEY and KEY_FILE"):
        variable("KEY", environment | {"KEY": "k"})
    with pytest.raises(DialerError, match="KEY is not set, nor is KEY_FILE"):
        variable("KEY", {})


def test_whoever_examines_finds_what_can_be_read(tmp_path: Path) -> None:
    """A file that is not there is a secret that is not there."""
    environment = in_files(tmp_path)
    (tmp_path / "TWILIO_API_KEY").unlink()
    found = unfolded(SETTINGS, environment)
    assert "TWILIO_API_KEY" not in found
    assert found["TWILIO_API_SECRET"] == PLAIN["TWILIO_API_SECRET"]
