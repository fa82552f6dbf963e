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
