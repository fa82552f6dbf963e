import re

import pytest

from tests.guards import tree

LOCKS = ("requirements.lock", "requirements-dev.lock")


def normal(name: str) -> str:
    """Return a distribution's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """Return what a lock pins: distribution -> version."""
    text = (tree.ROOT / lock).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9-]*)(?:\[[^\]]*\])?==(\S+)", text, re.MULTILINE))


def asked(*requirements: list[str]) -> set[str]:
    """Return the distributions that lists of requirements name."""
    names = [re.match(r"[A-Za-z0-9._-]+", one) for several in requirements for one in several]
    return {normal(name.group()) for name in names if name}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    """The mirror that one of us used is nobody else's business, and may be gone tomorrow."""
    text = (tree.ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(
        r"^\s*(?:-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", text, re.MULTILINE
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_a_hash_of_everything(lock: str) -> None:
    """What is installed is what was tested, to the byte."""
    blocks = re.split(r"^(?=[a-z0-9])", (tree.ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(lock)) > 0
    bare = [block.partition("==")[0] for block in blocks if "--hash=sha256:" not in block]
    assert not bare


def test_what_the_program_asks_for_is_locked() -> None:
    """Every direct dependency of pyproject.toml stands in the lock; after a change: make lock."""
    assert asked(tree.pyproject()["project"]["dependencies"]) <= set(pins("requirements.lock"))


def test_what_the_developer_asks_for_is_locked() -> None:
    """The same for the tools and for the extras."""
    written = tree.pyproject()
    extras = written["project"].get("optional-dependencies", {}).values()
    assert asked(written["dependency-groups"]["dev"], *extras) <= set(pins("requirements-dev.lock"))


def test_the_tests_run_on_what_the_program_runs_on() -> None:
    """The development lock contains the other one, version for version."""
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
