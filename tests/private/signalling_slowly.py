"""Perfect Bayesian equilibria of two types, two messages and a last offer, by enumeration of the whole game.

Definition. Chance draws type 1 with probability ``p``, type 0 otherwise. The sender says 0 or 1, the receiver
offers one of ``n`` agreements or nothing (number 0), the sender accepts or rejects. Payoffs are tables
``sender[k, m, a]`` and ``receiver[k, m, a]`` by type, message and agreement in force, without ties. Every
information set is looked at: the reply of each type to each offer after each message; the receiver after each
message with a belief that Bayes' rule allows; the message of each type. Of generic payoffs these are all: as
many types mix as receivers do, and a receiver mixes between two offers.
"""

from __future__ import annotations

from itertools import combinations, product

SURE = 1e-9


def outcomes(sender, receiver, p):
    """Every equilibrium outcome: a map from (type, message, agreement) to its probability."""
    game = _Game(sender, receiver, p)
    found = []
    for one in (*game.pure(), *game.one_mixes(), *game.both_mix()):
        if not any(alike(one, other) for other in found):
            found.append(one)
    return found


def alike(one, other, near=1e-7):
    return all(abs(one.get(k, 0.0) - other.get(k, 0.0)) < near for k in {*one, *other})


class _Game:
    def __init__(self, sender, receiver, p):
        self.p, self.n = p, len(sender[0][0])
        self.final = {
            (k, m, a): a if sender[k][m][a] > sender[k][m][0] else 0
            for k, m, a in product((0, 1), (0, 1), range(self.n))
        }
        self.u = {key: sender[key[0]][key[1]][f] for key, f in self.final.items()}
        self.v = {key: receiver[key[0]][key[1]][f] for key, f in self.final.items()}
        self.distinct = {m: self._distinct(m) for m in (0, 1)}

    def _distinct(self, m):
        """Offers after a message, one for each pair of what they come to."""
        seen = {}
        for a in range(self.n):
            seen.setdefault((self.final[0, m, a], self.final[1, m, a]), a)
        return list(seen.values())

    def worth(self, m, a, belief):
        return (1 - belief) * self.v[0, m, a] + belief * self.v[1, m, a]

    def best(self, m, a, belief):
        return all(
            self.worth(m, a, belief) >= self.worth(m, b, belief) - SURE for b in self.distinct[m]
        )

    def pairs(self, m):
        """Pairs of offers that are both best at some belief strictly between 0 and 1, with that belief."""
        for a, b in combinations(self.distinct[m], 2):
            zero, one = (self.v[k, m, a] - self.v[k, m, b] for k in (0, 1))
            if zero != one and 0 < (belief := zero / (zero - one)) < 1 and self.best(m, a, belief):
                yield a, b, belief

    def somewhere(self, m):
        """Offers that some belief makes best."""
        points = [0.0, 1.0, *(belief for _, _, belief in self.pairs(m))]
        points += [(x + y) / 2 for x, y in combinations(sorted(points), 2)]
        return [a for a in self.distinct[m] if any(self.best(m, a, x) for x in points)]

    def deterred(self, m, least):
        """Whether some answer to a message that is never sent keeps both types from it."""
        for a in self.somewhere(m):
            if all(self.u[k, m, a] <= least[k] + SURE for k in (0, 1)):
                return True
        for a, b, _ in self.pairs(m):
            low, high = 0.0, 1.0
            for k in (0, 1):
                x, y = self.u[k, m, a] - least[k], self.u[k, m, b] - least[k]
                if x > 0 and y > 0:
                    low, high = 1.0, 0.0
                elif x > 0:
                    high = min(high, -y / (x - y))
                elif y > 0:
                    low = max(low, y / (y - x))
            if low <= high:
                return True
        return False

    def chance(self, k):
        return self.p if k else 1 - self.p

    def pure(self):
        for m in (0, 1):
            for a in self.distinct[m]:
                least = [self.u[k, m, a] for k in (0, 1)]
                if self.best(m, a, self.p) and self.deterred(1 - m, least):
                    yield {(k, m, self.final[k, m, a]): self.chance(k) for k in (0, 1)}
        for m in (0, 1):
            sent = (m, 1 - m)
            for a, b in product(self.distinct[m], self.distinct[1 - m]):
                answer = {m: a, 1 - m: b}
                if not (self.best(m, a, 0.0) and self.best(1 - m, b, 1.0)):
                    continue
                if all(
                    self.u[k, sent[k], answer[sent[k]]]
                    >= self.u[k, 1 - sent[k], answer[1 - sent[k]]]
                    for k in (0, 1)
                ):
                    yield {
                        (k, sent[k], self.final[k, sent[k], answer[sent[k]]]): self.chance(k)
                        for k in (0, 1)
                    }

    def one_mixes(self):
        """Type k mixes, the other always says m; after m the receiver mixes."""
        for k, m in product((0, 1), (0, 1)):
            for a, b, belief in self.pairs(m):
                held = belief if k else 1 - belief
                share = held * self.chance(1 - k) / ((1 - held) * self.chance(k))
                if not 0 < share < 1:
                    continue
                for c in self.distinct[1 - m]:
                    if not self.best(1 - m, c, float(k)):
                        continue
                    x, y, target = self.u[k, m, a], self.u[k, m, b], self.u[k, 1 - m, c]
                    if x == y or not 0 < (mix := (target - y) / (x - y)) < 1:
                        continue
                    j = 1 - k
                    if mix * self.u[j, m, a] + (1 - mix) * self.u[j, m, b] < self.u[j, 1 - m, c]:
                        continue
                    out = {}
                    add(out, (k, 1 - m, self.final[k, 1 - m, c]), self.chance(k) * (1 - share))
                    for i, weight in ((k, share * self.chance(k)), (j, self.chance(j))):
                        add(out, (i, m, self.final[i, m, a]), weight * mix)
                        add(out, (i, m, self.final[i, m, b]), weight * (1 - mix))
                    yield out

    def both_mix(self):
        for (a, b, low), (c, d, high) in product(self.pairs(0), self.pairs(1)):
            if low == high or not 0 < (said := (self.p - low) / (high - low)) < 1:
                continue
            # x u(k, 0, a) + (1 - x) u(k, 0, b) = y u(k, 1, c) + (1 - y) u(k, 1, d) for both types
            rows = [
                (
                    self.u[k, 0, a] - self.u[k, 0, b],
                    -(self.u[k, 1, c] - self.u[k, 1, d]),
                    self.u[k, 1, d] - self.u[k, 0, b],
                )
                for k in (0, 1)
            ]
            (e, f, g), (h, i, j) = rows
            size = e * i - f * h
            if abs(size) < SURE:
                continue
            x, y = (g * i - f * j) / size, (e * j - g * h) / size
            if not (0 < x < 1 and 0 < y < 1):
                continue
            out = {}
            for k in (0, 1):
                zero = (1 - said) * (low if k else 1 - low)
                one = said * (high if k else 1 - high)
                for m, weight, first, second, mix in ((0, zero, a, b, x), (1, one, c, d, y)):
                    add(out, (k, m, self.final[k, m, first]), weight * mix)
                    add(out, (k, m, self.final[k, m, second]), weight * (1 - mix))
            yield out


def add(out, key, weight):
    out[key] = out.get(key, 0.0) + weight
