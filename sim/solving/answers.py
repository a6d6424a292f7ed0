"""From a scenario and the names of concepts to solutions, each with its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

from sim.errors import NotDefinedError, SimError, UsageError, suggest
from sim.results import Member, Solution, StrategyProfile
from sim.scenario import Scenario, require_scenario
from sim.solutions import CONCEPTS, NO_BRIDGE, get, options_of
from sim.solutions.options import read_options
from sim.solving.concept_answer import ConceptAnswer
from sim.solving.forms import BUILDERS, forms_of, game_of, stage_game_of
from sim.solving.stabilised import Stabilised, stabilised
from sim.solving.usual_concepts import WITH_BELIEFS, default_concepts


@overload
def solve(
    scenario: Scenario, concepts: str | Sequence[str] = (), /, *, stabilise: str, **options: Any
) -> Stabilised: ...
@overload
def solve(
    scenario: Scenario,
    concepts: str | Sequence[str] = (),
    /,
    *,
    stabilise: None = None,
    **options: Any,
) -> tuple[Solution, ...]: ...
def solve(
    scenario: Scenario,
    concepts: str | Sequence[str] = (),
    /,
    *,
    stabilise: str | None = None,
    **options: Any,
) -> tuple[Solution, ...] | Stabilised:
    """The solutions of a scenario under some concepts, the form's usual ones by default.

    Parameters
    ----------
    scenario
        A dispute or a classical game.
    concepts
        A name or several, as in ``sim list concepts``. A usual concept that cannot be applied is
        a solution with the status ``refused``, whose note says why.
    stabilise
        A state of a conflict: instead of solutions, whose preferences must change for it to be stable.
    options
        Options of the concepts named: each of them gets those that it has.

    Raises
    ------
    UsageError
        If a concept, a state or an option is unknown, or an option is out of its bounds.
    NotDefinedError
        If a concept that was named is not defined on the scenario's form; those that are get listed.

    Examples
    --------
    >>> import sim
    >>> game = sim.loads("strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[1, 2]], [[3, 0]]]}")
    >>> solve(game, "pure_nash")[0].equilibria[0].payoffs
    {'a': 3.0, 'b': 0.0}
    >>> round(solve(game, "quantal_response", precision=1)[0].equilibria[0].strategies["a"]["y"], 4)
    0.8808
    """
    require_scenario(scenario, "solve")
    names = (concepts,) if isinstance(concepts, str) else tuple(concepts)
    if stabilise is not None:
        if options:
            raise UsageError("what must change for a state to be stable takes no options")
        return stabilised(scenario, stabilise, names)
    found = answers(scenario, names, spread_options(scenario, names, options))
    for error in (answer.error for answer in found if names and answer.error is not None):
        raise error
    return tuple(answer.solution for answer in found)


def answers(
    scenario: Scenario,
    concepts: Sequence[str] = (),
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[ConceptAnswer, ...]:
    """The solution under each concept; one that refuses does not take the others with it.

    Parameters
    ----------
    scenario
        A dispute or a classical game.
    concepts
        Names; the usual ones, and those that options are given for, if none is named.
    options
        Options by concept; they stand above those of the file.

    Raises
    ------
    UsageError
        If a concept or an option is unknown, or an option is out of its bounds.
    """
    given = options or {}
    named = tuple(map(CONCEPTS.asked, concepts)) or default_concepts(scenario)
    names = dict.fromkeys([*named, *given])
    asked = {name: _options(scenario, name, given.get(name, {})) for name in names}
    return tuple(_answer(scenario, name, asked[name]) for name in names)


def spread_options(
    scenario: Scenario, concepts: Sequence[str], options: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Options without the name of a concept, given to each concept asked that has them.

    Raises
    ------
    UsageError
        If none of them has one of the options.
    """
    names = tuple(map(CONCEPTS.asked, concepts)) or default_concepts(scenario)
    declared = {name: {option.name for option in options_of(name)} for name in names}
    for option in options:
        if not any(option in known for known in declared.values()):
            who = " or ".join(names) or "no concept"
            legal = sorted(set().union(*declared.values()))
            tail = suggest(option, legal) or "; none takes options"
            raise UsageError(f"{who} has no option '{option}'{tail}")
    spread = {
        name: {key: value for key, value in options.items() if key in known}
        for name, known in declared.items()
    }
    return {name: given for name, given in spread.items() if given}


def _options(scenario: Scenario, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    own = scenario.document.options.get(name, {})
    return read_options(name, options_of(name), {**own, **given})


def _answer(scenario: Scenario, name: str, options: Mapping[str, Any]) -> ConceptAnswer:
    try:
        return ConceptAnswer(solution=_in_steps(scenario, _solve_one(scenario, name, options)))
    except SimError as error:
        refused = Solution(concept=name, status="refused", note=str(error))
        return ConceptAnswer(solution=refused, error=error)


def _solve_one(scenario: Scenario, name: str, options: Mapping[str, Any]) -> Solution:
    function = get(name)
    form, forms = CONCEPTS[name].form, forms_of(scenario)
    dispute = scenario.document.form == "dispute"
    if dispute and name in NO_BRIDGE:
        raise NotDefinedError(
            f"{name} needs the rules of offers (discount factors, ...) of a 'bargaining' file; "
            f"{scenario.origin} is a dispute, whose offers in turn are 'rounds' of its 'game'"
        )
    if scenario.document.private and name not in WITH_BELIEFS:
        raise NotDefinedError(
            f"{name} knows no private information, and actors of {scenario.origin} have types or send "
            f"messages; defined on that: {', '.join(WITH_BELIEFS)}"
        )
    if form not in forms:
        hint = (
            "; 'game: strategic' makes all moves at once" if form == "strategic" and dispute else ""
        )
        raise NotDefinedError(
            f"{name} is defined on {form} games; {scenario.origin} can be seen as "
            f"{' or '.join(forms)}{hint}; defined on that: {', '.join(fitting_concepts(scenario))}"
        )
    solution = function(BUILDERS[form](scenario), **options)
    if scenario.document.form == "dispute" and form == "strategic":
        return _with_outcomes(scenario, solution)
    if scenario.document.tree is not None and form == "strategic":
        return _with_recall(scenario, solution)
    return solution


def fitting_concepts(scenario: Scenario) -> tuple[str, ...]:
    """The concepts that are defined on some form of a scenario."""
    forms, dispute = forms_of(scenario), scenario.document.form == "dispute"
    if scenario.document.private:
        return WITH_BELIEFS if forms else ()
    return tuple(
        name
        for name, concept in CONCEPTS.items()
        if concept.form in forms and not (dispute and name in NO_BRIDGE)
    )


def _in_steps(scenario: Scenario, solution: Solution) -> Solution:
    """Of a continuum in steps the answer is one of the steps: it says so, with its error."""
    record = scenario.document.discretised
    if record is None:
        return solution
    values = scenario.values
    errors = ", ".join(
        f"{name} to within {float(error.evaluate(values)):.4g}"
        for name, error in record.error.items()
    )
    note = f"a continuum in steps ({record.of}): {errors}"
    return replace(
        solution,
        exhaustive=False,
        status="partial" if solution.finished else solution.status,
        note=f"{note}; {solution.note}" if solution.note else note,
    )


def _with_outcomes(scenario: Scenario, solution: Solution) -> Solution:
    """Every pure member of a dispute in strategic form with the agreement that it leads to."""
    game = stage_game_of(scenario)
    members: tuple[Member, ...] = tuple(
        replace(m, outcome=_outcome(game, m)) if isinstance(m, StrategyProfile) else m
        for m in solution.members
    )
    return replace(solution, members=members)


def _with_recall(scenario: Scenario, solution: Solution) -> Solution:
    """What was found on the reduced form of a tree, saying so where an actor forgets its own play."""
    from sim.games.recall import forgetting

    forgotten = forgetting(game_of(scenario, "sequential"))
    if not forgotten:
        return solution
    note = (
        f"{forgotten[0].sentence}; mixtures are of whole plans, which is not mixing at every move"
    )
    return replace(solution, note="; ".join(filter(None, (solution.note, note))))


def _outcome(game: Any, member: StrategyProfile) -> str | None:
    leaf = []
    for axis in game.axes:
        mix = member.strategies.get(axis.actor, {})
        if len(mix) != 1:
            return None
        leaf.append(axis.labels.index(next(iter(mix))))
    return str(game.dispute.space.label(int(game.leaf_agreement[tuple(leaf)])))
