"""A callback that was promised stands before everybody else on the list: its lead's rank says so, and can be undone."""

from campaigns.contact import Lead


def is_promised(lead: Lead) -> bool:
    """Tell whether the lead waits for a callback that was promised; ranks of a list are 0 and above."""
    return lead.rank < 0


def promised_rank(lead: Lead) -> int:
    """Return the rank of the lead while it waits for a promised callback: below 0."""
    return ~listed_rank(lead)


def listed_rank(lead: Lead) -> int:
    """Return the rank that the lead has on its list, 0 or above."""
    return ~lead.rank if is_promised(lead) else lead.rank
