"""The record of a claim, and the one place that reads it from a text.

A text is ``KIND``, ``KIND:SUBJECT`` or ``KIND:SUBJECT>=NUMBER`` (also ``<=``, ``>``, ``<``); of the points of
a run also ``COLUMN=LABEL`` and ``COLUMN>=NUMBER``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.claims.kinds import KINDS, MARGIN, RUN, SOME, Kind
from sim.errors import NotDefinedError, UsageError, suggest
from sim.scenario import TREATY

BOUND = re.compile(r"(.*?)\s*(>=|<=|>|<)\s*([^<>=]+?)\s*")
IN_WORDS = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}
FEASIBLE, INFEASIBLE, KNIFE_EDGE, UNDECIDED = range(4)
"""Codes of the verdicts on a claim over a box."""
VERDICTS = ("feasible", "infeasible", "knife-edge", "undecided")
"""How the verdicts on the margin read, in the order of their codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is claimed of a scenario or of a point of a run.

    Parameters
    ----------
    kind
        One of the kinds that its form knows, or a column of a run.
    subject
        Of what or whom; empty where the kind says it all.
    sign, value
        A bound: ``>=`` and ``1/3``; empty where there is none.
    form
        What it is a claim about: ``dispute``, a section of a classical game, or ``run``.

    Examples
    --------
    >>> claim = read_claim("shapley: germany >= 1/3", "voting")
    >>> claim.text, claim.words
    ('shapley:germany>=1/3', "the Shapley-Shubik power of 'germany' is at least 1/3")
    """

    kind: str
    subject: str = ""
    sign: str = ""
    value: str = ""
    form: str = "dispute"

    @property
    def text(self) -> str:
        """How it is written."""
        known = KINDS[self.form].get(self.kind)
        colon = "=" if self.form == RUN and (known is None or known.columns) else ":"
        return self.kind + (colon + self.subject if self.subject else "") + self.sign + self.value

    @property
    def words(self) -> str:
        """The claim as a sentence without its full stop."""
        known = KINDS[self.form].get(self.kind)
        if known is None:
            sentence = "the {kind} is {bound} {value}" if self.sign else "{kind} is '{subject}'"
        else:
            sentence = known.sentence if self.subject or self.sign else known.alone
        return sentence.format(
            kind=self.kind,
            subject=self.subject,
            bound=IN_WORDS.get(self.sign, ""),
            value=self.value,
        )

    @property
    def verdicts(self) -> tuple[str, ...]:
        """How the verdicts on it read, in the order of their codes.

        Examples
        --------
        >>> read_claim("predicted:treaty").verdicts
        ('holds', 'fails', 'knife-edge', 'undecided')
        """
        return VERDICTS if self.is_margin else ("holds", "fails", *VERDICTS[2:])

    @property
    def is_margin(self) -> bool:
        """Whether it says that a treaty is feasible."""
        return self.form == "dispute" and self.kind == MARGIN

    @property
    def number(self) -> Fraction:
        """The value of its bound, exactly."""
        return Fraction(self.value)


MARGIN_CLAIM = Claim(kind=MARGIN)
"""A treaty is feasible."""


def read_claim(text: str, form: str = "dispute", columns: Sequence[str] = ()) -> Claim:
    """The claim that a text makes on a form of file.

    Parameters
    ----------
    text
        See the module.
    form
        The form, or ``run``.
    columns
        Of a run, its results: each may be compared with a label or a number.

    Raises
    ------
    NotDefinedError
        If nothing can be claimed of that form.
    UsageError
        If the form does not know the claim (the legal ones are named), or it lacks its subject or bound.

    Examples
    --------
    >>> read_claim("self-enforcng")
    Traceback (most recent call last):
        ...
    sim.errors.UsageError: unknown claim 'self-enforcng'; did you mean 'self-enforcing'?
    >>> read_claim("core", "conflict")
    Traceback (most recent call last):
        ...
    sim.errors.UsageError: unknown claim 'core'; legal for the form conflict: gmcr_nash:STATE, ...
    """
    known = KINDS.get(form)
    if known is None:
        forms = ", ".join(name for name in KINDS if name != RUN)
        raise NotDefinedError(
            f"no claim on a file of the form '{form}' is decided over ranges; forms with claims: {forms}"
        )
    whole = text.strip()
    if whole in known and known[whole].alone:
        return Claim(kind=whole, subject=_usual(form, whole), form=form)
    kind, subject, sign, value = _parts(whole, form)
    found = known.get(kind)
    if found is None and kind not in columns:
        raise UsageError(_unknown(whole, kind, form, known, columns))
    _check(whole, kind, found, (subject, sign, value))
    return Claim(kind=kind, subject=subject, sign=sign, value=value, form=form)


def _usual(form: str, kind: str) -> str:
    """The subject that a kind has where none is given."""
    return TREATY if (form, kind) == ("dispute", SOME) else ""


def _parts(text: str, form: str) -> tuple[str, str, str, str]:
    """Kind, subject, sign and value, each as it is written."""
    colon, equals = (text.find(mark) for mark in ":=")
    first = form == RUN and equals >= 0 and (colon < 0 or equals < colon)
    sign = value = ""
    known = KINDS[form].get(text.partition(":")[0].strip())
    if form == RUN or (known is not None and known.bound):
        bounded = BOUND.fullmatch(text)
        if bounded is not None:
            text, sign, value = bounded.groups()
            first = False
    kind, _, subject = text.partition("=" if first else ":")
    return kind.strip(), subject.strip(), sign, value


def _check(text: str, kind: str, found: Kind | None, parts: tuple[str, str, str]) -> None:
    """Whether a claim has the subject and the bound that its kind needs."""
    subject, sign, value = parts
    if found is None:
        found = Kind(subject="" if sign else "LABEL", bound=bool(sign), columns=True)
    asked = found.written(kind)
    if found.subject and not subject:
        raise UsageError(f"claim '{text}' needs a label: {asked}")
    if subject and not found.subject:
        raise UsageError(f"claim '{text}': '{kind}' takes no label; write {asked}")
    if bool(sign) != found.bound:
        raise UsageError(f"claim '{text}' is written {asked}")
    if sign:
        try:
            Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise UsageError(f"{kind} {sign} {value}: a number is needed") from None


def _unknown(
    text: str, kind: str, form: str, table: Mapping[str, Kind], columns: Sequence[str]
) -> str:
    """What is wrong with a text that names no claim, with the legal ones."""
    if kind == "forecast" and form == "dispute":
        return (
            f"claim '{text}': a chance by a year is sampled and not proved: in Python "
            "sim.forecast_over(scenario, vary=..., of=...), in the shell sim frontier FILE --of forecast:YEAR"
        )
    near = suggest(kind, [*table, *columns])
    if "did you mean" in near:
        return f"unknown claim '{text}'{near}"
    others = [name for name in columns if name not in table]
    legal = ", ".join([*(known.written(name) for name, known in table.items()), *others])
    about = "a run" if form == RUN else f"the form {form}"
    return f"unknown claim '{text}'; legal for {about}: {legal}"
