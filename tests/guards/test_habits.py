import ast
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.guards import tree


def habits(text: str) -> Iterator[str]:
    """Yield what no test does: sleep, or patch."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(attr="sleep") | ast.Name(id="sleep")):
                yield f"line {node.lineno} sleeps: move the clock, or await what is waited for"
            case (
                ast.arg(arg="monkeypatch") | ast.Attribute(attr="MonkeyPatch") | ast.alias(name="MonkeyPatch")
            ):
                yield f"line {node.lineno} patches: hand the thing in"
            case _:
                pass


def test_no_test_sleeps_or_patches() -> None:
    """Time in tests is moved, not spent; and what a test needs to replace, the code takes as an argument."""
    found = [
        f"{name}: {habit}"
        for name in tree.modules("tests")
        for habit in habits((tree.ROOT / name).read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "import time\ntime.sleep(1)",
        "from asyncio import sleep\nasync def f():\n    await sleep(0)",
        "def test_it(monkeypatch): ...",
        "from pytest import MonkeyPatch",
        "import pytest\nwith pytest.MonkeyPatch.context() as p: ...",
    ],
)
def test_a_planted_habit_is_caught(text: str) -> None:
    """Each way to do it."""
    assert list(habits(text))


# Written so that this file holds none of what it looks for.
ELSEWHERE = {
    "a place on somebody's machine": re.compile(
        r"(?<![\w.)\]}>*/-])/(?:work|root|farm|home/\w+|Users/\w+)(?=/[\w.])"
    ),
    "the host of a package registry": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|crates|debian)\.(?:org|com|io|net)\b"
    ),
    "a package index": re.compile(r"https?://[^\s\"']+/simple\b|^\s*--(?:extra-)?index-url\s", re.MULTILINE),
}


def leaks(text: str) -> Iterator[str]:
    """Yield what ties a text to one machine or one mirror."""
    for what, pattern in ELSEWHERE.items():
        for hit in pattern.finditer(text):
            yield f"line {text.count(chr(10), 0, hit.start()) + 1} names {what}: {hit.group().strip()}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    """A checkout works anywhere, with any mirror: so no file says where it was made."""
    found = [f"{name}: {leak}" for name, text in tree.texts() for leak in leaks(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "open('/" + "work/main/x')",
        "see /" + "root/.cache/x",
        "#!/" + "home/ann/.venv/bin/python",
        "pip install -i https://mirror.example" + "/simple x",
        "--extra-index" + "-url x",
        "files." + "pythonhosted" + ".org",
    ],
)
def test_a_planted_leak_is_caught(text: str) -> None:
    """Each kind, as it would be written."""
    assert list(leaks(text))


@pytest.mark.parametrize(
    "text", ["docs/work/plan.md", "a call/work ratio", "https://example.com/work/it", "--no-emit-index-url"]
)
def test_plain_words_are_no_leak(text: str) -> None:
    """Work is done here, after all."""
    assert list(leaks(text)) == []


def ruff(text: str, name: str) -> set[str]:
    """Return the rules that ruff, as configured, finds broken in a text that claims to be the module `name`."""
    asked = subprocess.run(
        [
            tree.BIN / "ruff",
            "check",
            "--no-cache",
            "--output-format=concise",
            f"--stdin-filename={name}",
            "-",
        ],
        cwd=tree.ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return set(re.findall(r": ([A-Z]+\d+) ", asked.stdout))


CLOCKS = [
    "from datetime import UTC, datetime\nnow = datetime.now(tz=UTC)\n",
    "import datetime\nnow = datetime.datetime.now(tz=datetime.UTC)\n",
    "import datetime as dt\nnow = dt.datetime.now(tz=dt.UTC)\n",
    "from datetime import datetime\nnow = datetime.utcnow()\n",
    "from datetime import datetime\nnow = datetime.today()\n",
    "from datetime import date\ntoday = date.today()\n",
    "import time\nnow = time.time()\n",
    "from time import time\nnow = time()\n",
    "import time\nnow = time.monotonic()\n",
    "from time import monotonic as now\n\nthen = now()\n",
    "import time\n\ntime.sleep(1)\n",
    "import asyncio\n\nwaiting = asyncio.sleep(1)\n",
    "from asyncio import sleep\n\nwaiting = sleep(1)\n",
]


@pytest.mark.parametrize(
    "name", ["compliance/planted.py", "adapters/simulator/planted.py", "tests/planted.py"]
)
@pytest.mark.parametrize("text", CLOCKS, ids=range(len(CLOCKS)))
def test_a_planted_clock_is_caught(text: str, name: str) -> None:
    """However it is imported, and wherever it stands."""
    assert "TID251" in ruff(text, name)


@pytest.mark.parametrize("name", ["adapters/clock.py", "adapters/metronome.py"])
def test_the_two_doors_of_time_are_open(name: str) -> None:
    """The clock and the metronome are where time comes in."""
    assert "TID251" not in ruff("".join(CLOCKS), name)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nthen = datetime(2026, 1, 1)\n",
        'from datetime import datetime\nthen = datetime.strptime("2026", "%Y")\n',
        "from datetime import datetime\nthen = datetime.fromtimestamp(0)\n",
    ],
    ids=["made", "read", "counted"],
)
@pytest.mark.parametrize("name", ["compliance/planted.py", "adapters/clock.py", "tests/planted.py"])
def test_a_planted_naive_datetime_is_caught(text: str, name: str) -> None:
    """A moment without a zone is no moment, not even at the doors of time."""
    assert any(rule.startswith("DTZ") for rule in ruff(text, name))
