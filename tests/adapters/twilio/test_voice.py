"""What an answered line hears, word for word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.twilio import voice
from campaigns.speech import Utterance
from dialer.orders import JoinRoom, PlayNotice
from tests.adapters.twilio.builders import document

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def test_a_person_joins_the_agents_room() -> None:
    """No beep, no music, a small jitter buffer; the person's leaving does not end the agent's room."""
    text = voice.join_room(
        JoinRoom(room="ag-4f2a", label="winback-7-1"),
        after_url="https://d.example/after",
        rooms_url="https://d.example/rooms",
    )
    assert text == (
        f'{HEAD}<Response><Dial action="https://d.example/after" answerOnBridge="true" method="POST">'
        '<Conference beep="false" endConferenceOnExit="false" jitterBufferSize="small" '
        'participantLabel="winback-7-1" region="jp1" startConferenceOnEnter="true" '
        'statusCallback="https://d.example/rooms" statusCallbackEvent="join leave" '
        'statusCallbackMethod="POST" waitUrl="">ag-4f2a</Conference></Dial></Response>'
    )


def test_a_recording_is_announced_before_anybody_talks() -> None:
    """The announcement is the first thing on the line, so it is inside the recording."""
    said = Utterance(text="この通話は録音されます。")
    joined = JoinRoom(room="r", label="a-1-1", announcement=said)
    text = voice.join_room(joined, after_url="https://d.example/after", rooms_url="https://d.example/rooms")
    assert text.index("この通話は録音されます。") < text.index("<Dial")


def test_an_agent_stays_in_the_room() -> None:
    """The same room, with the same callback: Twilio keeps the one the first to enter has brought."""
    text = voice.agent_room("ag-4f2a", "https://d.example/rooms", label="agent.sato.CA1")
    assert text == (
        f'{HEAD}<Response><Dial timeLimit="43200"><Conference beep="false" endConferenceOnExit="false" '
        'jitterBufferSize="small" participantLabel="agent.sato.CA1" region="jp1" '
        'startConferenceOnEnter="true" statusCallback="https://d.example/rooms" '
        'statusCallbackEvent="join leave" statusCallbackMethod="POST" waitUrl="">ag-4f2a</Conference>'
        "</Dial></Response>"
    )


@pytest.mark.parametrize(
    ("language", "attributes"),
    [
        ("ja", 'language="ja-JP" voice="Polly.Takumi-Neural"'),
        ("en", 'language="en-US" voice="Polly.Joanna-Neural"'),
    ],
)
def test_a_notice_is_said_and_a_key_is_waited_for(language: str, attributes: str) -> None:
    """One key, a few seconds, then the line is given back."""
    text = voice.notice(
        PlayNotice(text="青葉通販 & Co. です", language=language),
        key_url="https://d.example/notice?language=ja",
    )
    assert text == (
        f'{HEAD}<Response><Gather action="https://d.example/notice?language=ja" input="dtmf" method="POST" '
        f'numDigits="1" timeout="5"><Say {attributes}>青葉通販 &amp; Co. です</Say></Gather><Hangup /></Response>'
    )


def test_an_opt_out_is_confirmed() -> None:
    """In the language of the notice."""
    assert "今後お電話を差し上げません" in voice.confirmation("ja")
    assert "We will not call you again" in voice.confirmation("en")
    assert voice.confirmation("ja").endswith("<Hangup /></Response>")


def test_hanging_up() -> None:
    """The shortest document there is."""
    assert voice.hang_up() == f"{HEAD}<Response><Hangup /></Response>"


@given(
    agent=st.text(st.characters(categories=["Ll", "Nd"], include_characters="._-"), min_size=1, max_size=20)
)
def test_a_label_tells_whose_leg_it_is(agent: str) -> None:
    """Also when the agent's id has dots in it."""
    assert voice.agent_of(voice.agent_label(agent, "CA1")) == agent


@pytest.mark.parametrize("label", ["", "winback-7-1", "agent", "agent.", "agents.x.CA1"])
def test_a_persons_label_is_no_agents(label: str) -> None:
    """An attempt's id names no agent."""
    assert voice.agent_of(label) is None


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_whatever_is_said_stays_text(text: str) -> None:
    """No text of a campaign becomes a verb."""
    root = document(voice.notice(PlayNotice(text=text, language="ja"), key_url="https://d.example/"))
    assert [element.tag for element in root.iter()] == ["Response", "Gather", "Say", "Hangup"]
    assert (root.findtext("Gather/Say") or "") == text
