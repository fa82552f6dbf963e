"""Recordings: what is reported of them and when, and how they are fetched."""

import io
import wave
from pathlib import Path

from adapters.simulator.calls import API
from tests.adapters.simulator.builders import ACCOUNT, a_double, a_number, is_busy, talks

RECORDING = f"/{API}/Accounts/{ACCOUNT}/Recordings"
FIELDS = {
    "AccountSid",
    "CallSid",
    "RecordingSid",
    "RecordingStatus",
    "RecordingChannels",
    "RecordingStartTime",
    "RecordingSource",
    "RecordingTrack",
}


async def test_a_recording_is_reported_and_can_be_fetched(tmp_path: Path) -> None:
    """In progress with the answer, named in the call's last callback, completed seconds later; then there is a file."""
    async with a_double(tmp_path) as standing:
        dialer, api = standing.dialer, standing.api
        dialer.documents["/answer"] = '<Response><Pause length="20"/></Response>'
        made = await standing.dial(
            a_number(talks),
            Record="true",
            RecordingChannels="dual",
            RecordingStatusCallback=dialer.url("/recorded"),
            RecordingStatusCallbackEvent=["in-progress", "completed", "absent"],
        )
        sid = made.json()["sid"]
        await dialer.until(lambda: bool(dialer.at("/recorded")))
        (live,) = (await api.get(f"{RECORDING}.json", params={"CallSid": sid})).json()["recordings"]
        assert (live["status"], live["duration"]) == ("in-progress", "-1")
        assert (await api.get(f"{RECORDING}/{live['sid']}")).status_code == 404
        assert (await api.delete(f"{RECORDING}/{live['sid']}.json")).json()["code"] == 20009
        last = await standing.over(sid)
        await dialer.until(lambda: len(dialer.at("/recorded")) == 2)
        begun, done = dialer.at("/recorded")
        assert set(begun) == FIELDS | {"RecordingUrl"}
        assert set(done) == FIELDS | {"RecordingUrl", "RecordingDuration"}
        assert (begun["RecordingStatus"], done["RecordingStatus"]) == ("in-progress", "completed")
        assert (done["CallSid"], done["RecordingChannels"], done["RecordingSource"]) == (
            sid,
            "2",
            "OutboundAPI",
        )
        assert last["RecordingSid"] == done["RecordingSid"]
        assert last["RecordingUrl"] == done["RecordingUrl"]
        assert last["RecordingDuration"] == last["CallDuration"] == done["RecordingDuration"]
        shown = (await api.get(f"{RECORDING}/{done['RecordingSid']}.json")).json()
        assert (shown["status"], shown["call_sid"], shown["track"]) == ("completed", sid, "both")
        file = await api.get(done["RecordingUrl"])
        with wave.open(io.BytesIO(file.content)) as sound:
            assert sound.getnchannels() == 2
            assert sound.getnframes() / sound.getframerate() == int(done["RecordingDuration"])
        of_call = await api.get(standing.call(sid).replace(".json", "/Recordings.json"))
        assert [each["sid"] for each in of_call.json()["recordings"]] == [shown["sid"]]
        assert (await api.delete(f"{RECORDING}/{shown['sid']}.json")).status_code == 204
        assert (await api.get(f"{RECORDING}/{shown['sid']}.json")).status_code == 404
    assert all(each.is_signed for each in dialer.told)


async def test_too_short_a_call_leaves_no_recording(tmp_path: Path) -> None:
    """Answered and over at once: absent, without an address. Only what was subscribed to is told."""
    async with a_double(tmp_path, factor=20) as standing:
        dialer = standing.dialer
        made = await standing.dial(
            a_number(lambda each: talks(each) and each.ring_s < 6),
            Record="true",
            RecordingStatusCallback=dialer.url("/recorded"),
            RecordingStatusCallbackEvent="absent",
        )
        await standing.over(made.json()["sid"])
        await dialer.until(lambda: bool(dialer.at("/recorded")))
    (absent,) = dialer.at("/recorded")
    assert (absent["RecordingStatus"], absent["RecordingDuration"]) == ("absent", "0")
    assert "RecordingUrl" not in absent


async def test_what_nobody_answered_is_not_recorded(tmp_path: Path) -> None:
    """No recording, no callback, no mention."""
    async with a_double(tmp_path) as standing:
        url = standing.dialer.url("/recorded")
        made = await standing.dial(a_number(is_busy), Record="true", RecordingStatusCallback=url)
        last = await standing.over(made.json()["sid"])
        listed = (await standing.api.get(f"{RECORDING}.json")).json()
        assert (listed["recordings"], standing.dialer.at("/recorded")) == ([], [])
    assert "RecordingSid" not in last
