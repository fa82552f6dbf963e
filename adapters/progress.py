"""How a running demo shows in the terminal: one moving line, or a line now and then where there is no terminal."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn

from adapters.words import Words
from dialer.reports import Summary

_EVERY = 20


class Line:
    """`with Line(...) as line: line.show(summary)`."""

    def __init__(self, console: Console, words: Words, zone: ZoneInfo) -> None:
        """Show nothing yet."""
        self._console, self._words, self._zone = console, words, zone
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=28), TextColumn("{task.fields[said]}")
        )
        self._task = self._progress.add_task("", total=1, said="")
        self._live = Live(self._progress, console=console, refresh_per_second=8, transient=True)
        self._shown = 0

    def __enter__(self) -> Self:
        """Take the line."""
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the line back."""
        self._live.stop()

    def show(self, summary: Summary) -> None:
        """Say how far the campaign is."""
        at, said = self._time(summary.now), self._said(summary)
        whole = max(1, summary.waiting + summary.trying + summary.done)
        self._progress.update(self._task, description=at, total=whole, completed=summary.done, said=said)
        if not self._console.is_terminal and self._shown % _EVERY == 0:
            self._console.print(f"{at}  {summary.done:>4}/{whole}  {said}", highlight=False)
        self._shown += 1

    def _time(self, now: datetime) -> str:
        return f"{now.astimezone(self._zone):%H:%M}"

    def _said(self, summary: Summary) -> str:
        figures = (
            ("print.calls", summary.calls),
            ("ending.talked", summary.endings.get("talked", 0)),
            ("outcome.sold", summary.outcomes.get("sold", 0)),
            ("print.mails", summary.mails_sent),
        )
        return " · ".join(f"{self._words(key)} {count:,}" for key, count in figures)
