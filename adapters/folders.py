"""Where an installation keeps its files."""

from pathlib import Path

from dialer.settings import Settings


def database_folder(settings: Settings) -> Path:
    """Return the folder beside the database, where checkpoints and reports go."""
    _, _, path = settings.database.partition("sqlite:///")
    return Path(path).parent if path else Path("var")


def registry_folder(settings: Settings) -> Path:
    """Return the folder of our copies of registries, beside the database."""
    return database_folder(settings) / "registries"


def checkpoint_places(settings: Settings) -> tuple[Path, ...]:
    """Return where checkpoints are kept: beside the database and, if the settings say so, in a second place.

    A database in memory, which is gone with its process, has none.
    """
    if settings.database.partition("sqlite:///")[2] == ":memory:":
        return ()
    second = (Path(settings.checkpoints),) if settings.checkpoints else ()
    return (database_folder(settings) / "checkpoints.jsonl", *second)
