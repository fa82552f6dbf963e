"""The checkout as the guards see it: its files, its packages, and a copy to plant things in."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("adapters", "dialer", "campaigns", "compliance")
BIN = ROOT / ".venv" / "bin"

# Where git is not at hand (an unpacked archive), these are what it would have left out.
_IGNORED = {
    ".git",
    ".venv",
    "var",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}


def pyproject() -> dict[str, Any]:
    """Return pyproject.toml as it is written."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def files() -> list[Path]:
    """Return every file that is, or would be, in git: relative to the root, sorted."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == 0 and asked.stdout:
        names = [Path(name) for name in asked.stdout.split("\0") if name]
    else:
        names = []
        for folder, inside, leaves in os.walk(ROOT):
            inside[:] = [name for name in inside if name not in _IGNORED]
            names += [(Path(folder) / leaf).relative_to(ROOT) for leaf in leaves]
    return sorted({name for name in names if (ROOT / name).is_file()})


def texts() -> list[tuple[Path, str]]:
    """Return every file that is UTF-8 text, with its text; pictures and lists in other encodings are left out."""
    found = []
    for name in files():
        raw = (ROOT / name).read_bytes()
        if b"\0" in raw:
            continue
        try:
            found.append((name, raw.decode("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def modules(*folders: str) -> list[Path]:
    """Return the Python modules under these top-level folders, relative to the root."""
    return [name for name in files() if name.suffix == ".py" and name.parts[0] in folders]


def copy_of_the_packages(to: Path) -> Path:
    """Copy the four packages and pyproject.toml to a folder, for planting things in; return the folder."""
    for name in [*modules(*PACKAGES), Path("pyproject.toml")]:
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    return to
