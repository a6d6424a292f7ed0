"""What computes the points of a problem: numpy, code compiled for its screen, or a graphics card.

Code is compiled in the background if asked. Numpy and compiled code give the same numbers to the last bit
(:mod:`sim.feasibility.screening.screened`), so that one may take over from the other in the middle of a
sweep; a card gives them to 1e-12.
"""

from __future__ import annotations

import warnings
from threading import RLock, Thread
from typing import TYPE_CHECKING

from sim.engine.numpy_run import needed
from sim.engine.operations import EXPRESSION
from sim.feasibility.ladder import owners_of
from sim.feasibility.screening.screen import Screen, screen_of, why_not
from sim.feasibility.screening.screened import NumpyScreen
from sim.feasibility.screening.screened_blockers import BlockingScreen
from sim.games.stages import StageGame
from sim.payoffs import Dispute

if TYPE_CHECKING:
    from sim.feasibility.compiled import Machine
    from sim.feasibility.on_card import CardScreen


class Backends:
    """The back ends of a dispute and its game.

    Parameters
    ----------
    dispute, game
        Compiled for the varied parameters.
    reason
        Why nothing of it is screened, where the two do not say so.
    """

    def __init__(self, dispute: Dispute, game: StageGame | None, reason: str = "") -> None:
        self.dispute, self.game = dispute, game
        self.reason = reason or why_not(dispute, game)
        self._screen: Screen | None = None
        self._numpy: NumpyScreen | None = None
        self._blocking: BlockingScreen | None = None
        self._telling: Backends | None = None
        self._machine: Machine | None = None
        self._card: CardScreen | None = None
        self._failure = ""
        self._thread: Thread | None = None
        self._lock = RLock()

    @property
    def made(self) -> bool:
        """Whether the screen is there already."""
        return self._screen is not None

    @property
    def screen(self) -> Screen:
        """The graph that all run; there is none where ``reason`` says why."""
        with self._lock:
            if self._screen is None:
                self._screen = screen_of(self.dispute, self.game)
            return self._screen

    @property
    def numpy(self) -> NumpyScreen:
        """The numpy back end."""
        with self._lock:
            if self._numpy is None:
                self._numpy = NumpyScreen(self.screen)
            return self._numpy

    @property
    def blocking(self) -> BlockingScreen:
        """What finds margins and what blocks, on numpy arrays."""
        with self._lock:
            if self._blocking is None:
                self._blocking = BlockingScreen(self.screen, owners_of(self.dispute))
            return self._blocking

    @property
    def telling(self) -> Backends:
        """The same with what blocks among the values: one pass for both."""
        with self._lock:
            if self._telling is None:
                self._telling = Backends(self.dispute, self.game)
                self._telling._screen = self.blocking.told
            return self._telling

    @property
    def by_numpy(self) -> tuple[str, ...]:
        """Operations of the expression language that compiled code leaves to numpy."""
        graph = self.screen.graph
        ops = {graph[n].op for n in needed(graph, [*self.screen.outputs.values()])}
        found = (op.removeprefix(EXPRESSION) for op in ops if op.startswith(EXPRESSION))
        return tuple(sorted(found))

    @property
    def card(self) -> CardScreen:
        """The graphics card's, where :func:`sim.engine.cuda.card.missing` has nothing to say."""
        with self._lock:
            if self._card is None:
                from sim.engine.cuda.card import Card
                from sim.feasibility.on_card import CardScreen

                self._card = CardScreen(self.screen, self.dispute, Card())
            return self._card

    def machine(self, *, wait: bool) -> Machine | None:
        """The compiled back end; ``None`` while it is being compiled, or where that failed."""
        from sim.engine.machine import available

        if not available():
            return None
        with self._lock:
            if self._thread is None:
                # no daemon: a program that ends while LLVM compiles is ended by LLVM
                self._thread = Thread(target=self._compile)
                self._thread.start()
        if wait:
            self._thread.join()
        with self._lock:
            message, self._failure = self._failure, ""
        if message:
            warnings.warn(message, RuntimeWarning, stacklevel=2)
        return self._machine

    @property
    def compiled(self) -> Machine | None:
        """The compiled back end, if it is there already."""
        return self._machine

    def _compile(self) -> None:
        try:
            from sim.feasibility.compiled import Machine

            self._machine = Machine(self.screen, self.dispute)
        except Exception as error:  # whatever a compiler may raise: numpy goes on
            self._failure = f"compiling failed, so numpy computes: {type(error).__name__}: {error}"
