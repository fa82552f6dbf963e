"""A campaign as its manager writes it: frozen models, one definition for validation and for editors."""

from typing import Literal

from pydantic import Field

from campaigns.answers import Broadcast, Voicemail
from campaigns.budget import Budget
from campaigns.callers import Callers
from campaigns.dialing import Pacing
from campaigns.parts import (
    LANGUAGES,
    Audience,
    Caps,
    Disposition,
    Document,
    Filter,
    Hours,
    Language,
    Mail,
    Retriable,
    Retry,
    Script,
    Seller,
    Step,
    Team,
    Text,
)
from campaigns.speech import Address, Recording, Spoken, Voices
from compliance.fields import Day, Share, Slug
from compliance.hours import parse_hours
from compliance.question import Narrowing
from compliance.rulebook import packaged_law
from compliance.terms import Purpose

__all__ = [
    "LANGUAGES",
    "Audience",
    "Campaign",
    "Caps",
    "Disposition",
    "Document",
    "Filter",
    "Hours",
    "Language",
    "Mail",
    "Pacing",
    "Recording",
    "Retry",
    "Script",
    "Seller",
    "Step",
    "Team",
    "Text",
]


class Campaign(Document):
    """A purpose, a list, scripts, limits, hours."""

    id: Slug = Field(
        alias="campaign", description="the campaign's short name, kept in every record", examples=["winback"]
    )
    title: Text = Field(
        description="what people call it", examples=[{"ja": "休眠顧客のお得意様キャンペーン"}]
    )
    purpose: Purpose = Field(
        description="why people are approached; most rules bind sales only", examples=["sales"]
    )
    product: Slug = Field(
        description="the product's short name; refusals are kept by it", examples=["green-tea"]
    )
    product_name: Text = Field(description="the product as people hear it", examples=[{"ja": "静岡の煎茶"}])
    seller: Seller = Field(description="who sells")
    audience: Audience = Field(description="whom: the list and how it is read")
    steps: tuple[Step, ...] = Field(
        min_length=1, max_length=20, description="the path of each person", examples=[[{"channel": "voice"}]]
    )
    pacing: Pacing = Field(default=Pacing(), description="how many calls, how fast")
    caller_ids: Callers = Field(
        min_length=1,
        description="numbers shown to people, or pools of them; each person always sees the same",
        examples=[["+81312345678"]],
    )
    hours: Hours = Field(
        default={},
        description="days -> windows of local time, never wider than the law's",
        examples=[{"mon-fri": ["10:00-12:00", "13:00-19:00"]}],
    )
    start: Day | None = Field(default=None, description="first day", examples=["2026-04-01"])
    end: Day | None = Field(default=None, description="last day", examples=["2026-06-30"])
    holidays: Literal["skip", "allow"] = Field(
        default="skip", description="whether public holidays are left out"
    )
    closed_on: tuple[Day, ...] = Field(
        default=(), description="days without calls", examples=[["2026-12-31"]]
    )
    caps: Caps = Field(default=Caps(), description="attempts on one person, at most")
    retry: dict[Retriable, Retry] = Field(
        default={}, description="outcome -> when to try again", examples=[{"busy": {"after": "15m"}}]
    )
    scripts: dict[Language, Script] = Field(
        min_length=1, description="language -> what an agent says", examples=[{"ja": {"steps": ["…"]}}]
    )
    dispositions: tuple[Disposition, ...] = Field(
        min_length=2,
        description="what an agent can say happened",
        examples=[[{"id": "sold", "label": {"ja": "成約"}, "means": "sold"}]],
    )
    teams: tuple[Team, ...] = Field(
        default=(), description="who serves the campaign; none named means everybody"
    )
    recording: Recording = Field(default=Recording(), description="whether calls are recorded")
    voices: Voices = Field(
        default=Voices(), description="who reads things out", examples=[{"ja": "Polly.Kazuha-Neural"}]
    )
    notice: Spoken = Field(
        description="played when nobody is free: who called, the number, 9 for never again; read out as it stands",
        examples=[{"ja": "株式会社みどり園です。…"}],
    )
    voicemail: Voicemail | None = Field(
        default=None, description="the message for answering machines; none is left without it"
    )
    broadcast: Broadcast | None = Field(
        default=None, description="what an agentless campaign plays, and the keys people may press"
    )
    hold_music: Address | None = Field(
        default=None, description="played while a person waits in a room; silence without it"
    )
    call_reason: Text | None = Field(
        default=None,
        description="why we call, shown on phones that can: 50 letters at most",
        examples=[{"ja": "お茶の定期便のご案内"}],
    )
    fallback_url: Address | None = Field(
        default=None, description="what the carrier asks when we do not answer it: TwiML with the notice"
    )
    mails: dict[Slug, dict[Language, Mail]] = Field(default={}, description="template -> language -> mail")
    budget: Budget | None = Field(
        default=None, description="what the campaign may cost; without it, as much as its list costs"
    )
    holdout: Share = Field(
        default=0.0, ge=0, le=0.5, description="share left alone, to compare with", examples=["5%"]
    )

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages people can be spoken to in: those with a script."""
        return tuple(language for language in LANGUAGES if language in self.scripts)

    @property
    def narrowing(self) -> Narrowing:
        """What the campaign forbids beyond the law and the company's policy."""
        return Narrowing(
            hours=parse_hours(self.hours) if self.hours else None,
            skip_holidays=self.holidays == "skip",
            closed_dates=frozenset(self.closed_on),
            per_day=self.caps.per_day,
            per_week=self.caps.per_week,
            per_campaign=self.caps.per_campaign,
            countries=frozenset({self.country}),
        )

    @property
    def country(self) -> str:
        """Return the country whose law governs the audience: its region, or the one that region is under."""
        book = packaged_law().country_of(self.audience.region)
        return book.region if book else self.audience.region
