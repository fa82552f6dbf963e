"""`config/dialer.yaml` as a frozen model: where things are, and the limits of this installation."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from campaigns.parts import Document, Text
from compliance.fields import E164, Duration, Slug, Zone
from dialer.shifts import Shifts


class CarrierSettings(Document):
    """The Twilio account, or anything that speaks its API. Secrets are named by environment variable."""

    base_url: str = "https://api.tokyo.jp1.twilio.com"
    account_sid: str = ""
    key_sid_env: str = "TWILIO_API_KEY"
    key_secret_env: str = "TWILIO_API_SECRET"
    auth_token_env: str = "TWILIO_AUTH_TOKEN"
    calls_per_second: float = Field(default=1.0, gt=0)
    connect_timeout: Duration = timedelta(seconds=5)
    read_timeout: Duration = timedelta(seconds=10)
    accept_limit: Duration = timedelta(hours=24)
    queue_limit: Duration = timedelta(seconds=5)
    resting: tuple[E164, ...] = ()
    rest: Duration = timedelta(hours=24)


class MailSettings(Document):
    """The mail server that takes our mail."""

    host: str = "127.0.0.1"
    port: int = 25
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password_env: str = "DIALER_SMTP_PASSWORD"
    connections: int = Field(default=2, ge=1, le=16)
    per_tick: int = Field(default=20, ge=1)


class AgentSettings(Document):
    """One agent of the floor."""

    id: str
    name: str
    languages: tuple[str, ...] = ("ja",)
    skills: tuple[str, ...] = ()


class SupervisorSettings(Document):
    """Who may take part in agents' calls, on which line: a number, `sip:` or `client:`, called from `caller_id`."""

    id: Slug
    name: str
    line: str = Field(pattern=r"^(\+[1-9]\d{6,14}|sip:[^\s@]+@[^\s@]+|client:[A-Za-z0-9_]{1,121})$")
    caller_id: E164


class BreakSettings(Document):
    """A reason to be away that agents choose from; a break of more than `limit` is shown as too long."""

    id: Slug
    label: Text
    limit: Duration | None = Field(default=None, examples=["60m"])


class Settings(Shifts):
    """One installation. Its shifts may stand in a file of their own."""

    database: str = "sqlite:///var/dialer.db"
    checkpoints: str = Field(
        default="", description="a file on another volume: the second place for the ledger's checkpoints"
    )
    public_url: str = "http://127.0.0.1:8080"
    listen: str = "127.0.0.1:8080"
    zone: Zone = Field(
        default="Asia/Tokyo", description="whose time the pages show, and shifts are written in"
    )
    secret_env: str = "DIALER_SECRET"
    carrier: CarrierSettings = CarrierSettings()
    mail: MailSettings = MailSettings()
    agents: tuple[AgentSettings, ...] = ()
    breaks: tuple[BreakSettings, ...] = ()
    supervisors: tuple[SupervisorSettings, ...] = ()
    intent_age: Duration = timedelta(seconds=2)
    silence: Duration = timedelta(seconds=30)
