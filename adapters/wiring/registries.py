"""Our copies of registries, for those who read them in and those who ask them."""

from adapters.folders import registry_folder
from adapters.registries.copies import Copy
from adapters.registries.importing import Intake, take_in
from adapters.registries.shelf import Shelf
from dialer.settings import Settings

__all__ = ["Copy", "Intake", "Shelf", "open_shelf", "take_in"]


def open_shelf(settings: Settings) -> Shelf:
    """Return the copies of an installation."""
    return Shelf(registry_folder(settings))
