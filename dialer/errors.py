"""What can go wrong that is not a refusal."""


class DialerError(Exception):
    """The root of our own errors; its text is fit for the person who caused it."""


class StaleState(DialerError):
    """Somebody was faster: the row no longer has the state the writer expected."""


class CarrierSilent(DialerError):
    """The carrier could not be asked: that proves nothing about any call."""
