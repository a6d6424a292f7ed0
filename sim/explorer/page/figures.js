// Figures as SVG. Every text goes in as a text node: nothing of a file can become markup.

const SVG = "http://www.w3.org/2000/svg";
const FAILS = "#D55E00", HOLDS = "#0072B2", INK = "#111";
let patterns = 0; // each picture's hatch has a name of its own, several explorers may share a page

export function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function shown(x, digits = 3) {
  if (x === null || x === undefined) return "none";
  const text = Number(x.toPrecision(digits)).toString();
  return text.replace("-", "\u2212");
}

export function signed(x) {
  return (x > 0 ? "+" : x < 0 ? "\u2212" : "") + Math.abs(x).toFixed(3);
}

// A bar to both sides of 0, over a span that all bars of a table share.
export function bar(value, span) {
  const size = Math.min(1, Math.abs(value) / span) * 50 || 0;
  const left = value < 0 ? 50 - size : 50;
  return svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", class: "bar", "aria-hidden": "true" },
    svg("rect", { x: left, y: 1.5, width: size, height: 7, fill: value < 0 ? FAILS : HOLDS }),
    svg("line", { x1: 50, x2: 50, y1: 0, y2: 10, stroke: INK, "vector-effect": "non-scaling-stroke" }));
}

// Where a quantity on a grid is 0: one piece of line for each square that it crosses.
export function zeroLines(margin) {
  const pieces = [];
  for (let j = 0; j + 1 < margin.length; j++) {
    for (let i = 0; i + 1 < margin[j].length; i++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const values = corners.map(([a, b]) => margin[b][a]);
      if (values.includes(null)) continue;
      const hits = [];
      for (let k = 0; k < 4; k++) {
        const [v, w] = [values[k], values[(k + 1) % 4]];
        if ((v < 0) === (w < 0)) continue;
        const t = v / (v - w), [p, q] = [corners[k], corners[(k + 1) % 4]];
        hits.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
      }
      for (let k = 0; k + 1 < hits.length; k += 2) pieces.push([hits[k], hits[k + 1]]);
    }
  }
  return pieces;
}

const BOX = { left: 52, top: 8, width: 430, height: 300, right: 12, bottom: 44 };

function frame(label, xs, ys, xLabel, yLabel, box = BOX) {
  const { left, top, width, height } = box;
  const x = (v) => left + width * (v - xs[0]) / ((xs[1] - xs[0]) || 1);
  const y = (v) => top + height * (ys[1] - v) / ((ys[1] - ys[0]) || 1);
  const picture = svg("svg", { role: "img", "aria-label": label, class: "figure",
    viewBox: `0 0 ${left + width + box.right} ${top + height + box.bottom}` });
  const inside = svg("g"), rim = svg("g", { class: "rim" });
  rim.append(svg("rect", { x: left, y: top, width, height, fill: "none", stroke: INK }));
  for (const v of ticks(...xs)) {
    rim.append(svg("line", { x1: x(v), x2: x(v), y1: top + height, y2: top + height + 4, stroke: INK }),
      svg("text", { x: x(v), y: top + height + 16, "text-anchor": "middle" }, shown(v, 4)));
  }
  for (const v of ticks(...ys)) {
    rim.append(svg("line", { x1: left - 4, x2: left, y1: y(v), y2: y(v), stroke: INK }),
      svg("text", { x: left - 7, y: y(v) + 4, "text-anchor": "end" }, shown(v, 4)));
  }
  rim.append(svg("text", { x: left + width / 2, y: top + height + 36, "text-anchor": "middle" }, xLabel),
    svg("text", { transform: `translate(13 ${top + height / 2}) rotate(-90)`, "text-anchor": "middle" }, yLabel));
  picture.append(inside, rim);
  return { picture, inside, x, y, box };
}

function ticks(low, high) {
  const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((s) => s >= rough * 0.999);
  if (!(step > 0)) return [low];
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) out.push(k * step);
  return out;
}

const ends = (v) => { // a cell reaches half a step beyond its grid value
  const n = v.length, first = v[0] - (v[1] - v[0]) / 2, last = v[n - 1] + (v[n - 1] - v[n - 2]) / 2;
  return [first, last];
};

// The outcome over two parameters; pick(x, y) hears where it is clicked, or dragged over.
export function landscape(data, pick) {
  const { xs, ys, codes, margin } = data;
  const f = frame("landscape", ends(xs), ends(ys), data.x_label, data.y_label);
  const dx = f.x(xs[1]) - f.x(xs[0]), dy = f.y(ys[0]) - f.y(ys[1]);
  const name = `feasible-side-${++patterns}`;
  f.picture.prepend(svg("defs", {}, svg("pattern", { id: name, width: 7, height: 7,
    patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("line", { x1: 0, x2: 0, y1: 0, y2: 7, stroke: "#fff", "stroke-width": 2.2, opacity: 0.55 }))));
  rows(codes, (code, i, n, j) => f.inside.append(svg("rect", { x: f.x(xs[i]) - dx / 2, y: f.y(ys[j]) - dy / 2,
    width: n * dx, height: dy, fill: code < 0 ? "#F2F2F2" : data.colours[code], "shape-rendering": "crispEdges" })));
  const yes = margin.map((row) => row.map((v) => (v !== null && v > 0 ? 1 : 0)));
  rows(yes, (one, i, n, j) => one && f.inside.append(svg("rect", { x: f.x(xs[i]) - dx / 2,
    y: f.y(ys[j]) - dy / 2, width: n * dx, height: dy, fill: `url(#${name})` })));
  const at = ([i, j]) => `${f.x(xs[0]) + i * dx} ${f.y(ys[0]) - j * dy}`;
  const path = zeroLines(margin).map(([p, q]) => `M${at(p)}L${at(q)}`).join("");
  f.inside.append(svg("path", { d: path, stroke: INK, "stroke-width": 2.4, fill: "none", "stroke-linecap": "round" }));
  if (data.plausible) f.inside.append(plausible(f, data.plausible));
  const cross = svg("g", { class: "crosshair", "pointer-events": "none" });
  f.picture.append(cross);
  listen(f, xs, ys, pick);
  const draw = (x, y) => crosshair(f, cross, x, y);
  return { picture: f.picture, legend: legend(data), draw };
}

function rows(cells, each) { // runs of equal cells, so that a picture has few elements
  cells.forEach((row, j) => {
    for (let i = 0, n; i < row.length; i += n) {
      for (n = 1; i + n < row.length && row[i + n] === row[i]; n++);
      each(row[i], i, n, j);
    }
  });
}

function plausible(f, [[x0, x1], [y0, y1]]) {
  const { left, top, width, height } = f.box;
  const clip = (v, low, high) => Math.min(Math.max(v, low), high);
  const [a, b] = [x0, x1].map((v) => clip(f.x(v), left, left + width));
  const [c, d] = [y1, y0].map((v) => clip(f.y(v), top, top + height));
  return svg("rect", { x: a, y: c, width: b - a, height: d - c, fill: "none", stroke: INK,
    "stroke-width": 1.4, "stroke-dasharray": "5 2.5" });
}

function crosshair(f, group, x, y) {
  const { left, top, width, height } = f.box, [px, py] = [f.x(x), f.y(y)];
  group.replaceChildren();
  if (px < left - 1 || px > left + width + 1 || py < top - 1 || py > top + height + 1) return;
  group.append(svg("line", { x1: px, x2: px, y1: top, y2: top + height, stroke: INK, "stroke-opacity": 0.7 }),
    svg("line", { x1: left, x2: left + width, y1: py, y2: py, stroke: INK, "stroke-opacity": 0.7 }),
    svg("circle", { cx: px, cy: py, r: 5, fill: "#fff", stroke: INK, "stroke-width": 1.8 }));
}

function listen(f, xs, ys, pick) {
  const { left, top, width, height } = f.box, n = xs.length - 1, m = ys.length - 1;
  const cover = svg("rect", { x: left, y: top, width, height, fill: "transparent", class: "cover" });
  const hear = (event) => {
    const area = cover.getBoundingClientRect(), [e0, e1] = ends(xs), [u0, u1] = ends(ys);
    const x = e0 + (e1 - e0) * (event.clientX - area.left) / area.width;
    const y = u1 - (u1 - u0) * (event.clientY - area.top) / area.height;
    pick(Math.min(Math.max(x, xs[0]), xs[n]), Math.min(Math.max(y, ys[0]), ys[m]));
  };
  cover.addEventListener("pointerdown", (event) => { cover.setPointerCapture(event.pointerId); hear(event); });
  cover.addEventListener("pointermove", (event) => event.buttons && hear(event));
  f.picture.append(cover);
}

function legend(data) {
  const found = new Set(data.codes.flat().filter((code) => code >= 0));
  const entry = (style, text, kind = "") => html("li", {}, swatch(style, kind), html("span", {}, text));
  return html("ul", { class: "legend" },
    ...[...found].map((code) => entry(data.colours[code], data.labels[code])),
    entry("#fff", "a treaty is feasible on the hatched side of the thick line", "hatched"),
    data.plausible ? entry("#fff", "the file\u2019s ranges", "dashed") : null);
}

function swatch(colour, kind) {
  const mark = html("i", { class: `swatch ${kind}`, "aria-hidden": "true" });
  mark.style.background = kind ? "" : colour;
  return mark;
}

// The chance of a treaty by year: the mean, half and nine tenths of the draws, and the outside view.
export function fan(data) {
  const { years, unit, mean, bands, outside } = data, box = { ...BOX, height: 220 };
  const f = frame("forecast", [years[0], years.at(-1)], [0, 1], unit, "chance of a treaty", box);
  const line = (values) => values.map((v, k) => (v === null ? "" : `${f.x(years[k])},${f.y(v)}`)).join(" ");
  const band = (low, high, opacity) => svg("polygon", { fill: HOLDS, "fill-opacity": opacity,
    points: `${line(low)} ${high.map((v, k) => `${f.x(years[k])},${f.y(v)}`).reverse().join(" ")}` });
  f.inside.append(band(bands[0], bands[3], 0.16), band(bands[1], bands[2], 0.28),
    svg("polyline", { points: line(mean), fill: "none", stroke: HOLDS, "stroke-width": 2.4 }),
    svg("polyline", { points: line(outside), fill: "none", stroke: INK, "stroke-dasharray": "6 3" }));
  const entry = (kind, text) => html("li", {}, html("i", { class: `swatch ${kind}`, "aria-hidden": "true" }), text);
  const words = html("ul", { class: "legend" }, entry("mean", "mean"), entry("half", "half of the draws"),
    entry("most", "nine tenths of them"), entry("beside", "how often such disputes were settled elsewhere"));
  return { picture: f.picture, legend: words };
}
