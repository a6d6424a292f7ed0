"""The page in a notebook: the same script, its questions through the kernel instead of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.explorer.page_files import script, text_of

if TYPE_CHECKING:
    from sim.explorer.explorer import Explorer

ENTRY = "export default { render({ model, el }) { return inNotebook(model, el); } };"


def widget(explorer: Explorer) -> Any:
    """The page of an explorer as a widget of Jupyter.

    Raises
    ------
    UsageError
        If the package that carries it is not installed.
    """
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise UsageError(
            "sim.explore in a notebook needs anywidget: pip install 'treatysim[app]'; without it, "
            "sim.serve(s, open=True) is the same page in the browser"
        ) from None

    class ExplorerWidget(anywidget.AnyWidget):
        _esm = f"{script()}\n{ENTRY}"
        _css = text_of("explorer.css")
        values = traitlets.Dict().tag(sync=True)

        @property
        def scenario(self) -> Any:
            """The dispute at the values of the sliders."""
            return explorer.scenario.at(self.values)

        def heard(self, _: Any, question: Any, buffers: Any) -> None:
            """Answer one question of the page."""
            answer = explorer.answer(question) if isinstance(question, dict) else {}
            self.send({"number": question.get("number"), "answer": answer})

    made = ExplorerWidget()
    made.on_msg(made.heard)
    return made
