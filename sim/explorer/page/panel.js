// The page: what was moved, what is asked about it, and where the answers are shown.

// A lane asks one thing at a time; what is moved meanwhile is asked once more, with the last values.
function lane(wait, question, ask, show) {
  let timer = null, busy = false, again = false;
  const go = async () => {
    timer = null;
    if (busy) { again = true; return; }
    busy = true;
    const asked = question();
    if (asked) {
      show(null);
      show(await ask(asked));
    }
    busy = false;
    if (again) { again = false; go(); }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(go, wait);
  };
}

export async function mount(el, ask, { link = false, values = null, told = () => {} } = {}) {
  el.classList.add("treatysim");
  const about = await ask({ ask: "describe", values: {} });
  if (about.error) { el.append(html("p", { class: "problem", role: "alert" }, about.error)); return null; }
  const state = { values: {}, axes: about.axes, other: "", ...(link ? fromLink(location.hash, about) : {}) };
  if (values) state.values = { ...values };
  const page = new Page(el, ask, about, state, link, told);
  page.start();
  return page;
}

export function fromLink(hash, about) {
  const given = new URLSearchParams(hash.replace(/^#/, "")), known = new Set(about.parameters.map((p) => p.path));
  const values = {}, lost = [], axes = [given.get("x"), given.get("y")];
  for (const [key, text] of given) {
    if (["x", "y", "with"].includes(key) && !known.has(key)) continue;
    if (known.has(key) && text.trim() !== "" && Number.isFinite(Number(text))) values[key] = Number(text);
    else lost.push(key);
  }
  const right = axes.every((path) => known.has(path)) && axes[0] !== axes[1];
  const other = about.others.includes(given.get("with")) ? given.get("with") : "";
  return { values, lost, other, ...(right ? { axes } : {}) };
}

class Page {
  constructor(el, ask, about, state, link, told) {
    Object.assign(this, { el, about, state, link, told });
    this.own = Object.fromEntries(about.parameters.map((one) => [one.path, one.value]));
    const labels = Object.fromEntries(about.parameters.map((one) => [one.path, one.label || one.path]));
    this.named = (path) => labels[path] ?? path;
    this.ask = (question) => ask({ values: this.state.values, ...question });
    const asking = (wait, question, show) => lane(wait, question, this.ask, show);
    this.lanes = {
      verdict: asking(0, () => ({ ask: "verdict" }), (a) => this.verdict(a)),
      share: asking(500, () => ({ ask: "share" }), (a) => this.share(a)),
      landscape: asking(250, () => this.grid(), (a) => this.landscape(a)),
      forecast: asking(900, () => (about.time ? { ask: "forecast" } : null), (a) => this.forecast(a)),
      beside: asking(150, () => (this.state.other ? { ask: "beside", other: this.state.other } : null),
        (a) => this.beside(a)),
    };
  }

  start() {
    const { about, state } = this;
    this.sliders = sliders(about.parameters, about.actors, state.axes, (path, value) => this.moved(path, value));
    this.parts = Object.fromEntries(["answer", "share", "why", "treaty", "ladder", "terms", "landscape", "forecast",
      "beside"].map((name) => [name, html("div", { class: name })]));
    this.parts.answer.setAttribute("aria-live", "polite");
    this.problem = html("p", { class: "problem", role: "alert", hidden: "" });
    this.el.replaceChildren(this.header(), html("div", { class: "columns" }, this.results(), this.sliders.panel), this.problem);
    for (const [path, value] of Object.entries(state.values)) this.sliders.set(path, value);
    this.noteLost(state.lost ?? []);
    if (this.link) addEventListener("hashchange", () => this.follow());
    this.refresh();
    if (about.first.length) this.sliders.lead(about.first);
    else this.ask({ ask: "matters" }).then((found) => found.paths && this.sliders.lead(found.paths));
  }

  header() {
    const { about } = this;
    document.title = this.link ? about.title : document.title;
    const button = (text, act) => html("button", { type: "button", onclick: act }, text);
    return html("header", {}, html("h1", {}, about.title), about.description ? html("p", {}, about.description) : null,
      html("p", { class: "buttons" }, button("Back to the file", () => this.reset()),
        this.link ? button("Copy link", (event) => this.copyLink(event.target)) : null,
        button("Save as YAML", () => this.save())));
  }

  results() {
    const { parts, about } = this;
    const block = (title, ...children) => html("section", { class: "block" }, html("h2", {}, title), ...children);
    return html("div", { class: "results" },
      html("section", { class: "verdict" }, parts.answer, parts.share),
      block("The landscape", this.axisChoice(), parts.landscape), block("What the treaty contains", parts.treaty),
      block("The ladder", parts.ladder), block("What each side gains and loses", parts.terms),
      about.time ? block("The forecast", parts.forecast) : null,
      about.others.length ? block("Beside another file", this.otherChoice(), parts.beside) : null,
      block("In full", parts.why));
  }

  axisChoice() {
    const free = this.about.parameters.filter((one) => one.moves && !one.structural);
    const choice = (k, word) => html("label", {}, `${word} `, html("select", { onchange: (event) => {
      this.state.axes = this.state.axes.map((path, n) => (n === k ? event.target.value : path));
      this.remember();
      this.lanes.landscape();
    } }, ...free.map((one) => html("option", { value: one.path, selected: one.path === this.state.axes[k] },
      this.named(one.path)))));
    return html("p", { class: "axes" }, ...(this.state.axes.length > 1 ? [choice(0, "across"), choice(1, "up")] : []));
  }

  otherChoice() {
    return html("p", {}, html("label", {}, "file ", html("select", { onchange: (event) => {
      this.state.other = event.target.value;
      this.parts.beside.replaceChildren();
      this.remember();
      this.lanes.beside();
    } }, html("option", { value: "" }, "none"), ...this.about.others.map((name) =>
      html("option", { value: name, selected: name === this.state.other }, name)))));
  }

  moved(path, value) {
    if (value === null) delete this.state.values[path];
    else this.state.values[path] = value;
    this.remember();
    this.crosshair();
    this.lanes.verdict();
    this.lanes.share();
    if (!this.state.axes.includes(path)) this.lanes.landscape();
    this.lanes.forecast();
    this.lanes.beside();
  }

  refresh() { Object.values(this.lanes).forEach((go) => go()); }

  reset() {
    for (const path of Object.keys(this.state.values)) this.sliders.set(path, null);
    this.state.values = {};
    this.noteLost([]);
    this.remember();
    this.crosshair();
    this.refresh();
  }

  remember() {
    this.told({ ...this.state.values });
    if (this.link) history.replaceState(null, "", this.address());
  }

  address() {
    const { values, axes, other } = this.state, query = new URLSearchParams(values);
    const usual = this.about.axes.every((path, k) => path === axes[k]);
    if (!usual) axes.forEach((path, k) => query.set("xy"[k], path));
    if (other) query.set("with", other);
    const text = query.toString();
    return text ? `#${text}` : location.pathname;
  }

  follow() { // the address was changed by hand, or a link to this page was opened in it
    const found = fromLink(location.hash, this.about);
    for (const path of Object.keys(this.state.values)) this.sliders.set(path, null);
    Object.assign(this.state, { axes: this.about.axes }, found);
    for (const [path, value] of Object.entries(found.values)) this.sliders.set(path, value);
    this.noteLost(found.lost);
    this.refresh();
  }

  async copyLink(button) {
    const text = new URL(this.address(), location.href).href;
    try { await navigator.clipboard.writeText(text); } catch { prompt("The link:", text); return; }
    button.textContent = "Link copied";
    setTimeout(() => { button.textContent = "Copy link"; }, 1500);
  }

  async save() {
    const found = await this.ask({ ask: "save" });
    if (this.failed(found)) return;
    const place = URL.createObjectURL(new Blob([found.text], { type: "application/yaml" }));
    const name = this.about.origin.split(/[\\/]/).at(-1).replace(/\.ya?ml$/, "") || "scenario";
    html("a", { href: place, download: `${name}-moved.yaml` }).click();
    setTimeout(() => URL.revokeObjectURL(place), 1000);
  }

  noteLost(paths) {
    this.lost = paths.length ? `Not in this file, and left out: ${paths.join(", ")}.` : "";
    this.tell("");
  }

  tell(text) {
    this.problem.textContent = [this.lost, text].filter(Boolean).join(" ");
    this.problem.hidden = !this.problem.textContent;
  }

  failed(answer) {
    if (answer?.error) this.tell(answer.error);
    return !answer || Boolean(answer.error);
  }

  verdict(found) {
    this.el.classList.toggle("asking", !found);
    if (this.failed(found)) return;
    this.tell(found.outside.length ? `Outside of what the file takes to be plausible: ${found.outside.join("; ")}.` : "");
    const { answer, why, treaty, ladder, terms } = this.parts;
    answer.dataset.feasible = String(found.feasible);
    answer.replaceChildren(html("p", {}, found.answer));
    treaty.replaceChildren(...contents(found));
    ladder.replaceChildren(...steps(found));
    terms.replaceChildren(...gains(found));
    why.replaceChildren(...found.sentences.map((text) => html("p", {}, text)), html("p", {}, html("code", {}, found.command)));
  }

  share(found) {
    this.parts.share.classList.toggle("old", !found);
    if (this.failed(found)) return;
    this.parts.share.replaceChildren(...[found.sentence, found.against].filter(Boolean).map((text) => html("p", {}, text)));
  }

  grid() {
    const [x, y] = this.state.axes;
    return y ? { ask: "landscape", x, y } : null;
  }

  landscape(found) {
    this.parts.landscape.classList.toggle("old", !found);
    if (this.failed(found)) return;
    const made = landscape(found, (x, y) => this.pick(found, x, y));
    this.map = { ...made, x: found.x, y: found.y };
    const share = found.feasible === null ? "" : `A treaty is feasible at ${shown(100 * found.feasible)} % of this plane.`;
    this.parts.landscape.replaceChildren(made.picture, made.legend, html("p", { class: "small" },
      `${share} Click or drag to set both values.`));
    this.crosshair();
  }

  pick(found, x, y) {
    for (const [path, value] of [[found.x, x], [found.y, y]]) {
      const rounded = Number(value.toPrecision(4));
      this.sliders.set(path, rounded);
      this.moved(path, rounded === this.own[path] ? null : rounded);
    }
  }

  crosshair() {
    if (!this.map) return;
    const at = (path) => this.state.values[path] ?? this.own[path];
    this.map.draw(at(this.map.x), at(this.map.y));
  }

  forecast(found) {
    this.parts.forecast.classList.toggle("old", !found);
    if (this.failed(found)) return;
    const made = fan(found);
    this.parts.forecast.replaceChildren(html("p", {}, found.sentence), made.picture, made.legend);
  }

  beside(found) {
    if (this.failed(found)) return;
    const row = (path, here, there) => html("tr", {}, html("td", {}, this.named(path)), html("td", { class: "n" }, shown(here, 6)),
      html("td", { class: "n" }, shown(there, 6)));
    const more = found.unlike_in_all - found.unlike.length;
    this.parts.beside.replaceChildren(html("h3", {}, found.title), html("p", {}, found.answer), ...contents(found),
      table(["rung", "best", "holds", "treaty"], found.rungs), found.unlike.length ? html("table", {},
        html("caption", {}, `Values that differ: ${found.unlike_in_all} of ${found.shared} in both${more > 0 ? ", the first" : ""}`),
        html("thead", {}, html("tr", {}, ...["parameter", "here", "there"].map((text) => html("th", {}, text)))),
        html("tbody", {}, ...found.unlike.map((one) => row(...one)))) : html("p", {}, "All values in both files are the same."));
  }
}

function contents(found) {
  if (!found.treaty.length) return [html("p", {}, "The file has no treaty.")];
  const changed = found.treaty.filter((one) => one.changes), same = found.treaty.filter((one) => !one.changes);
  const kept = same.length ? `As it is: ${same.map((one) => one.issue_label || one.issue).join(", ")}.` : "";
  const predicted = found.predicted ? `The game leads to \u2018${found.predicted.outcome}\u2019` : "";
  const deal = (found.predicted?.contents ?? []).filter((one) => one.changes).map((one) => said(one)).join(", ");
  return [html("p", { class: "small" }, found.feasible ? "The best treaty:" : "The treaty that comes nearest:"),
    html("ul", { class: "deal" }, ...changed.map((one) => html("li", {}, said(one)))), html("p", { class: "small" },
      [kept, predicted && `${predicted}${deal ? `: ${deal}` : ""}.`].filter(Boolean).join(" "))];
}

const said = (one) => `${one.issue_label || one.issue}: ${one.position_label || one.position}`;

function steps(found) {
  const span = Math.max(0.2, ...found.steps.map((one) => Math.min(1, Math.abs(one.slack ?? 0))));
  const row = (one) => html("tr", { class: one.binds ? "binds" : one.slack < 0 ? "fails" : "" },
    html("td", {}, one.label || `${one.actor}: ${one.constraint}`),
    html("td", { class: "n" }, one.slack === null ? "not engaged" : signed(one.slack)), html("td", {}, bar(one.slack ?? 0, span)));
  const rungs = [...new Set(found.steps.map((one) => one.rung))];
  const body = (rung) => html("tbody", {}, html("tr", {}, html("th", { colspan: 3, scope: "rowgroup" }, rung)),
    ...found.steps.filter((one) => one.rung === rung).map(row));
  return [html("table", { class: "ladder" }, html("caption", {}, "Gains and slacks of that treaty; below 0 fails, bold is lowest"),
    ...rungs.map(body))];
}

function gains(found) {
  return Object.entries(found.terms).map(([actor, terms]) => {
    const sum = terms.reduce((total, one) => total + one.after - one.before, 0);
    const span = Math.max(0.05, ...terms.map((one) => Math.abs(one.after - one.before)));
    const row = (name, change, kind) => html("tr", { class: kind }, html("td", {}, name),
      html("td", { class: "n" }, signed(change)), html("td", {}, bar(change, span)));
    const moves = terms.filter((one) => one.after !== one.before);
    return html("table", { class: "terms" }, html("caption", {}, `${found.names?.[actor] ?? actor}: treaty against status quo, in payoff spreads`),
      html("tbody", {}, ...moves.map((one) => row(one.label || one.term, one.after - one.before, "")), row("in all", sum, "binds")));
  });
}

function table(columns, rows) {
  return html("table", {}, html("thead", {}, html("tr", {}, ...columns.map((text) => html("th", {}, text)))),
    html("tbody", {}, ...rows.map((row) => html("tr", {}, ...row.map((text) => html("td", {}, text))))));
}

// In a notebook: questions go through the kernel, each with a number that its answer bears.
export function inNotebook(model, el) {
  const waiting = new Map();
  let number = 0;
  const hear = (message) => {
    waiting.get(message.number)?.(message.answer);
    waiting.delete(message.number);
  };
  model.on("msg:custom", hear);
  const ask = (question) => new Promise((resolve) => {
    waiting.set(++number, resolve);
    model.send({ ...question, number });
  });
  const told = (values) => { model.set("values", values); model.save_changes(); };
  mount(el, ask, { values: model.get("values"), told });
  return () => model.off("msg:custom", hear);
}
