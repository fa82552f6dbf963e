"""What the engine needs of our copies of somebody else's do-not-call lists."""

from typing import Protocol

from compliance.question import Listing


class Registries(Protocol):
    """Our copies of somebody else's do-not-call lists."""

    def listings(self, number: str) -> tuple[Listing, ...]:
        """Return what each copy for the country of a number (E.164) says of it."""
        ...


class NoRegistries:
    """No copy of any: every rule that needs one denies."""

    def listings(self, number: str) -> tuple[Listing, ...]:  # noqa: ARG002 (the protocol's)
        """Return nothing."""
        return ()
