"""Feasibility: the treaty ladder, the prediction, thresholds and the verdict."""

from sim.feasibility.evaluate import RUNG_NAMES, Evaluation, evaluate, evaluate_all, prepare
from sim.feasibility.ladder import RUNGS, Ladder, climb
from sim.feasibility.prediction import Prediction, predict
from sim.feasibility.thresholds import Threshold, threshold, thresholds
from sim.feasibility.verdict import Step, Verdict, explain

__all__ = [
    "RUNGS",
    "RUNG_NAMES",
    "Evaluation",
    "Ladder",
    "Prediction",
    "Step",
    "Threshold",
    "Verdict",
    "climb",
    "evaluate",
    "evaluate_all",
    "explain",
    "predict",
    "prepare",
    "threshold",
    "thresholds",
]
