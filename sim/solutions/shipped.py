"""The concepts that ship, one line each: the room's visible table."""

from __future__ import annotations

from sim.solutions.concept import Concept

SHIPPED: dict[str, Concept] = {
    "mixed_nash": Concept(
        form="strategic",
        batched=True,
        guarantee="two actors: all extreme equilibria, exact; more: all isolated ones, or says not",
        reference="avis2010",
    ),
    "pure_nash": Concept(
        form="strategic", batched=True, guarantee="all pure equilibria", reference="nash1951"
    ),
    "subgame_perfect": Concept(
        form="sequential",
        batched=True,
        guarantee="perfect information, disputes: all outcomes of pure play; other trees: all, or says not",
        reference="selten1975",
    ),
    "perfect_bayesian": Concept(
        form="sequential",
        batched=False,
        guarantee="beliefs proved; all outcomes, or says not",
        reference="fudenberg1991",
    ),
    "sequential": Concept(
        form="sequential",
        batched=False,
        guarantee="consistent beliefs proved; all outcomes, or says not",
        reference="kreps1982",
    ),
    "agent_quantal_response": Concept(
        form="sequential",
        batched=False,
        guarantee="the logit equilibrium on the principal branch; limit proved sequential, or says not",
        reference="mckelvey1998",
    ),
    "quantal_response": Concept(
        form="strategic",
        batched=True,
        guarantee="the logit equilibrium on the principal branch, or the branch's limit",
        reference="mckelvey1995",
    ),
    "correlated": Concept(
        form="strategic",
        batched=False,
        guarantee="extreme welfare and actors' best over the polytope",
        reference="aumann1974",
    ),
    "coarse_correlated": Concept(
        form="strategic",
        batched=False,
        guarantee="extreme welfare and actors' best over the polytope",
        reference="moulin1978",
    ),
    "rationalizable": Concept(
        form="strategic",
        batched=False,
        guarantee="all survivors of strict dominance by mixes, certified",
        reference="pearce1984",
    ),
    "fictitious_play": Concept(
        form="strategic",
        batched=False,
        guarantee="none: a dynamic, with the regret of where it ends",
        reference="brown1951",
    ),
    "replicator": Concept(
        form="strategic",
        batched=False,
        guarantee="none: a dynamic, with the regret of where it ends",
        reference="taylor1978",
    ),
    "gmcr_nash": Concept(
        form="conflict", batched=True, guarantee="all Nash stable states", reference="nash1951"
    ),
    "gmr": Concept(
        form="conflict", batched=True, guarantee="all GMR stable states", reference="howard1971"
    ),
    "seq": Concept(
        form="conflict", batched=True, guarantee="all SEQ stable states", reference="fraser1984"
    ),
    "smr": Concept(
        form="conflict", batched=True, guarantee="all SMR stable states", reference="howard1971"
    ),
    "simultaneous": Concept(
        form="conflict",
        batched=True,
        guarantee="all SIM stable states, by options",
        reference="fraser1984",
    ),
    "coalitional_nash": Concept(
        form="conflict",
        batched=True,
        guarantee="all states that no coalition leaves, up to 6 actors",
        reference="kilgour2001",
    ),
    "coalitional_gmr": Concept(
        form="conflict",
        batched=True,
        guarantee="all coalitionally GMR stable states, up to 6 actors",
        reference="inohara2008",
    ),
    "coalitional_smr": Concept(
        form="conflict",
        batched=True,
        guarantee="all coalitionally SMR stable states, up to 6 actors",
        reference="inohara2008",
    ),
    "coalitional_seq": Concept(
        form="conflict",
        batched=True,
        guarantee="all coalitionally SEQ stable states, up to 6 actors",
        reference="inohara2008",
    ),
    "nash_bargaining": Concept(
        form="bargaining",
        batched=True,
        guarantee="all maximisers; certified over lotteries",
        reference="nash1950",
    ),
    "kalai_smorodinsky": Concept(
        form="bargaining",
        batched=True,
        guarantee="all max-min agreements; unique over lotteries",
        reference="kalai1975",
    ),
    "egalitarian": Concept(
        form="bargaining",
        batched=True,
        guarantee="all max-min agreements; unique over lotteries",
        reference="kalai1977proportional",
    ),
    "utilitarian": Concept(
        form="bargaining",
        batched=True,
        guarantee="all maximisers; extreme points of a continuum",
        reference="harsanyi1955",
    ),
    "banzhaf": Concept(
        form="coalitional",
        batched=True,
        guarantee="exact; any number of voters",
        reference="banzhaf1965",
    ),
    "core": Concept(
        form="coalitional",
        batched=True,
        guarantee="emptiness proven, exact bounds; all extreme points up to 5 players",
        reference="shapley1967",
    ),
    "nucleolus": Concept(
        form="coalitional",
        batched=True,
        guarantee="exact, up to 12 players",
        reference="schmeidler1969",
    ),
    "shapley": Concept(
        form="coalitional",
        batched=True,
        guarantee="exact; any number of voters",
        reference="shapley1953",
    ),
    "alternating_offers": Concept(
        form="bargaining",
        batched=True,
        guarantee="two actors: all pure stationary equilibria, unique on a concave frontier",
        reference="rubinstein1982",
    ),
    "baron_ferejohn": Concept(
        form="bargaining",
        batched=True,
        guarantee="the symmetric stationary equilibrium",
        reference="baron1989",
    ),
    "adjusted_winner": Concept(
        form="division",
        batched=True,
        guarantee="efficient, equitable, envy-free",
        reference="brams1996",
    ),
    "arbitrator": Concept(
        form="mechanism",
        batched=True,
        guarantee="the best and the worst that any enforced mechanism can do",
        reference="myerson1983",
    ),
    "mediator": Concept(
        form="mechanism",
        batched=True,
        guarantee="the best and the worst that any mediator can do, among the outcomes of the file",
        reference="horner2015",
    ),
    "communication": Concept(
        form="mechanism",
        batched=True,
        guarantee="extreme welfare and actors' best over all communication equilibria",
        reference="forges1986",
    ),
    "screening_offer": Concept(
        form="screening",
        batched=True,
        guarantee="all best offers, in closed form or with bounds",
        reference="fearon1995",
    ),
    "partitions": Concept(
        form="cheap_talk",
        batched=True,
        guarantee="all equilibrium outcomes",
        reference="crawford1982",
    ),
    "cut_offs": Concept(
        form="costly_signal",
        batched=True,
        guarantee="all cut-offs and poolings with pure answers off the path",
        reference="fearon1997",
    ),
    "agenda_setter": Concept(
        form="spatial",
        batched=True,
        guarantee="the point that the setter gets passed",
        reference="romer1978",
    ),
    "condorcet_election": Concept(
        form="spatial",
        batched=True,
        guarantee="the chance of every position, exact",
        reference="wise2015",
    ),
    "veto_core": Concept(
        form="spatial", batched=True, guarantee="the whole interval", reference="tsebelis2002"
    ),
    "veto_winset": Concept(
        form="spatial", batched=True, guarantee="the whole interval", reference="tsebelis2002"
    ),
    "qrule_core": Concept(
        form="spatial", batched=True, guarantee="the whole interval", reference="black1948"
    ),
    "weighted_median": Concept(
        form="spatial",
        batched=True,
        guarantee="the whole interval of medians",
        reference="black1948",
    ),
    "weighted_mean": Concept(
        form="spatial", batched=True, guarantee="one point", reference="bdm1994"
    ),
    "markov_perfect": Concept(
        form="stochastic",
        batched=False,
        guarantee="all pure ones, where profiles are few, or says not",
        reference="maskin2001",
    ),
    "payoff_box": Concept(
        form="stochastic",
        batched=False,
        guarantee="holds every subgame perfect equilibrium, pure or mixed",
        reference="abreu1990",
    ),
    "grim_trigger": Concept(
        form="stochastic",
        batched=False,
        guarantee="one state: every pure profile, exact",
        reference="friedman1971",
    ),
    "payoff_set": Concept(
        form="stochastic",
        batched=False,
        guarantee="two actors: bounds from outside and from inside",
        reference="judd2003",
    ),
}
