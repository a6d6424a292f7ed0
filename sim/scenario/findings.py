"""What a check between the parts of a scenario file finds wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong at a path of a document.

    Parameters
    ----------
    path, message
        Where, and what would be legal.
    offset
        A column inside the expression there.
    name
        The unknown name: it may have been declared in a part that was left out; one that stands in several
        places is one mistake.
    at_key
        Whether the key at the path is what is wrong, and not what it has.
    lacks
        The part that lacks something: it may be there under a mistyped name.
    needs
        The section whose left-out parts may be the true cause; empty where there is none.
    """

    path: str
    message: str
    offset: int | None = None
    name: str = ""
    lacks: str = ""
    at_key: bool = False
    needs: str = ""
