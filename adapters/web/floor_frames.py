"""What supervisors' pages are sent: every agent and who takes part where, whenever that changes."""

from collections.abc import Sequence

import orjson

from adapters.web.language import Words, words_in
from adapters.web.live import Topic
from dialer.agents import Agent, AgentState
from dialer.listening import Listening, Mode
from dialer.ports import Reports, Store

PERIOD_S = 0.5
"""How often the floor is looked at."""


class FloorFrames:
    """Makes the frames of the supervisors' pages that are open."""

    def __init__(self, store: Store) -> None:
        """Take where to look."""
        self._store = store
        self._sent: dict[Topic, bytes] = {}

    def forget(self, supervisor: str) -> None:
        """Draw this supervisor's page anew at the next look, whether or not anything changed."""
        for topic in [topic for topic in self._sent if topic[0] == supervisor]:
            del self._sent[topic]

    async def __call__(self, topics: set[Topic]) -> dict[Topic, bytes]:
        """Return a frame for each topic whose picture is another than the last one."""
        agents, ears = await self._store.read(_look)
        drawn = {
            topic: b"data: %s\n\n" % orjson.dumps(floor_of(agents, ears, topic[0], words_in(topic[1])))
            for topic in topics
        }
        news = {topic: frame for topic, frame in drawn.items() if self._sent.get(topic) != frame}
        self._sent = drawn
        return news


def _look(reports: Reports) -> tuple[Sequence[Agent], Sequence[Listening]]:
    return reports.agents(), reports.listenings()


def floor_of(
    agents: Sequence[Agent], ears: Sequence[Listening], supervisor: str, words: Words
) -> dict[str, object]:
    """Return the page's picture as JSON values. Of the people on the line nothing is shown: it is the agents' work."""
    mine = next((one for one in ears if one.supervisor == supervisor), None)
    return {
        "mine_say": _mine(mine, agents, words),
        "is_in_call": mine is not None,
        "agents": [_row(agent, ears, mine, words) for agent in agents],
    }


def _row(agent: Agent, ears: Sequence[Listening], mine: Listening | None, words: Words) -> dict[str, object]:
    is_mine = mine is not None and mine.agent == agent.id and not mine.problem
    talks = agent.state is AgentState.TALKING and agent.attempt is not None
    may = talks and (mine is None or bool(mine.problem) or is_mine)
    there = [one for one in ears if one.agent == agent.id and not one.problem]
    return {
        "id": agent.id,
        "name": agent.name,
        "state": agent.state.value,
        "word": words.of("agent", agent.state.value),
        "may": may,
        **{mode.value: is_mine and mine is not None and mine.mode is mode for mode in Mode},
        "there": " ".join(words(f"floor.there_{one.mode.value}", name=one.supervisor) for one in there),
    }


def _mine(mine: Listening | None, agents: Sequence[Agent], words: Words) -> str:
    """Return where this supervisor is, in one sentence."""
    if mine is None:
        return words("floor.nowhere")
    name = next((agent.name for agent in agents if agent.id == mine.agent), mine.agent)
    if mine.problem:
        return words("floor.failed", name=name)
    return words(f"floor.in_{mine.mode.value}" if mine.is_in else "floor.rings", name=name)
