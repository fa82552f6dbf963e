"""What an outcome means for its lead and person: written and sealed, in the transaction that found it."""

from dataclasses import replace

from campaigns.campaign import Campaign
from campaigns.contact import Lead
from campaigns.outcome import TALKED, Ending, LeadState, Outcome
from campaigns.retry import at_likely_hour, conclude
from compliance.ledger import Kind, Record
from compliance.places import zone_of_region
from compliance.question import Suppression
from dialer.attempt import Attempt
from dialer.conclusion import concluded, suppressed, suppressions_after
from dialer.events import AttemptEvent
from dialer.insight import habits_after
from dialer.mail_events import MailAnswered, MailComplained, MailUnsubscribed
from dialer.scene import Scene
from dialer.view import CampaignState

_FINAL = {Outcome.REFUSED, Outcome.OPTED_OUT}


def settle(
    scene: Scene, attempt: Attempt, campaign: Campaign, *, was: Outcome | None
) -> tuple[Suppression, ...]:
    """Write what the attempt's outcome means for its lead and person, and seal it; return what is suppressed anew.

    `was` is the outcome that the attempt had before.
    """
    outcome = attempt.outcome
    lead, contact = scene.unit.lead(attempt.lead), scene.unit.contact(attempt.contact)
    if outcome is None or lead is None or contact is None:
        return ()
    after = lead
    if lead.ending is not Ending.OPTED_OUT and not (lead.ending is Ending.ANSWERED and outcome not in _FINAL):
        zone = zone_of_region(campaign.audience.region)
        after = conclude(campaign, lead, outcome, scene.now, callback_at=attempt.callback_at, zone=zone)
        if habits := habits_after(attempt, outcome, scene.known):
            after = at_likely_hour(campaign, after, outcome, scene.now, habits)
        reached_nobody = after.state is LeadState.WAITING or after.ending is Ending.EXHAUSTED
        if reached_nobody and attempt.ordinal < lead.tries:
            after = lead  # tried again since: what is learnt late of this try neither puts that one off nor ends it
        elif after.state is LeadState.WAITING and _is_done_by_another(lead, outcome, was):
            after = lead
        scene.unit.save_lead(after, lead.state)
        _reopen(scene, after)
    added = [
        s
        for s in suppressions_after(attempt, outcome, contact, campaign, scene.now)
        if scene.unit.suppress(s)
    ]
    notes = [suppressed(s, campaign=campaign.id, attempt=attempt.id) for s in added]
    scene.unit.record([concluded(attempt, outcome, after, scene.now), *notes])
    return tuple(added)


def _is_done_by_another(lead: Lead, outcome: Outcome, was: Outcome | None) -> bool:
    """Tell whether an earlier try, written up late, has ended the lead: that this one reached nobody changes nothing.

    A callback that was promised is kept all the same.
    """
    return lead.ending is Ending.TALKED and was not in TALKED and outcome is not Outcome.CALLBACK


def _reopen(scene: Scene, lead: Lead) -> None:
    """Set a campaign going again that was finished, when a lead of it waits after all: a promised callback is kept."""
    states = {row.id: row.state for row in scene.unit.campaigns()}
    if lead.state is LeadState.WAITING and states.get(lead.campaign) is CampaignState.FINISHED:
        scene.unit.set_campaign_state(lead.campaign, CampaignState.RUNNING, CampaignState.FINISHED)
        body = {"from": "finished", "to": "running", "by": "a lead waits again"}
        scene.unit.record([Record(kind=Kind.CAMPAIGN, at=scene.now, campaign=lead.campaign, body=body)])


def follow_mail(
    scene: Scene, attempt: Attempt, campaign: Campaign, event: AttemptEvent
) -> tuple[Suppression, ...]:
    """Act on a person's word to a mail already sent: its outcome stays, the lead ends, a refusal holds everywhere.

    Returns what is suppressed anew.
    """
    lead = scene.unit.lead(attempt.lead)
    if lead is None or not isinstance(event, MailUnsubscribed | MailComplained | MailAnswered):
        return ()
    if isinstance(event, MailAnswered):
        if lead.ending is not Ending.OPTED_OUT:
            scene.unit.save_lead(_done(lead, Ending.ANSWERED), lead.state)
            scene.unit.record([concluded(attempt, Outcome.SENT, _done(lead, Ending.ANSWERED), scene.now)])
        return ()
    contact = scene.unit.contact(attempt.contact)
    scene.unit.save_lead(_done(lead, Ending.OPTED_OUT), lead.state)
    if contact is None:
        return ()
    added = [
        s
        for s in suppressions_after(attempt, Outcome.OPTED_OUT, contact, campaign, scene.now)
        if scene.unit.suppress(s)
    ]
    scene.unit.record(suppressed(s, campaign=campaign.id, attempt=attempt.id) for s in added)
    return tuple(added)


def _done(lead: Lead, ending: Ending) -> Lead:
    return replace(lead, state=LeadState.DONE, due=None, ending=ending)
