// Sliders by actor, with sources and ranges. Those that move the margin most come first, the rest are folded.

const FIRST = 6;

export function sliders(parameters, actors, axes, moved) {
  const rows = new Map(parameters.map((one) => [one.path, slider(one, moved)]));
  const first = html("div", { class: "sliders first" });
  const groups = new Map();
  for (const one of parameters) {
    if (!groups.has(one.group)) groups.set(one.group, group(one.group_label || "other", actors));
    groups.get(one.group).append(rows.get(one.path).row);
  }
  const order = [...actors, ...groups.keys()];
  const sorted = [...groups.entries()].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
  const search = html("input", { type: "search", placeholder: "find a parameter", "aria-label": "find a parameter",
    oninput: (event) => find(event.target.value, rows, sorted) });
  const lead = (paths) => { // the axes of the landscape, then what matters
    for (const path of [...new Set([...axes, ...paths])].slice(0, Math.max(FIRST, axes.length))) {
      if (rows.has(path)) first.append(rows.get(path).row);
    }
    count(sorted);
  };
  lead([]);
  const panel = html("section", { class: "parameters" }, html("h2", {}, "What to move"), first,
    html("h2", {}, "All other parameters"), search, ...sorted.map(([, element]) => element));
  return { panel, lead, set: (path, value) => rows.get(path)?.set(value), has: (path) => rows.has(path) };
}

function group(name) {
  return html("details", { class: "group", "data-name": name }, html("summary", {}, name));
}

function count(sorted) {
  for (const [, element] of sorted) {
    const many = element.querySelectorAll(".slider").length;
    element.firstChild.textContent = `${element.dataset.name} (${many})`;
    element.hidden = many === 0;
  }
}

function find(text, rows, sorted) {
  const wanted = text.trim().toLowerCase();
  for (const { row, words } of rows.values()) {
    row.hidden = Boolean(wanted) && !words.includes(wanted);
  }
  for (const [, element] of sorted) {
    const hits = [...element.querySelectorAll(".slider")].some((row) => !row.hidden);
    element.open = Boolean(wanted) && hits;
  }
}

function slider(one, moved) {
  const name = one.label || one.path;
  const number = html("input", { type: "number", step: "any", value: one.value, "aria-label": `${name}, number` });
  const range = one.moves ? html("input", { type: "range", min: one.low, max: one.high, step: "any",
    value: one.value, "aria-label": name, list: null }) : null;
  const back = html("button", { type: "button", class: "back", title: "back to the file\u2019s value", hidden: "" }, "\u21ba");
  const row = html("div", { class: "slider", "data-path": one.path },
    html("label", {}, html("span", { class: "name" }, name),
      one.label ? html("code", {}, one.path) : null), back, number, range, about(one));
  const set = (value, told = false) => {
    number.value = Number(value.toPrecision(6));
    if (range) range.value = value;
    back.hidden = value === one.value;
    row.classList.toggle("moved", value !== one.value);
    row.classList.toggle("beyond", Boolean(one.range) && (value < one.range[0] || value > one.range[1]));
    if (told) moved(one.path, value === one.value ? null : value);
  };
  range?.addEventListener("input", () => set(snapped(one, Number(range.value)), true));
  number.addEventListener("change", () => {
    const value = Number(number.value);
    set(number.value.trim() !== "" && Number.isFinite(value) ? value : one.value, true);
  });
  back.addEventListener("click", () => set(one.value, true));
  if (range && one.range) band(range, one);
  const words = [name, one.path, one.unit, one.source, one.note].join(" ").toLowerCase();
  return { row, set: (value) => set(value ?? one.value), words };
}

function snapped(one, x) { // the file's own value can be found again; levels are the only values of a flag
  if (one.levels) return one.levels.reduce((a, b) => (Math.abs(b - x) < Math.abs(a - x) ? b : a));
  const near = one.step ?? 0;
  if (Math.abs(x - one.value) < near / 2) return one.value;
  return near ? Number((Math.round(x / near) * near).toPrecision(12)) : x;
}

function band(range, one) { // the file's range as a darker stretch of the track
  const place = (v) => `${(100 * (v - one.low)) / ((one.high - one.low) || 1)}%`;
  range.style.setProperty("--from", place(one.range[0]));
  range.style.setProperty("--to", place(one.range[1]));
}

function about(one) {
  const parts = [];
  if (one.range) parts.push(`${shown(one.range[0], 6)} to ${shown(one.range[1], 6)}`);
  else if (one.levels) parts.push(one.levels.map((v) => shown(v, 6)).join(", "));
  if (one.unit) parts.push(one.unit);
  const source = one.source.trim().toLowerCase() === "assumed" ? "" : one.source;
  const told = [source, one.note].filter(Boolean).join("; ");
  return html("p", { class: "about" }, parts.join(" \u00b7 "),
    one.assumed ? html("b", { class: "assumed" }, "assumed") : null,
    one.structural ? html("b", { class: "assumed" }, "decides which agreements exist") : null,
    told ? html("span", { class: "source", title: told }, told) : null);
}
