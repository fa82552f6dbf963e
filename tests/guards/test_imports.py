import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.guards import tree

# contract's id -> the violations of it: in which module, what is planted. Each must break that contract.
PLANTS: dict[str, list[tuple[str, str]]] = {
    "layers": [
        ("compliance", "import campaigns"),
        ("compliance", "import dialer"),
        ("campaigns", "import dialer.planted"),
        ("campaigns", "from adapters import planted"),
        ("dialer", "def later() -> None:\n    import adapters.planted"),
        ("dialer", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import adapters"),
    ],
    "world": [("dialer", "def later() -> None:\n    from sqlalchemy.orm import Session")],
    "deciders": [("dialer", "from asyncio import timeout")],
    "engine": [("dialer", "import dialer.engine"), ("dialer", "from dialer import engine")],
    "neighbours": [
        ("adapters.web", "import adapters.store"),
        ("adapters.twilio", "from adapters.simulator import planted"),
        ("adapters.simulator", "import adapters.twilio"),
        ("adapters.mail", "import adapters.web"),
        ("adapters.store", "import adapters.mail"),
        ("adapters.cases", "import adapters.store"),
        ("adapters.registries", "import adapters.store"),
        ("adapters.web", "import adapters.wiring.house"),  # the long way round is no way either
    ],
    "wiring": [("adapters", "import adapters.twilio"), ("adapters", "from adapters.store import planted")],
    "tables": [
        ("adapters.wiring", "import adapters.store.tables"),
        ("adapters", "import adapters.store.tables"),
    ],
    "cycles": [
        ("compliance", "import compliance.other"),
        ("adapters.web", "from adapters.web import other"),
        ("dialer", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import dialer.other"),
    ],
}

# The contracts name these: whatever is not written yet stands in the copy like this.
NAMED = {
    "adapters.cli": "",
    "adapters.store.tables": "",
    "adapters.wiring": "import adapters.store",
    "dialer.engine": "",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packages, whole enough for the contracts to be asked."""
    folder = tree.copy_of_the_packages(tmp_path)
    for name, what in NAMED.items():
        path = folder / Path(*name.split("."))
        if not path.is_dir() and not path.with_suffix(".py").exists():
            path.with_suffix(".py").write_text(what, "utf-8")
    return folder


def lint_imports(folder: Path) -> tuple[int, str]:
    """Ask import-linter about the copy: its exit status, and what it said."""
    asked = subprocess.run(
        [tree.BIN / "lint-imports", "--no-logo", "--no-cache"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NO_COLOR": "1",
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.returncode, asked.stdout + asked.stderr


def plant(folder: Path, where: str, what: str, name: str = "planted") -> None:
    """Write a new module into a room; where `where` is a module itself, add to it."""
    path = folder / Path(*where.split("."))
    target = path / f"{name}.py" if path.is_dir() else path.with_suffix(".py")
    with target.open("a", encoding="utf-8") as file:
        file.write(f"\n{what}\n")


def contracts() -> dict[str, dict[str, Any]]:
    """The contracts by their id."""
    written = tree.pyproject()["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in written}


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    """Without anything planted, the copy passes: so what the other tests see is what they planted."""
    status, said = lint_imports(copy)
    assert status == 0, said
    assert f"Contracts: {len(contracts())} kept, 0 broken" in said


def test_every_contract_has_something_planted_against_it() -> None:
    """A contract that nobody has seen broken may be none."""
    assert set(contracts()) == set(PLANTS)


@pytest.mark.parametrize(
    ("contract", "where", "what"),
    [
        pytest.param(contract, where, what, id=f"{contract}-{number}")
        for contract, plants in PLANTS.items()
        for number, (where, what) in enumerate(plants)
    ],
)
def test_a_planted_violation_is_caught(copy: Path, contract: str, where: str, what: str) -> None:
    """One forbidden import, anywhere, and the contract it offends is the one that is reported."""
    for room in ("adapters", "adapters.simulator", "adapters.store", "dialer"):
        plant(copy, room, "")  # for the violations that import what is planted elsewhere
    plant(copy, where, what)
    if contract == "cycles":
        plant(copy, where, what.replace("other", "planted"), name="other")
    status, said = lint_imports(copy)
    assert status == 1, said
    assert re.search(rf"^{re.escape(contracts()[contract]['name'])} BROKEN", said, re.MULTILINE), said


@pytest.mark.parametrize("contract", ["world", "deciders"])
def test_each_lower_room_is_refused_each_forbidden_package(copy: Path, contract: str) -> None:
    """Every name on the list, in every room it is forbidden to: each pair is reported."""
    rules = contracts()[contract]
    for room in rules["source_modules"]:
        plant(copy, room, "\n".join(f"import {name}" for name in rules["forbidden_modules"]))
    status, said = lint_imports(copy)
    assert status == 1, said
    for room in rules["source_modules"]:
        for name in rules["forbidden_modules"]:
            assert f"{room} is not allowed to import {name}:" in said


def test_what_is_forbidden_below_is_allowed_above(copy: Path) -> None:
    """The same imports in adapters break nothing: that is what adapters are for."""
    for name in ("world", "deciders"):
        plant(
            copy,
            "adapters.store",
            "\n".join(f"import {module}" for module in contracts()[name]["forbidden_modules"]),
        )
    status, said = lint_imports(copy)
    assert status == 0, said


def test_every_adapter_is_under_the_contracts() -> None:
    """A new folder in adapters/ is a neighbour like the others, and only the wiring names it."""
    found = {f"adapters.{name.parts[1]}" for name in tree.modules("adapters") if len(name.parts) > 2}
    found.discard("adapters.wiring")
    assert set(contracts()["neighbours"]["modules"]) == found
    assert set(contracts()["wiring"]["protected_modules"]) == found
