"""The supervisors' page: who gets in, what a press needs, and what it shows."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse

from adapters.web.floor_frames import floor_of
from adapters.web.language import words_in
from dialer.agents import AgentState
from dialer.line_orders import CallListener
from dialer.listening import Listening, Mode
from dialer.nonce import nonce_for
from tests.adapters.web.desk_office import AT_HOME, FIRST, Client, app_of, client_of, field, token_of
from tests.support.builders import NOON, SECRET, an_agent
from tests.support.engines import Office, an_office

MORI = {"id": "mori", "name": "Mori", "line": "client:mori", "caller_id": "+81312345678"}
TOKEN = nonce_for(SECRET, "supervisor", "mori")


@dataclass
class Supervisor:
    """One browser at the supervisors' page."""

    office: Office
    client: Client
    press: str = ""

    async def sign_in(self, name: str = "mori", token: str = TOKEN) -> ClientResponse:
        """Fill the form in and send it."""
        asked = await (await self.client.get("/floor", headers=AT_HOME)).text()
        form = {"agent": name, "token": token, "form": field(asked, "form")}
        answer = await self.client.post("/floor", data=form, headers=AT_HOME, allow_redirects=False)
        if answer.status == 303:
            self.press = field(await (await self.client.get("/floor", headers=AT_HOME)).text(), "press")
        return answer

    async def does(self, button: str, press: str | None = None, **body: Any) -> ClientResponse:
        """Press a button."""
        headers = {**AT_HOME, "X-Desk-Press": self.press if press is None else press}
        answer = await self.client.post(f"/floor/{button}", json=body, headers=headers)
        await self.office.engine.settle()
        return answer


@asynccontextmanager
async def at_the_page() -> AsyncIterator[Supervisor]:
    """An office in which aoki speaks, and a browser that nobody is signed in in."""
    async with (
        an_office(1, supervisors=(MORI,)) as office,
        client_of(app_of(office, supervisors=(MORI,))) as client,
    ):
        await office.tick()
        await office.talks(FIRST)
        yield Supervisor(office, client)


async def test_a_supervisor_signs_in_listens_and_leaves() -> None:
    """The press becomes an event, and the event an order."""
    async with at_the_page() as mori:
        assert (await mori.sign_in()).status == 303
        assert (await mori.does("listen", agent="aoki", mode="listen", key="k1")).status == 200
        assert (await mori.does("listen", agent="aoki", mode="listen", key="k1")).status == 409  # it rings
        (order,) = mori.office.line.ears
        assert isinstance(order, CallListener)
        assert (await mori.does("listen", agent="baba", mode="barge")).status == 409
        assert (await mori.does("leave")).status == 200
        assert await mori.office.write(lambda unit: unit.listening("mori")) is None


@pytest.mark.parametrize(
    ("name", "token"),
    [("mori", "x" * 32), ("mori", token_of("mori")), ("endo", nonce_for(SECRET, "supervisor", "endo"))],
    ids=["wrong", "a desk's", "not named"],
)
async def test_nobody_else_gets_in(name: str, token: str) -> None:
    """A wrong token, an agent's, one of somebody whom the settings do not name."""
    async with at_the_page() as mori:
        assert (await mori.sign_in(name, token)).status == 403
        assert (await mori.client.get("/floor/events", headers=AT_HOME)).status == 401
        assert (await mori.does("listen", agent="aoki", mode="listen")).status == 401
        assert mori.office.line.ears == []


async def test_a_press_comes_from_our_page_alone() -> None:
    """Not with another token, not from another site; and the cookie opens no desk."""
    async with at_the_page() as mori:
        await mori.sign_in()
        assert (await mori.does("listen", press="x", agent="aoki", mode="listen")).status == 403
        headers = {**AT_HOME, "Sec-Fetch-Site": "cross-site", "X-Desk-Press": mori.press}
        body = {"agent": "aoki", "mode": "listen"}
        foreign = await mori.client.post("/floor/listen", json=body, headers=headers)
        assert foreign.status == 403
        assert (await mori.client.get("/desk/aoki", headers=AT_HOME)).status == 401
        assert mori.office.line.ears == []


async def test_signing_out_ends_the_listening() -> None:
    """Nobody goes on hearing a call whom no page shows it."""
    async with at_the_page() as mori:
        await mori.sign_in()
        await mori.does("listen", agent="aoki", mode="listen")
        gone = await mori.client.post(
            "/floor/out", data={"press": mori.press}, headers=AT_HOME, allow_redirects=False
        )
        assert gone.status == 303
        assert await mori.office.write(lambda unit: unit.listening("mori")) is None


async def test_the_page_is_told_of_changes() -> None:
    """Who speaks, and who takes part: once when it is opened, and whenever it changes."""
    async with at_the_page() as mori:
        await mori.sign_in()
        async with mori.client.get("/floor/events", headers=AT_HOME) as stream:
            pictures = pictures_of(stream)
            first = await anext(pictures)
            assert [(one["id"], one["state"], one["may"]) for one in first["agents"]] == [
                ("aoki", "talking", True),
                ("baba", "ready", False),
            ]
            await mori.does("listen", agent="aoki", mode="whisper")
            then = await anext(pictures)
            assert then["agents"][0]["whisper"] is True
            assert then["is_in_call"] is True


async def pictures_of(stream: ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """What is streamed."""
    while line := await stream.content.readline():
        if line.startswith(b"data: {"):
            yield json.loads(line.removeprefix(b"data: "))


def test_the_floor_says_nothing_of_customers() -> None:
    """Neither who is on the line nor which call it is."""
    talking = an_agent(state=AgentState.TALKING, attempt=FIRST)
    ear = Listening(supervisor="mori", agent="aoki", attempt=FIRST, mode=Mode.BARGE, nonce="n", since=NOON)
    for language in ("ja", "en"):
        drawn = json.dumps(floor_of([talking], [ear], "mori", words_in(language)))
        assert FIRST not in drawn
