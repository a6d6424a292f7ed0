"""The ladder, stances, outcomes and induction as rules, each written once, in terms of an arithmetic.

A rule says what is done with values, an arithmetic what a value is: an array at hand, a node of a graph from
which code is generated, or a line of a kernel's text. The definitions (:mod:`sim.feasibility`,
:mod:`sim.games`) and everything that is generated read the same rules.
"""
