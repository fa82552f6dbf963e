"""The double, for whoever runs it: what `dialer double` calls."""

from adapters.simulator.options import DoubleOptions
from adapters.simulator.twilio_double import DoubleRunning, run_double

__all__ = ["DoubleOptions", "DoubleRunning", "run_double"]
