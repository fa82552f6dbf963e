"""What programs send: a JSON object with the documented fields only, or an answer that names each wrong one."""

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.web.errors import Refused


class Body(BaseModel):
    """The JSON object of a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Sent = TypeVar("Sent", bound=Body)


async def read_body(request: web.Request, shape: type[Sent]) -> Sent:
    """Return the body as `shape`; none at all is an empty one. Raises Refused (400), naming each wrong field."""
    try:
        return shape.model_validate_json(await request.read() or b"{}")
    except ValidationError as wrong:
        said = [
            f"{'.'.join(map(str, e['loc'])) or 'JSON'}: {e['msg']}" for e in wrong.errors(include_url=False)
        ]
        raise Refused(400, "body", why="; ".join(said)) from None
