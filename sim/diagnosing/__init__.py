"""What is installed here: for bug reports."""

from sim.diagnosing.doctor import Installation, doctor

__all__ = ["Installation", "doctor"]
