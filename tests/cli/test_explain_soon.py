"""`sim explain` answers soon after `sim check` would: ratios of processor time, three times the aims."""

import importlib.util
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "commands.py"
LOOSE = 3
"""How many times its aim a ratio may be, so that nothing depends on the machine."""


@pytest.fixture(scope="module")
def commands():
    spec = importlib.util.spec_from_file_location("benchmark_of_commands", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_verdict_and_all_of_explain_keep_their_ratios_to_check(commands, tmp_path):
    here, caches = commands.HERE, str(tmp_path)
    verdict = commands.verdict_seconds(here, caches)  # the first run writes byte code
    check, explain = (
        commands.seconds(commands.COMMANDS[f"sim {verb} 2018"], here, caches)
        for verb in ("check", "explain")
    )
    verdict = min(verdict, commands.verdict_seconds(here, caches))
    assert verdict <= LOOSE * 1.5 * check
    assert explain <= LOOSE * 3 * check
