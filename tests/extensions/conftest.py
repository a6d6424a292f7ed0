"""The package of a stranger is installed by the tests, and holds none itself."""

collect_ignore = ["acme"]
