"""The scenarios that come with the program: where they lie, what they are called, a text to start from."""

from sim.library.described import Described, described
from sim.library.shipped import (
    names_near,
    shipped_file,
    shipped_folder,
    shipped_folders,
    shipped_names,
    shipped_root,
)
from sim.library.starts import STARTS, start_text

__all__ = [
    "STARTS",
    "Described",
    "described",
    "names_near",
    "shipped_file",
    "shipped_folder",
    "shipped_folders",
    "shipped_names",
    "shipped_root",
    "start_text",
]
