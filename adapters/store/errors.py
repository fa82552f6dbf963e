"""What is wrong with a database, said to whoever can mend it."""

from dialer.errors import DialerError


class StoreError(DialerError):
    """The database cannot be used as it is; the text says what to do."""


class StoreInUse(StoreError):
    """Another process has the database; `who` names it."""

    def __init__(self, database: object, who: str) -> None:
        """Take what is in use, and by whom."""
        super().__init__(f"{database} is in use by {who}: stop it first, or choose another database")
        self.who = who
