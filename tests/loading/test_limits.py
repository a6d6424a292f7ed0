"""A small file may ask for much: memory and time are bounded before anything is built."""

import difflib
import resource
import subprocess
import sys

import pytest
from sim.errors import ScenarioError, SimError, TooLargeError
from sim.loading import loads

ENDS = "outcomes: {treaty: s0}\nactors: {a: {role: principal}, b: {role: principal}}\n"
PAYOFFS = "payoffs: {a: {x: s0}, b: {y: s0}}\n"


def issues(count, positions, attributes):
    """Issues whose positions have attributes of their own."""
    lines = ["issues:"]
    for i in range(count):
        lines.append(f"  i{i}: {{none: {{s{i}: 0}}, ")
        for p in range(1, positions):
            given = ", ".join(f"a_{i}_{p}_{k}: 1" for k in range(attributes))
            lines[-1] += f"p{p}: {{s{i}: {p}, {given}}}, "
        lines[-1] += "}"
    return "\n".join(lines) + "\n"


def attributes_on_each_position():
    return issues(5, 15, 20) + ENDS + PAYOFFS


def many_derived():
    derived = "".join(f"  d{k}: s0 + {k}*s1\n" for k in range(500))
    return f"{issues(6, 10, 0)}{ENDS}{PAYOFFS}rule_out: [d499 > 3]\nattributes:\n{derived}"


def bodies_that_read_stances():
    stances = ", ".join(f"z{j}: {{w: {j}}}" for j in range(40))
    actors = ENDS.rstrip("}\n") + f"}}, c: {{role: third party, stances: {{{stances}}}}}}}\n"
    blocs = ", ".join(f"b{j}: {{seats: {j + 1}, utility: s1*w - {j}}}" for j in range(8))
    houses = "".join(
        f"    r{c}: {{type: ratification, quota: 0.5, blocs: {{{blocs}}}}}\n" for c in range(20)
    )
    payoffs = "payoffs: {a: {x: s0*w}, b: {y: s1*w}, c: {z: w}}\n"
    return f"{issues(4, 10, 0)}{actors}{payoffs}domestic:\n  a:\n{houses}"


@pytest.mark.parametrize(
    "make", [attributes_on_each_position, many_derived, bodies_that_read_stances]
)
def test_a_file_of_fifteen_kilobytes_that_asks_for_gigabytes_is_refused(make):
    text = make()
    assert len(text) < 30_000
    with pytest.raises(SimError, match=r"the limits? (is|are) [0-9,]+") as caught:
        loads(text)
    assert isinstance(caught.value, TooLargeError | ScenarioError)


def test_refusing_takes_no_memory(tmp_path):
    """Within 600 MB of addresses, of which starting the command takes the most."""
    (tmp_path / "x.yaml").write_text(attributes_on_each_position())
    done = subprocess.run(
        [sys.executable, "-m", "sim", "check", str(tmp_path / "x.yaml")],
        capture_output=True, text=True, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (600 << 20, 600 << 20)),
        env={"PATH": "", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "1,123,875,000 values, the limit is 40,000,000" in done.stderr


UNKNOWN = {
    "unknown name": "attributes:\n" + "".join(f"  d{k}: unknown_{k} + 1\n" for k in range(3000)),
    "unknown key": "".join(f"key_{k}: 1\n" for k in range(3000)),
    "unknown parameter": "sweeps:\n"
    + "".join(f"  s{k}: {{vary: {{p{k}: [0, 1, 2]}}}}\n" for k in range(3000)),
}


@pytest.mark.parametrize("words", UNKNOWN)
def test_thousands_of_errors_are_counted_and_not_dwelt_on(words, monkeypatch):
    """Looking up suggestions for all of them would take most of the time."""
    looked_up = []
    monkeypatch.setattr(
        difflib, "get_close_matches", lambda name, *_, **__: looked_up.append(name) or []
    )
    text = issues(1, 2, 0) + ENDS + PAYOFFS + UNKNOWN[words]
    with pytest.raises(ScenarioError, match=r"and 2,9[0-9]{2} more errors$") as caught:
        loads(text)
    assert len(looked_up) <= 100
    assert len(caught.value.problems) >= 3000
    assert sum(words in line for line in str(caught.value).splitlines()) >= 19
