"""What a campaign's sections must be to each other: list, steps, mails, dispositions, teams."""

from collections.abc import Mapping

import phonenumbers

from campaigns.checks import Check, Found, listed, unique, wrong_at
from campaigns.outcome import DISPOSABLE, Outcome
from campaigns.parts import Audience, Disposition, Mail, Script, Step, Team
from compliance.remedies import nearest

_MOST_ORDERS = 3
_SEVERAL_ALLOWED = frozenset({"phones", "facts"})
_NEEDED_COLUMNS = {"voice": "phones", "email": "email"}


def _audience(audience: Audience, scripts: Mapping[str, Script]) -> Found:
    if audience.region not in phonenumbers.SUPPORTED_REGIONS:
        yield wrong_at(
            ("audience", "region"),
            (f"{audience.region} is no region", f"{audience.region} という地域はありません"),
            (
                "Write two capital letters of ISO 3166, such as JP",
                "JP のようにISO 3166の2文字で書いてください",
            ),
        )
    if audience.language not in scripts:
        yield wrong_at(
            ("audience", "language"),
            (f"There is no script in {audience.language}", f"{audience.language} のスクリプトがありません"),
            (
                f"Write scripts.{audience.language}, or another language",
                f"scripts.{audience.language} を書くか、別の言語にしてください",
            ),
        )
    yield from _list(audience)


def _columns(audience: Audience, steps: tuple[Step, ...]) -> Found:
    columns = {str(name): heading for name, heading in audience.columns.items()}
    wanted = {
        "key": True,
        **{need: any(s.channel == c for s in steps) for c, need in _NEEDED_COLUMNS.items()},
    }
    for name in (name for name, is_needed in wanted.items() if is_needed and name not in columns):
        yield wrong_at(
            ("audience", "columns"),
            (f'The column for "{name}" is not named', f"「{name}」の列が指定されていません"),
            (f'Add "{name}: heading in the list"', f"「{name}: リストの見出し」を加えてください"),
        )
    for name, heading in columns.items():
        if not isinstance(heading, str) and name not in _SEVERAL_ALLOWED:
            yield wrong_at(
                ("audience", "columns", name),
                (f'"{name}" is one column', f"「{name}」の列は一つです"),
                ("Write one heading, without brackets", "括弧を外して見出しを一つだけ書いてください"),
            )


def _list(audience: Audience) -> Found:
    for index, condition in enumerate(audience.where):
        if not condition.model_dump(exclude={"column"}, exclude_none=True):
            yield wrong_at(
                ("audience", "where", index),
                ("This filter has no condition", "この条件には内容がありません"),
                (
                    "Add older_than, newer_than, is, is_not, at_least or at_most",
                    "older_than・newer_than・is・is_not・at_least・at_most のどれかを加えてください",
                ),
            )
    if len(audience.order) > _MOST_ORDERS:
        yield wrong_at(
            ("audience", "order", _MOST_ORDERS),
            (
                f"A list is ordered by {_MOST_ORDERS} columns at most",
                f"並び順に使える列は{_MOST_ORDERS}つまでです",
            ),
            ("Remove this one", "これを消してください"),
        )


def _steps(steps: tuple[Step, ...], mails: Mapping[str, Mapping[str, Mail]]) -> Found:
    known = ", ".join(mails) or "…"
    for index, step in enumerate(steps):
        if step.channel == "voice" and step.template is not None:
            yield wrong_at(
                ("steps", index, "template"),
                ("A call has no template", "電話のステップにテンプレートは使えません"),
                (
                    "Remove the line; calls use `scripts`",
                    "この行を消してください。電話では scripts を使います",
                ),
            )
        elif step.channel == "email" and step.template is None:
            yield wrong_at(
                ("steps", index),
                ("This step does not say which mail is sent", "どのメールを送るか書かれていません"),
                (f'Add "template: {known}"', f"「template: {known}」を加えてください"),
            )
        elif step.template is not None and step.template not in mails:
            meant = nearest(step.template, list(mails)) or known
            yield wrong_at(
                ("steps", index, "template"),
                (f'There is no mail "{step.template}"', f"「{step.template}」というメールがありません"),
                (f"Write {meant}, or add it under mails", f"{meant} と書くか、mails に加えてください"),
            )


def _mails(
    steps: tuple[Step, ...], mails: Mapping[str, Mapping[str, Mail]], scripts: Mapping[str, Script]
) -> Found:
    for template in {step.template for step in steps if step.template in mails}:
        for language in (language for language in scripts if language not in mails[str(template)]):
            yield wrong_at(
                ("mails", str(template)),
                (
                    f'The mail "{template}" is missing in {language}',
                    f"メール「{template}」の {language} がありません",
                ),
                (
                    f"Add {language}: with subject and text",
                    f"{language}: に subject と text を書いてください",
                ),
            )


def _dispositions(dispositions: tuple[Disposition, ...]) -> Found:
    yield from unique("dispositions", "id", (entry.id for entry in dispositions))
    yield from unique("dispositions", "key", (entry.key for entry in dispositions))
    for index, entry in enumerate(dispositions):
        if entry.means not in DISPOSABLE:
            yield wrong_at(
                ("dispositions", index, "means"),
                (
                    f"An agent cannot decide {entry.means.value}",
                    f"{entry.means.value} はオペレーターが選べる結果ではありません",
                ),
                (f"Write one of: {listed(DISPOSABLE)}", f"次のどれかを書いてください: {listed(DISPOSABLE)}"),
            )
    if not {Outcome.REFUSED, Outcome.OPTED_OUT} & {entry.means for entry in dispositions}:
        yield wrong_at(
            ("dispositions",),
            (
                "No disposition records a refusal (JP-R1)",
                "断られたことを記録する対応結果がありません (JP-R1)",
            ),
            (
                "Add one that means refused or opted_out",
                "means が refused か opted_out のものを加えてください",
            ),
        )


def _teams(teams: tuple[Team, ...], scripts: Mapping[str, Script]) -> Found:
    yield from unique("teams", "id", (team.id for team in teams))
    for index, team in enumerate(teams):
        for place, language in enumerate(team.languages):
            if language not in scripts:
                yield wrong_at(
                    ("teams", index, "languages", place),
                    (f"There is no script in {language}", f"{language} のスクリプトがありません"),
                    (
                        f"Write scripts.{language}, or remove the language",
                        f"scripts.{language} を書くか、この言語を消してください",
                    ),
                )
    served = {language for team in teams for language in (team.languages or scripts)}
    for unserved in (name for name in scripts if teams and name not in served):
        yield wrong_at(
            ("teams",),
            (f"No team serves people who speak {unserved}", f"{unserved} の顧客に対応するチームがありません"),
            (
                f"Add {unserved} to the languages of a team",
                f"どれかのチームの languages に {unserved} を加えてください",
            ),
        )


SECTION_CHECKS = (
    Check(needs=("audience", "scripts"), look=_audience),
    Check(needs=("audience", "steps"), look=_columns),
    Check(needs=("steps", "mails"), look=_steps),
    Check(needs=("steps", "mails", "scripts"), look=_mails),
    Check(needs=("dispositions",), look=_dispositions),
    Check(needs=("teams", "scripts"), look=_teams),
)
"""Every check between a campaign's sections."""
