"""The ``costly_signal`` section of a file: messages of somebody who alone knows a number, and their answers.

Example, a public vow by a challenger whose worth of war may be anything in a range::

    costly_signal:
      sender: challenger
      receiver: defender
      private: {war: {from: -1, to: 0.5}}        # a law as in a screening section
      messages:                                  # two; payoffs may use the private number
        silent:
          stay: {challenger: 0, defender: 1}
        vow:
          concede: {challenger: 1, defender: 0}
          resist, fight: {challenger: war, defender: -0.5}
          resist, back down: {challenger: -audience, defender: 1}

After an answer with several outcomes (``resist, fight`` and ``resist, back down``) the sender chooses.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT, Formula
from sim.scenario.sections.screening import PrivateLaw


class CostlySignalSection(BaseModel):
    """Who sends what, who answers how, and what both get.

    Parameters
    ----------
    sender, receiver
        The two actors.
    private
        The number that only the sender knows, by name, with its law; a parameter where absent.
    messages
        Two, by name: after each the outcomes, ``ANSWER`` or ``ANSWER, LAST CHOICE``, with payoffs of both.

    Examples
    --------
    >>> section = CostlySignalSection(
    ...     sender="a", receiver="b", private={"c": {"from": 0, "to": 1}},
    ...     messages={"silent": {"stay": {"a": 0, "b": 1}}, "vow": {"yield": {"a": "c", "b": 0}}})
    >>> sorted(section.names)
    ['c']
    """

    model_config = ConfigDict(**STRICT)

    sender: str
    receiver: str
    private: Mapping[str, PrivateLaw] = Field({}, max_length=1)
    messages: Mapping[str, Mapping[str, Mapping[str, Formula]]] = Field(min_length=2, max_length=2)

    @property
    def names(self) -> frozenset[str]:
        """The name of the private number."""
        return frozenset(self.private)

    @property
    def knows(self) -> str:
        """Who knows the private number."""
        return self.sender

    @model_validator(mode="after")
    def _whole(self) -> CostlySignalSection:
        if self.sender == self.receiver:
            raise PydanticCustomError("costly_signal", "sender and receiver are two actors")
        for message, outcomes in self.messages.items():
            if not outcomes:
                text = f"messages.{message}: an answer is needed"
                raise PydanticCustomError("costly_signal", "{text}", {"text": text})
            for name, payoffs in outcomes.items():
                if set(payoffs) != {self.sender, self.receiver}:
                    text = (
                        f"messages.{message}.{name}: payoffs of exactly {self.sender} and "
                        f"{self.receiver} are needed"
                    )
                    raise PydanticCustomError("costly_signal", "{text}", {"text": text})
        return self
