"""The one thread that writes: waiting transactions share one commit, told of only when it is durable."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from types import TracebackType
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.store.errors import StoreError
from adapters.store.statement import SqliteSession
from adapters.store.unit import SqlUnit
from dialer.ports import Unit

T = TypeVar("T")
_TOGETHER = 64


class _Caught:
    """What went wrong inside a `with`: kept, to be handed to whoever waits for the result."""

    error: BaseException | None = None

    def __enter__(self) -> None:
        """Watch."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep the error; it ends here."""
        self.error = error
        return error is not None


class _Job(Generic[T]):
    """One transaction's work, and the future that is told what came of it."""

    def __init__(self, work: Callable[[Unit], T]) -> None:
        self.work, self.future, self.caught = work, Future[T](), _Caught()
        self._results: list[T] = []

    def run(self, connection: Connection) -> None:
        with closing(SqlUnit(SqliteSession(connection))) as unit:
            self._results.append(unit.finished(self.work(unit)))

    def settle(self, error: BaseException | None) -> None:
        """Tell what came of it: the error of the commit that it shared, or its own."""
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self._results[0])


class Writer:
    """Runs transactions in order, in a thread of its own."""

    def __init__(self, connection: Connection) -> None:
        """Take the connection; nobody else may use it from now on."""
        self._connection = connection
        self._waiting: deque[_Job[Any]] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")

    def submit(self, work: Callable[[Unit], T]) -> Future[T]:
        """Return what `work` will return once it is durable, or the error for which all of it was rolled back."""
        job = _Job(work)
        self._waiting.append(job)
        try:
            self._thread.submit(self._drain)
        except RuntimeError as error:
            raise StoreError("the store is closed") from error
        return job.future

    def _drain(self) -> None:
        """Do all that waits by now in one commit. Each submission asks for this once, so often nothing waits."""
        jobs: list[_Job[Any]] = []
        while self._waiting and len(jobs) < _TOGETHER:
            job = self._waiting.popleft()
            if job.future.set_running_or_notify_cancel():
                jobs.append(job)
        if jobs:
            commit = _Caught()
            with commit, self._connection.begin():
                self._run(jobs)
            for job in jobs:
                job.settle(self._said(commit.error or job.caught.error))

    def _said(self, error: BaseException | None) -> BaseException | None:
        """Return an error of the database as one of ours: a full or a broken disk is nobody's programming error."""
        module = self._connection.dialect.loaded_dbapi
        if isinstance(error, module.IntegrityError) or not isinstance(
            error, (module.DatabaseError, DBAPIError)
        ):
            return error
        ours = StoreError(f"the database cannot be written: {error.__cause__ or error}")
        ours.__cause__ = error
        return ours

    def _run(self, jobs: list[_Job[Any]]) -> None:
        if len(jobs) == 1:
            jobs[0].run(self._connection)
            return
        for job in jobs:
            with job.caught, self._connection.begin_nested():
                job.run(self._connection)
            self._require_transaction()

    def _require_transaction(self) -> None:
        """Fail the whole commit if the database gave it up (a full disk), not keep half of what was promised."""
        raw = self._connection.connection.dbapi_connection
        if raw is None or not raw.in_transaction:
            raise StoreError("the database gave up the transaction: is the disk full?")

    def close(self) -> None:
        """Finish what waits."""
        self._thread.shutdown(wait=True)
