"""`dialer odds`: how well the odds of single people are known, on calls that they did not learn from."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

import typer

from adapters.cli_options import DEFAULT_CONFIG, Config, Lang, Language, console, loaded
from adapters.wiring.stores import read_only
from adapters.words import Words, words_in
from dialer.assessment import Assessment, assess
from dialer.odds import Calibration

_READ = 50_000


def odds(
    campaign: Annotated[str, typer.Argument(help="The campaign's short name.")],
    config: Config = DEFAULT_CONFIG,
    database: Annotated[str | None, typer.Option(help="Another database than the configuration's.")] = None,
    lang: Lang = Language.EN,
) -> None:
    """Hold the odds of single people against calls they did not learn from, and against the plain hourly rate."""
    url = database or loaded(config, lang).settings.database
    calls = asyncio.run(read_only(url, lambda reports: reports.tried(None, _READ)))
    for line in told(assess(calls, campaign), campaign, words_in(lang.value)):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def told(found: Assessment, campaign: str, words: Words) -> Iterator[str]:
    """Yield what the odds came to: both scores, the table of promises and answers, and whether they are used."""
    yield words("print.odds_calls", campaign=campaign, taught=found.taught, judged=found.judged)
    if found.judged:
        yield words("print.odds_brier", model=f"{found.model.brier:.4f}", hourly=f"{found.hourly.brier:.4f}")
        yield words("print.odds_better" if found.is_better else "print.odds_no_better")
        yield words("print.odds_table")
        yield from _rows(found.model)
    yield words("print.odds_used" if found.why is None else f"print.odds_{found.why.value}")


def _rows(table: Calibration) -> Iterator[str]:
    """Yield a line for each tenth in which a chance was given: how many calls, the mean chance, the share answered."""
    for band, calls, chance, answered in table.bands():
        yield f"  {band / 10:.1f}-{(band + 1) / 10:.1f}  {calls:>7,}  {chance:>7.1%}  {answered:>7.1%}"
