// What stands below the front: parameters, effects, tables, what did not run; and the drawing of all. Goes on in the scope of
// report.js.
// True of a parameter that the sweep varies by ratios.
const isLog = path => (data.sweep.parameters || []).some(p => p.path === path && p.log) ? true : undefined;
const brushes = new Map();
function drawParallel() {
  const columns = data.paths.map((name, i) => ({name, of: p => p.p[i], unit: data.pathUnits[i], log: isLog(name)}))
    .concat(data.objectives.map((name, i) => ({name, of: p => p.v[i], unit: data.units[i], objective: true})));
  brushes.clear();
  const width = Math.max(room("#parallel .plot"), 110 * columns.length), height = 360;
  const svg = canvas(d3.select("#parallel .plot"), "parameters", width, height);
  const place = d3.scalePoint().domain(columns.map((c, i) => i)).range([60, width - 60]);
  columns.forEach((c, i) => { c.x = place(i); c.y = scaleOf(done.map(c.of), [height - 30, 50], !c.objective, c.log); });
  const path = p => d3.line().defined(c => c.of(p) !== null && c.of(p) !== undefined)
    .x(c => c.x).y(c => c.y(c.of(p)))(columns);
  const lines = svg.append("g").attr("fill", "none").selectAll("path")
    .data(done.slice().sort((p, q) => p.f - q.f)).enter().append("path").attr("d", path)
    .attr("stroke", p => p.f ? colour.front : colour.other).attr("stroke-width", p => p.f ? 1.8 : 0.8)
    .attr("stroke-opacity", p => p.f ? 1 : 0.45);
  const refresh = () => lines.attr("display", p => [...brushes].every(([c, [top, bottom]]) => {
    const at = c.y(c.of(p));
    return at >= top && at <= bottom;
  }) ? null : "none");
  columns.forEach((c, i) => {
    const column = svg.append("g").attr("transform", `translate(${c.x},0)`);
    column.call(axis(d3.axisLeft, c.y, c.y.words ? 16 : 6, c.unit));
    column.selectAll(".tick text").attr("stroke", colour.paper).attr("stroke-width", 3).attr("paint-order", "stroke");
    column.append("text").attr("y", i % 2 ? 36 : 16).attr("text-anchor", "middle").attr("fill", colour.ink)
      .attr("font-weight", c.objective ? 700 : 400).text(c.objective ? c.name : short(c.name)).append("title").text(c.name);
    column.append("g").call(d3.brushY().extent([[-12, 50], [12, height - 30]]).on("brush end", () => {
      if (d3.event.selection) brushes.set(c, d3.event.selection); else brushes.delete(c);
      refresh();
    }));
  });
}

function drawEffects() {
  const which = +element("effects-of").value, objective = data.objectives[which];
  const effects = data.effects.filter(e => e.objective === objective).sort((a, b) => b.share - a.share);
  const width = room("#sensitivity"), narrow = width < 640, row = narrow ? 40 : 26, left = narrow ? 4 : 320;
  const bars = effects.map(e => ({path: e.path, share: e.share, fill: colour.front}));
  if (data.unexplained[which] >= 0.005) bars.push({path: "together, or unexplained", share: data.unexplained[which], fill: colour.other});
  const svg = canvas(d3.select("#sensitivity"), "sensitivities", width, row * bars.length + 10);
  const x = d3.scaleLinear().domain([0, 1]).range([left, width - 60]);
  bars.forEach((e, i) => {
    const top = i * row + (narrow ? 18 : 5);
    svg.append("text").attr("x", narrow ? left : left - 10).attr("y", narrow ? i * row + 13 : top + 13)
      .attr("text-anchor", narrow ? "start" : "end").text(e.path);
    svg.append("rect").attr("x", x(0)).attr("y", top).attr("width", x(e.share) - x(0)).attr("height", 16).attr("fill", e.fill);
    svg.append("text").attr("x", x(e.share) + 6).attr("y", top + 13).text(d3.format(".0%")(e.share));
  });
  const across = Math.max(1, Math.floor(width / 300)), cell = Math.floor(width / across), high = 190;
  const plot = canvas(d3.select("#main-effects"), "main effects", width, high * Math.ceil(effects.length / across) + 10);
  const means = effects.map(e => e.means.map(m => m[1])).reduce((a, b) => a.concat(b), []);
  const y = numberScale(means, [high - 34, 26]);
  effects.forEach((e, i) => {
    const numeric = e.means.every(m => m[0] !== "" && !isNaN(+m[0])), unit = data.pathUnits[data.paths.indexOf(e.path)];
    const points = e.means.map(m => [numeric ? +m[0] : m[0], m[1]]).sort((a, b) => numeric ? a[0] - b[0] : 0);
    const g = plot.append("g").attr("transform", `translate(${(i % across) * cell},${Math.floor(i / across) * high})`);
    const across_scale = scaleOf(points.map(p => p[0]), [74, cell - 20], true, isLog(e.path));
    g.append("g").attr("transform", `translate(0,${high - 34})`).call(axis(d3.axisBottom, across_scale, 4, unit));
    g.append("g").attr("transform", "translate(74,0)").call(axis(d3.axisLeft, y, 4, data.units[which]));
    g.append("path").attr("fill", "none").attr("stroke", colour.front).attr("stroke-width", 1.8)
      .attr("d", d3.line().x(p => across_scale(p[0])).y(p => y(p[1]))(points));
    g.selectAll("circle").data(points).enter().append("circle").attr("r", 3.5).attr("fill", colour.front)
      .attr("cx", p => across_scale(p[0])).attr("cy", p => y(p[1])).append("title")
      .text(p => `${withUnit(p[0], unit)}: ${inUnit(which, p[1])}`);
    g.append("text").attr("x", 10).attr("y", 14).text(short(e.path)).append("title").text(e.path);
  });
}

let order = {column: 1, up: data.maximize[0] ? -1 : 1};
function drawTable() {
  const columns = [{name: "point", of: p => p.n}]
    .concat(data.objectives.map((name, i) => ({name, of: p => p.v[i], spread: p => p.d[i], unit: data.units[i]})))
    .concat(data.paths.map((name, i) => ({name, of: p => p.p[i], parameter: true, unit: data.pathUnits[i]})));
  const table = d3.select("#table");
  table.selectAll("*").remove();
  const head = table.append("thead").append("tr");
  columns.forEach((c, i) => head.append("th").attr("aria-sort", order.column === i ? (order.up > 0 ? "ascending" : "descending") : null)
    .append("button").text(c.parameter ? short(c.name) : c.name).attr("title", c.name).on("click", () => {
      order = {column: i, up: order.column === i ? -order.up : 1};
      drawTable();
    }));
  const chosen = columns[order.column].of;
  const compare = (a, b) => a === b ? 0 : a === null || a === undefined ? 1 : a < b ? -order.up : order.up;
  const rows = (element("all-points").checked ? done : done.filter(p => p.f)).slice()
    .sort((p, q) => compare(chosen(p), chosen(q)) || p.n - q.n);
  const lines = table.append("tbody").selectAll("tr").data(rows).enter().append("tr").attr("tabindex", 0)
    .attr("class", p => p.f ? "front" : null).on("click", p => show(p.n))
    .on("keydown", p => { if (d3.event.key === "Enter") show(p.n); });
  columns.forEach(c => lines.append("td").text(p => c.spread && c.spread(p) > 0 ?
    `${withUnit(c.of(p), c.unit)} ± ${withUnit(c.spread(p), c.unit)}` : withUnit(c.of(p), c.unit)));
}

function drawMap() {
  const reasons = d3.nest().key(p => p.s + ": " + ((p.r.match(/\[([A-Z]+-[A-Z-]+)\]/) || [0, p.r.slice(0, 60)])[1]))
    .rollup(list => list.length).entries(failed);
  element("reasons").textContent = failed.length === 0 ? "Every point ran." :
    reasons.map(r => `${r.value} × ${r.key}`).join("; ") + ". Crosses did not run.";
  if (failed.length === 0) {
    document.querySelectorAll(".crosses").forEach(e => e.hidden = true);
    element("infeasible-link").hidden = true;
    return;
  }
  if (!data.paths.length) return;
  const a = +element("map-x").value, b = +element("map-y").value;
  const width = room("#infeasible .plot"), height = Math.max(260, Math.min(420, width / 2)), margin = {left: 90, right: 20, top: 24, bottom: 44};
  const svg = canvas(d3.select("#infeasible .plot"), "infeasible", width, height);
  const x = scaleOf(data.points.map(p => p.p[a]), [margin.left + 16, width - margin.right - 16], true, isLog(data.paths[a]));
  const y = scaleOf(data.points.map(p => p.p[b]), [height - margin.bottom - 14, margin.top + 14], true, isLog(data.paths[b]));
  axes(svg, x, y, width, height, margin, data.paths[a], data.paths[b], data.pathUnits[a], data.pathUnits[b]);
  // Points at the same place stand beside each other.
  const places = d3.nest().key(p => JSON.stringify([p.p[a], p.p[b]])).entries(data.points);
  places.forEach(place => {
    const across = Math.ceil(Math.sqrt(place.values.length));
    place.values.forEach((p, i) => {
      if (p.p[a] === null || p.p[b] === null) return;
      const spread = Math.min(7, 40 / across);
      const cx = x(p.p[a]) + (i % across - (across - 1) / 2) * spread, cy = y(p.p[b]) + (Math.floor(i / across) - (across - 1) / 2) * spread;
      const mark = p.s === "done" ? svg.append("circle").attr("r", 2.4).attr("fill", colour.other).attr("cx", cx).attr("cy", cy)
        : svg.append("path").datum(p).attr("class", "cross").attr("stroke", colour.bad).attr("stroke-width", 1.8).attr("d", `M${cx - 3},${cy - 3}l6,6m0,-6l-6,6`);
      mark.style("cursor", "pointer").on("click", () => show(p.n)).append("title").text(`point ${p.n}: ${p.s}\n${p.r}`);
    });
  });
  reachable(svg.selectAll(".cross"), p => `point ${p.n}: ${p.s}, ${p.r.split("\n")[0]}`);
}

function chipOf(p) {
  if (typeof p.c === "string") return p.c;
  const lines = data.chip.slice();
  for (let i = 0; i < p.c.length; i += 2) lines[p.c[i]] = p.c[i + 1];
  return lines.join("\n");
}

function show(number) {
  const p = byNumber.get(number), detail = element("detail");
  detail.textContent = "";
  const add = (tag, text) => { const e = document.createElement(tag); e.textContent = text; detail.append(e); return e; };
  add("h3", `Point ${p.n}: ${p.s}${p.f ? ", on the front" : ""}${p.g === "screen" ? ", screened only" : ""}`);
  if (p.r) add("pre", p.r);
  const lines = data.objectives.map((o, i) => `${o}: ${inUnit(i, p.v[i])}${p.d[i] > 0 ? " ± " + inUnit(i, p.d[i]) : ""}`)
    .concat(data.paths.map((path, i) => `${path}: ${ofPath(i, p.p[i])}`))
    .concat(Object.entries(data.sweep.fixed).map(([path, value]) => `${path}: ${value}`));
  add("pre", lines.join("\n"));
  add("p", `seamount explore show ${data.store} ${p.n} prints every counter; seamount explore rerun ${data.store} ${p.n} runs it again.`);
  const chip = add("details", "");
  chip.append(Object.assign(document.createElement("summary"), {textContent: "The complete chip"}));
  chip.append(Object.assign(document.createElement("pre"), {textContent: chipOf(p)}));
  detail.focus();
  detail.scrollIntoView({block: "nearest"});
}

if (data.ranks.length) {
  element("screening").hidden = false;
  element("ranks").innerHTML = "";
  data.ranks.forEach(r => {
    element("ranks").append(Object.assign(document.createElement("p"), {textContent:
      `${r.objective}: ${r.swapped} of ${r.pairs} pairs change order. ` + r.examples.join("; ")}));
  });
  if (data.lost.length) element("ranks").append(`Screened front only: points ${data.lost.join(", ")}.`);
}

function listFixed() {
  const rows = [["network", data.sweep.network], ["chip", data.sweep.chip || "loihi1"], ["strategy", data.sweep.strategy]]
    .concat(Object.entries(data.sweep.fixed));
  if ((data.sweep.seeds || []).length) rows.push(["seeds", data.sweep.seeds.join(", ")]);
  if (data.sweep.screen) rows.push(["screen", Object.entries(data.sweep.screen).map(e => e.join(" = ")).join(", ")]);
  const lines = d3.select("#fixed-table").append("tbody").selectAll("tr").data(rows).enter().append("tr");
  lines.append("td").text(r => r[0]);
  lines.append("td").text(r => format(r[1]));
}

const pair = bestPair();
options("front-x", data.objectives, pair[0]).onchange = () => { proposeScales(); drawFront(); };
options("front-y", data.objectives, pair[1]).onchange = () => { proposeScales(); drawFront(); };
options("effects-of", data.objectives, 0).onchange = drawEffects;
options("map-x", data.paths, 0).onchange = drawMap;
options("map-y", data.paths, Math.min(1, data.paths.length - 1)).onchange = drawMap;
element("all-points").onchange = drawTable;
element("log-x").onchange = drawFront;
element("log-y").onchange = drawFront;
// Logarithmic where the values span more than a decade or so, and only where they can be.
function proposeScales() {
  [["log-x", "front-x"], ["log-y", "front-y"]].forEach(([box, axis]) => {
    const values = done.filter(p => p.v.length).map(p => p.v[+element(axis).value]);
    element(box).checked = isWide(values);
    element(box).disabled = !(d3.min(values) > 0);
  });
}
if (single) {
  element("front-title").textContent = element("front-link").textContent = "Objective";
  element("front-text").textContent = `Filled: the best in ${data.objectives[0]}. The line is the best so far.`;
  document.querySelectorAll(".two").forEach(e => e.hidden = true);
}
if (data.chosen) {
  element("effects-note").textContent = "The search chose the points: they are no random sample, and parameters that it moved " +
    "together can be told apart only as far as it moved them separately.";
}
function draw() {
  drawFront();
  drawParallel();
  drawEffects();
  drawTable();
  drawMap();
}
listFixed();
proposeScales();
draw();
let drawnAt = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth === drawnAt) return;
  drawnAt = window.innerWidth;
  draw();
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); draw(); });
document.body.dataset.ready = "yes";
