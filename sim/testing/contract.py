"""What a broken contract is: a failed assertion with a sentence."""

from __future__ import annotations


class ContractError(AssertionError):
    """Something that is added to treatysim does not keep the contract of its room."""


def holds(condition: object, sentence: str) -> None:
    """Go on where a condition holds.

    Raises
    ------
    ContractError
        With the sentence, where it does not.

    Examples
    --------
    >>> holds(1 < 2, "1 is not less than 2")
    """
    if not condition:
        raise ContractError(sentence)
