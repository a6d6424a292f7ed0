"""What a scenario file may say: the frozen model behind every ``.yaml`` of a dispute.

A file describes a dispute (``issues``, ``actors``, ``payoffs``, ...), which the engine is made for, or a
classical game (``strategic``, ``conflict``, ...), by which a concept is checked and taught.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator

from sim.constraints import AnyConstraint, Formula
from sim.constraints.base import STRICT
from sim.labels import Label, collected
from sim.scenario.asked import TREATY as TREATY
from sim.scenario.asked import Observed, SignTest, Sweep
from sim.scenario.beside_labels import Attributes, LabelsByPath, Positions, Term, empty_as_mapping
from sim.scenario.correlations import Correlation
from sim.scenario.declared import SECTIONS, Declared, declared_in
from sim.scenario.moves import GAME_SCHEMA, Game
from sim.scenario.parameters import Parameter, flatten, read_parameters
from sim.scenario.sections.later import Later
from sim.scenario.sections.private import ActorType, PriorField

if TYPE_CHECKING:
    from sim.scenario.sections.bargaining import BargainingSection
    from sim.scenario.sections.cheap_talk import CheapTalkSection
    from sim.scenario.sections.coalitional import CoalitionalSection, VotingSection
    from sim.scenario.sections.conflict import ConflictSection
    from sim.scenario.sections.costly_signal import CostlySignalSection
    from sim.scenario.sections.division import DivisionSection
    from sim.scenario.sections.dynamics import Dynamics
    from sim.scenario.sections.mechanism import MechanismSection
    from sim.scenario.sections.screening import ScreeningSection
    from sim.scenario.sections.spatial import SpatialSection
    from sim.scenario.sections.stochastic import StochasticSection
    from sim.scenario.sections.strategic import StrategicSection
    from sim.scenario.sections.tree import TreeSection
else:
    BargainingSection = Annotated[Any, Later("bargaining", "BargainingSection")]
    CheapTalkSection = Annotated[Any, Later("cheap_talk", "CheapTalkSection")]
    CoalitionalSection = Annotated[Any, Later("coalitional", "CoalitionalSection")]
    VotingSection = Annotated[Any, Later("coalitional", "VotingSection")]
    ConflictSection = Annotated[Any, Later("conflict", "ConflictSection")]
    CostlySignalSection = Annotated[Any, Later("costly_signal", "CostlySignalSection")]
    DivisionSection = Annotated[Any, Later("division", "DivisionSection")]
    Dynamics = Annotated[Any, Later("dynamics", "Dynamics")]
    MechanismSection = Annotated[Any, Later("mechanism", "MechanismSection")]
    ScreeningSection = Annotated[Any, Later("screening", "ScreeningSection")]
    SpatialSection = Annotated[Any, Later("spatial", "SpatialSection")]
    StochasticSection = Annotated[Any, Later("stochastic", "StochasticSection")]
    StrategicSection = Annotated[Any, Later("strategic", "StrategicSection")]
    TreeSection = Annotated[Any, Later("tree", "TreeSection")]

NO_OUTCOME = "none"
CLASSICAL = (
    "strategic",
    "conflict",
    "bargaining",
    "coalitional",
    "voting",
    "spatial",
    "division",
    "mechanism",
    "screening",
    "cheap_talk",
    "costly_signal",
    "stochastic",
    "tree",
)


class Record(BaseModel):
    """Common settings: unknown keys are errors and nothing changes after loading."""

    model_config = STRICT


class Actor(Record):
    """An actor: a principal signs, a third party takes a stance.

    Parameters
    ----------
    role
        ``principal`` or ``third party``.
    stances
        Of a third party: stance names with the attributes they give; the first is its default.
    types
        What it may be, drawn first, each with its chance and the parameters that it sets; only the actor
        itself learns which it is.
    label, short
        What people read in its place.
    """

    role: Literal["principal", "third party"]
    stances: Mapping[str, Attributes] = {}
    types: Mapping[str, ActorType] = {}
    label: Label | None = None
    short: Label | None = None
    note: str = ""
    source: str = ""


Parameters = Annotated[
    Mapping[str, Parameter],
    BeforeValidator(read_parameters),
    WithJsonSchema(
        {
            "type": "object",
            "description": "numbers, {value, range, unit, source, note} records, or groups of them",
        }
    ),
]
Domestic = Mapping[str, Mapping[str, AnyConstraint]]


GameField = Annotated[Game, WithJsonSchema(GAME_SCHEMA)]


class Discretised(Record):
    """What a finite game stands for, and how far its answers may be from that.

    Parameters
    ----------
    of
        The continuum, in words.
    error
        Per quantity the largest error, an expression in the file's parameters.
    """

    of: str = Field(min_length=1)
    error: Mapping[str, Formula] = Field(min_length=1)


class Document(Record):
    """A scenario file with everything it extends already merged in.

    Parameters
    ----------
    title
        What the dispute is called, in figures and reports.
    description
        For people: what the dispute is about, in a few sentences.
    source
        For people: what the file as a whole was written from.
    parameters
        Every number that is not certain, by a name of its own; formulas read it by its dotted path.
    issues
        What an agreement settles: by issue its positions, the first of which is how things are now; each
        gives values to attributes.
    attributes
        Further attributes of an agreement, by name: expressions over those of positions and over parameters.
    outcomes
        Classes of agreements, in order: the first whose expression is true of an agreement is its class;
        ``treaty`` climbs the ladder, and what is in none is ``none``.
    rule_out
        Agreements that cannot be, each an expression that is true of them.
    actors
        Who signs, and who looks on and takes a stance.
    payoffs
        By actor, terms with names: expressions over attributes, stances and parameters, which add up.
    domestic
        By actor, constraints with names that an agreement must meet at home.
    abroad
        By actor, constraints with names that must be met abroad: consent, enforcement.
    game
        Who moves when: a protocol's name, or a list of stages. Without it nothing is predicted.
    side_payments
        Whether principals can pay each other in units of payoff, so that payoffs of different actors add
        up: a dispute is then a coalitional game, and bargaining divides the largest sum.
    prior
        Where the types of several actors hang together: the chance of every combination of them.
    dynamics
        How the world moves and what a treaty is in time; a forecast needs it.
    correlations
        Named pairs of parameters that random designs draw together.
    observed
        What happened, for a backcast: outcome class, who blocked, and the source.
    sign_tests
        Counterfactuals with a known sign: a parameter that moves, and which way the margin must go.
    sweeps
        Sweeps by name, for ``sim sweep FILE --name NAME``; the first is made where none is named.
    labels
        Names for people, by path (``{issues.islands.two: {en: two, ja: 二島}}``), gathered from all places.
    options
        Options of solution concepts, by concept: ``{quantal_response: {precision: 2}}``.
    discretised
        What a finite game stands in for, with the largest error: no answer of it is then exhaustive.
    strategic, conflict, bargaining, coalitional, voting, spatial, division, tree
        A classical game instead of a dispute: payoff tables, a graph-model conflict, a bargaining
        problem, values of coalitions, a weighted voting body, actors on a line, items to divide,
        a game in extensive form.
    mechanism, screening, cheap_talk, costly_signal, stochastic
        Private types with outcomes to choose among; an offer to somebody who alone knows a number; words
        or costly messages of a sender who alone knows one; a game in states.
    """

    title: str = ""
    description: str = ""
    source: str = ""
    observed: Observed | None = None
    sign_tests: tuple[SignTest, ...] = ()
    parameters: Parameters = {}
    correlations: Mapping[str, Correlation] = {}
    issues: Annotated[Mapping[str, Positions], BeforeValidator(empty_as_mapping)] = {}
    attributes: Mapping[str, Formula] = {}
    outcomes: Mapping[str, Formula] = {}
    rule_out: tuple[Formula, ...] = ()
    actors: Mapping[str, Actor] = {}
    payoffs: Mapping[str, Mapping[str, Term]] = {}
    side_payments: bool = False
    domestic: Domestic = {}
    abroad: Domestic = {}
    game: GameField | None = None
    prior: PriorField = ()
    dynamics: Dynamics | None = None
    sweeps: Mapping[str, Sweep] = {}
    labels: LabelsByPath = {}
    options: Mapping[str, Mapping[str, Any]] = {}
    discretised: Discretised | None = None
    strategic: StrategicSection | None = None
    conflict: ConflictSection | None = None
    coalitional: CoalitionalSection | None = None
    voting: VotingSection | None = None
    bargaining: BargainingSection | None = None
    spatial: SpatialSection | None = None
    division: DivisionSection | None = None
    mechanism: MechanismSection | None = None
    screening: ScreeningSection | None = None
    cheap_talk: CheapTalkSection | None = None
    costly_signal: CostlySignalSection | None = None
    stochastic: StochasticSection | None = None
    tree: TreeSection | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_labels(cls, data: Any) -> Any:
        """Labels are gathered from wherever they stand."""
        found = collected(data, flatten)
        return {**data, "labels": found} if found else data

    @property
    def form(self) -> str:
        """What the file describes: ``dispute``, or the section of a classical game."""
        return next((name for name in CLASSICAL if getattr(self, name) is not None), "dispute")

    @property
    def principals(self) -> tuple[str, ...]:
        """The actors that sign, in the order of the file."""
        return tuple(name for name, actor in self.actors.items() if actor.role == "principal")

    @property
    def third_parties(self) -> tuple[str, ...]:
        """The third parties that take a stance, in the order of the file."""
        return tuple(name for name, actor in self.actors.items() if actor.stances)

    @property
    def stances(self) -> Mapping[str, tuple[str, ...]]:
        """Per third party that takes one its stances, its default first."""
        return {name: tuple(self.actors[name].stances) for name in self.third_parties}

    @property
    def stance_counts(self) -> list[int]:
        """How many stances every third party has."""
        return [len(self.actors[name].stances) for name in self.third_parties]

    @property
    def typed(self) -> tuple[str, ...]:
        """The actors that have types, in the order of the file."""
        return tuple(name for name, actor in self.actors.items() if actor.types)

    @property
    def private(self) -> bool:
        """Whether somebody knows something that others do not, or sends messages."""
        stages = () if self.game is None else self.game.placed()
        signals = any(move.kind == "signal" for _, stage in stages for move in stage)
        return signals or any(actor.types for actor in self.actors.values())

    def constraints(self) -> Iterator[Declared]:
        """Every constraint with where it stands: those at home before those abroad."""
        return declared_in({section: getattr(self, section) for section in SECTIONS})

    def class_of(self, name: str) -> int:
        """The number of an outcome class, -1 where no rule has that name."""
        return self.classes.index(name) if name in self.classes else -1

    @property
    def classes(self) -> tuple[str, ...]:
        """The outcome classes in the order of their rules, ``none`` last."""
        return tuple(dict.fromkeys([*self.outcomes, NO_OUTCOME]))
