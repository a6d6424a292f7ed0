"""One scenario of a backcast: what the model says of it, and what happened."""

from __future__ import annotations

from dataclasses import dataclass

from sim.backcasting.hinges import hinges
from sim.backcasting.own_verdict import own_verdict
from sim.backcasting.sampling import Shared, all_drawn, credit, drawn, matches, own_answer
from sim.backcasting.signs import SignResult, sign_tests
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One scenario of a backcast.

    Parameters
    ----------
    name, title
        The file and its title.
    observed, predicted
        Outcome classes.
    observed_binding, lifting, singled
        The actor that blocked, ``None`` where none was observed; what blocks by the model; whether that is
        the observed actor alone.
    binding
        The actor of the lowest slack, which depends on the units of slacks.
    margin
        The ladder's margin.
    right
        Whether the model says what was observed.
    best
        Whether the agreement that was made comes out best, and a treaty is feasible.
    required
        Whether being wrong fails the backcast.
    signs
        The sign tests.
    robust_share
        Share of the parameter ranges that gives what was observed.
    hinges
        Parameters that flip the verdict nearest to their value, nearest first, or else those that move the
        margin most.
    sets
        How many parameters the file gives for itself.
    left_out
        Leave-one-out share, ``None`` where the file belongs to no family of episodes.
    """

    name: str
    title: str
    observed: str
    predicted: str
    observed_binding: str | None
    lifting: str
    singled: bool | None
    binding: str | None
    margin: float | None
    right: bool
    best: bool
    required: bool
    signs: tuple[SignResult, ...]
    robust_share: float
    hinges: tuple[str, ...]
    sets: int
    left_out: float | None = None

    @property
    def passed(self) -> bool:
        """Right, with every sign test passed."""
        return self.right and all(sign.passed for sign in self.signs)


def row_of(name: str, scenario: Scenario, points: int, seed: int, shared: Shared | None) -> Row:
    """The row of a scenario; ``shared`` are the weights of its family, which are drawn in the same pass."""
    observed = scenario.document.observed
    assert observed is not None
    found = None if shared is None else drawn(scenario, shared, points, seed)
    every = all_drawn(scenario, points, seed) if found is None else found.every
    ends = None if found is None else found.ends
    verdict, answer = own_verdict(scenario), own_answer(scenario)
    return Row(
        name=name,
        title=scenario.title,
        observed=observed.outcome,
        predicted=verdict.predicted,
        observed_binding=observed.binding,
        lifting=verdict.lifting,
        singled=None if observed.binding is None else verdict.lifting == f"only {observed.binding}",
        binding=verdict.binding,
        margin=verdict.margin,
        right=bool(matches(scenario, answer, observed)[0]),
        best=bool(answer.best[0]),
        required=observed.required,
        signs=sign_tests(scenario, scenario.document.sign_tests),
        robust_share=float(credit(scenario, every, observed).mean()),
        hinges=() if verdict.margin is None else hinges(scenario, ends=ends),
        sets=len(scenario.own),
    )
