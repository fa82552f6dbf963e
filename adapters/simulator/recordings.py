"""Recordings of calls: begun with the answer, ready some seconds after the end, reported on the way."""

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.clock import SystemClock
from adapters.simulator.calls import API, Call
from adapters.simulator.chance import Chance
from adapters.simulator.courier import Courier
from adapters.simulator.naming import fresh, rfc2822
from adapters.simulator.orders import RecordingTerms

_RATE = 8000


@dataclass(slots=True, kw_only=True, eq=False)
class Recording:
    """One recording, from `in-progress` over `processing` to `completed`, or `absent` when nothing was heard."""

    sid: str
    call_sid: str
    account_sid: str
    terms: RecordingTerms
    started: datetime
    status: str = "in-progress"
    duration_s: int = -1
    source: str = "OutboundAPI"

    @property
    def channels(self) -> int:
        """How many channels the file has."""
        return 2 if self.terms.channels == "dual" else 1

    @property
    def path(self) -> str:
        """The path of the resource, without the ending of a format."""
        return f"/{API}/Accounts/{self.account_sid}/Recordings/{self.sid}"

    def resource(self) -> dict[str, object]:
        """Return the recording as the API shows it."""
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "call_sid": self.call_sid,
            "conference_sid": None,
            "api_version": API,
            "channels": self.channels,
            "track": self.terms.track,
            "source": self.source,
            "status": self.status,
            "duration": str(self.duration_s),
            "date_created": rfc2822(self.started),
            "date_updated": rfc2822(self.started),
            "start_time": rfc2822(self.started),
            "price": None,
            "price_unit": "USD",
            "encryption_details": None,
            "error_code": None,
            "uri": f"{self.path}.json",
        }

    def sound(self) -> bytes:
        """Return a WAV file as long as the recording, in which nobody says a word."""
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(self.channels)
            out.setsampwidth(2)
            out.setframerate(_RATE)
            out.writeframes(bytes(2 * self.channels * _RATE * max(self.duration_s, 0)))
        return file.getvalue()


class Recordings:
    """All recordings of the account; `base` is where the API listens, which their addresses begin with."""

    def __init__(self, courier: Courier, clock: SystemClock, seed: str) -> None:
        """Take the courier of their callbacks."""
        self._courier, self._clock, self._chance = courier, clock, Chance(seed)
        self._recordings: dict[str, Recording] = {}
        self._of_call: dict[str, Recording] = {}
        self.base = ""

    def begin(self, call: Call) -> None:
        """Record a call that was just answered, if that was asked for."""
        terms = call.request.recording
        if terms is None:
            return
        recording = Recording(
            sid=fresh("RE"),
            call_sid=call.sid,
            account_sid=call.account_sid,
            terms=terms,
            started=self._clock.now(),
        )
        self._recordings[recording.sid] = self._of_call[call.sid] = recording
        self._tell(recording, "in-progress")

    def end(self, call: Call) -> dict[str, str]:
        """Stop recording; return what the call's last callback says of it, before the file is even there."""
        recording = self._of_call.get(call.sid)
        if recording is None:
            return {}
        recording.status, recording.duration_s = "processing", call.duration_s
        self._courier.spawn(lambda: self._process(recording))
        return {
            "RecordingUrl": f"{self.base}{recording.path}",
            "RecordingSid": recording.sid,
            "RecordingDuration": str(recording.duration_s),
        }

    def take(self, call: Call, seconds: int) -> dict[str, str]:
        """Keep a message somebody left, and return what is told of it."""
        recording = Recording(
            sid=fresh("RE"),
            call_sid=call.sid,
            account_sid=call.account_sid,
            terms=RecordingTerms(),
            started=self._clock.now(),
            status="completed",
            duration_s=seconds,
            source="RecordVerb",
        )
        self._recordings[recording.sid] = recording
        return {
            "RecordingUrl": f"{self.base}{recording.path}",
            "RecordingSid": recording.sid,
            "RecordingDuration": str(seconds),
        }

    def find(self, sid: str) -> Recording | None:
        """Return a recording by its SID."""
        return self._recordings.get(sid)

    def found(self, call_sid: str | None = None) -> Iterator[Recording]:
        """Yield the recordings, of one call or of all, newest first."""
        for recording in reversed(self._recordings.values()):
            if call_sid in {None, recording.call_sid}:
                yield recording

    def delete(self, recording: Recording) -> None:
        """Forget a recording."""
        del self._recordings[recording.sid]
        if self._of_call.get(recording.call_sid) is recording:
            del self._of_call[recording.call_sid]

    async def _process(self, recording: Recording) -> None:
        """Make the file, which takes some campaign seconds; too short a call leaves none."""
        await self._clock.wait(self._chance.between(2.0, 8.0, "processing", recording.sid))
        recording.status = "completed" if recording.duration_s > 0 else "absent"
        self._tell(recording, recording.status)

    def _tell(self, recording: Recording, status: str) -> None:
        """Send a recording's callback, if it was subscribed to (fields: twilio.md §2.1; no From, To or CallStatus)."""
        terms = recording.terms
        if terms.callback is None or status not in terms.events:
            return
        fields = {
            "AccountSid": recording.account_sid,
            "CallSid": recording.call_sid,
            "RecordingSid": recording.sid,
            "RecordingStatus": status,
            "RecordingChannels": str(recording.channels),
            "RecordingStartTime": rfc2822(recording.started),
            "RecordingSource": recording.source,
            "RecordingTrack": terms.track,
        }
        if status != "in-progress":
            fields["RecordingDuration"] = str(recording.duration_s)
        if status != "absent":
            fields["RecordingUrl"] = f"{self.base}{recording.path}"
        self._courier.notify(
            terms.callback, fields, recording.call_sid, "recording", status, method=terms.method
        )
