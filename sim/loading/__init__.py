"""Reading scenario files: the only room that knows YAML."""

from sim.loading.load import load, loads

__all__ = ["load", "loads"]
