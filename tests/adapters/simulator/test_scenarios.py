"""Scenarios: files with positions, the double under their conditions, and a double that is used alone."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from adapters.cli import app
from adapters.playing import Account, directions
from adapters.simulator.faults import Faults, Turn
from adapters.simulator.habits import Habits
from adapters.simulator.options import DoubleOptions
from adapters.simulator.people import Kind, Population
from adapters.simulator.scenarios import Scenario, load_scenario
from adapters.simulator.twilio_double import Whereabouts
from compliance.problem import DocumentInvalid
from tests.adapters.simulator.builders import TEN_IN_TOKYO, a_double, a_number, is_busy, never_answers
from tests.guards.papers import keys_of, quoted, text_of

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "config" / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_holds_and_is_told_of(path: Path) -> None:
    """Each file loads, and the page about configuration names it."""
    assert load_scenario(path).says
    assert path.name in quoted(text_of("config/README.md"))


def test_there_are_scenarios_and_the_calm_one_is_calm() -> None:
    """Calm is what a double does without a scenario."""
    assert len(FILES) >= 6
    calm = load_scenario(FOLDER / "calm.yaml")
    assert (calm.faults, calm.people, calm.later) == (Faults(), Habits(), ())


def test_every_key_is_explained() -> None:
    """Whatever somebody can write into a scenario stands on the page, by its whole name."""
    ours = {key for key in keys_of(Scenario) if not key.startswith("later.faults.")}
    assert "people.patience" in ours
    assert sorted(ours - quoted(text_of("config/README.md"))) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("says: a\nfaults:\n  drop_callbacks: 2\n", 3, 19, "1"),
        ("says: a\nfaults:\n  drop_calbacks: 0.1\n", 3, 3, "drop_callbacks"),
        ("faults: {}\n", 1, 1, "says"),
        ("says: a\npeople: {patience: soon}\n", 2, 20, "number"),
        ("says: a\nlater:\n  - {after_s: 9, faults: {}}\n  - {after_s: 9, faults: {}}\n", 4, 15, "order"),
        ("says: [a\n", 1, 7, "never closed"),
    ],
)
def test_a_scenario_that_does_not_hold_is_told_with_its_place(
    tmp_path: Path, text: str, line: int, column: int, words: str
) -> None:
    """One clear problem: file, line, column, what is wrong and what to write instead."""
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DocumentInvalid) as invalid:
        load_scenario(path)
    (problem,) = invalid.value.problems
    assert (problem.file, problem.line, problem.column) == (str(path), line, column)
    assert words in f"{problem.what['en']} {problem.remedy['en']}"
    assert problem.remedy["ja"]


def test_the_command_tells_a_bad_scenario_and_plays_nothing(tmp_path: Path) -> None:
    """Exit status 2, one line, no traceback, no folder."""
    path = tmp_path / "mine.yaml"
    path.write_text("says: a\nfaults: {drop_callbacks: 2}\n", "utf-8")
    told = CliRunner().invoke(
        app, ["double", "--scenario", str(path), "--state", str(tmp_path / "state")], catch_exceptions=False
    )
    assert told.exit_code == 2
    assert f"{path}:2:" in told.stderr
    assert not (tmp_path / "state").exists()
    missing = CliRunner().invoke(app, ["double", "--scenario", str(tmp_path / "none.yaml")])
    assert (missing.exit_code, "no such file" in missing.stderr) == (2, True)


async def test_faults_come_and_go_in_the_scenarios_time(tmp_path: Path) -> None:
    """The second turn puts an end to what the first one began."""
    later = (
        Turn(after_s=40, faults=Faults(status_503=True)),
        Turn(after_s=200, faults=Faults()),
    )
    async with a_double(tmp_path, later=later, factor=100) as standing:
        seen: list[int] = []
        async with asyncio.timeout(15):
            while seen[-2:] != [503, 200]:
                status = (await standing.api.get(standing.calls)).status_code
                if seen[-1:] != [status]:
                    seen.append(status)
    assert seen[-3:] == [200, 503, 200]


def test_people_are_as_the_scenario_has_them() -> None:
    """Factors and shares move what a crowd does, and leave single draws alone where they are as usual."""
    numbers = [f"+8190{n:08d}" for n in range(3000)]

    def kinds(habits: Habits) -> list[Kind]:
        people = Population("1", habits=habits)
        return [people.reaction(each, people.local(TEN_IN_TOKYO), 1).kind for each in numbers]

    usual = kinds(Habits())
    assert usual.count(Kind.ANSWER) * 1.3 < kinds(Habits(answers=1.5)).count(Kind.ANSWER)
    assert kinds(Habits(machines=0)).count(Kind.MACHINE) == 0
    assert 0.25 < kinds(Habits(busy=0.3)).count(Kind.BUSY) / 3000 < 0.35
    assert set(kinds(Habits(gone=1))) == {Kind.GONE}
    hasty, patient = Population("1", habits=Habits(patience=0.5)), Population("1")
    local = patient.local(TEN_IN_TOKYO)
    for each in numbers[:20]:
        short, long = (people.reaction(each, local, 1) for people in (hasty, patient))
        assert short.patience_s == pytest.approx(long.patience_s / 2)
        assert (short.kind, short.talk_s) == (long.kind, long.talk_s)


async def test_other_numbers_are_not_called_from(tmp_path: Path) -> None:
    """When the account has numbers, only they may be shown."""
    async with a_double(tmp_path, numbers=frozenset({"+81300000001"})) as standing:
        wrong = (await standing.dial(a_number(never_answers))).json()
        right = await standing.dial(a_number(never_answers), From="+81300000001")
    assert (wrong["code"], wrong["status"]) == (21210, 400)
    assert right.status_code == 201


def test_directions_name_what_an_installation_needs(tmp_path: Path) -> None:
    """Base address, account, mail server, and variables; secrets only of an account that was invented."""
    options = DoubleOptions(state=tmp_path, account_sid="AC1", auth_token="secret-token")
    where = Whereabouts(port=4020, pid=1, account_sid="AC1", smtp_port=4025)
    own = Account(sid="AC1", auth_token="secret-token", key_sid="SK1", key_secret="secret-key")
    told = "\n".join(directions(options, where, says="nothing goes wrong", invented=own))
    for part in ("base_url: http://127.0.0.1:4020", "account_sid: AC1", "port: 4025", "TWILIO_API_KEY=SK1"):
        assert part in told
    given = "\n".join(directions(options, where, says="nothing goes wrong", invented=None))
    assert "secret" not in given
    assert "TWILIO_" in given


def test_a_double_is_usable_alone(tmp_path: Path) -> None:
    """Started without an account it invents one, prints how to reach it, takes a call, and keeps the account."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    command = [sys.executable, "-m", "dialer", "double", "--state", str(tmp_path)]
    command += ["--scenario", str(FOLDER / "calm.yaml"), "--factor", "50"]
    kept = []
    for _ in range(2):
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip()]
            while not lines[-1].startswith("export TWILIO_API_SECRET="):
                lines.append(process.stdout.readline().strip())
            said = dict(line.split(": ", 1) for line in lines if ": " in line)
            base, variables = (
                said["base_url"],
                dict(line[7:].split("=") for line in lines if "export" in line),
            )
            path = f"{base}/2010-04-01/Accounts/{said['account_sid']}/Calls.json"
            auth = (variables["TWILIO_API_KEY"], variables["TWILIO_API_SECRET"])
            form = {"To": a_number(is_busy), "From": "+81312345678", "Twiml": "<Response/>"}
            assert httpx.post(path, data=form, auth=auth).status_code == 201
            httpx.post(f"{base}/double/stop")
        kept.append((said["account_sid"], variables))
    assert kept[0] == kept[1]
    assert (tmp_path / "account.json").stat().st_mode & 0o077 == 0
    assert (
        len([line for line in (tmp_path / "calls.jsonl").read_text().splitlines() if "create" in line]) == 2
    )
    assert json.loads((tmp_path / "account.json").read_text())["sid"] == kept[0][0]
