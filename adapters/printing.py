"""What the terminal shows: results, problems and stories, in Japanese or English."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from adapters.words import Words
from dialer.reports import Summary

TOKYO = ZoneInfo("Asia/Tokyo")


def show_summary(
    console: Console, summary: Summary, words: Words, extra: Mapping[str, str] | None = None
) -> None:
    """Print how a campaign ended: what a manager reads first."""
    table = Table(title=summary.title.get(words.language), title_justify="left", box=None)
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column()
    rows = [*_list_rows(summary, words), *_call_rows(summary, words), *_mail_rows(summary, words)]
    for label, figure, remark in rows:
        table.add_row(label, figure, remark)
    for label, figure in (extra or {}).items():
        table.add_row(label, "", figure)
    console.print(table)
    _show_counts(console, words("print.outcomes"), _outcomes(summary, words))
    _show_counts(
        console,
        words("print.refusals"),
        (
            (f"{line.rule}  {words(f'reason.{line.code}')}", line.count, line.citation)
            for line in summary.refusals
        ),
    )


def _list_rows(summary: Summary, words: Words) -> list[tuple[str, str, str]]:
    rejected = words("print.rejected", count=summary.rejected)
    ends = (
        f"{summary.list_ends_at.astimezone(TOKYO):%Y-%m-%d %H:%M}"
        if summary.list_ends_at
        else words("print.not_yet")
    )
    return [
        (words("print.enrolled"), f"{summary.enrolled:,}", rejected),
        (words("print.done"), f"{summary.done:,}", _listed(summary.endings, "ending", words)),
        (words("print.waiting"), f"{summary.waiting + summary.trying:,}", ""),
        (words("print.list_ends"), "", ends),
        *_budget_rows(summary, words),
    ]


def _budget_rows(summary: Summary, words: Words) -> list[tuple[str, str, str]]:
    """Return what is spent, for a campaign that has a budget."""
    line = summary.budget
    if line is None:
        return []
    remark = f"/ {line.amount} {line.currency}"
    if line.is_used_up:
        remark += f" · {words('print.budget_over')}"
    return [(words("print.budget"), line.spent, remark)]


def _call_rows(summary: Summary, words: Words) -> list[tuple[str, str, str]]:
    abandoned = f"{summary.abandoned_share:.1%}"
    wait = (
        f"p50 {summary.connect_p50_s:.3f} s · p99 {summary.connect_p99_s:.3f} s"
        if summary.connect_p50_s
        else ""
    )
    return [
        (words("print.attempts"), f"{summary.calls + summary.mails_sent:,}", ""),
        (words("print.calls"), f"{summary.calls:,}", words("print.answered", count=summary.answered)),
        (words("print.abandoned"), f"{summary.abandoned:,}", abandoned),
        (words("print.occupancy"), f"{summary.occupancy:.1%}", ""),
        (words("print.connect"), "", wait),
    ]


def _mail_rows(summary: Summary, words: Words) -> list[tuple[str, str, str]]:
    parts = words(
        "print.mail_parts",
        answered=summary.mails_answered,
        unsubscribed=summary.mails_unsubscribed,
        bounced=summary.mails_bounced,
    )
    return [
        (words("print.mails"), f"{summary.mails_sent:,}", parts),
        (words("print.suppressions"), f"{summary.suppressions:,}", ""),
    ]


def _outcomes(summary: Summary, words: Words) -> list[tuple[str, int, str]]:
    return [
        (words.of("outcome", name), count, "")
        for name, count in sorted(summary.outcomes.items(), key=lambda item: (-item[1], item[0]))
    ]


def _listed(counts: Mapping[str, int], kind: str, words: Words) -> str:
    return " · ".join(
        f"{words(f'{kind}.{name}')} {count:,}" for name, count in sorted(counts.items()) if count
    )


def _show_counts(console: Console, title: str, rows: Iterable[tuple[str, int, str]]) -> None:
    rows = list(rows)
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="left", style="dim", overflow="fold")
    peak = max((count for _, count, _ in rows), default=0)
    for label, count, remark in rows:
        table.add_row(label, f"{count:,}", remark or "█" * round(24 * count / peak))
    if rows:
        console.print(table)
