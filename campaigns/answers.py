"""What an answered line gets when it is no person, or when no agent is meant to speak first: voicemail, broadcast."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from campaigns.parts import Document
from campaigns.speech import Spoken

OPT_OUT_KEY = "9"
"""The key that says never again, in every message of ours."""

Choice = Literal["connect", "callback", "opt_out"]
Key = Annotated[str, Field(pattern=r"^[0-9]$"), WithJsonSchema({"type": "string", "pattern": "^[0-9]$"})]


class Voicemail(Document):
    """The message that is left on an answering machine."""

    leave: bool = Field(default=True, description="whether a message is left; false drops the machine")
    message: Spoken = Field(description="what is left: who called, the number to call back")


class Broadcast(Document):
    """A message that is played to whoever answers, and the keys they may press."""

    message: Spoken = Field(description="who calls, why, the number, 9 for never again")
    options: dict[Key, Choice] = Field(
        description="key -> connect (an agent, a callback when none is free), callback, opt_out; 9 is opt_out",
        examples=[{"1": "connect", "9": "opt_out"}],
    )

    def choice(self, key: str) -> str | None:
        """Return what a key means, None when it means nothing here."""
        return self.options.get(key)
