"""Names for people: what a file calls its actors, issues, positions, terms, constraints, numbers and factors.

A dotted path stays the name in commands and in JSON; a label is what figures, tables and sentences show.
"""

from sim.labels.book import NO_LABELS, Labels, labels_of
from sim.labels.collected import collected, formula_of_term, label_record, without_labels
from sim.labels.written import LABEL_KEYS, Label, LabelRecord, label_problem

__all__ = [
    "LABEL_KEYS",
    "NO_LABELS",
    "Label",
    "LabelRecord",
    "Labels",
    "collected",
    "formula_of_term",
    "label_problem",
    "label_record",
    "labels_of",
    "without_labels",
]
