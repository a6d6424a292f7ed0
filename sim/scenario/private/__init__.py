"""Private information of a dispute: its formulas, its checks, combinations of types with their chances."""
