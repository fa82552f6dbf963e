from datetime import timedelta

import pytest

from dialer.agents import AgentState
from tests.adapters.web.desk_office import (
    AT_HOME,
    a_desk,
    app_of,
    browsing,
    client_of,
    field,
    talking,
    token_of,
)
from tests.support.engines import an_office


async def test_the_desk_asks_who_it_is_and_then_shows_itself() -> None:
    """One address; the browser keeps a cookie that no script reads and no other site makes it send."""
    async with an_office(1) as office, browsing(office) as browser:
        asked = await browser.client.get("/desk", headers=AT_HOME)
        assert asked.status == 200
        assert "Sign in to your desk" in await asked.text()
        answer = await browser.sign_in()
        assert (answer.status, answer.headers["Location"]) == (303, "/desk")
        kept = answer.cookies["desk"]
        assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Strict", "/desk")
        shown = await (await browser.client.get("/desk", headers=AT_HOME)).text()
        assert 'data-path="/desk/aoki"' in shown
        assert (await browser.client.get("/desk/aoki", headers=AT_HOME)).status == 200
        assert token_of("aoki") not in shown


async def test_over_https_the_cookie_stays_there() -> None:
    """However TLS is ended in front of us."""
    async with an_office(1) as office:
        made = app_of(office, public_url="https://calls.example.jp")
        async with browsing(office) as plain:
            assert not (await plain.sign_in()).cookies["desk"]["secure"]
        async with client_of(made) as client:
            form = field(await (await client.get("/desk")).text(), "form")
            data = {"agent": "aoki", "token": token_of("aoki"), "form": form}
            answer = await client.post("/desk", data=data, headers=AT_HOME, allow_redirects=False)
            assert answer.cookies["desk"]["secure"]


@pytest.mark.parametrize(
    ("agent", "token"), [("aoki", "wrong"), ("baba", "aoki's"), ("nobody", ""), ("", "x"), ("青木", "é")]
)
async def test_who_is_not_known_is_asked_again(agent: str, token: str) -> None:
    """The id stays in its field, the token does not; nothing tells whether there is such an agent."""
    async with an_office(1) as office, browsing(office, agent) as browser:
        answer = await browser.sign_in(token_of("aoki") if token == "aoki's" else token or token_of(agent))
        assert answer.status == 403
        text = await answer.text()
        assert "do not belong together" in text
        assert field(text, "agent") == agent
        assert "desk" not in answer.cookies


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
async def test_no_other_site_signs_anybody_in(headers: dict[str, str]) -> None:
    """Nor does a form of ours that was not asked for."""
    async with an_office(1) as office, browsing(office) as browser:
        form = field(await (await browser.client.get("/desk")).text(), "form")
        data = {"agent": "aoki", "token": token_of("aoki"), "form": form}
        assert (await browser.client.post("/desk", data=data, headers=headers)).status == 403
        data["form"] = "made up"
        assert (await browser.client.post("/desk", data=data, headers=AT_HOME)).status == 403


@pytest.mark.parametrize(
    "button", ["ready", "away", "dispose", "duty", "opinion", "never", "hang-up", "callback"]
)
async def test_a_cookie_alone_presses_nothing(button: str) -> None:
    """Another site's page may make the browser send a request; it cannot know what our page was given."""
    async with a_desk() as browser:
        assert (await browser.does(button, {"X-Desk-Press": ""})).status == 403
        assert (await browser.does(button, {"X-Desk-Press": "0" * 32})).status == 403
        assert (await browser.does(button, {"Sec-Fetch-Site": "same-site"})).status == 403


async def test_a_cookie_opens_one_desk() -> None:
    """Not a colleague's; and not any, once somebody has changed a letter of it."""
    async with a_desk() as browser:
        headers = {**AT_HOME, "X-Desk-Press": browser.press}
        for path in ("/desk/baba", "/desk/baba/events"):
            assert (await browser.client.get(path, headers=headers)).status == 403
        assert (await browser.client.post("/desk/baba/ready", headers=headers)).status == 403
        cookie = next(one for one in browser.client.session.cookie_jar if one.key == "desk")
        browser.client.session.cookie_jar.clear()
        forged = cookie.value.replace("aoki", "baba")
        for value in (forged, "", "...", "baba", cookie.value + "0"):
            got = await browser.client.get("/desk/baba", headers={**AT_HOME, "Cookie": f"desk={value}"})
            assert got.status == 401
        assert (
            "Sign in"
            in await (await browser.client.get("/desk", headers={"Cookie": f"desk={forged}"})).text()
        )


async def test_a_shift_is_twelve_hours() -> None:
    """Tomorrow the browser is asked again."""
    async with a_desk() as browser:
        browser.office.go(hours=11, minutes=59)
        assert (await browser.client.get("/desk/aoki", headers=AT_HOME)).status == 200
        browser.office.clock.advance_to(browser.office.clock.now() + timedelta(minutes=1))
        answer = await browser.client.get("/desk/aoki", headers=AT_HOME)
        assert answer.status == 401
        assert "Sign in" in (await answer.json())["remedy"]


async def test_signing_out_takes_no_more_calls() -> None:
    """And leaves the browser to whoever comes next."""
    async with a_desk() as browser:
        answer = await browser.client.post(
            "/desk/out", data={"press": browser.press}, headers=AT_HOME, allow_redirects=False
        )
        assert answer.status == 303
        assert (await browser.office.agent()).state is AgentState.AWAY
        assert (await browser.client.get("/desk/aoki", headers=AT_HOME)).status == 401


async def test_nobody_signs_out_of_a_call() -> None:
    """The call would stand there without anybody to write it up."""
    async with a_desk() as browser:
        await talking(browser)
        data = {"press": browser.press}
        assert (await browser.client.post("/desk/out", data={"press": "x"}, headers=AT_HOME)).status == 403
        answer = await browser.client.post("/desk/out", data=data, headers=AT_HOME, allow_redirects=False)
        assert answer.status == 409
        browsers = {**AT_HOME, "Accept": "text/html,*/*;q=0.8"}
        page = await browser.client.post("/desk/out", data=data, headers=browsers, allow_redirects=False)
        assert 'href="/desk"' in await page.text()
        assert (await browser.client.get("/desk/aoki", headers=AT_HOME)).status == 200
