"""Names that were not used before, also in processes that were forked from one another."""

import multiprocessing
from multiprocessing.connection import Connection

from adapters.simulator.naming import fresh


def told(end: Connection) -> None:
    """Say some names."""
    end.send([fresh("CA") for _ in range(5)])


def test_forked_processes_use_other_names() -> None:
    """A double is started anew each day of a bench: a name of yesterday's would be taken for yesterday's call."""
    fork, names = multiprocessing.get_context("fork"), [fresh("CA") for _ in range(5)]
    for _ in range(3):
        here, there = fork.Pipe()
        process = fork.Process(target=told, args=(there,))
        process.start()
        names += here.recv()
        process.join()
        here.close()
        there.close()
    assert len(set(names)) == len(names) == 20
