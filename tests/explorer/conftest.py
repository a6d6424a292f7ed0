"""Two small disputes whose answers are plain to see, their servers, and a page to show them."""

import pytest
import sim
from sim.explorer import Explorer

# A treaty is feasible where price >= 0.3 and mood <= 0.6.
RIVER = """\
title: A river
parameters:
  north: {price: {value: 0.2, range: [0, 1], unit: share, source: "Gauge of 1950"}}
  south: {mood: {value: 0.5, range: [0, 1]}, flag: {value: 0, levels: [0, 1]}}
  width: {value: 1, range: [1, 2], note: enters nothing}
issues:
  dam: {none: {}, high: {height: 1}}
  peace: {no: {}, yes: {signed: 1}}
outcomes: {treaty: signed}
rule_out: [height and not signed]
actors: {north: {role: principal}, south: {role: principal}}
payoffs:
  north: {price: (north.price - 0.3)*signed, dam: -height}
  south: {mood: (0.6 - south.mood)*signed*width, dam: -2*height}
game: [{offer: north}, {reply: south}]
"""
TIME = """
dynamics:
  report: 10
  discount: {north: 0.9, south: 0.9}
  proposer: north
  world: {south: {now: hostile, levels: {hostile: {south.mood: 1}, calm: {south.mood: 0}},
    moves: {hostile: {calm: 0.1}}}}
"""


@pytest.fixture(scope="session")
def river():
    return sim.loads(RIVER, origin="river.yaml")


@pytest.fixture(scope="session")
def river_text():
    return RIVER


@pytest.fixture(scope="session")
def with_time():
    return sim.loads(RIVER + TIME, origin="river.yaml")


@pytest.fixture(scope="session")
def server(river):
    """A server of the river, and of a river that is calmer beside it."""
    calmer = river.with_values({"north.price": 0.9})
    made = Explorer(river, others={"calmer.yaml": lambda: calmer}).serve()
    yield made.start()
    made.stop()


@pytest.fixture
def serving():
    """Starts servers, which end after the page that asks them."""
    made = []

    def start(scenario, **options):
        made.append(Explorer(scenario, **options).serve().start())
        return made[-1]

    yield start
    for server in made:
        server.stop()


@pytest.fixture
def page(chromium, serving):
    """A fresh page; what its scripts complain of fails the test."""
    made = chromium.new_page(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(20_000)
    complaints = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield made
    made.close()
    assert complaints == []
