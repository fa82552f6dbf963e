"""What people do about a mail: nothing, one click to unsubscribe, or an answer; later, and exactly once."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import aiohttp
from yarl import URL

from adapters.clock import SystemClock
from adapters.simulator.journal import Journal, stamp
from adapters.simulator.people import MailKind, MailReaction

_ANSWER_LINK = re.compile(r"https?://[^\s<>\"]+/answer(?=[\s<>\"]|$)")
_IN_BRACKETS = re.compile(r"<(https?://[^>]+)>")
_TRIES = 12
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0  # real seconds between tries at a page that does not answer
_PAGE_S = 10.0


class Correspondents:
    """Everybody who got a mail; `mails.jsonl` keeps what came and what they did, over a restart too."""

    def __init__(self, state: Path, session: aiohttp.ClientSession, clock: SystemClock) -> None:
        """Open the journal, and go on with what people meant to do when an earlier run ended."""
        self._journal = Journal(state / "mails.jsonl")
        self._session, self._clock = session, clock
        self._tasks: set[asyncio.Task[None]] = set()
        done = {line["file"] for line in self._journal.past if line["event"] == "acted"}
        for line in self._journal.past:
            if line["event"] == "received" and line["link"] and line["file"] not in done:
                self._schedule(line)

    def received(self) -> Iterator[str]:
        """Yield the address of every mail that came before this run."""
        return (str(line["to"]) for line in self._journal.past if line["event"] == "received")

    def refused(self, address: str) -> None:
        """Write that a mail was refused because nobody has this address."""
        self._journal.append({"event": "refused", "at": stamp(self._clock.now()), "to": address.lower()})

    def receive(self, address: str, message: EmailMessage, reaction: MailReaction, file: str) -> None:
        """Write that a mail came, and let the person act on it in their own time."""
        now = self._clock.now()
        line = {
            "event": "received",
            "at": stamp(now),
            "to": address.lower(),
            "message_id": str(message.get("Message-ID", "")),
            "file": file,
            "reaction": str(reaction.kind),
            "link": link_for(reaction.kind, message),
            "acts_at": stamp(now + timedelta(seconds=reaction.delay_s)),
        }
        self._journal.append(line)
        if line["link"]:
            self._schedule(line)

    async def close(self) -> None:
        """Leave what people still mean to do to the next run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._journal.close()

    def _schedule(self, line: Mapping[str, object]) -> None:
        """Let a person act when the time has come."""
        task = asyncio.create_task(self._act(line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _act(self, line: Mapping[str, object]) -> None:
        """Follow the link, again while nobody answers there; write what came of it."""
        await self._clock.wait_until(datetime.fromisoformat(str(line["acts_at"])))
        pause, status = _FIRST_PAUSE_S, 0
        for _ in range(_TRIES):
            status = await self._follow(str(line["reaction"]), str(line["link"]))
            if 0 < status < 500:
                break
            await self._clock.wait(pause * self._clock.factor)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
        did = {"event": "acted", "at": stamp(self._clock.now()), "to": line["to"], "file": line["file"]}
        self._journal.append({**did, "reaction": line["reaction"], "status": status})

    async def _follow(self, reaction: str, link: str) -> int:
        """Do on the page what the person means to do; return the last HTTP status, 0 when nobody answered."""
        try:
            if reaction == MailKind.UNSUBSCRIBE:
                return await self._request("POST", link, {"List-Unsubscribe": "One-Click"})
            status = await self._request("GET", link)
            return await self._request("POST", link, {"answer": "yes"}) if status == 200 else status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    async def _request(self, method: str, link: str, form: Mapping[str, str] | None = None) -> int:
        """Send one request and return its status."""
        timeout = aiohttp.ClientTimeout(total=_PAGE_S)
        url = URL(link, encoded=True)
        async with self._session.request(method, url, data=form, timeout=timeout) as response:
            await response.read()
            return response.status


def link_for(kind: MailKind, message: EmailMessage) -> str:
    """Return the address this person goes to, '' for none: one-click header (RFC 8058) or link in the text."""
    if kind is MailKind.UNSUBSCRIBE:
        one_click = "one-click" in str(message.get("List-Unsubscribe-Post", "")).lower()
        found = _IN_BRACKETS.search(str(message.get("List-Unsubscribe", ""))) if one_click else None
        return found[1] if found else ""
    if kind is MailKind.ANSWER:
        body = message.get_body(("plain",))
        found = _ANSWER_LINK.search(body.get_content()) if body is not None else None
        return found[0] if found else ""
    return ""
