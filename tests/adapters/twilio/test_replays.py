"""Genuine callbacks that come again, an hour and a month later, in any order: nothing at all happens."""

import random
from collections.abc import Iterator

import pytest
from twilio.request_validator import RequestValidator

from campaigns.outcome import Outcome
from tests.adapters.twilio.builders import PUBLIC, TOKEN
from tests.adapters.twilio.premises import Captured, Line, Premises, premises
from tests.adapters.twilio.stories import AGENT, a_day
from tests.support.engines import reference_of

CALLBACKS = 244
"""How many callbacks a day of every story four times brings; the test that counts them holds this figure."""

LATER = {"1h": {"hours": 1}, "30d": {"days": 30}}


async def on_the_move(scene: Premises) -> None:
    """Have calls under way: one rings, in one they talk, and an agent is free; what a replay could disturb."""
    office = scene.office
    before = len(office.line.placed)
    await scene.ready(AGENT, "baba")
    await office.tick()
    first, second = office.line.placed[before:]
    await Line(premises=scene, order=first, sid=reference_of(first.attempt)).rings()
    talking = Line(premises=scene, order=second, sid=reference_of(second.attempt))
    await talking.answers()
    await talking.enters()
    await scene.ready("chiba")


async def replayed(scene: Premises, requests: list[Captured]) -> None:
    """Send each again, and see that no row, no order and no word to a line comes of it."""
    office, before = scene.office, await scene.dump()
    placed, hung_up = len(office.line.placed), len(office.line.hung_up)
    for request in requests:
        status, text = await scene.send(request)
        assert status in {200, 204}
        if request.door in {"answer", "fallback", "after"}:
            assert "<Hangup" in text, request
            assert "<Conference" not in text, request
        assert await scene.dump() == before, request
    assert (len(office.line.placed), len(office.line.hung_up)) == (placed, hung_up)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("age", list(LATER), ids=[f"{CALLBACKS}-callbacks-{age}-later" for age in LATER])
async def test_a_replay_changes_nothing(age: str, seed: int) -> None:
    """No event, no state, no ledger entry, no agent, no order: while other calls are under way."""
    async with premises(80, agents=[AGENT]) as scene:
        await a_day(scene)
        old = list(scene.captured)
        assert len(old) == CALLBACKS
        for name in ("baba", "chiba"):
            await scene.hire(name)
        scene.office.go(**LATER[age])
        await on_the_move(scene)
        random.Random(seed).shuffle(old)
        await replayed(scene, old)


async def test_the_day_was_a_real_one() -> None:
    """The callbacks that are replayed did something the first time: without this the test above would prove nothing."""
    async with premises(80, agents=[AGENT]) as scene:
        await a_day(scene, rounds=1)
        attempts = [await scene.office.attempt(order.attempt) for order in scene.office.line.placed]
    assert [attempt.outcome for attempt in attempts] == [
        Outcome.BUSY,
        Outcome.NO_ANSWER,
        Outcome.FAILED,
        Outcome.CANCELED,
        Outcome.INTERESTED,
        Outcome.MACHINE,
        Outcome.OPTED_OUT,
        Outcome.ABANDONED,
        Outcome.NOT_INTERESTED,
        Outcome.ABANDONED,
    ]


def refenced(request: Captured) -> Iterator[Captured]:
    """Yield the request with the fence between names and values moved, where the signature stays good.

    Twilio signs names and values run together, in the order of the names: whoever caught a request can read it anew.
    """
    pairs = sorted(request.form.items())
    for at, (name, value) in enumerate(pairs):
        rest = pairs[at + 1 :]
        tail = "".join(key + text for key, text in rest)
        cuts = [(name, value[:end], value[end:] + tail) for end in range(len(value))]
        cuts += [(name, value + tail[:end], tail[end:]) for end in range(1, len(tail) + 1, 7)]
        cuts += [(name[:-1], name[-1:] + value, tail)] if len(name) > 1 else []
        for key, kept, swallowed in cuts:
            form = {**dict(pairs[:at]), key: kept, **({swallowed: ""} if swallowed else {})}
            yield Captured(path=request.path, form=form, signature=request.signature)
        if rest:
            (key, text), *others = rest
            yield Captured(
                path=request.path,
                form={**dict(pairs[:at]), name: value + key + text, **dict(others)},
                signature=request.signature,
            )


def is_good(request: Captured) -> bool:
    """Tell whether the signature fits."""
    computed: str = RequestValidator(TOKEN).compute_signature(PUBLIC + request.path, dict(request.form))
    return computed == request.signature


async def test_a_replay_read_anew_changes_nothing() -> None:
    """Hundreds of readings of captured callbacks under their own good signatures."""
    async with premises(80, agents=[AGENT]) as scene:
        await a_day(scene, rounds=1)
        forms = [form for request in scene.captured for form in refenced(request) if is_good(form)]
        assert len(forms) >= 200
        before = await scene.dump()
        for form in random.Random(1).sample(forms, 1500):
            assert (await scene.send(form))[0] in {200, 204}
        after = await scene.dump()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
