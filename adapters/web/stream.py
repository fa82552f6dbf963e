"""The wire of server-sent events: frames out, a heartbeat in silence, and an end to who does not take them."""

import asyncio

from aiohttp import web

from adapters.web.live import Live, Subscription

HEARTBEAT_S = 15.0
"""Silence after which a comment is sent, so that nothing on the way takes the line for dead."""

WRITE_LIMIT_S = 10.0
"""How long one write may block before the client is let go."""

_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}


async def stream(request: web.Request, live: Live, subscription: Subscription) -> web.StreamResponse:
    """Send a subscription's frames until either side goes.

    A client that was away needs no replay (its Last-Event-ID is not asked): each frame is the whole picture.
    """
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    try:
        await response.write(b"retry: 2000\n\n")
        while (frame := await _next(subscription)) is not None:
            async with asyncio.timeout(WRITE_LIMIT_S):
                await response.write(frame)
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
    except ConnectionResetError:
        return response
    finally:
        live.unsubscribe(subscription)
    return response


async def _next(subscription: Subscription) -> bytes | None:
    try:
        async with asyncio.timeout(HEARTBEAT_S):
            return await subscription.queue.get()
    except TimeoutError:
        return b": still here\n\n"
