"""The lowest versions that pyproject.toml declares of what treatysim needs, and of what runs its tests."""

import re
import tomllib
from pathlib import Path

TESTING = ("pytest", "pytest-xdist", "hypothesis")
PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRA = [need for need in PROJECT["optional-dependencies"]["test"] if need.split(">")[0] in TESTING]

for need in (*PROJECT["dependencies"], *EXTRA):
    name, version = re.fullmatch(r"([\w.-]+)>=([\w.]+)", need).groups()
    print(f"{name}=={version}")
