"""The double, for whoever runs it: what `dialer double` calls."""

from adapters.simulator.options import DoubleOptions
from adapters.simulator.scenarios import Scenario, load_scenario
from adapters.simulator.twilio_double import DoubleRunning, Whereabouts, run_double

__all__ = ["DoubleOptions", "DoubleRunning", "Scenario", "Whereabouts", "load_scenario", "run_double"]
