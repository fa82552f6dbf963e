"""The verbs for permissions that people gave, and for numbers that may have a new owner."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli_options import DEFAULT_CONFIG, Config, Language, loaded

Whom = Annotated[str, typer.Argument(help="A number in any writing, an e-mail address, or a customer's key.")]
By = Annotated[str, typer.Option(help="Who says so.")]
Day = ["%Y-%m-%d"]


class On(StrEnum):
    """The channels a permission may be for."""

    VOICE = "voice"
    EMAIL = "email"
    SMS = "sms"


consent = typer.Typer(help="Permissions that people gave.", no_args_is_help=True)
rnd = typer.Typer(help="Answers of the Reassigned Numbers Database.", no_args_is_help=True)


@consent.command("add")
def consent_add(
    whom: Whom,
    *,
    type_: Annotated[
        str, typer.Option("--type", help="Such as prior_express_written, express, email_optin.")
    ],
    seller: Annotated[str, typer.Option(help="To which seller, by its id in the campaign.")],
    evidence: Annotated[str, typer.Option(help="How it is proved: a form, a recording, a letter.")],
    obtained: Annotated[datetime, typer.Option(help="The day it was given.", formats=Day)],
    by: By,
    channel: Annotated[
        list[On] | None, typer.Option(help="For which channel; once for each. None: for all.")
    ] = None,
    number: Annotated[str | None, typer.Option(help="For this number alone.")] = None,
    shown: Annotated[str | None, typer.Option(help="The words in which it was asked for.")] = None,
    expires: Annotated[datetime | None, typer.Option(help="The day it runs out.", formats=Day)] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write down that somebody gave a permission."""
    from adapters import officers

    given = officers.consent_of(
        {
            "type": type_,
            "seller": seller,
            "obtained": obtained.date().isoformat(),
            "expires": expires.date().isoformat() if expires else None,
            "evidence": evidence,
            "shown": shown,
            "number": number,
            "channels": " ".join(channel or ()),
        }
    )
    officers.give_consent(loaded(config, Language.EN), whom, given, by=by)


@consent.command("revoke")
def consent_revoke(
    whom: Whom,
    *,
    reason: Annotated[str, typer.Option(help="How they took it back: by letter, on the phone, by mail.")],
    by: By,
    seller: Annotated[str | None, typer.Option(help="From which seller; None: from all.")] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write down that somebody took every permission back. To end all contact, use `dialer suppress add`."""
    from adapters import officers

    officers.take_back(loaded(config, Language.EN), whom, seller=seller, reason=reason, by=by)


@consent.command("list")
def consent_list(whom: Whom, config: Config = DEFAULT_CONFIG) -> None:
    """Print what somebody agreed to and took back, one JSON object a line."""
    from adapters import officers

    officers.print_consents(loaded(config, Language.EN), whom)


@consent.command("import")
def consent_import(
    file: Annotated[
        Path, typer.Argument(help="A CSV: whom, type, seller, obtained, evidence, and more.", exists=True)
    ],
    by: By,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write down the permissions of a list: all of them, or none when a line is wrong."""
    from adapters import officers

    officers.import_consents(loaded(config, Language.EN), file, by=by)


@rnd.command("import")
def rnd_import(
    file: Annotated[
        Path, typer.Argument(help="A CSV: number, consent_date, answer (yes, no, no_data).", exists=True)
    ],
    *,
    asked: Annotated[datetime, typer.Option(help="The day the database was asked.", formats=Day)],
    by: By,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write down the database's answers: all of them, or none when a line is wrong."""
    from adapters import officers

    officers.import_answers(loaded(config, Language.EN), file, asked=asked, by=by)
