"""What is wrong with a database, said to whoever can mend it."""

from dialer.errors import DialerError


class StoreError(DialerError):
    """The database cannot be used as it is; the text says what to do."""
