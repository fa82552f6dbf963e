"""Auth tokens that are replaced while callbacks come in."""

from multidict import MultiDict
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from adapters.clock import VirtualClock
from adapters.twilio.tokens import READ_EVERY_S, FreshSignatures, TokenSource
from dialer.errors import DialerError
from tests.adapters.twilio.builders import NOW, PUBLIC, seconds

PATH = "/twilio/a-1/n/status"
FORM = MultiDict({"CallSid": "CA1"})


class Vault:
    """Where the tokens are kept, and how often somebody looked."""

    def __init__(self, *tokens: str) -> None:
        self.tokens, self.stamp, self.reads = tokens, 0, 0
        self.clock = VirtualClock(NOW)
        source = TokenSource(read=self.read, stamp=lambda: self.stamp)
        self.signatures = FreshSignatures(root=PUBLIC, source=source, clock=self.clock)

    def read(self) -> tuple[str, ...]:
        self.reads += 1
        if not self.tokens:
            raise DialerError("the file is not there")
        return self.tokens

    def believes(self, token: str) -> bool:
        """Whether a callback that is signed with this token is let in."""
        signature: str = RequestValidator(token).compute_signature(PUBLIC + PATH, FORM)
        return self.signatures.is_genuine(PATH, FORM, signature)

    def after(self, count: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds(count))


def test_a_new_file_is_taken_up_at_the_next_callback() -> None:
    """Old, both, new: each as the file says, and what was taken out is believed no more."""
    vault = Vault("old")
    assert (vault.believes("old"), vault.reads) == (True, 1)
    vault.tokens, vault.stamp = ("old", "new"), 1
    assert (vault.believes("old"), vault.believes("new"), vault.reads) == (True, True, 2)
    vault.tokens, vault.stamp = ("new",), 2
    assert (vault.believes("old"), vault.believes("new")) == (False, True)


def test_a_signature_that_fits_nothing_has_the_tokens_read_again() -> None:
    """Where no stamp tells of a change, the first callback with the new token does, and is itself let in."""
    vault = Vault("old")
    vault.tokens = ("old", "new")
    assert (vault.believes("new"), vault.reads) == (True, 2)


def test_a_flood_of_forgeries_reads_once_in_ten_seconds() -> None:
    """Strangers do not wear out the disk; a genuine callback in between is told again by Twilio."""
    vault = Vault("old")
    assert not any(vault.believes("theirs") for _ in range(100))
    assert vault.reads == 2
    vault.tokens = ("new",)
    assert (vault.believes("new"), vault.reads) == (False, 2)
    vault.after(READ_EVERY_S)
    assert (vault.believes("new"), vault.reads) == (True, 3)


def test_while_none_can_be_read_the_last_ones_hold() -> None:
    """A file that is being replaced keeps nobody out, and the log says so."""
    vault = Vault("old")
    with capture_logs() as logs:
        for tokens in ((), ("",)):
            vault.tokens, vault.stamp = tokens, vault.stamp + 1
            assert vault.believes("old")
    assert [line["event"] for line in logs] == ["webhook_tokens_unreadable"] * 2
    vault.tokens, vault.stamp = ("new",), 9
    assert vault.believes("new")
