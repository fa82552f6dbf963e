"""The parts of a campaign file: who sells, to whom, how often, in which words."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from campaigns.outcome import DISPOSABLE, RETRIED, Outcome
from compliance.fields import E164, Duration, Slug, read_duration
from compliance.hours import DAYS
from compliance.problem import Wrong, wording

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")

Column = Literal[
    "key",
    "name",
    "language",
    "phones",
    "email",
    "mail_consent_at",
    "mail_consent_evidence",
    "last_purchase",
    "country",
    "region",
    "postal_code",
    "address_verified_at",
    "party",
    "facts",
]
"""What a campaign may ask of a list's columns."""


class Document(BaseModel):
    """A part of a file people write: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Document):
    """The same words in Japanese and English; a language left out is not offered."""

    ja: str | None = Field(default=None, min_length=1, description="in Japanese")
    en: str | None = Field(default=None, min_length=1, description="in English")

    def in_(self, language: str) -> str:
        """Return the text in `language`, else in the other one."""
        return (self.ja or self.en or "") if language == "ja" else (self.en or self.ja or "")

    @model_validator(mode="after")
    def _says_something(self) -> "Text":
        if self.ja is None and self.en is None:
            raise Wrong(
                wording("No words in either language", "日本語も英語も書かれていません"),
                wording("Write ja: … or en: …, or both", "ja: … か en: …、または両方を書いてください"),
            )
        return self


class Seller(Document):
    """Who sells: named in every call and mail (JP-D1, JP-E2)."""

    id: Slug = Field(description="the seller's short name; refusals are kept by it", examples=["midorien"])
    name: Text = Field(
        description="the company's name as people hear and read it", examples=[{"ja": "株式会社みどり園"}]
    )
    address: Text = Field(
        description="postal address, shown in every mail", examples=[{"ja": "東京都千代田区…"}]
    )
    number: E164 = Field(description="where people can call back, E.164", examples=["+81312345678"])
    email: str = Field(
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        description="sender of mails, and where complaints arrive",
        examples=["contact@example.jp"],
    )


def _in_whole_days(value: Any) -> Any:
    duration = read_duration(value)
    if duration.seconds or not duration.days:
        raise Wrong(
            wording("Dates in a list are compared by whole days", "リストの日付は日単位で比べます"),
            wording("Write days, such as 180d", "180d のように日数で書いてください"),
        )
    return duration


Days = Annotated[Duration, AfterValidator(_in_whole_days)]


class Filter(Document):
    """One condition on a column of the list; several must all hold."""

    column: str = Field(min_length=1, description="the column's heading in the list", examples=["最終購入日"])
    older_than: Days | None = Field(
        default=None, description="keep dates more than this long ago", examples=["180d"]
    )
    newer_than: Days | None = Field(
        default=None, description="keep dates less than this long ago", examples=["30d"]
    )
    is_: tuple[str, ...] | None = Field(
        default=None, alias="is", description="keep these words only", examples=[["A"]]
    )
    is_not: tuple[str, ...] | None = Field(
        default=None, description="keep all but these words", examples=[["A"]]
    )
    at_least: float | None = Field(default=None, description="keep numbers from here on", examples=[1])
    at_most: float | None = Field(default=None, description="keep numbers up to here", examples=[10])


class Audience(Document):
    """Whom: the list, how its columns are called, who is kept, in which order."""

    file: str = Field(
        min_length=1, description="the list, relative to this file", examples=["../contacts/list.csv"]
    )
    region: str = Field(
        pattern=r"^[A-Z]{2}$",
        description="where numbers without a country code are (ISO 3166)",
        examples=["JP"],
    )
    columns: dict[Column, str | tuple[str, ...]] = Field(
        description="what we need -> the heading in the list; phones and facts may name several",
        examples=[{"key": "顧客番号", "name": "氏名", "phones": ["携帯電話"]}],
    )
    where: tuple[Filter, ...] = Field(default=(), description="conditions that all must hold")
    order: tuple[str, ...] = Field(
        default=(),
        description="who comes first: newest, oldest, highest, lowest and a heading",
        examples=[["newest 日付"]],
    )
    unique_by: Literal["key", "number", "email"] = Field(
        default="key", description="what makes two rows one person"
    )
    language: Language = Field(default="ja", description="the language of people whose row does not say")


class Step(Document):
    """One stage of the path of a lead: a channel, how many tries, and how long after the stage before."""

    channel: Literal["voice", "email"] = Field(description="voice for a call, email for a mail")
    attempts: int = Field(default=1, ge=1, le=20, description="how many tries at most in this stage")
    after: Duration = Field(
        default="0s", validate_default=True, description="how long after the stage before"
    )
    template: str | None = Field(
        default=None, description="which of `mails` is sent", examples=["missed_you"]
    )


class Caps(Document):
    """How often at most, beyond the law and the company's policy."""

    per_day: int | None = Field(default=None, ge=1, description="attempts on a person in a calendar day")
    per_week: int | None = Field(default=None, ge=1, description="attempts on a person in a week")
    per_campaign: int | None = Field(default=None, ge=1, description="attempts on a person in this campaign")


class Retry(Document):
    """What follows an outcome: how often again, after how long, growing how, at another time of day."""

    times: int | None = Field(
        default=None, ge=0, le=20, description="retries at most; left out, the step's attempts are the limit"
    )
    after: Duration = Field(
        default="2h", validate_default=True, description="how long to wait the first time"
    )
    growth: float = Field(default=1.0, ge=1, le=10, description="each wait is this many times the one before")
    at_most: Duration = Field(default="3d", validate_default=True, description="no wait is longer")
    other_time_of_day: bool = Field(default=False, description="try the other half of the calling day")
    likely_hour: bool = Field(
        default=False,
        description="wait beyond that, until `at_most` after the try, for the hour in which the person is likeliest "
        "to answer",
    )


class Disposition(Document):
    """What an agent can say happened, and which outcome that means."""

    id: Slug = Field(description="kept in the records", examples=["sold"])
    label: Text = Field(description="what the agent reads", examples=[{"ja": "成約"}])
    means: Outcome = Field(description=f"one of {', '.join(sorted(DISPOSABLE))}", examples=["sold"])
    key: str | None = Field(
        default=None, pattern=r"^[0-9a-z]$", description="the key an agent presses", examples=["1"]
    )


class Script(Document):
    """What an agent says, as steps with `{placeholders}`; `says` lists the disclosures made, in order."""

    steps: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        min_length=1, description="what to say, in order"
    )
    says: tuple[str, ...] = Field(default=(), description="what the opening tells, in order (JP-D1)")


class Mail(Document):
    """One e-mail in one language, with `{placeholders}`; the footer that the law asks for is added (JP-E2)."""

    subject: str = Field(min_length=1, max_length=200, description="one line")
    text: str = Field(min_length=1, description="the body, without the footer")


class Team(Document):
    """Which agents serve the campaign: every language and skill named here must be theirs."""

    id: Slug = Field(description="the team's short name")
    languages: tuple[Language, ...] = Field(
        default=(), description="languages it serves; none named means all"
    )
    skills: tuple[str, ...] = Field(default=(), description="skills its agents must have")


_DAY_KEY = rf"^({'|'.join(DAYS)})(-({'|'.join(DAYS)}))?$"
_WINDOW = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]-(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$"

Hours = Annotated[
    dict[str, tuple[str, ...]],
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": _DAY_KEY},
            "additionalProperties": {"type": "array", "items": {"type": "string", "pattern": _WINDOW}},
        }
    ),
]

Retriable = Annotated[Outcome, WithJsonSchema({"type": "string", "enum": sorted(RETRIED)})]
