"""Whose turn it is: leases by the database's own clock, and what keeps everybody from calling."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import BigInteger, bindparam, case, cast, delete, extract, func, or_, select, update

from adapters.store.columns import to_instant
from adapters.store.dialects import Among, listed
from adapters.store.part import pick
from adapters.store.revision import Revision
from adapters.store.statement import Runner, Statement, names_of
from adapters.store.tables import HALT, LEASE
from dialer.halts import Halt
from dialer.leases import Lease

_PLANNER = "planner"
_MICROSECOND = timedelta(microseconds=1)
_CLOCKS = {
    "sqlite": cast(func.unixepoch("subsec") * 1_000_000, BigInteger),
    "postgresql": cast(extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger),
}
"""The database's own clock, in microseconds since 1970: engines on several machines agree on it."""
_TURN = Statement(
    lambda insert: (turn := insert(LEASE)).on_conflict_do_update(
        index_elements=[LEASE.c.name], set_={"owner": turn.excluded.owner}
    ),
    names_of(LEASE),
)
_LEASES = {
    name: Statement(
        select(LEASE.c.name, LEASE.c.owner, LEASE.c.fence, LEASE.c.until <= clock).order_by(LEASE.c.name)
    )
    for name, clock in _CLOCKS.items()
}
_HOLD = Statement(
    lambda insert: (taken := insert(LEASE)).on_conflict_do_update(
        index_elements=[LEASE.c.name],
        set_={
            "owner": taken.excluded.owner,
            "fence": LEASE.c.fence + case((LEASE.c.owner == taken.excluded.owner, 0), else_=1),
        },
    ),
    names_of(LEASE),
)
_TTL = bindparam("ttl", type_=BigInteger)
_RENEW = {
    name: Statement(
        update(LEASE)
        .where(Among(LEASE.c.name, "names"), LEASE.c.owner == bindparam("by"))
        .values(until=clock + _TTL)
    )
    for name, clock in _CLOCKS.items()
}
_HALTS = Statement(select(*pick(HALT, ("name", "since", "until", "reason"))).order_by(HALT.c.name))
_HALT = Statement(
    lambda insert: (halt := insert(HALT)).on_conflict_do_update(
        index_elements=[HALT.c.name],
        set_={name: halt.excluded[name] for name in ("since", "until", "reason")},
        where=or_(halt.excluded.until.is_(None), HALT.c.until <= halt.excluded.until),
    ),
    names_of(HALT),
)
_LIFT = Statement(delete(HALT).where(HALT.c.name == bindparam("name")))


class Turns(Revision):
    """What several engines agree on."""

    def take_turn(self, owner: str) -> None:
        """Wait until no other engine plans; they wait in turn until the end of this transaction."""
        self._run.change(_TURN, {"name": _PLANNER, "owner": owner, "until": to_instant(0), "fence": 0})

    def leases(self) -> Sequence[Lease]:
        """Return every lease there is, over or not."""
        return [
            Lease(name=name, owner=owner, fence=fence, is_over=bool(is_over))
            for name, owner, fence, is_over in self._run.rows(_LEASES[self._run.dialect.name], {})
            if name != _PLANNER
        ]

    def hold(self, names: Sequence[str], owner: str, ttl: timedelta) -> None:
        """Take or renew leases, for so long by the database's own clock. Only after `take_turn`.

        Raises StoreError when the tables are no longer this program's: it plans nothing more.
        """
        self.require_own_tables()
        rows = [{"name": name, "owner": owner, "until": to_instant(0), "fence": 1} for name in sorted(names)]
        self._run.change_all(_HOLD, rows)
        self._until(names, owner, ttl // _MICROSECOND)

    def leave(self, names: Sequence[str], owner: str) -> None:
        """Let go of leases that are the owner's."""
        if names:
            self._until(names, owner, 0)

    def _until(self, names: Sequence[str], owner: str, ttl: int) -> None:
        wanted = {"names": listed(names), "by": owner, "ttl": ttl}
        self._run.change(_RENEW[self._run.dialect.name], wanted)

    def halts(self) -> Sequence[Halt]:
        """Return what keeps every engine from calling, in force or not, by name."""
        return halts(self._run)

    def halt(self, halt: Halt) -> None:
        """Keep every engine from calling; a shorter word does not undo a longer one of the same name."""
        row = {"name": halt.name, "since": halt.since, "until": halt.until, "reason": halt.reason}
        self._run.change(_HALT, row)

    def lift_halt(self, name: str) -> bool:
        """Let engines call again; False when there was no halt of that name."""
        return self._run.change(_LIFT, {"name": name}) == 1


def halts(run: Runner) -> Sequence[Halt]:
    """Return what keeps every engine from calling, in force or not, by name."""
    return [
        Halt(
            name=name,
            since=to_instant(since),
            until=None if until is None else to_instant(until),
            reason=reason,
        )
        for name, since, until, reason in run.rows(_HALTS, {})
    ]
