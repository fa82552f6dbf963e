"""Whether the way of dialling and its figures fit together: how many lines for each free agent."""

from campaigns.checks import Check, Found, wrong_at
from campaigns.dialing import Pacing
from compliance.terms import Technology

SERVED_MODES = frozenset(
    {Technology.PROGRESSIVE, Technology.RATIO, Technology.PREDICTIVE, Technology.PRERECORDED}
)
"""How numbers can be dialled here."""
_LINES = ("pacing", "lines_per_agent")


def _mode(pacing: Pacing) -> Found:
    if pacing.mode not in SERVED_MODES:
        yield wrong_at(
            ("pacing", "mode"),
            (
                f"{pacing.mode.value} dialling is not offered",
                f"{pacing.mode.value} 方式の発信には対応していません",
            ),
            (
                "Write progressive (one line for each free agent), ratio, predictive or agentless",
                "progressive(空き1人に1回線)、ratio、predictive、agentless のどれかを書いてください",
            ),
        )


def _lines(pacing: Pacing) -> Found:
    lines = pacing.lines_per_agent
    if not pacing.is_ratio and lines > 1:
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


MODE_CHECKS = (
    Check(needs=("pacing",), look=_mode),
    Check(needs=("pacing",), look=_lines),
)
"""Every check of the way of dialling."""
