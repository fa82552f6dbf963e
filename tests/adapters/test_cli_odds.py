"""`dialer odds`, as a manager reads it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.cli import app
from adapters.cli_odds import told
from adapters.words import words_in
from dialer.assessment import assess
from dialer.foresight import Tried
from tests.dialer.test_foresight import calls
from tests.support.stores import CAMPAIGN, opened, prepared


def printed(found: list[Tried], language: str = "en") -> str:
    """What is said of campaign `a`."""
    return "\n".join(told(assess(found, "a"), "a", words_in(language)))


def test_a_table_says_what_was_promised_and_what_came() -> None:
    """Both scores, the tenths in which a chance was given, and that the odds are in use."""
    text = printed(calls(4000))
    assert "a: 3000 earlier calls taught, 1000 later ones were held out" in text
    assert "the odds of each person are the better of the two" in text
    assert "0.5-0.6" in text or "0.6-0.7" in text
    assert text.splitlines()[-1].startswith("in use")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (calls(3000, known=False), "not in use: on the last calls the plain hourly rate was better"),
        (calls(100), "not in use: fewer than 200 calls"),
        ([], "not in use: fewer than 200 calls"),
    ],
)
def test_odds_that_are_not_used_say_why(found: list[Tried], said: str) -> None:
    """And what decides instead."""
    assert said in printed(found)
    assert "not in use" not in printed(found, "ja")


async def _prepare(folder: Path) -> None:
    async with opened("file", folder) as store:
        await prepared(store, 1)


def test_the_command_reads_the_database(tmp_path: Path) -> None:
    """Of an installation that has called nobody yet there is nothing to hold against anything."""
    asyncio.run(_prepare(tmp_path))
    found = CliRunner().invoke(app, ["odds", CAMPAIGN, "--database", f"sqlite:///{tmp_path}/dialer.db"])
    assert found.exit_code == 0
    assert "0 later ones" in found.output


def test_what_is_judged_comes_last() -> None:
    """The calls of other campaigns teach, and are not judged."""
    own, others = calls(400), calls(400, campaign="b")
    found = assess([*own, *others], "a")
    assert found.judged == 100
    assert found.taught == 600
    assert max(call.over_at for call in own) - own[300].over_at == timedelta(seconds=99)
