"""Reading scenario files: the only room that knows YAML."""

from sim.loading.folder import load_folder
from sim.loading.load import load, loads
from sim.loading.schema import schema

__all__ = ["load", "load_folder", "loads", "schema"]
