import subprocess
import sys

from tests.guards import tree

ROOMS = {"adapters", "bench", "campaigns", "compliance", "config", "dialer", "docs", "tests"}
PAPERS = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md"}
TOOLS = {
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "Makefile",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
}


def test_the_top_of_the_checkout_is_tidy() -> None:
    """Whoever opens the checkout sees the map and nothing else; a new entry here is a decision."""
    found = {name.parts[0] for name in tree.files()}
    assert found <= ROOMS | PAPERS | TOOLS
    assert set(tree.PACKAGES) < found


def test_every_folder_of_python_is_a_package() -> None:
    """So that a name means one module, whatever the current folder is."""
    folders = {
        name.parent for name in tree.modules(*tree.PACKAGES, "tests") if "migrations" not in name.parts
    }
    assert [
        str(folder) for folder in sorted(folders) if not (tree.ROOT / folder / "__init__.py").exists()
    ] == []


def test_time_zones_come_from_the_wheel_alone() -> None:
    """Whoever imports compliance, and everybody does, no longer reads the machine's own zone files."""
    say = "import zoneinfo, compliance; print(zoneinfo.TZPATH, zoneinfo.ZoneInfo('Asia/Tokyo'))"
    asked = subprocess.run(
        [sys.executable, "-c", say], cwd=tree.ROOT, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "() Asia/Tokyo"
