"""`config/dialer.yaml` as a frozen model: where things are, and the limits of this installation."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from campaigns.parts import Document, Text
from compliance.fields import E164, Duration, Slug, Zone
from compliance.problem import Wrong, wording
from dialer.line_settings import Application, Line, address_of
from dialer.shifts import Shifts

_NO_CALLER = wording(
    "this agent's telephone would be called, and no number of ours is named to call it from",
    "この担当者の電話へ発信しますが、表示する自社の番号が決まっていません",
)
_NO_CALLER_REMEDY = wording(
    "Write carrier.line_caller_id: a number of the account, such as +81312345678",
    "carrier.line_caller_id にアカウントの番号(例: +81312345678)を書いてください",
)


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
    application_sid: Application = ""
    line_caller_id: E164 | None = None
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
    line: Line = "browser"


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

    @property
    def telephones(self) -> dict[str, str]:
        """The telephones and SIP addresses at which agents are called, by agent."""
        found = {agent.id: address_of(agent.line) for agent in self.agents}
        return {agent: address for agent, address in found.items() if address}

    @model_validator(mode="after")
    def _shows_agents_a_number(self) -> Self:
        """Refuse to call agents' telephones without a number to call them from."""
        for place, agent in enumerate(self.agents):
            if address_of(agent.line) and self.carrier.line_caller_id is None:
                raise Wrong(_NO_CALLER, _NO_CALLER_REMEDY, at=("agents", place, "line"))
        return self
