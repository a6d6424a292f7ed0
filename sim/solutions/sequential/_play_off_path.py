"""How far probabilities off the path can move without an equilibrium ceasing to be one.

Definition. At an information set that an equilibrium does not come to, everything else unchanged, an action
can have any probability from a lowest to a highest one. What deters others is linear in it, so its bounds are
where somebody's gain from deviating passes 0. Both bounds, and the middle between them, are examined like
any other candidate, beliefs and all; what does not pass is not claimed.

Array convention. As :mod:`sim.games.behaviour`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sim.games.behaviour import Behaviour, Chances, Memory, regret_in
from sim.games.tree import Number, Tree
from sim.solutions.sequential._beliefs_off_path import setting_of

MOST_SETS = 12
"""Information sets off the path whose freedom is told."""
ROUNDS = 40
"""Steps of Newton's method along the line towards a sure action."""
TINY = Fraction(1, 2**40)

Passes = Callable[[Behaviour], bool]


def ranges_of(
    tree: Tree, behaviour: Behaviour, memory: Memory, passes: Passes
) -> dict[int, dict[int, tuple[Number, Number]]]:
    """Per information set off the path and action the lowest and highest probability that pass."""
    setting = setting_of(tree, behaviour, memory)
    out: dict[int, dict[int, tuple[Number, Number]]] = {}
    places = [h for h, s in enumerate(tree.sets) if not setting.reached(h) and len(s.actions) > 1]
    for h in places[:MOST_SETS]:
        found = [behaviour[h]]
        for a in range(len(tree.sets[h].actions)):
            end = _farthest(tree, behaviour, memory, h, a)
            middle = tuple((x + y) / 2 for x, y in zip(end, behaviour[h], strict=True))
            if end != behaviour[h] and all(passes(_with(behaviour, h, c)) for c in (end, middle)):
                found.append(end)
        if len(found) > 1:
            out[h] = {
                a: (min(c[a] for c in found), max(c[a] for c in found))
                for a in range(len(tree.sets[h].actions))
            }
    return out


def _with(behaviour: Behaviour, place: int, chances: Chances) -> Behaviour:
    return (*behaviour[:place], chances, *behaviour[place + 1 :])


def _farthest(tree: Tree, behaviour: Behaviour, memory: Memory, place: int, action: int) -> Chances:
    """As far towards a sure action as nobody gains by deviating, in exact steps along one line."""

    def at(t: Number) -> Chances:
        return tuple(
            (1 - t) * p + t * Fraction(int(a == action)) for a, p in enumerate(behaviour[place])
        )

    def gain(t: Number) -> Number:
        return regret_in(tree, _with(behaviour, place, at(t)), memory=memory)

    far: Number = Fraction(1)
    for _ in range(ROUNDS):
        above = gain(far)
        if above <= 0:
            return at(far)
        slope = (above - gain(far - TINY * far)) / (TINY * far)
        if slope <= 0:
            break
        far = max(Fraction(0), far - above / slope)
        if not far:
            break
    return behaviour[place]
