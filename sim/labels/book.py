"""The labels of one file in one language, looked up by whatever a result is called.

Definition. Results name things by short texts: a dotted path (``moscow.nationalism``), an actor, an actor's
constraint (``moscow.duma``), an agreement (``islands=two, peace=treaty``), a stance
(``washington=support``), a state of the world, or several of these joined by a few marks and words.
:meth:`Labels.say` puts the label of each part into its place and leaves alone what has none. A name that
stands for two things has a label only where :meth:`Labels.term` or its like says which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.labels.written import ANY

_JOINTS = re.compile(
    r"(, | \+ |; | \| | and | or |only | alone| = best| = all|\bthird parties: |[()\[\]])"
)
_WORDS = re.compile(r"[\w=]+(?:[.-][\w=]+)*")
DEFAULT = "en"
"""The language that is shown where none is asked for, if a label has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What people read in place of a file's names.

    Parameters
    ----------
    texts, shorts
        Per part of the file, by its dotted path there (``issues.islands.two``), its texts by language.
    aliases
        By what results call a thing: its path in the file.
    lang
        The language asked for; empty: English, or the first that there is.

    Examples
    --------
    >>> book = Labels(
    ...     texts={"actors.tokyo": {"en": "Tokyo", "ja": "東京"}, "issues.area.two": {"": "two islands"}},
    ...     aliases={"tokyo": "actors.tokyo", "area=two": "issues.area.two"},
    ... )
    >>> book.say("area=two, peace=yes"), book.say("only tokyo"), book.speaking("ja").say("tokyo")
    ('two islands, peace=yes', 'only Tokyo', '東京')
    """

    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shorts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.texts or self.shorts)

    @property
    def languages(self) -> tuple[str, ...]:
        """The language codes that occur, in order."""
        both = (*self.texts.values(), *self.shorts.values())
        return tuple(sorted({code for texts in both for code in texts if code != ANY}))

    def speaking(self, lang: str) -> Labels:
        """The same in another language."""
        return Labels(texts=self.texts, shorts=self.shorts, aliases=self.aliases, lang=lang)

    def at(self, path: str, *, short: bool = False) -> str:
        """The label of a part of the file by its path there; empty where it has none."""
        if short and (text := self._in_language(self.shorts.get(path))):
            return text
        return self._in_language(self.texts.get(path)) or self._in_language(self.shorts.get(path))

    def _in_language(self, texts: Mapping[str, str] | None) -> str:
        if not texts:
            return ""
        wanted = (self.lang, DEFAULT, ANY)
        return next((texts[code] for code in wanted if code in texts), next(iter(texts.values())))

    def say(self, text: str, *, short: bool = False) -> str:
        """A name that a result uses, or several of them joined, with labels in place of names."""
        if not self or not text:
            return text
        if text in self.aliases and (whole := self._one(text, short)):
            return whole
        return "".join(self._part(part, short) for part in _JOINTS.split(text))

    def _part(self, text: str, short: bool) -> str:
        """One name, with the blanks around it."""
        name = text.strip()
        said = self._one(name, short) if name else ""
        return text.replace(name, said) if said else text

    def prose(self, text: str) -> str:
        """A sentence: actors, and what can be nothing but a name (``islands=two``, ``moscow.duma``).

        Examples
        --------
        >>> book = Labels(texts={"actors.rome": {"": "Rome"}}, aliases={"rome": "actors.rome"})
        >>> book.prose("rome would renege on it; nobody else would")
        'Rome would renege on it; nobody else would'
        """
        if not self:
            return text
        return _WORDS.sub(lambda found: self._word(found[0]), text)

    def _word(self, word: str) -> str:
        plain = "=" in word or "." in word or self._actor(word)
        return (self._one(word, short=False) if plain else "") or word

    def _actor(self, word: str) -> bool:
        """Whether a word of a sentence is an actor; one of a single letter may be any word."""
        return len(word) > 1 and self.aliases.get(word, "").startswith("actors.")

    def _one(self, name: str, short: bool) -> str:
        """The label of one name; empty where it has none."""
        path = self.aliases.get(name, "")
        owner, dot, rest = name.partition(".")
        if found := self.at(path, short=short):
            if path.startswith(("domestic.", "abroad.")):
                return f"{self.actor(owner, short=short)}: {found}"
            return self._taken_by(path, found, short) if ".stances." in path else found
        head, equals, tail = name.partition("=")
        if equals and (issue := self._holder(head, short)):
            return f"{issue}: {tail.replace('_', ' ')}"
        if dot and (actor := self.at(f"actors.{owner}", short=short)):
            return f"{actor}: {rest.replace('_', ' ')}"
        return ""

    def _taken_by(self, path: str, found: str, short: bool) -> str:
        """A stance with its actor, unless its label names the actor."""
        owner = path.removeprefix("actors.").partition(".stances.")[0]
        actor = self.actor(owner, short=short)
        named = (actor, self.actor(owner), self.actor(owner, short=True))
        return (
            found if any(name.lower() in found.lower() for name in named) else f"{actor}: {found}"
        )

    def _holder(self, name: str, short: bool) -> str:
        """The label of an issue, a third party or a factor."""
        for section in ("issues", "actors", "dynamics.world"):
            if found := self.at(f"{section}.{name}", short=short):
                return found
        return ""

    def actor(self, name: str, *, short: bool = False) -> str:
        """An actor."""
        return self.at(f"actors.{name}", short=short) or name

    def term(self, actor: str, name: str, *, short: bool = False) -> str:
        """A term of an actor's payoff, without the actor; a constraint may be one, by what it costs."""
        found = self.at(f"payoffs.{actor}.{name}", short=short)
        return found or self.constraint(actor, name, short=short)

    def term_of(self, actor: str, name: str) -> str:
        """A term with its actor; ``actor.term`` where neither has a label."""
        owner, term = self.actor(actor), self.term(actor, name)
        return f"{actor}.{name}" if (owner, term) == (actor, name) else f"{owner}: {term}"

    def constraint(self, actor: str, name: str, *, short: bool = False) -> str:
        """A constraint of an actor, without the actor."""
        for section in ("domestic", "abroad"):
            if found := self.at(f"{section}.{actor}.{name}", short=short):
                return found
        return name

    def parameter(self, path: str, *, short: bool = False) -> str:
        """A parameter."""
        return self.at(f"parameters.{path}", short=short) or path

    def with_path(self, path: str) -> str:
        """A parameter's label with its path, which is its name in commands; the path where it has none."""
        found = self.at(f"parameters.{path}")
        return f"{found} ({path})" if found else path

    def to_data(self) -> dict[str, Any]:
        """Everything as plain data that :meth:`from_data` reads; empty where there are no labels."""
        if not self:
            return {}
        return {
            "texts": {path: dict(texts) for path, texts in self.texts.items()},
            "shorts": {path: dict(texts) for path, texts in self.shorts.items()},
            "aliases": dict(self.aliases),
            "lang": self.lang,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Labels:
        """What :meth:`to_data` wrote.

        Examples
        --------
        >>> Labels.from_data({}) == NO_LABELS
        True
        """
        if not data:
            return NO_LABELS
        return cls(**{k: data[k] for k in ("texts", "shorts", "aliases", "lang")})

    def to_dict(self) -> dict[str, str]:
        """Every label in its language, by what results call the thing."""
        named = {name: self.at(path) for name, path in self.aliases.items()}
        return {name: text for name, text in named.items() if text}


NO_LABELS = Labels()
"""Of a file without labels: every name stands as it is."""


def labels_of(data: Any) -> Labels:
    """The labels that a record carries; none where it carries none.

    Examples
    --------
    >>> labels_of(object()) is NO_LABELS
    True
    """
    found = getattr(data, "labelled", None)
    return found if isinstance(found, Labels) else NO_LABELS
