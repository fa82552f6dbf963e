"""What an answered line is told to do: TwiML for each instruction, and for an agent's own leg."""

from typing import Final
from urllib.parse import urlencode

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from campaigns.answers import OPT_OUT_KEY as OPT_OUT_KEY  # noqa: PLC0414 (webhooks ask for it here)
from campaigns.speech import Utterance
from dialer.legs import LEG_LIMIT
from dialer.orders import Invite, JoinRoom

_REGION: Final = "jp1"  # the mix is made where those who talk are
_NOTICE_WAIT_S: Final = 5
_INVITE_WAIT_S: Final = 8
_LINE_S: Final = int(LEG_LIMIT.total_seconds())
_INVITED: Final = {
    "ja": "{name}さんの回線です。数字のキーを押すと、お客様との通話をお受けいただけます。",
    "en": "This is the line of {name}. Press any key to take calls.",
}
_VOICES: Final = {"ja": ("ja-JP", "Polly.Takumi-Neural"), "en": ("en-US", "Polly.Joanna-Neural")}
_CONFIRMED: Final = {
    "ja": "承知いたしました。今後お電話を差し上げません。失礼いたします。",
    "en": "Understood. We will not call you again. Goodbye.",
}
_PROMISED: Final = {
    "ja": "ありがとうございます。担当者より改めてお電話いたします。失礼いたします。",
    "en": "Thank you. One of us will call you. Goodbye.",
}
_ON_HOLD: Final = {
    "ja": "少々お待ちくださいませ。",
    "en": "One moment, please.",
}
_HOLD_PAUSE_S: Final = 20
_AGENT_LABEL: Final = "agent."


def join_room(instruction: JoinRoom, *, after_url: str, rooms_url: str) -> str:
    """Return TwiML that puts the person into the agent's room; `after_url` is asked once they are out of it.

    A small jitter buffer, no beep and no music: the first word is heard well under two seconds after the answer.
    The room outlives the person, who therefore must not end it by leaving: the agent stays for the next one.
    """
    response = VoiceResponse()
    if instruction.announcement:
        _say(response, instruction.announcement)
    dial = response.dial(answer_on_bridge=True, action=after_url, method="POST")
    _room(dial, instruction.room, label=instruction.label, rooms_url=rooms_url, music=instruction.music)
    return str(response)


def agent_room(room: str, rooms_url: str, *, label: str) -> str:
    """Return TwiML that keeps an agent's leg in their room, from call to call."""
    response = VoiceResponse()
    # Without a limit of its own a <Dial> ends after four hours, in the middle of a shift.
    _room(response.dial(time_limit=_LINE_S), room, label=label, rooms_url=rooms_url)
    return str(response)


def invitation(invite: Invite, *, key_url: str) -> str:
    """Return TwiML that asks whoever picked up an agent's telephone for a key, told to `key_url`; else it hangs up.

    It is asked twice, with time to press: a mailbox listens to its end, and presses nothing.
    """
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=_INVITE_WAIT_S,
        action=key_url,
        method="POST",
    )
    said = Utterance(text=_INVITED[invite.language].format(name=invite.name), language=invite.language)
    for _ in range(2):
        _say(gather, said)
    response.hangup()
    return str(response)


def notice(said: Utterance, *, key_url: str, announcement: Utterance | None = None) -> str:
    """Return TwiML that says who called and waits a moment for a key, told to `key_url`; then it hangs up."""
    response = VoiceResponse()
    if announcement:
        _say(response, announcement)
    gather = response.gather(
        input="dtmf", num_digits=1, timeout=_NOTICE_WAIT_S, action=key_url, method="POST"
    )
    _say(gather, said)
    response.hangup()
    return str(response)


def on_hold(language: str, music: str | None = None) -> str:
    """Return TwiML for somebody on hold, which is begun anew when it is over: words, then music or a pause."""
    response = VoiceResponse()
    _say(response, _own(_ON_HOLD, language, None))
    if music:
        response.play(music)
    else:
        response.pause(length=_HOLD_PAUSE_S)
    return str(response)


def visit(*, room: str, label: str, home: str, home_label: str, rooms_url: str) -> str:
    """Return TwiML that brings an agent's leg into a colleague's room, and home when it is put out of there."""
    response = VoiceResponse()
    _room(response.dial(), room, label=label, rooms_url=rooms_url)
    _room(response.dial(), home, label=home_label, rooms_url=rooms_url)
    return str(response)


def message(said: Utterance) -> str:
    """Return TwiML that says one thing and hangs up: what is left on a machine."""
    response = VoiceResponse()
    _say(response, said)
    response.hangup()
    return str(response)


def confirmation(language: str, voice: str | None = None) -> str:
    """Return TwiML that confirms an opt-out and hangs up."""
    return message(_own(_CONFIRMED, language, voice))


def promise(language: str, voice: str | None = None) -> str:
    """Return TwiML that promises a call of an agent and hangs up."""
    return message(_own(_PROMISED, language, voice))


def query_of(said: Utterance) -> str:
    """Return what a key's address carries, so that the answer to the key is in the same language and voice."""
    return urlencode({"language": said.language, **({"voice": said.voice} if said.voice else {})})


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


def _room(dial: Dial, room: str, *, label: str, rooms_url: str, music: str | None = None) -> None:
    # Twilio reports to the address that the first to enter has brought: so every leg brings the same.
    dial.conference(
        room,
        participant_label=label,
        start_conference_on_enter=True,
        end_conference_on_exit=False,
        beep="false",
        wait_url=music or "",
        wait_method="GET" if music else None,
        jitter_buffer_size="small",
        region=_REGION,
        status_callback=rooms_url,
        status_callback_event="join leave",
        status_callback_method="POST",
    )


def _say(parent: VoiceResponse | Gather, said: Utterance) -> None:
    """Add what is heard: the file where there is one, else the words."""
    if said.audio:
        parent.play(said.audio)  # type: ignore[no-untyped-call]
        return
    tongue, voice = _VOICES["ja" if said.language == "ja" else "en"]
    parent.say(  # type: ignore[no-untyped-call]
        _speakable(said.text), language=tongue, voice=said.voice or voice
    )


def _speakable(text: str) -> str:
    """Return text without what XML cannot hold: a control character would make the whole document unreadable."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n"
        or not (letter < " " or "\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff")
    )


def _own(words: dict[str, str], language: str, voice: str | None) -> Utterance:
    known = "ja" if language == "ja" else "en"
    return Utterance(text=words[known], language=known, voice=voice)
