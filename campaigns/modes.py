"""Whether the way of dialling and its figures fit together: lines for each free agent, looks before the call."""

from datetime import timedelta

from campaigns.checks import Check, Found, wrong_at
from campaigns.dialing import Pacing
from campaigns.previewing import Preview
from compliance.fields import write_duration
from compliance.terms import Technology

SERVED_MODES = frozenset(
    {
        Technology.PREVIEW,
        Technology.PROGRESSIVE,
        Technology.RATIO,
        Technology.PREDICTIVE,
        Technology.PRERECORDED,
    }
)
"""How numbers can be dialled here."""
_LINES = ("pacing", "lines_per_agent")
_PREVIEW = ("pacing", "preview")
_LOOKS = (timedelta(seconds=5), timedelta(minutes=30))
"""How long an agent may look at a person before the call."""


def _mode(pacing: Pacing) -> Found:
    if pacing.mode not in SERVED_MODES:
        yield wrong_at(
            ("pacing", "mode"),
            (
                f"{pacing.mode.value} dialling is not offered",
                f"{pacing.mode.value} 方式の発信には対応していません",
            ),
            (
                "Write preview, progressive (one line for each free agent), ratio, predictive or agentless",
                "preview、progressive(空き1人に1回線)、ratio、predictive、agentless のどれかを書いてください",
            ),
        )


def _lines(pacing: Pacing) -> Found:
    lines = pacing.lines_per_agent
    if not pacing.is_ratio and not pacing.is_previewing and lines > 1:
        yield wrong_at(
            _LINES,
            (
                f"{lines:g} lines for each free agent are for mode: ratio",
                f"空いたオペレーター1人に{lines:g}回線は mode: ratio でのみ使えます",
            ),
            (
                "Write 1 or less, or pacing.mode: ratio",
                "1以下にするか、pacing.mode: ratio と書いてください",
            ),
        )
    elif pacing.is_ratio and not 1 < lines <= pacing.max_lines_per_agent:
        most = f"{pacing.max_lines_per_agent:g}"
        yield wrong_at(
            _LINES,
            (
                f"{lines:g} is no ratio: it is more than 1 and at most max_lines_per_agent, {most}",
                f"{lines:g} は比率になりません。1より大きく max_lines_per_agent の {most} 以下です",
            ),
            (
                f"Write more than 1 and at most {most}, such as 1.5; for one line write pacing.mode: progressive",
                f"1.5 のように1より大きく {most} 以下で書いてください。1回線なら pacing.mode: progressive です",
            ),
        )


def _preview(pacing: Pacing) -> Found:
    if not pacing.is_previewing:
        if pacing.preview is not None:
            yield wrong_at(
                _PREVIEW,
                (
                    f"Nobody is shown before the call in mode: {_name(pacing)}",
                    f"mode: {_name(pacing)} では発信前の確認はありません",
                ),
                ("Write pacing.mode: preview, or remove it", "pacing.mode: preview と書くか、消してください"),
            )
        return
    if pacing.lines_per_agent != 1:
        yield wrong_at(
            _LINES,
            ("In preview an agent dials one person", "preview では担当者が1人ずつ発信します"),
            ("Remove the line", "この行を消してください"),
        )
    if pacing.preview is not None:
        yield from _looks(pacing.preview)


def _name(pacing: Pacing) -> str:
    return "agentless" if pacing.is_agentless else pacing.mode.value


def _looks(preview: Preview) -> Found:
    least, most = _LOOKS
    if not least <= preview.time <= most:
        low, high, word = write_duration(least), write_duration(most), write_duration(preview.time)
        is_short = preview.time < least
        yield wrong_at(
            (*_PREVIEW, "time"),
            (
                f"{word} is too {'short' if is_short else 'long'}",
                f"{word} は{'短' if is_short else '長'}すぎます",
            ),
            (f"Write {low} to {high}", f"{low} から {high} までで書いてください"),
        )
    for name in ("id", "key"):
        seen: set[str] = set()
        for index, reason in enumerate(preview.reasons):
            value = getattr(reason, name)
            if value in seen:
                yield wrong_at(
                    (*_PREVIEW, "reasons", index, name),
                    (f'{name} "{value}" is taken', f"{name}「{value}」はすでに使われています"),
                    ("Give each reason its own", "理由ごとに別のものにしてください"),
                )
            seen |= {value} if value else set()


MODE_CHECKS = (
    Check(needs=("pacing",), look=_mode),
    Check(needs=("pacing",), look=_lines),
    Check(needs=("pacing",), look=_preview),
)
"""Every check of the way of dialling."""
