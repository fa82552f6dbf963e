"""What to ask the law about a lead whose time has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.campaign import Campaign
from campaigns.contact import Contact
from campaigns.message import MAIL_ELEMENTS
from compliance.policy import Policy
from compliance.question import Question, Subject
from compliance.rulebook import Law
from compliance.terms import Channel, Party
from dialer.attempt import Attempt
from dialer.settings import Settings
from dialer.view import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is fixed while the engine runs: the law, the company's policy, the installation's limits and secret."""

    law: Law
    policy: Policy
    settings: Settings
    secret: str


def question_for(campaign: Campaign, due: Due, address: str, now: datetime, rules: Rules) -> Question:
    """Return the question whether `address` (E.164 or e-mail, by the lead's step) may be approached now."""
    channel = Channel(campaign.steps[due.lead.step].channel)
    voice = channel is Channel.VOICE
    return Question(
        now=now,
        channel=channel,
        subject=Subject(
            person=due.contact.key,
            number=address if voice else next((phone.number for phone in due.contact.phones), None),
            email=due.contact.email if voice else address,
            party=due.contact.party,
            address=due.contact.address,
        ),
        campaign=campaign.id,
        purpose=campaign.purpose,
        technology=campaign.pacing.technology,
        seller=campaign.seller.id,
        product=campaign.product,
        profile=rules.policy.profile,
        history=due.history,
        consents=due.contact.consents,
        relationships=due.contact.relationships,
        suppressions=due.suppressions,
        narrowings=(rules.policy.narrowing, campaign.narrowing),
        listings=due.listings.get(address, ()),
        reassignment=due.reassignments.get(address),
        email_elements=MAIL_ELEMENTS,
        recorded=campaign.recording.record,
        **_of_policy(rules.policy),
    )


def _of_policy(policy: Policy) -> dict[str, Any]:
    """Return what the company's policy says of the world: holidays by decree, emergencies, whether addresses decide."""
    return {
        "proclaimed": {region: frozenset(days) for region, days in policy.proclaimed.items()},
        "emergencies": frozenset(policy.emergencies),
        "best_evidence": policy.location == "best_evidence",
    }


def question_of(
    campaign: Campaign, attempt: Attempt, contact: Contact | None, *, now: datetime, rules: Rules
) -> Question:
    """Return the question whether a call under way may go on: whom it reaches and for whom, without any history."""
    return Question(
        now=now,
        channel=attempt.channel,
        subject=Subject(
            person=attempt.contact,
            number=attempt.address if attempt.channel is Channel.VOICE else None,
            email=contact.email if contact else None,
            party=contact.party if contact else Party.CONSUMER,
            address=contact.address if contact else None,
        ),
        campaign=campaign.id,
        purpose=campaign.purpose,
        technology=campaign.pacing.technology,
        seller=campaign.seller.id,
        product=campaign.product,
        profile=rules.policy.profile,
        narrowings=(rules.policy.narrowing, campaign.narrowing),
        **_of_policy(rules.policy),
    )
