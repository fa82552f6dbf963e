"""The order that goes to the world for an attempt that was permitted: what to dial, what to send."""

from dataclasses import replace

from campaigns.campaign import Campaign
from campaigns.message import compose
from compliance.judge import judge
from compliance.terms import Technology
from dialer.attempt import Attempt
from dialer.links import mail_links
from dialer.orders import Hearing, PlaceCall, SendMail
from dialer.questions import Rules, question_for
from dialer.view import Due


def call_order(campaign: Campaign, due: Due, attempt: Attempt, rules: Rules) -> PlaceCall:
    """Return the order to dial for an attempt that was permitted."""
    pacing = campaign.pacing
    return PlaceCall(
        attempt=attempt.id,
        nonce=attempt.nonce,
        to=attempt.address,
        caller_id=attempt.caller_id or "",
        ring_limit_s=round(pacing.ring_limit.total_seconds()),
        call_limit_s=round(pacing.call_limit.total_seconds()),
        detect_machine=pacing.machine_detection == "async",
        hearing=_hearing(campaign, may_leave=_may_leave(campaign, due, attempt, rules)),
        record=campaign.recording.record,
        reason=campaign.call_reason.in_(attempt.language) if campaign.call_reason else None,
        fallback_url=campaign.fallback_url,
    )


def _may_leave(campaign: Campaign, due: Due, attempt: Attempt, rules: Rules) -> bool:
    """Tell whether a message may be left should a machine answer: the law must allow a prerecorded call as well."""
    if campaign.voicemail is None or not campaign.voicemail.leave:
        return False
    asked = question_for(campaign, due, attempt.address, attempt.opened_at, rules)
    return judge(replace(asked, technology=Technology.PRERECORDED), rules.law).is_allowed


def _hearing(campaign: Campaign, *, may_leave: bool) -> Hearing:
    """Return how machines are told: to the end of their greeting only where a message may be left then.

    So nothing else has to remember whether it may: without the end of a greeting none is left.
    """
    detection = campaign.pacing.detection
    asked = detection.mode == "DetectMessageEnd"
    leaves = campaign.voicemail is not None and campaign.voicemail.leave
    return Hearing(
        to_the_end=may_leave if leaves else asked,
        speech_threshold=detection.speech_threshold,
        speech_end_threshold=detection.speech_end_threshold,
        silence_timeout=detection.silence_timeout,
        timeout_s=detection.timeout,
    )


def mail_order(campaign: Campaign, due: Due, attempt: Attempt, rules: Rules) -> SendMail:
    """Return the order to send for an attempt that was permitted."""
    template = campaign.steps[due.lead.step].template or ""
    links = mail_links(rules.settings.public_url, attempt.id, attempt.nonce)
    message = compose(campaign, template, due.contact.language, due.contact, links=links)
    return SendMail(
        attempt=attempt.id,
        token=attempt.nonce,
        to=attempt.address,
        to_name=due.contact.name,
        sender=campaign.seller.email,
        sender_name=campaign.seller.name.in_(due.contact.language),
        subject=message.subject,
        text=message.text,
        language=due.contact.language,
    )
