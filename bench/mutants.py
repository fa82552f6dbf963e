"""Deliberate breakages of the judge, each in a copy of the tree: does the suite turn red?

python -m bench.mutants [--only NAME] [--json var/bench/mutants.json]

Every mutant replaces one text of one file by another; one whose text is not found is an error, not a kill.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from bench.breakages import BREAKAGES, Breakage

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    "compliance",
    "campaigns",
    "dialer",
    "adapters",
    "tests",
    "docs",
    "config",
    "bench",
    "pyproject.toml",
)
QUICK = [
    "tests/compliance/test_judge_world.py",
    "tests/compliance/test_cases_file.py",
    "tests/compliance/test_properties.py",
]
WHOLE = ["tests/compliance"]


def is_killed(breakage: Breakage, folder: Path) -> bool:
    """Plant one breakage in a tree of its own and run the suite: the quick part first, then all of the law's tests."""
    tree = folder / breakage.name
    tree.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.png"))
        else:
            shutil.copy(source, tree / name)
    path = tree / breakage.file
    text = path.read_text("utf-8")
    if text.count(breakage.old) < 1:
        raise SystemExit(f"{breakage.name}: {breakage.file} no longer has {breakage.old!r}")
    path.write_text(text.replace(breakage.old, breakage.new, 1), "utf-8")
    red = any(_is_red(tree, suite) for suite in (QUICK, WHOLE))
    shutil.rmtree(tree)
    return red


def _is_red(tree: Path, suite: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *suite]
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "EXAMPLES": "60",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(tree / ".hypothesis"),
    }
    done = subprocess.run(  # noqa: S603 (our own suite)
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode != 0


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    chosen = [one for one in BREAKAGES if options.only in {None, one.name}]
    begun = perf_counter()
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(options.jobs) as pool:
        folder = Path(place)
        if _is_red(ROOT, QUICK):
            raise SystemExit("the suite is red as it is: nothing can be learned from it")
        verdicts = list(pool.map(lambda one: is_killed(one, folder), chosen))
    survivors = [one.name for one, killed in zip(chosen, verdicts, strict=True) if not killed]
    figures = {
        "total": len(chosen),
        "killed": sum(verdicts),
        "survivors": survivors,
        "seconds": round(perf_counter() - begun, 1),
    }
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures), "utf-8")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()
