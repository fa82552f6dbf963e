"""Keys pressed on a call: what a person does when a document listens."""

import re
from dataclasses import dataclass

from adapters.simulator.people import Reaction
from adapters.simulator.twiml import Gather, Play, Say

_NINE_AFTER, _ONE_AFTER = 0.8, 0.9  # of the prompts: nobody waits for their end
_OFFERS_1 = re.compile(r"(?<![\d.,])[1１](?![\d.,])|\b(?:press|key) one\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Which keys a person pressed, and after how many seconds of the prompts they began."""

    digits: str
    after_s: float
    waits_s: float


def pressed(reaction: Reaction, gather: Gather, prompts_s: float) -> Pressed | None:
    """Return what this person presses: 9 to be left alone, or 1 where the prompts offer it; None for nothing.

    A listening for more keys than are pressed goes on until its timeout after the last one.
    """
    if reaction.presses_9:
        digits, share = "9", _NINE_AFTER
    elif reaction.presses_1 and offers_1(gather):
        digits, share = "1", _ONE_AFTER
    else:
        return None
    is_complete = gather.digits == len(digits)
    return Pressed(digits=digits, after_s=prompts_s * share, waits_s=0.0 if is_complete else gather.timeout_s)


def offers_1(gather: Gather) -> bool:
    """Tell whether the prompts ask for the key 1; what a recording says is not known, so it may."""
    spoken = [prompt.text for prompt in gather.prompts if isinstance(prompt, Say)]
    if spoken:
        return any(_OFFERS_1.search(text) for text in spoken)
    return any(isinstance(prompt, Play) for prompt in gather.prompts)
