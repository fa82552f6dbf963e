import asyncio
import re
import subprocess
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import BaseModel

from adapters import auditing
from adapters.web import desk, desk_dial, desk_line, desk_notes, own_line, sign_in
from adapters.wiring.stores import open_store
from campaigns.campaign import Campaign
from campaigns.loading import load_campaign
from campaigns.outcome import Ending, LeadState, Outcome
from campaigns.rejects import RejectCode
from compliance.house import HOUSE
from compliance.ledger import Kind, Record
from compliance.policy import Policy
from compliance.rulebook import Rulebook, packaged_law
from compliance.rules import Rule
from compliance.terms import Decision, ReasonCode
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.events import Fault
from dialer.legs import LegState
from dialer.settings import Settings
from dialer.view import CampaignState
from docs import generate
from tests.guards.papers import dead_links, keys_of, papers, quoted, section, text_of, verbs, wrong_commands

# --- what people write ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "paper", "some"),
    [
        (Campaign, "docs/manager.md", "audience.columns.key"),
        (Settings, "docs/manager.md", "carrier.auth_token_env"),
        (Policy, "config/README.md", "caps.per_day"),
    ],
)
def test_every_key_is_explained(model: type[BaseModel], paper: str, some: str) -> None:
    """Whatever somebody can write into a file stands in the guide, by its whole name."""
    keys = set(keys_of(model))
    assert some in keys
    assert sorted(keys - quoted(text_of(paper))) == []


def test_the_examples_of_the_guide_make_a_campaign() -> None:
    """Whoever copies them one after the other has a file that loads; every section of a campaign stands in them."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", text_of("docs/manager.md"), re.MULTILINE | re.DOTALL)
    loaded = load_campaign("".join(blocks), "docs/manager.md")
    assert loaded.campaign.id == "winback-dormant"
    assert {field.alias or name for name, field in Campaign.model_fields.items()} <= {
        "broadcast",
        *re.findall(r"^([a-z_]+):", "".join(blocks), re.MULTILINE),
    }


def test_the_example_without_agents_makes_a_campaign() -> None:
    """It stands in the guide for the pacing of the others, and against their voicemail."""
    text = text_of("docs/manager.md")
    blocks = "".join(re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    alone = re.findall(r"^```yaml agentless\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for key in ("pacing", "voicemail"):
        blocks = re.sub(rf"^{key}:\n(?:  .*\n)+", "", blocks, flags=re.MULTILINE)
    loaded = load_campaign(blocks + "".join(alone), "docs/manager.md").campaign
    assert loaded.pacing.is_agentless
    assert loaded.broadcast is not None


def test_no_key_is_explained_that_does_not_exist() -> None:
    """The first column of the guide's tables holds keys of today only."""
    known = set(keys_of(Campaign)) | set(keys_of(Settings)) | {code.value for code in RejectCode}
    told = re.findall(r"^\| `([a-z_]+(?:\.[a-z_]+)*)` \|", text_of("docs/manager.md"), re.MULTILINE)
    assert sorted(set(told) - known) == []


def test_every_code_of_a_rejects_file_is_explained() -> None:
    """A manager filters the rejects by them."""
    assert {code.value for code in RejectCode} <= quoted(text_of("docs/manager.md"))


def test_every_secret_is_named() -> None:
    """Whoever sets up an installation finds which environment variables hold its secrets."""
    parts = (Settings(), Settings().carrier, Settings().mail)
    named = {value for part in parts for key, value in part.model_dump().items() if key.endswith("_env")}
    assert len(named) == 5
    assert sorted(named - quoted(text_of("docs/manager.md"))) == []


def test_every_address_of_the_desk_is_explained() -> None:
    """Whoever builds a desk finds each address, and nothing else."""
    calling = (*desk_dial.routes, *desk_line.routes, *own_line.routes)
    routes = (*sign_in.routes, *desk.routes, *desk_notes.routes, *calling)
    served = {f"{route.method} {route.path}" for route in routes if isinstance(route, web.RouteDef)}
    told = set(re.findall(r"^\| `([A-Z]+ /desk\S*)`", text_of("docs/agent.md"), re.MULTILINE))
    assert told == served != set()


def test_the_parts_of_a_rulebook_are_explained() -> None:
    """Whoever adds a country finds every section and everything that each rule says of itself."""
    assert {*Rulebook.model_fields, *Rule.model_fields} <= quoted(text_of("docs/officer.md"))


# --- the words --------------------------------------------------------------------------------------------------------

HEADINGS: dict[str, type[StrEnum]] = {
    "## Lead": LeadState,
    "## Ending": Ending,
    "## Outcome": Outcome,
    "## Attempt": AttemptState,
    "## Fault": Fault,
    "## Agent": AgentState,
    "## Leg": LegState,
    "## Campaign": CampaignState,
    "## Decision": Decision,
    "## Reasons": ReasonCode,
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_glossary_has_every_value(heading: str) -> None:
    """Each value has its line with both languages, and no line is left of a value that is gone."""
    lines = re.findall(
        r"^\| `([A-Za-z0-9_]+)` \| (\S.*) \| (\S.*) \|$",
        section(text_of("docs/glossary.md"), heading),
        re.MULTILINE,
    )
    assert [value for value, _, _ in lines] == [member.value for member in HEADINGS[heading]]
    assert not [value for value, en, ja in lines if not en.isascii() or ja.isascii()]


# --- the law ----------------------------------------------------------------------------------------------------------


def test_every_rule_is_explained() -> None:
    """An officer who meets a rule's id in a verdict finds it in the guide or the table of all rules."""
    rules = {rule.id for book in packaged_law().rulebooks.values() for rule in book.rules}
    assert sorted(rules - quoted(text_of("docs/rules.md"))) == []
    assert sorted(set(HOUSE) - quoted(text_of("docs/officer.md"))) == []


def test_every_rule_is_founded_and_tested() -> None:
    """None lacks a citation, a source, the day it was checked, or a test that names it."""
    rules = [rule for book in packaged_law().rulebooks.values() for rule in book.rules]
    unfounded = [rule.id for rule in rules if not (rule.citation.strip() and rule.source.strip())]
    assert unfounded == []
    assert sorted(rule.id for rule in rules if not generate.tests_of(rule.id)) == []


def test_every_kind_of_ledger_row_is_explained() -> None:
    """The same for what a row records."""
    assert {kind.value for kind in Kind} <= quoted(section(text_of("docs/officer.md"), "## The ledger"))


async def keep(url: str) -> None:
    """Seal a few records with all kinds of values into a new database."""
    at = datetime(2026, 11, 24, 1, tzinfo=UTC)
    bodies: list[dict[str, object]] = [
        {"list": "名簿.csv", "rows": 3, "share": 0.05},
        {"verdict": {"reasons": [], "obligations": None}, "b": True, "a": 'x"\\\n'},
        {},
    ]
    store = await open_store(url, may_upgrade=True)
    records = [Record(kind=Kind.LISTED, at=at, campaign="tea", body=body) for body in bodies]
    records.append(Record(kind=Kind.CONCLUDED, at=at, person="C1", attempt="tea-1-1", body={"talk_s": 61}))
    await store.transact(lambda unit: unit.record(records))
    await store.close()


def verify(program: Path, ledger: Path) -> subprocess.CompletedProcess[str]:
    """Run the officer's own program, with nothing of ours in reach."""
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(program), str(ledger)],
        capture_output=True,
        text=True,
        check=False,
        cwd=program.parent,
    )


def test_the_ledger_is_verified_without_us(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """The program in the officer's guide finds a real export sound, and names each row that was tampered with."""
    found = re.search(r"<!-- snippet: verify -->\n```python\n(.*?)```", text_of("docs/officer.md"), re.DOTALL)
    assert found is not None
    program, ledger = tmp_path / "verify.py", tmp_path / "ledger.jsonl"
    program.write_text(found[1], "utf-8")

    url = f"sqlite:///{tmp_path / 'dialer.db'}"
    asyncio.run(keep(url))
    capfdbinary.readouterr()
    auditing.export(url, "jsonl")
    sys.stdout.flush()
    lines = capfdbinary.readouterr().out.splitlines()
    assert len(lines) == 4

    ledger.write_bytes(b"\n".join(lines))
    sound = verify(program, ledger)
    assert (sound.returncode, sound.stdout.startswith("4 rows hold; head ")) == (0, True), sound.stderr

    for tampered, row in (
        ([lines[0], lines[1].replace(b"true", b"false"), *lines[2:]], 2),
        ([lines[0], *lines[2:]], 2),
        ([lines[1], lines[0], *lines[2:]], 1),
        ([*lines[:3], lines[3].replace(b"C1", b"C2")], 4),
    ):
        ledger.write_bytes(b"\n".join(tampered))
        asked = verify(program, ledger)
        assert (asked.returncode, asked.stderr) == (1, f"row {row} does not hold\n")


# --- the commands -----------------------------------------------------------------------------------------------------


def test_every_command_is_explained() -> None:
    """Each has its section, and in it a row for each of its options and for no other."""
    text, known = text_of("docs/commands.md"), verbs()
    missing = [name for name in known if name.startswith("dialer ") and not section(text, f"## {name}")]
    assert missing == []
    told = set(re.findall(r"^## (dialer .+)$", text, re.MULTILINE))
    assert sorted(told - known.keys()) == []
    options = {
        name: set(re.findall(r"^\| `(--[a-z-]+)`", section(text, f"## {name}"), re.MULTILINE))
        for name in told
    }
    assert options == {name: known[name] for name in told}


def test_every_verb_of_make_is_explained() -> None:
    """The README and the contributor's page name all of them."""
    text = text_of("README.md") + text_of("CONTRIBUTING.md")
    named = set(re.findall(r"\bmake ([a-z-]+)", text))
    phony = re.search(r"^\.PHONY: (.+)$", text_of("Makefile"), re.MULTILINE)
    assert phony is not None
    assert sorted(set(phony[1].split()) - named - {"help"}) == []


def test_every_command_that_is_shown_exists() -> None:
    """What a reader copies from a document works."""
    known = verbs()
    found = [f"{name}: {line}" for name in papers() for line in wrong_commands(text_of(str(name)), known)]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["dialer ring", "$ dialer audit sing", ".venv/bin/dialer check --quickly", "make love", "dialer audit"],
)
def test_a_planted_command_is_caught(line: str) -> None:
    """Each way to name one that is not there."""
    assert list(wrong_commands(f"```console\n{line}\n```\n", verbs())) == [
        line.removeprefix("$ ").removeprefix(".venv/bin/")
    ]


# --- the papers themselves --------------------------------------------------------------------------------------------


def test_generated_blocks_are_those_of_today() -> None:
    """Pictures of states and tables of rules say what the code says: `.venv/bin/python docs/generate.py`."""
    texts = {str(name): text_of(str(name)) for name in papers()}
    assert [name for name, text in texts.items() if generate.renewed(text) != text] == []
    found = {block for text in texts.values() for block in generate.blocks_in(text)}
    assert found == set(generate.BLOCKS)


def test_a_stale_block_is_caught() -> None:
    """A table that somebody touched by hand is not what would be made."""
    text = "<!-- generated: house -->\n\nby hand\n\n<!-- end -->"
    assert "by hand" not in generate.renewed(text)
    assert generate.renewed(generate.renewed(text)) == generate.renewed(text)


def test_every_link_leads_somewhere() -> None:
    """To a file that is there, and to a heading that is there."""
    found = [f"{name}: {link}" for name in papers() for link in dead_links(name, text_of(str(name)))]
    assert found == []


@pytest.mark.parametrize("target", ["gone.md", "README.md#gone", "#gone", "docs/gone/"])
def test_a_planted_dead_link_is_caught(target: str) -> None:
    """A file, a heading elsewhere, a heading here, a folder."""
    assert list(dead_links(Path("README.md"), f"# Here\n[there]({target}) [here](#here)")) == [target]


def test_every_document_is_reached_from_the_readme() -> None:
    """A page that nothing leads to is read by nobody."""
    linked = set(re.findall(r"\]\(([^)#\s]+)", text_of("README.md")))
    guides = {str(name) for name in papers() if name.parts[0] == "docs" or len(name.parts) == 1}
    assert sorted(guides - linked - {"README.md"}) == []


def test_nothing_is_left_to_be_written() -> None:
    """A document says what is, or says nothing."""
    unfinished = re.compile(r"\b(?:TODO|FIXME|TBD|XXX|placeholder text|lorem)\b")
    assert [str(name) for name in papers() if unfinished.search(text_of(str(name)))] == []
