"""The properties of every verdict, on many examples: over all rulebooks, zones and changes of clocks, 2024 to 2037.

python -m bench.properties [--examples 20000] [--json var/bench/properties.json]

Runs tests/compliance/test_properties.py with that many examples for each property, on other ones each time, against the
oracle in tests/compliance/oracle.py.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter

SUITE = "tests/compliance/test_properties.py"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n2",
        "--timeout=0",
        f"--hypothesis-seed={options.seed}",
        SUITE,
    ]
    begun = perf_counter()
    done = subprocess.run(  # noqa: S603 (our own suite)
        command,
        env={**os.environ, "EXAMPLES": str(options.examples)},
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", last)}
    figures = {
        "examples_each": options.examples,
        "properties": counts.get("passed", 0) + counts.get("failed", 0),
        "failed": counts.get("failed", 0) + counts.get("error", 0),
        "seconds": round(perf_counter() - begun, 1),
        "is_met": done.returncode == 0,
    }
    print(json.dumps(figures, indent=2))
    if done.returncode:
        print(done.stdout[-6000:])
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures), "utf-8")


if __name__ == "__main__":
    main()
