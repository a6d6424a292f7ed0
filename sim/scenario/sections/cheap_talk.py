"""The ``cheap_talk`` section of a file: words without cost about a state that the sender alone knows.

Example, an envoy who wants a little more than the capital does::

    cheap_talk:
      sender: envoy
      receiver: capital
      state: {from: 0, to: 1}          # every state is equally likely
      bias: 0.05                       # by how much more the sender wants than the receiver
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import Formula

ENDS = ("from", "to")


class CheapTalkSection(BaseModel):
    """Who speaks, who acts, and how far they disagree.

    Parameters
    ----------
    sender, receiver
        The two actors.
    state
        What the sender knows: ``from`` one number ``to`` another, all equally likely.
    bias
        By how much more the sender wants than the receiver.

    Examples
    --------
    >>> CheapTalkSection(sender="a", receiver="b", state={"from": 0, "to": 1}, bias=0.1).bias.text
    '0.1'
    """

    model_config = ConfigDict(
        defer_build=True, extra="forbid", frozen=True, arbitrary_types_allowed=True
    )

    sender: str
    receiver: str
    state: Mapping[str, Formula]
    bias: Formula

    @model_validator(mode="after")
    def _whole(self) -> CheapTalkSection:
        if set(self.state) != set(ENDS):
            raise PydanticCustomError("cheap_talk", "state: 'from' and 'to' are needed")
        if self.sender == self.receiver:
            raise PydanticCustomError("cheap_talk", "sender and receiver are two actors")
        return self
