"""What an answered line hears, and what the keys pressed on it mean. Pure."""

from dataclasses import replace
from datetime import timedelta

from campaigns.answers import OPT_OUT_KEY
from campaigns.campaign import Campaign
from campaigns.outcome import Outcome
from campaigns.speech import utter
from dialer.agents import Agent
from dialer.attempt import Attempt, AttemptState
from dialer.events import (
    AnsweredBy,
    AttemptEvent,
    CallAnswered,
    CallKeyed,
    CallOptedOut,
    CallScreened,
    CallWaited,
)
from dialer.orders import (
    ConfirmOptOut,
    Instruction,
    JoinRoom,
    LeaveMessage,
    PlayMessage,
    PlayNotice,
    PromiseCallback,
    Release,
    Wait,
)

_WISHES = {
    "connect": Outcome.NO_DISPOSITION,
    "callback": Outcome.CALLBACK,
    "opt_out": Outcome.OPTED_OUT,
}
_UNHEARD = {AttemptState.ANSWERED, AttemptState.CONNECTED}


def means(campaign: Campaign, pressed: str) -> Outcome | None:
    """Return the outcome that a key leads to, None when it means nothing; NO_DISPOSITION: an agent is wished for."""
    if pressed == OPT_OUT_KEY:
        return Outcome.OPTED_OUT
    choice = campaign.broadcast.choice(pressed) if campaign.broadcast else None
    return _WISHES.get(choice or "")


def meant(campaign: Campaign, event: AttemptEvent) -> AttemptEvent:
    """Return a key that says never again as just that, which counts whenever it is told; any other event as it is."""
    if not isinstance(event, CallKeyed) or means(campaign, event.pressed) is not Outcome.OPTED_OUT:
        return event
    return CallOptedOut(key=event.key, at=event.at, attempt=event.attempt, reference=event.reference)


def instruction(
    attempt: Attempt,
    campaign: Campaign,
    agent: Agent | None,
    event: CallAnswered | CallKeyed | CallWaited,
    patience: timedelta,
) -> Instruction:
    """Return what an answered line is to do; `agent` is whoever was reserved for it, `patience` how long it waits."""
    language, voices = attempt.language, campaign.voices
    said = campaign.recording.announcement if campaign.recording.record else None
    announced = utter(said, language, voices) if said else None
    if agent:
        # Told once: whoever pressed a key has heard it before the message.
        told = None if campaign.pacing.is_agentless else announced
        return JoinRoom(room=agent.room, label=attempt.id, announcement=told, music=campaign.hold_music)
    if isinstance(event, CallKeyed):
        return _answer(attempt, campaign)
    if campaign.pacing.is_agentless and campaign.broadcast:
        words = utter(campaign.broadcast.message, language, voices)
        return PlayMessage(
            text=words.text,
            language=words.language,
            voice=words.voice,
            audio=words.audio,
            announcement=announced,
        )
    waited = event.at - (attempt.answered_at or event.at)
    if campaign.pacing.is_predictive and waited < patience:
        return Wait()
    words = utter(campaign.notice, language, voices)
    return PlayNotice(text=words.text, language=words.language, voice=words.voice, audio=words.audio)


def _answer(attempt: Attempt, campaign: Campaign) -> Instruction:
    """Return what is said to whoever pressed a key that led to no agent."""
    known = "ja" if attempt.language == "ja" else "en"
    voice = campaign.voices.of(known)
    match attempt.outcome:
        case Outcome.CALLBACK:
            return PromiseCallback(language=known, voice=voice)
        case Outcome.OPTED_OUT:
            return ConfirmOptOut(language=known, voice=voice)
        case _:
            return Release()


def left_message(attempt: Attempt, campaign: Campaign, event: AttemptEvent) -> LeaveMessage | None:
    """Return the order to leave the campaign's message, when a machine has just come to the end of its greeting.

    The carrier tells the end of a greeting only where it was asked to wait for it, which is asked only where the law
    allows a message (dialer/plan.py).
    """
    if not isinstance(event, CallScreened) or event.answered_by is not AnsweredBy.MACHINE:
        return None
    voicemail = campaign.voicemail
    if not event.greeting_over or not (voicemail and voicemail.leave) or attempt.state not in _UNHEARD:
        return None
    if not attempt.reference or attempt.outcome is not None:
        return None
    said = utter(voicemail.message, attempt.language, campaign.voices)
    return LeaveMessage(attempt=attempt.id, reference=attempt.reference, message=said)


def played(after: Attempt, before: Attempt, campaign: Campaign) -> Attempt:
    """Return the attempt as what it is when its call ended: nobody was abandoned who was to hear a message."""
    ended = after.state is AttemptState.OVER and before.state is not AttemptState.OVER
    if ended and campaign.pacing.is_agentless and not after.agent and after.outcome is Outcome.ABANDONED:
        return replace(after, outcome=Outcome.SENT)
    return after
