"use strict";
// Blue (Okabe-Ito 0072b2) and filled for the front, grey for the rest, orange-red crosses for what did not run: told apart
// by shape and lightness too, not by colour alone.
const kFront = "#0072b2", kOther = "#9aa0aa", kBad = "#d55e00", kInk = "#1a1a1a";
const done = data.points.filter(p => p.s === "done");
const failed = data.points.filter(p => p.s !== "done");
const whole = d3.format(","), plain = d3.format(".4~r"), prefixed = d3.format(".4~s");
const tick = v => Number.isInteger(v) && Math.abs(v) < 1e6 ? whole(v) :
  Math.abs(v) >= 1e-3 && Math.abs(v) < 1e5 ? plain(v) : prefixed(v);
const format = v => typeof v === "number" ? tick(v) : v === null || v === undefined ? "–" : String(v);
// The last part of a path where no other ends the same.
const last = path => path.split(".").slice(-1)[0];
const short = path => data.paths.filter(other => last(other) === last(path)).length > 1 ? path : last(path);
const byNumber = new Map(data.points.map(p => [p.n, p]));
const element = id => document.getElementById(id);

element("title").textContent = data.name;
element("overview").textContent = `${data.points.length} points of ${data.sweep.network} on ${data.sweep.chip || "loihi1"}, ` +
  `${done.length} done, ${data.points.filter(p => p.f).length} on the front; strategy ${data.sweep.strategy}. Seamount ${data.version}.`;

function options(id, names, chosen) {
  const select = element(id);
  names.forEach((name, i) => {
    const option = document.createElement("option");
    option.value = i;
    option.textContent = name;
    option.selected = i === chosen;
    select.append(option);
  });
  return select;
}

// Buttons that save a plot as SVG or PNG.
function savable(holder, name) {
  const bar = holder.append("div").attr("class", "save");
  const source = () => {
    const node = holder.select("svg").node().cloneNode(true);
    node.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return new XMLSerializer().serializeToString(node);
  };
  const download = (href, ending) => {
    const link = document.createElement("a");
    link.href = href;
    link.download = `${data.name}-${name}.${ending}`;
    link.click();
  };
  bar.append("button").text("SVG").attr("aria-label", `Save ${name} as SVG`)
    .on("click", () => download("data:image/svg+xml;charset=utf-8," + encodeURIComponent(source()), "svg"));
  bar.append("button").text("PNG").attr("aria-label", `Save ${name} as PNG`).on("click", () => {
    const image = new Image(), svg = holder.select("svg");
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * svg.attr("width");
      canvas.height = 2 * svg.attr("height");
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      download(canvas.toDataURL("image/png"), "png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(source());
  });
}

function canvas(holder, name, width, height) {
  holder.selectAll("*").remove();
  const svg = holder.append("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`)
    .attr("role", "img").attr("aria-label", name).attr("font-family", "system-ui, sans-serif").attr("font-size", 12);
  svg.append("rect").attr("width", width).attr("height", height).attr("fill", "#fff");
  savable(holder, name);
  return svg;
}

function numberScale(values, range) {
  let [low, high] = d3.extent(values);
  if (low === undefined) [low, high] = [0, 1];
  if (low > 0 && high / low > 20) {
    return Object.assign(d3.scaleLog().domain([low / 1.1, high * 1.1]).range(range), {logarithmic: true});
  }
  if (low === high) [low, high] = [low - Math.abs(low) * 0.1 - 1e-9, high + Math.abs(high) * 0.1 + 1e-9];
  return d3.scaleLinear().domain([low, high]).range(range).nice();
}

// About `count` ticks: of a logarithmic scale 1, 2 and 5 of each decade, or its powers of ten.
function ticksOf(scale, count) {
  if (!scale.logarithmic) return scale.ticks(count);
  const [low, high] = scale.domain(), decades = d3.range(Math.floor(Math.log10(low)), Math.log10(high) + 1);
  const of = factors => d3.merge(decades.map(e => factors.map(f => +`${f}e${e}`))).filter(v => v >= low && v <= high);
  return [[1, 2, 5], [1, 3], [1]].map(of).find(ticks => ticks.length <= 1.5 * count) || of([1]);
}

// A scale for any column: numbers, or words at equal distances. So stand the values of a parameter if they are few.
function scaleOf(values, range, isParameter) {
  const known = values.filter(v => v !== null && v !== undefined);
  const numeric = known.every(v => typeof v === "number"), levels = [...new Set(known)];
  if (numeric && !(isParameter && levels.length <= 16)) return numberScale(known, range);
  levels.sort(numeric ? d3.ascending : (a, b) => d3.ascending(String(a), String(b)));
  const scale = d3.scalePoint().domain(levels.map(String)).range(range).padding(0.5);
  const lookup = v => scale(String(v));
  return Object.assign(lookup, {words: scale, label: v => numeric ? tick(+v) : v});
}

// The axis of a scale with ticks that have room: `count` numbers, or every so many words.
function axis(side, scale, count) {
  if (!scale.words) return side(scale).tickValues(ticksOf(scale, count)).tickFormat(tick);
  const words = scale.words.domain(), every = Math.ceil(words.length / count);
  return side(scale.words).tickValues(words.filter((w, i) => i % every === 0)).tickFormat(scale.label);
}

function axes(svg, x, y, width, height, margin, xName, yName) {
  svg.append("g").attr("transform", `translate(0,${height - margin.bottom})`)
    .call(axis(d3.axisBottom, x, x.words ? 13 : 7));
  svg.append("g").attr("transform", `translate(${margin.left},0)`)
    .call(axis(d3.axisLeft, y, y.words ? 16 : 6));
  svg.append("text").attr("x", width - margin.right).attr("y", height - 6).attr("text-anchor", "end").text(xName);
  svg.append("text").attr("x", 6).attr("y", 14).text(yName);
}

// Marks that the keyboard reaches: Tab goes to the first, arrows walk, Enter shows the point.
function reachable(marks, label) {
  marks.attr("tabindex", (d, i) => i === 0 ? 0 : -1).attr("role", "button").attr("aria-label", label)
    .style("cursor", "pointer").on("click", p => show(p.n))
    .on("keydown", function(p, i, nodes) {
      const key = d3.event.key;
      if (key === "Enter" || key === " ") { d3.event.preventDefault(); show(p.n); }
      const step = key === "ArrowRight" || key === "ArrowUp" ? 1 : key === "ArrowLeft" || key === "ArrowDown" ? -1 : 0;
      if (step === 0 || !nodes[i + step]) return;
      d3.event.preventDefault();
      nodes[i].setAttribute("tabindex", -1);
      nodes[i + step].setAttribute("tabindex", 0);
      nodes[i + step].focus();
    });
}

function describe(p) {
  return `point ${p.n} (${p.s})\n` + data.paths.map((path, i) => `${path} ${format(p.p[i])}`).join("\n") + "\n" +
    data.objectives.map((o, i) => `${o} ${format(p.v[i])}`).join("\n");
}

// The points that no other beats in both of two objectives, from left to right.
function frontOfTwo(a, b) {
  const cost = (p, i) => data.maximize[i] ? -p.v[i] : p.v[i];
  let best = Infinity;
  return done.filter(p => p.v.length).sort((p, q) => cost(p, a) - cost(q, a) || cost(p, b) - cost(q, b))
    .filter(p => cost(p, b) < best && ((best = cost(p, b)), true)).sort((p, q) => p.v[a] - q.v[a]);
}

// The two objectives that contradict each other most: their front has the most points.
function bestPair() {
  const pairs = d3.cross(d3.range(data.objectives.length), d3.range(data.objectives.length)).filter(([a, b]) => a < b);
  if (!pairs.length) return [0, 0];
  return pairs.map(pair => [frontOfTwo(...pair).length, pair]).reduce((x, y) => y[0] > x[0] ? y : x)[1];
}

function drawFront() {
  const a = +element("front-x").value, b = +element("front-y").value;
  const width = 860, height = 420, margin = {left: 70, right: 20, top: 24, bottom: 44};
  const svg = canvas(d3.select("#front .plot"), "front", width, height);
  const shown = done.filter(p => p.v.length);
  const x = numberScale(shown.map(p => p.v[a]), [margin.left, width - margin.right]);
  const y = numberScale(shown.map(p => p.v[b]), [height - margin.bottom, margin.top]);
  axes(svg, x, y, width, height, margin, data.objectives[a], data.objectives[b]);
  const front = shown.filter(p => p.f).sort((p, q) => p.v[a] - q.v[a] || p.v[b] - q.v[b]);
  svg.append("path").attr("fill", "none").attr("stroke", kFront).attr("stroke-width", 1.5)
    .attr("stroke-dasharray", data.objectives.length === 2 ? null : "4 3")
    .attr("d", d3.line().x(p => x(p.v[a])).y(p => y(p.v[b]))
      .curve(data.maximize[a] ? d3.curveStepBefore : d3.curveStepAfter)(frontOfTwo(a, b)));
  svg.append("g").attr("stroke", kOther).attr("stroke-width", 1.2).selectAll("line").data(shown.filter(p => p.d[b] > 0)).enter()
    .append("line").attr("x1", p => x(p.v[a])).attr("x2", p => x(p.v[a]))
    .attr("y1", p => y(p.v[b] - p.d[b])).attr("y2", p => y(p.v[b] + p.d[b]));
  svg.append("g").selectAll("circle").data(shown.filter(p => !p.f)).enter().append("circle").attr("class", "rest")
    .attr("r", 3).attr("fill", "#fff").attr("stroke", kOther).attr("stroke-width", 1.2)
    .attr("cx", p => x(p.v[a])).attr("cy", p => y(p.v[b])).on("click", p => show(p.n)).append("title").text(describe);
  const best = svg.append("g").selectAll("circle").data(front).enter().append("circle").attr("class", "best")
    .attr("r", 5).attr("fill", kFront).attr("stroke", "#fff").attr("cx", p => x(p.v[a])).attr("cy", p => y(p.v[b]));
  reachable(best, p => `point ${p.n}: ` + data.objectives.map((o, i) => `${o} ${format(p.v[i])}`).join(", "));
  best.append("title").text(describe);
}

const brushes = new Map();
function drawParallel() {
  const columns = data.paths.map((name, i) => ({name, of: p => p.p[i]}))
    .concat(data.objectives.map((name, i) => ({name, of: p => p.v[i], objective: true})));
  const width = Math.max(860, 110 * columns.length), height = 360;
  const svg = canvas(d3.select("#parallel .plot"), "parameters", width, height);
  const place = d3.scalePoint().domain(columns.map((c, i) => i)).range([60, width - 60]);
  columns.forEach((c, i) => { c.x = place(i); c.y = scaleOf(done.map(c.of), [height - 30, 50], !c.objective); });
  const path = p => d3.line().defined(c => c.of(p) !== null && c.of(p) !== undefined)
    .x(c => c.x).y(c => c.y(c.of(p)))(columns);
  const lines = svg.append("g").attr("fill", "none").selectAll("path")
    .data(done.slice().sort((p, q) => p.f - q.f)).enter().append("path").attr("d", path)
    .attr("stroke", p => p.f ? kFront : kOther).attr("stroke-width", p => p.f ? 1.8 : 0.8)
    .attr("stroke-opacity", p => p.f ? 1 : 0.45);
  const refresh = () => lines.attr("display", p => [...brushes].every(([c, [top, bottom]]) => {
    const at = c.y(c.of(p));
    return at >= top && at <= bottom;
  }) ? null : "none");
  columns.forEach((c, i) => {
    const column = svg.append("g").attr("transform", `translate(${c.x},0)`);
    column.call(axis(d3.axisLeft, c.y, c.y.words ? 16 : 6));
    column.selectAll(".tick text").attr("stroke", "#fff").attr("stroke-width", 3).attr("paint-order", "stroke");
    column.append("text").attr("y", i % 2 ? 36 : 16).attr("text-anchor", "middle").attr("fill", kInk)
      .attr("font-weight", c.objective ? 700 : 400).text(c.objective ? c.name : short(c.name)).append("title").text(c.name);
    column.append("g").call(d3.brushY().extent([[-12, 50], [12, height - 30]]).on("brush end", () => {
      if (d3.event.selection) brushes.set(c, d3.event.selection); else brushes.delete(c);
      refresh();
    }));
  });
}

function drawEffects() {
  const objective = data.objectives[+element("effects-of").value];
  const effects = data.effects.filter(e => e.objective === objective).sort((a, b) => b.share - a.share);
  const width = 860, row = 26;
  const svg = canvas(d3.select("#sensitivity"), "sensitivities", width, row * effects.length + 30);
  const x = d3.scaleLinear().domain([0, 1]).range([300, width - 60]);
  effects.forEach((e, i) => {
    svg.append("text").attr("x", 290).attr("y", i * row + 18).attr("text-anchor", "end").text(e.path);
    svg.append("rect").attr("x", x(0)).attr("y", i * row + 5).attr("width", x(e.share) - x(0)).attr("height", row - 10).attr("fill", kFront);
    svg.append("text").attr("x", x(e.share) + 6).attr("y", i * row + 18).text(d3.format(".0%")(e.share));
  });
  const cell = 270, high = 190, across = 3;
  const plot = canvas(d3.select("#main-effects"), "main effects", cell * across + 40, high * Math.ceil(effects.length / across) + 10);
  const means = effects.map(e => e.means.map(m => m[1])).reduce((a, b) => a.concat(b), []);
  const y = numberScale(means, [high - 34, 26]);
  effects.forEach((e, i) => {
    const numeric = e.means.every(m => m[0] !== "" && !isNaN(+m[0]));
    const points = e.means.map(m => [numeric ? +m[0] : m[0], m[1]]).sort((a, b) => numeric ? a[0] - b[0] : 0);
    const g = plot.append("g").attr("transform", `translate(${(i % across) * cell + 30},${Math.floor(i / across) * high})`);
    const across_scale = scaleOf(points.map(p => p[0]), [44, cell - 20], true);
    g.append("g").attr("transform", `translate(0,${high - 34})`).call(axis(d3.axisBottom, across_scale, 5));
    g.append("g").attr("transform", "translate(44,0)").call(axis(d3.axisLeft, y, 4));
    g.append("path").attr("fill", "none").attr("stroke", kFront).attr("stroke-width", 1.8)
      .attr("d", d3.line().x(p => across_scale(p[0])).y(p => y(p[1]))(points));
    g.selectAll("circle").data(points).enter().append("circle").attr("r", 3.5).attr("fill", kFront)
      .attr("cx", p => across_scale(p[0])).attr("cy", p => y(p[1])).append("title").text(p => `${p[0]}: ${format(p[1])}`);
    g.append("text").attr("x", 44).attr("y", 14).text(e.path);
  });
}

let order = {column: 1, up: data.maximize[0] ? -1 : 1};
function drawTable() {
  const columns = [{name: "point", of: p => p.n}]
    .concat(data.objectives.map((name, i) => ({name, of: p => p.v[i], spread: p => p.d[i]})))
    .concat(data.paths.map((name, i) => ({name, of: p => p.p[i], parameter: true})));
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
  columns.forEach(c => lines.append("td").text(p => c.spread && c.spread(p) > 0 ? `${format(c.of(p))} ± ${format(c.spread(p))}` : format(c.of(p))));
}

function drawMap() {
  const reasons = d3.nest().key(p => p.s + ": " + ((p.r.match(/\[([A-Z]+-[A-Z-]+)\]/) || [0, p.r.slice(0, 60)])[1]))
    .rollup(list => list.length).entries(failed);
  element("reasons").textContent = failed.length === 0 ? "Every point ran." :
    reasons.map(r => `${r.value} × ${r.key}`).join("; ") + ". Crosses did not run.";
  const a = +element("map-x").value, b = +element("map-y").value;
  const width = 860, height = 380, margin = {left: 90, right: 20, top: 24, bottom: 44};
  const svg = canvas(d3.select("#infeasible .plot"), "infeasible", width, height);
  const x = scaleOf(data.points.map(p => p.p[a]), [margin.left + 16, width - margin.right - 16], true);
  const y = scaleOf(data.points.map(p => p.p[b]), [height - margin.bottom - 14, margin.top + 14], true);
  axes(svg, x, y, width, height, margin, data.paths[a], data.paths[b]);
  // Points at the same place stand beside each other.
  const places = d3.nest().key(p => JSON.stringify([p.p[a], p.p[b]])).entries(data.points);
  places.forEach(place => {
    const across = Math.ceil(Math.sqrt(place.values.length));
    place.values.forEach((p, i) => {
      if (p.p[a] === null || p.p[b] === null) return;
      const spread = Math.min(7, 40 / across);
      const cx = x(p.p[a]) + (i % across - (across - 1) / 2) * spread, cy = y(p.p[b]) + (Math.floor(i / across) - (across - 1) / 2) * spread;
      const mark = p.s === "done" ? svg.append("circle").attr("r", 2.4).attr("fill", kOther).attr("cx", cx).attr("cy", cy)
        : svg.append("path").datum(p).attr("class", "cross").attr("stroke", kBad).attr("stroke-width", 1.8).attr("d", `M${cx - 3},${cy - 3}l6,6m0,-6l-6,6`);
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
  const lines = data.objectives.map((o, i) => `${o}: ${format(p.v[i])}${p.d[i] > 0 ? " ± " + format(p.d[i]) : ""}`)
    .concat(data.paths.map((path, i) => `${path}: ${format(p.p[i])}`))
    .concat(Object.entries(data.sweep.fixed).map(([path, value]) => `${path}: ${value}`));
  add("pre", lines.join("\n"));
  add("p", `seamount explore show STORE ${p.n} prints every counter; seamount explore rerun STORE ${p.n} runs it again.`);
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

const pair = bestPair();
options("front-x", data.objectives, pair[0]).onchange = drawFront;
options("front-y", data.objectives, pair[1]).onchange = drawFront;
options("effects-of", data.objectives, 0).onchange = drawEffects;
options("map-x", data.paths, 0).onchange = drawMap;
options("map-y", data.paths, Math.min(1, data.paths.length - 1)).onchange = drawMap;
element("all-points").onchange = drawTable;
drawFront();
drawParallel();
drawEffects();
drawTable();
if (data.paths.length) drawMap();
document.body.dataset.ready = "yes";
