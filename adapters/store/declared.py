"""What every table shares: its names, and the words for the channels that this program uses."""

from enum import StrEnum
from typing import ClassVar

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from adapters.store.columns import NAMES
from compliance.terms import Channel


class Line(StrEnum):
    """The channels that this program uses; the law knows more."""

    VOICE = Channel.VOICE.value
    EMAIL = Channel.EMAIL.value


class Base(SQLModel):
    """A table of the store; every constraint has a name, so that a migration can find it."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)
