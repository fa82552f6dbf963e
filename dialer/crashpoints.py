"""The moments between two steps of the attempt protocol, named, so that a test can end the program at each of them."""

from enum import StrEnum


class Point(StrEnum):
    """Where an engine may die; nothing that it does may depend on getting past any of them."""

    PLANNING = "planning"  # inside the planner's transaction, all written, nothing committed
    PLANNED = "planned"  # the intents are durable, no order given
    ORDERING = "ordering"  # right before the order goes to the carrier
    ORDERED = "ordered"  # the carrier has answered, nothing stored of it
    RECEIVING = "receiving"  # an event has come, nothing stored of it
    REACTING = "reacting"  # inside an event's transaction, all written, nothing committed
    RECEIVED = "received"  # the event is durable, not acknowledged, its orders not given
    ASKING = "asking"  # right before the carrier is asked about a silent attempt
