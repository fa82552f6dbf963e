"""The carrier's own script for calls from a browser: as published, compressed once, kept by browsers for good."""

import gzip
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from aiohttp import web

PATH: Final = "/static/vendor/twilio-voice/twilio.min.js"
FILE: Final = Path(__file__).parent / "static" / "vendor" / "twilio-voice" / "twilio.min.js"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"

routes = web.RouteTableDef()


class Sdk:
    """The script; `packed` is the same, compressed."""

    def __init__(self, file: Path = FILE) -> None:
        """Read it."""
        self.content = file.read_bytes()
        self.packed = gzip.compress(self.content, 9, mtime=0)
        digest = sha256(self.content)
        self.integrity = f"sha256-{b64encode(digest.digest()).decode()}"
        """What a browser checks the script against before it runs it."""
        self.address = f"{PATH}?v={digest.hexdigest()[:16]}"
        """Where it is: another script has another address."""


SDK: web.AppKey[Sdk] = web.AppKey("sdk")


@routes.get(PATH)
async def script(request: web.Request) -> web.Response:
    """Return the script, compressed for who takes that; under its own address it never changes."""
    sdk = request.app[SDK]
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    cache = _FOR_GOOD if request.path_qs == sdk.address else "no-cache"
    headers = {"Vary": "Accept-Encoding", "Cache-Control": cache}
    headers |= {"Content-Encoding": "gzip"} if is_packed else {}
    return web.Response(
        body=sdk.packed if is_packed else sdk.content,
        content_type="text/javascript",
        charset="utf-8",
        headers=headers,
    )
