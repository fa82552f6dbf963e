"""Desks over the real engine and store: what a browser or a program is shown, and what its presses do."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.app import create_app
from campaigns.campaign import Campaign
from dialer.events import AgentAway
from dialer.nonce import nonce_for
from tests.support.builders import SECRET, rules, the_campaign
from tests.support.engines import Office, an_office
from tests.support.stores import CAMPAIGN

Client = TestClient[web.Request, web.Application]
FIRST = f"{CAMPAIGN}-1-1"
BREAKS = (
    {"id": "lunch", "label": {"ja": "昼休み", "en": "Lunch"}},
    {"id": "training", "label": {"en": "Training"}},
)
AT_HOME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}


def token_of(agent: str) -> str:
    """The token that `dialer agents` prints."""
    return nonce_for(SECRET, "desk", agent)


def app_of(office: Office, *, campaign: Campaign | None = None, **settings: Any) -> web.Application:
    """The web side of an office."""
    campaigns: Mapping[str, Campaign] = {CAMPAIGN: campaign or the_campaign()}
    return create_app(
        store=office.store,
        receiver=office.engine,
        clock=office.clock,
        campaigns=campaigns,
        rules=rules(**{"breaks": BREAKS, **settings}),
    )


@dataclass
class Browser:
    """One browser: its cookies, and the page it was given last."""

    office: Office
    client: Client
    agent: str = "aoki"
    press: str = ""

    async def sign_in(self, token: str | None = None) -> ClientResponse:
        """Fill the form in and send it; the desk's page is loaded when that worked."""
        asked = await (await self.client.get("/desk", headers=AT_HOME)).text()
        form = {"agent": self.agent, "token": token or token_of(self.agent), "form": field(asked, "form")}
        answer = await self.client.post("/desk", data=form, headers=AT_HOME, allow_redirects=False)
        if answer.status == 303:
            self.press = field(await (await self.client.get("/desk", headers=AT_HOME)).text(), "press")
        return answer

    async def does(
        self, button: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> ClientResponse:
        """Press a button of the page."""
        carried = {**AT_HOME, "X-Desk-Press": self.press, **(headers or {})}
        answer = await self.client.post(f"/desk/{self.agent}/{button}", json=body, headers=carried)
        await self.office.engine.settle()
        return answer

    async def notes(self, button: str, **body: Any) -> ClientResponse:
        """Press a button about the first call."""
        return await self.does(button, attempt=FIRST, **body)

    @asynccontextmanager
    async def watching(self, language: str = "en") -> AsyncIterator["Watch"]:
        """Keep the page open: what is streamed to it."""
        headers = {**AT_HOME, "Accept-Language": language}
        async with self.client.get(f"/desk/{self.agent}/events", headers=headers) as stream:
            assert stream.status == 200, await stream.text()
            yield Watch(stream)


@dataclass
class Watch:
    """An open stream of pictures."""

    stream: ClientResponse

    async def next(self) -> dict[str, Any]:
        """The next picture."""
        while line := await self.stream.content.readline():
            if line.startswith(b"data: {"):
                return dict(json.loads(line.removeprefix(b"data: ")))
        raise AssertionError("the stream has ended")

    async def until(self, **facts: Any) -> dict[str, Any]:
        """The first picture of which this holds."""
        seen = await self.next()
        while any(seen[name] != value for name, value in facts.items()):
            seen = await self.next()
        return seen


def field(html: str, name: str) -> str:
    """The value of a hidden field."""
    _, found, rest = html.partition(f'name="{name}" value="')
    assert found, html
    return rest.partition('"')[0]


@asynccontextmanager
async def client_of(app: web.Application) -> AsyncIterator[Client]:
    """Serve an application, and open a client of it."""
    client: Client = TestClient(TestServer(app, host="127.0.0.1"))
    await client.start_server()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def browsing(
    office: Office, agent: str = "aoki", *, campaign: Campaign | None = None
) -> AsyncIterator[Browser]:
    """Open a browser in which nobody is signed in."""
    async with client_of(app_of(office, campaign=campaign)) as client:
        yield Browser(office, client, agent)


@asynccontextmanager
async def a_desk(people: Any = 2, **options: Any) -> AsyncIterator[Browser]:
    """Open an office, and aoki's desk in it."""
    shown = options.get("campaign")
    async with an_office(people, **options) as office, browsing(office, campaign=shown) as browser:
        assert (await browser.sign_in()).status == 303
        yield browser


async def talking(browser: Browser) -> None:
    """The first person is on the line."""
    await browser.office.tick()
    await browser.office.talks(FIRST)


async def away(office: Office, agent: str = "aoki") -> None:
    """An agent sits down, and is not ready yet."""
    await office.told(AgentAway(agent=agent, **office.now))
