"""Reading scenario files: the only room that knows YAML."""

from sim.loading.folder import load_folder
from sim.loading.load import load, loads
from sim.loading.new import NewFile, new
from sim.loading.schema import schema

__all__ = ["NewFile", "load", "load_folder", "loads", "new", "schema"]
