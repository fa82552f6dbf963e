"""What is heard in a room that has not started: the document of its waitUrl, and the sound's own delay."""

from adapters.simulator.calls import Call
from adapters.simulator.chance import Chance
from adapters.simulator.courier import Courier
from adapters.simulator.twiml import TwimlInvalid, parse_twiml
from adapters.simulator.verbs import Conference, Pause, Play, Redirect, Say

# Seconds that a jitter buffer adds beyond the small one's, at least and at most (twilio.md §0, 7).
_JITTER_S = {"off": (0.0, 0.0), "small": (0.0, 0.0), "medium": (0.05, 0.3), "large": (0.15, 0.8)}


def jitter_s(chance: Chance, terms: Conference, *names: object) -> float:
    """Return how many seconds later than through a small jitter buffer a participant is heard."""
    return chance.between(*_JITTER_S[terms.jitter], "jitter", *names)


async def listen(courier: Courier, call: Call, wait_url: str) -> None:
    """Fetch what is played to somebody who waits. Raises TwimlInvalid: 13238 for a verb that is not allowed there.

    An address that fails raises with the code of its failure: the conference is not established then.
    """
    reply = await courier.request(wait_url, call.fields())
    if reply.error is not None:
        raise TwimlInvalid(reply.error, f"{wait_url}: status {reply.status}")
    if reply.media.startswith("audio/"):
        return
    for verb in parse_twiml(reply.text, wait_url):
        if not isinstance(verb, Say | Play | Pause | Redirect):
            raise TwimlInvalid(13238, f"{type(verb).__name__} is not allowed in what waitUrl answers")
