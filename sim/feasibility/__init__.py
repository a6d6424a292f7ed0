"""Feasibility: the treaty ladder, the prediction and the verdict."""

from sim.feasibility.evaluate import RUNG_NAMES, Evaluation, evaluate, evaluate_all, prepare
from sim.feasibility.ladder import RUNGS, Ladder, climb
from sim.feasibility.prediction import Prediction, predict
from sim.feasibility.share import Believed, Share
from sim.feasibility.thresholds import Segment, Threshold
from sim.feasibility.verdict import Step, Verdict, verdict_of

__all__ = [
    "RUNGS",
    "RUNG_NAMES",
    "Believed",
    "Evaluation",
    "Ladder",
    "Prediction",
    "Segment",
    "Share",
    "Step",
    "Threshold",
    "Verdict",
    "climb",
    "evaluate",
    "evaluate_all",
    "predict",
    "prepare",
    "verdict_of",
]
