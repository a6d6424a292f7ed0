"""From LLVM text to a function, kept on disk so that it is compiled once.

What is compiled is stored under the hash of the text, of the versions that compiled it and of the processor,
in a folder of the user that nobody else may write to; a folder that others may write to is not used.

Code reads and writes without a look at where an array ends. So the arrays must fit: the constants are held
against what the text reaches when it is compiled, the inputs against their shapes at every call.

Array convention. As in :mod:`sim.engine.lanes`.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import stat
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.engine.llvm_text import LANES, Source

FOLDER = "TREATYSIM_CACHE"
"""Names another folder for what is compiled; empty: nothing is stored."""
PASSES = "sroa"
"""Which passes LLVM runs over a text."""
_KEEP: list[Any] = []


def available() -> bool:
    """Whether LLVM is installed."""
    from importlib.util import find_spec

    return find_spec("llvmlite") is not None


@cache
def _target() -> tuple[Any, str]:
    """The processor here, and what tells it and the compiler from others."""
    from llvmlite import __version__, binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    name, features = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=name, features=features, opt=2, reloc="pic", codemodel="jitdefault", jit=True
    )
    return machine, f"{__version__} {binding.llvm_version_info} {PASSES} {name} {features}"


def key_of(source: Source) -> str:
    """The name under which a function is stored."""
    return _key(source.text)


def _key(text: str) -> str:
    return hashlib.sha256(f"{_target()[1]}\n{text}".encode()).hexdigest()


def function_of(text: str) -> Any:
    """The function ``blocks`` of a text as machine code: six addresses and how many points there are."""
    return _function(_code(text))


class Function:
    """A source as machine code.

    Parameters
    ----------
    source
        What it does.
    """

    def __init__(self, source: Source) -> None:
        require_room(source)
        self.source = source
        self._table = np.ascontiguousarray(source.table, dtype=np.float64)
        self._bits = np.ascontiguousarray(source.bits, dtype=np.uint8)
        self.call = function_of(source.text)

    def run(self, scalars: FloatArray, rows: FloatArray) -> FloatArray:
        """The outputs at a batch of points, whose size is a multiple of ``LANES``.

        Parameters
        ----------
        scalars, rows
            Inputs, shapes ``(scalars, batch)`` and ``(rows, places, batch)``, contiguous.

        Raises
        ------
        ValueError
            If they have other shapes.
        """
        source, size = self.source, scalars.shape[-1]
        wanted = ((len(source.scalars), size), (len(source.rows), source.places, size))
        if size % LANES or not all(map(_fits, (scalars, rows), wanted)):
            raise ValueError(f"inputs {scalars.shape}, {rows.shape} do not fit compiled code")
        out = np.empty((source.outputs, size))
        arrays = (scalars, rows, self._table, self._bits, aligned(source.room), out)
        self.call(*(a.ctypes.data for a in arrays), size)
        return out


def _fits(array: AnyArray, shape: tuple[int, ...]) -> bool:
    known = array.dtype == np.float64 and array.flags.c_contiguous
    return bool(known and array.shape == shape)


def require_room(source: Source) -> None:
    """Hold what a text reaches against the arrays that it gets.

    Raises
    ------
    ValueError
        If it could reach beyond one.
    """
    given = {
        "table": source.table.shape, "bits": source.bits.shape, "room": (source.room,),
        "scalars": (len(source.scalars),), "rows": (len(source.rows), source.places),
    }  # fmt: skip
    for name, ends in source.reach.items():
        if len(ends) != len(given[name]) or any(
            e > n for e, n in zip(ends, given[name], strict=True)
        ):
            raise ValueError(
                f"code that reaches {ends} does not fit '{name}' of shape {given[name]}"
            )


def aligned(size: int) -> FloatArray:
    """Room for some numbers that begins at a multiple of 64 bytes.

    Examples
    --------
    >>> aligned(3).ctypes.data % 64
    0
    """
    room = np.empty(size + 8)
    start = -(room.ctypes.data // 8) % 8
    return room[start : start + size]


def _function(code: bytes) -> Any:
    """The function of some machine code; the lock is let go while it runs."""
    from llvmlite import binding

    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _KEEP.append(engine)
    pointers = [ctypes.c_void_p] * 6
    return ctypes.CFUNCTYPE(None, *pointers, ctypes.c_int64)(engine.get_function_address("blocks"))


def _machine() -> Any:
    """A target machine of its own for every engine, which owns it."""
    from llvmlite import binding

    return binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten(), opt=2,
        reloc="pic", codemodel="jitdefault", jit=True,
    )  # fmt: skip


def _code(text: str) -> bytes:
    """Machine code, from the folder or compiled and stored there."""
    folder = folder_of()
    path = None if folder is None else folder / f"{_key(text)}.o"
    if path is not None and path.is_file():
        return path.read_bytes()
    code = compiled(text)
    if path is not None:
        _store(path, code)
    return code


def compiled(text: str) -> bytes:
    """Machine code of a text."""
    from llvmlite import binding

    machine, _ = _target()
    module = binding.parse_assembly(text)
    module.verify()
    _lifted(module, machine)
    return bytes(machine.emit_object(module))


def _lifted(module: Any, machine: Any) -> None:
    """Put what changes into registers; the text is written so that no other pass makes it faster.

    The usual passes take five times as long as all the rest. An LLVM in which no single pass can be asked for
    runs them.
    """
    from llvmlite import binding

    options = binding.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = False
    builder = binding.create_pass_builder(machine, options)
    passes = binding.create_new_function_pass_manager()
    if not hasattr(passes, "add_sroa_pass"):
        builder.getModulePassManager().run(module, builder)
        return
    passes.add_sroa_pass()
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)


def folder_of() -> Path | None:
    """The folder for what is compiled; ``None`` where there is none that is the user's own."""
    named = os.environ.get(FOLDER)
    if named == "":
        return None
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(named) if named else base / "treatysim"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):
        return None
    if sys.platform != "win32":
        others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if others or found.st_uid != os.getuid():
            return None
    return folder


def _store(path: Path, code: bytes) -> None:
    """Write machine code whole or not at all; a folder that cannot be written to is not an error."""
    import tempfile

    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(code)
        Path(file.name).replace(path)
    except OSError:
        return
