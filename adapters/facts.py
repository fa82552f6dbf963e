"""What the probes of `dialer doctor` bring: facts about the account, the way here, the machine and the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dialer.halts import Halt


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How one HTTP request ended. `status` of None: no answer, and `failure` says why.

    `code` is the carrier's own error code. `date` is the answer's Date header; `sent_at` and `received_at` are our
    clock's instants around it.
    """

    status: int | None = None
    code: int | None = None
    failure: str = ""
    date: datetime | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumber:
    """A number the account may show. `is_owned` is False for one that was only verified as a caller id."""

    number: str
    has_voice: bool = True
    is_owned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceApplication:
    """The application that agents' browsers call: what it asks what to do, and how; `reply` is how asking ended."""

    reply: Reply
    voice_url: str = ""
    voice_method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the carrier's account answered.

    `accepted_at` are hosts of other regions that took the credentials which this one refused. `numbers` of None:
    they could not be listed, and `listing` says how that ended. `application` is None where none is named.
    """

    calls: Reply
    accepted_at: tuple[str, ...] = ()
    numbers: tuple[AccountNumber, ...] | None = None
    listing: Reply = Reply()
    application: VoiceApplication | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way from the public address to this installation.

    `addresses` are what its name resolves to. `reached` is the answer of a plain request and `is_ours` whether it
    proved to come from this installation; `signed` that of a request signed as the carrier signs. `shows_board`
    tells whether our board answered there, None while no installation runs. `listen_failure` says why nothing could
    listen here, "" when something does.
    """

    addresses: tuple[str, ...]
    reached: Reply
    is_ours: bool
    signed: Reply
    shows_board: bool | None = None
    listen_failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folder of the database: bytes free and in all, its own and the database file's permission bits.

    `mode` of None: it is not there yet.
    """

    path: str
    free: int
    total: int
    mode: int | None = None
    file_mode: int | None = None
    is_writable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneData:
    """The installed time zone data: its release, and the earliest day on which that release can have been made."""

    version: str
    not_before: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteFacts:
    """A SQLite database: the library, how a database made in this folder is set up, and what is wrong with ours.

    `unsound` is why the library must not be used, `failure` why the trial in the folder failed, `tables` what the
    store said of the tables; "" when nothing. `is_there` is False before the first `dialer upgrade`.
    """

    version: str
    unsound: str = ""
    failure: str = ""
    journal_mode: str = ""
    synchronous: int | None = None
    is_there: bool = True
    tables: str = ""


POSTGRES_SETTINGS: Final = (
    "server_version",
    "server_version_num",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
)
"""What a PostgreSQL server is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresFacts:
    """A PostgreSQL server's settings by name: `POSTGRES_SETTINGS` as pg_settings has them.

    `failure` says why it could not be asked.
    """

    settings: Mapping[str, str]
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryState:
    """A registry that a campaign's country needs: `state` is ok, STALE, MISSING or UNREADABLE."""

    registry: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that was found out; what could not be asked for want of something else is None.

    `mail_failure` is why the mail server was not to be had, "" when it was. `halts` keep every engine from calling,
    and `halts_failure` is why the database could not be asked for them. `line_url` is what agents' browsers ask what to
    do, "" without the secret.
    """

    now: datetime
    environment: Mapping[str, str]
    account: Account | None
    way: Way | None
    place: Place
    zones: ZoneData
    database: SqliteFacts | PostgresFacts
    mail_failure: str | None
    registries: tuple[RegistryState, ...]
    halts: tuple[Halt, ...] = ()
    halts_failure: str = ""
    line_url: str = ""
