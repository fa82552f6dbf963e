"""An HTTP/1.1 answer, put together from the pieces in which it comes."""

from dataclasses import dataclass

_LARGEST = 1 << 20
_WITHOUT_BODY = frozenset({204, 304})


class AnswerBroken(Exception):
    """What came is no HTTP answer, or too large a one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: status, media type in lower case ("" for none), text. `is_last`: the connection ends with it."""

    status: int
    media: str
    text: str
    is_last: bool


class Answering:
    """One answer on its way. Feed it what comes until it is whole."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._buffer = bytearray()
        self._head: tuple[int, dict[str, str], int] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come yet."""
        return not self._buffer

    def fed(self, data: bytes) -> Answer | None:
        """Take another piece; return the answer once it is whole. Raises AnswerBroken."""
        self._buffer += data
        if len(self._buffer) > _LARGEST:
            raise AnswerBroken("the answer is larger than 1 MiB")
        if self._head is None and not self._read_head():
            return None
        return self._whole(is_over=False)

    def ended(self) -> Answer | None:
        """Return the answer if the end of the connection makes it whole."""
        try:
            return None if self._head is None else self._whole(is_over=True)
        except AnswerBroken:
            return None

    def _read_head(self) -> bool:
        """Read status and headers, once they are there; what is only for now (1xx) is passed over."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        version, _, rest = first.partition(" ")
        if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
            raise AnswerBroken("this is no HTTP")
        if rest.startswith("1"):
            del self._buffer[: end + 4]
            return self._read_head()
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if version == "HTTP/1.0":
            headers.setdefault("connection", "close")
        self._head = (int(rest[:3]), headers, end + 4)
        return True

    def _whole(self, *, is_over: bool) -> Answer | None:
        """Return the answer if its body is there."""
        if self._head is None:
            return None
        status, headers, start = self._head
        body: bytes | None
        if status in _WITHOUT_BODY:
            body = b""
        elif headers.get("transfer-encoding", "").lower() == "chunked":
            body = _unchunked(bytes(self._buffer[start:]))
        elif "content-length" in headers:
            if not headers["content-length"].isdecimal():
                raise AnswerBroken("Content-Length is no number")
            length = int(headers["content-length"])
            body = (
                bytes(self._buffer[start : start + length]) if len(self._buffer) >= start + length else None
            )
        else:
            body = bytes(self._buffer[start:]) if is_over else None
        if body is None:
            return None
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_last = is_over or headers.get("connection", "").lower() == "close"
        return Answer(status=status, media=media, text=body.decode("utf-8", "replace"), is_last=is_last)


def _unchunked(data: bytes) -> bytes | None:
    """Return a chunked body, None when more is to come. Raises AnswerBroken."""
    body = b""
    while True:
        size, line_end, data = data.partition(b"\r\n")
        if not line_end:
            return None
        try:
            length = int(size.partition(b";")[0], 16)
        except ValueError as wrong:
            raise AnswerBroken("a chunk has no size") from wrong
        if length < 0:
            raise AnswerBroken("a chunk has no size")
        if length == 0:
            return body if data.endswith(b"\r\n") else None
        if len(data) < length + 2:
            return None
        body, data = body + data[:length], data[length + 2 :]
