"""Every document our code can emit is TwiML, whatever a campaign says and however it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.twilio import voice
from campaigns.speech import MOST_LETTERS, VOICES, Utterance
from dialer.orders import JoinRoom
from tests.adapters.twilio.builders import document
from tests.adapters.twilio.twiml_table import faults

LETTERS = st.one_of(
    st.characters(exclude_categories=[]),
    st.sampled_from(list("日本語です。「」\"'<>&;\x00\x0b\ud83d\ufffe🍵👩‍💼]]>\u2028")),
)
TEXTS = st.text(LETTERS, max_size=200)
URLS = st.text(st.sampled_from("abc/?&=%-_.~'"), max_size=60).map(
    lambda tail: f"https://sound.example/{tail}"
)


@st.composite
def utterances(draw: st.DrawFn) -> Utterance:
    """Anything a campaign may say, or play."""
    language = draw(st.sampled_from(["ja", "en"]))
    return Utterance(
        text=draw(TEXTS),
        language=language,
        voice=draw(st.none() | st.sampled_from(VOICES[language])),
        audio=draw(st.none() | URLS),
    )


NAMES = st.text(st.sampled_from("abcdefghij0123456789-._"), min_size=1, max_size=60)


@given(said=utterances(), url=URLS, before=st.none() | utterances())
def test_a_message_with_keys_is_twiml(said: Utterance, url: str, before: Utterance | None) -> None:
    """Notice and broadcast, read out or played, an announcement first or not."""
    assert faults(voice.notice(said, key_url=f"{url}?{voice.query_of(said)}", announcement=before)) == []


@given(said=utterances())
def test_a_message_for_a_machine_is_twiml(said: Utterance) -> None:
    """It also fits into the request that tells a call under way."""
    assert faults(voice.message(said), inline=True) == []


@given(room=NAMES, label=NAMES, said=st.none() | utterances(), music=st.none() | URLS)
def test_the_way_into_a_room_is_twiml(
    room: str, label: str, said: Utterance | None, music: str | None
) -> None:
    """With music or without, announced or not."""
    joined = JoinRoom(room=room, label=label, announcement=said, music=music)
    text = voice.join_room(joined, after_url="https://d.example/a", rooms_url="https://d.example/r")
    assert faults(text) == []
    conference = document(text).find("Dial/Conference")
    assert conference is not None
    assert (conference.get("waitUrl"), conference.get("waitMethod")) == (
        music or "",
        "GET" if music else None,
    )


@given(room=NAMES, label=NAMES)
def test_an_agents_room_is_twiml(room: str, label: str) -> None:
    """No music: an agent between two calls hears silence."""
    assert faults(voice.agent_room(room, "https://d.example/r", label=label)) == []


@pytest.mark.parametrize("language", ["ja", "en", "zh"])
def test_our_own_words_are_twiml(language: str) -> None:
    """Confirmation, promise and the end, by the usual voice and by a chosen one."""
    for chosen in (None, VOICES["en" if language != "ja" else "ja"][1]):
        assert faults(voice.confirmation(language, chosen), inline=True) == []
        assert faults(voice.promise(language, chosen), inline=True) == []
    assert faults(voice.hang_up(), inline=True) == []


def test_the_longest_text_fits() -> None:
    """Of the letters that take most room as XML; twice, since an announcement may come first."""
    said = Utterance(text="&" * MOST_LETTERS)
    assert faults(voice.notice(said, key_url="https://d.example/", announcement=said)) == []


def test_the_words_arrive_as_they_were_written() -> None:
    """Nothing but what XML cannot hold is taken away."""
    said = Utterance(text="\x00「9」<を>&押して\x0bください🍵")
    assert document(voice.message(said)).findtext("Say") == "「9」<を>&押してください🍵"


def test_a_file_is_played_instead_of_read_out() -> None:
    """The words are its transcript only."""
    said = Utterance(text="書き起こし", audio="https://sound.example/notice.mp3?a=1&b=2")
    root = document(voice.notice(said, key_url="https://d.example/"))
    assert root.findtext("Gather/Play") == "https://sound.example/notice.mp3?a=1&b=2"
    assert root.find("Gather/Say") is None


@pytest.mark.parametrize(
    ("twiml", "wrong"),
    [
        ("<Response><Say>a</Response>", "not XML"),
        ("<Reply/>", "the root is Reply"),
        ("<Response><Shout>a</Shout></Response>", "Shout"),
        ('<Response><Say voice="Polly.Nobody">a</Say></Response>', "Polly.Nobody"),
        ("<Response><Gather><Hangup/></Gather></Response>", "Hangup in Gather"),
        ("<Response><Dial/></Response>", "Dial has one noun"),
        ("<Response><Dial><Conference>r</Conference></Dial></Response>", "without participantLabel"),
        ('<Response><Gather timeout="soon"/></Response>', "timeout"),
        ("<Response><Play>http:</Play></Response>", "Play says"),
        (f"<Response><Say>{'a' * 4000}</Say></Response>", "4000"),
    ],
)
def test_the_table_sees_what_is_wrong(twiml: str, wrong: str) -> None:
    """Else it would prove nothing."""
    assert any(wrong in fault for fault in faults(twiml, inline=True))
