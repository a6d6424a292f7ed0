"""The page in Chromium: drag, click, reload, links, hostile texts, two sessions, wide and narrow windows."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
import sim
from sim.explorer import Explorer
from sim.explorer.page_files import script, text_of

YES, NO = "A treaty is feasible", "No treaty is feasible"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def open_page(page, server, link=""):
    page.goto(server.url + link)
    page.locator(".answer p").wait_for()
    return page


def says(page, words):
    page.locator(".answer p", has_text=words).wait_for()


def number(page, path):
    return float(page.locator(f'.slider[data-path="{path}"] input[type=number]').input_value())


def slide(page, path, share):
    """Drag a slider's thumb to a share of its track, with the mouse."""
    track = page.locator(f'.slider[data-path="{path}"] input[type=range]')
    track.scroll_into_view_if_needed()
    box, now = track.bounding_box(), number(page, path)
    y, inset = box["y"] + box["height"] / 2, 8
    at = lambda s: box["x"] + inset + s * (box["width"] - 2 * inset)  # noqa: E731
    page.mouse.move(at(now), y)
    page.mouse.down()
    page.mouse.move(at((now + share) / 2), y, steps=3)
    page.mouse.move(at(share), y, steps=3)
    page.mouse.up()


def test_a_drag_changes_the_verdict_and_the_address(page, server):
    open_page(page, server)
    says(page, NO)
    slide(page, "north.price", 0.8)
    says(page, YES)
    assert number(page, "north.price") == pytest.approx(0.8, abs=0.02)
    assert "north.price=" in page.url
    page.locator(".share p", has_text="what is not set").first.wait_for()


def test_a_reload_and_a_link_keep_the_values(page, server):
    open_page(page, server, "#north.price=0.75&south.mood=0.25&x=south.mood&y=north.price")
    says(page, YES)
    assert (number(page, "north.price"), number(page, "south.mood")) == (0.75, 0.25)
    page.reload()
    says(page, YES)
    assert number(page, "north.price") == 0.75
    assert page.locator(".axes select").first.input_value() == "south.mood"
    page.get_by_role("button", name="Back to the file").click()
    says(page, NO)
    assert number(page, "north.price") == 0.2


def test_a_link_with_what_the_file_does_not_have_says_so(page, server):
    open_page(page, server, "#north.prize=1&north.price=x&south.mood=0.9")
    assert number(page, "south.mood") == 0.9
    told = page.locator(".problem").inner_text()
    assert "north.prize" in told
    assert number(page, "north.price") == 0.2


def test_a_click_on_the_landscape_sets_both_values(page, server):
    open_page(page, server)
    area = page.locator(".landscape .cover")
    area.wait_for()
    page.locator(".share p").first.wait_for()
    box = area.bounding_box()
    area.click(position={"x": 0.9 * box["width"], "y": 0.9 * box["height"]})
    says(page, YES)
    assert number(page, "north.price") == pytest.approx(0.9, abs=0.03)
    assert number(page, "south.mood") == pytest.approx(0.1, abs=0.03)
    assert page.locator(".crosshair circle").count() == 1


def test_sessions_do_not_see_one_another(chromium, server):
    one, two = chromium.new_page(), chromium.new_page()
    try:
        open_page(one, server)
        open_page(two, server)
        slide(one, "north.price", 0.9)
        says(one, YES)
        slide(two, "south.mood", 0.8)
        says(two, NO)
        assert number(two, "north.price") == 0.2
        assert number(one, "south.mood") == 0.5
        one.reload()
        says(one, YES)
    finally:
        one.close()
        two.close()


def test_texts_of_a_file_are_shown_and_never_run(page, serving, river_text):
    quoted = json.dumps(HOSTILE)  # JSON is YAML
    named = river_text.replace("A river", quoted).replace('"Gauge of 1950"', quoted)
    scenario = sim.loads(named)
    assert scenario.title == HOSTILE
    open_page(page, serving(scenario, others={HOSTILE: lambda: scenario}))
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator(".source").first.get_attribute("title") == HOSTILE
    page.locator(".landscape .figure").wait_for()
    assert page.locator("main img, main script").count() == 0
    assert page.title() == HOSTILE


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_wider_than_the_window(page, server, width):
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, server)
    page.locator(".landscape .figure").wait_for()
    page.locator("details.group").first.evaluate("d => { d.open = true }")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    verdict, slider = (page.locator(s).first.bounding_box() for s in (".verdict", ".slider"))
    assert verdict["x"] >= 0
    assert slider["x"] + slider["width"] <= width


def test_what_was_set_can_be_saved_and_compared(page, server):
    open_page(page, server, "#north.price=0.75&with=calmer.yaml")
    page.locator(".beside h3").wait_for()
    row = page.locator(".beside tr", has_text="north.price")
    assert row.inner_text().split() == ["north.price", "0.75", "0.9"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as YAML").click()
    saved = sim.load(waiting.value.path().rename(waiting.value.path().with_suffix(".yaml")))
    assert saved.values["north.price"] == 0.75
    assert waiting.value.suggested_filename == "river-moved.yaml"


def test_a_file_with_time_has_its_forecast(page, serving, with_time):
    open_page(page, serving(with_time), "#north.price=0.9")
    page.locator(".forecast .figure").wait_for()
    told = page.locator(".forecast p").first
    before = told.inner_text()
    assert "A treaty by" in before
    slide(page, "north.price", 0.1)
    changed = "before => document.querySelector('.forecast p').innerText !== before"
    page.wait_for_function(changed, arg=before)
    assert "A treaty by" in told.inner_text()


def test_a_server_that_is_gone_is_told(chromium, river):
    server, page = Explorer(river).serve().start(), chromium.new_page()
    try:
        open_page(page, server)
        server.stop()
        slide(page, "north.price", 0.8)
        page.locator(".problem", has_text="does not answer").wait_for()
    finally:
        page.close()


def test_the_same_page_runs_in_a_notebook(page, river):
    """Its script, with a kernel's messages in place of HTTP."""
    explorer = Explorer(river)
    heard = []

    def kernel(question):
        heard.append(question)
        return {"number": question["number"], "answer": explorer.answer(question)}

    page.expose_function("kernel", kernel)
    page.set_content(f"<style>{text_of('explorer.css')}</style><div id=cell></div>")
    page.evaluate(
        """async (code) => {
          const place = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
          const page = await import(place);
          const hears = [], state = { values: { "north.price": 0.8 } };
          window.model = { state, get: (key) => state[key], set: (key, value) => { state[key] = value; },
            save_changes: () => {}, on: (_, act) => hears.push(act), off: () => {},
            send: async (question) => {
              const reply = await window.kernel(question);
              hears.forEach((act) => act(reply));
            } };
          page.inNotebook(window.model, document.getElementById("cell"));
        }""",
        script(),
    )
    says(page, YES)
    slide(page, "south.mood", 0.9)
    says(page, NO)
    moved = page.evaluate("window.model.state.values")
    assert moved["north.price"] == 0.8
    assert moved["south.mood"] == pytest.approx(0.9, abs=0.02)
    assert {one["ask"] for one in heard} >= {"describe", "verdict", "landscape"}
    assert "#" not in unquote(page.url)
