"""The conditions of partial indexes, shared with the statements that use those indexes."""

from sqlalchemy import Boolean, and_, column, not_, or_

from adapters.store.columns import fixed

WAITING = and_(column("state") == fixed("waiting"), not_(column("holdout", Boolean)))
"""Leads that may be taken up: the condition of the indexes that find them, and of the statements that use those."""
LIVE = column("state") != fixed("over")
"""Attempts under way."""
LIVE_CALL = and_(LIVE, column("channel") == fixed("voice"))
"""Calls under way: at most one per number."""
COSTLY = or_(LIVE, column("placed_at").is_not(None))
"""Attempts that cost something, or may: under way, or taken by carrier or mail server."""
RARE = column("kind").in_([fixed("listed"), fixed("suppressed")])
"""Ledger rows that are looked for by kind."""
ONE_SUBJECT = " OR ".join(
    f"({one} IS NOT NULL AND {two} IS NULL AND {three} IS NULL)"
    for one, two, three in (
        ("number", "email", "person"),
        ("email", "number", "person"),
        ("person", "email", "number"),
    )
)
"""A do-not-contact entry names exactly one."""
RUNNING = column("state") != fixed("over")
"""Calls to agents under way: at most one to each."""
HAS_CALL = column("attempt").is_not(None)
"""Agents who have a call: no call is with two."""
TALKING = column("state") == fixed("connected")
"""Calls in which a person and an agent speak: at most one per agent."""
HAS_COLLEAGUE = column("colleague").is_not(None)
"""Calls on their way to a colleague, who is reserved for that one alone."""
TAUGHT = and_(column("traits").is_not(None), column("over_at").is_not(None))
"""Attempts that the odds are learnt from, as they are over."""
