"""What an answered line is told to do: TwiML for each instruction, and for an agent's own leg."""

from typing import Final

from twilio.twiml.voice_response import Dial, VoiceResponse

from dialer.orders import JoinRoom, PlayNotice

OPT_OUT_KEY: Final = "9"
"""The key that says: never again."""

_REGION: Final = "jp1"  # the mix is made where those who talk are
_NOTICE_WAIT_S: Final = 5
_VOICES: Final = {"ja": ("ja-JP", "Polly.Takumi-Neural"), "en": ("en-US", "Polly.Joanna-Neural")}
_CONFIRMED: Final = {
    "ja": "承知いたしました。今後お電話を差し上げません。失礼いたします。",
    "en": "Understood. We will not call you again. Goodbye.",
}
_AGENT_LABEL: Final = "agent."


def join_room(instruction: JoinRoom, *, after_url: str, rooms_url: str) -> str:
    """Return TwiML that puts the person into the agent's room; `after_url` is asked once they are out of it.

    A small jitter buffer, no beep and no music: the first word is heard well under two seconds after the answer.
    The room outlives the person, who therefore must not end it by leaving: the agent stays for the next one.
    """
    response = VoiceResponse()
    if instruction.announcement:
        _say(response, instruction.announcement, instruction.language)
    dial = response.dial(answer_on_bridge=True, action=after_url, method="POST")
    _room(dial, instruction.room, label=instruction.label, rooms_url=rooms_url)
    return str(response)


def agent_room(room: str, rooms_url: str, *, label: str) -> str:
    """Return TwiML that keeps an agent's leg in their room, from call to call."""
    response = VoiceResponse()
    _room(response.dial(), room, label=label, rooms_url=rooms_url)
    return str(response)


def notice(instruction: PlayNotice, *, key_url: str) -> str:
    """Return TwiML that says who called and waits a moment for the key that opts out; then it hangs up."""
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf", num_digits=1, timeout=_NOTICE_WAIT_S, action=key_url, method="POST"
    )
    _say(gather, instruction.text, instruction.language)
    response.hangup()
    return str(response)


def confirmation(language: str) -> str:
    """Return TwiML that confirms an opt-out and hangs up."""
    response = VoiceResponse()
    _say(response, _CONFIRMED["ja" if language == "ja" else "en"], language)
    response.hangup()
    return str(response)


def hang_up() -> str:
    """Return TwiML that ends the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def agent_label(agent: str, reference: str) -> str:
    """Return the label of an agent's leg. It names the leg too: a label used twice would not be let in (16025)."""
    return f"{_AGENT_LABEL}{agent}.{reference}"


def agent_of(label: str) -> str | None:
    """Return the agent whose leg has this label, None when it is a person's."""
    if not label.startswith(_AGENT_LABEL):
        return None
    return label.removeprefix(_AGENT_LABEL).rpartition(".")[0] or None


def _room(dial: Dial, room: str, *, label: str, rooms_url: str) -> None:
    # Twilio reports to the address that the first to enter has brought: so every leg brings the same.
    dial.conference(
        room,
        participant_label=label,
        start_conference_on_enter=True,
        end_conference_on_exit=False,
        beep="false",
        wait_url="",
        jitter_buffer_size="small",
        region=_REGION,
        status_callback=rooms_url,
        status_callback_event="join leave",
        status_callback_method="POST",
    )


def _say(parent: VoiceResponse, text: str, language: str) -> None:
    tongue, voice = _VOICES["ja" if language == "ja" else "en"]
    parent.say(text, language=tongue, voice=voice)
