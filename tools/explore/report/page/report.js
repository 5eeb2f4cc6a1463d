"use strict";
// Blue (Okabe-Ito 0072b2) and filled for the front, grey for the rest, orange-red crosses for what did not run: told apart
// by shape and lightness too, not by colour alone.
// The colours are the style sheet's, of the light or the dark scheme; as values, so that saved plots have them too.
let colour = {};
const readColours = () => ["ink", "paper", "front", "other", "bad", "line"].forEach(name =>
  colour[name] = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim());
readColours();
const done = data.points.filter(p => p.s === "done");
const failed = data.points.filter(p => p.s !== "done");
const whole = d3.format(","), plain = d3.format(".4~r"), prefixed = d3.format(".4~s");
const tick = v => Number.isInteger(v) && Math.abs(v) < 1e6 ? whole(v) :
  Math.abs(v) >= 1e-3 && Math.abs(v) < 1e5 ? plain(v) : prefixed(v);
// A number of a quantity, with its unit: 165.4 µs. Units that have a prefix already, or are products, get none.
const withUnit = (v, unit) => {
  if (typeof v !== "number" || !unit) return format(v);
  if (v === 0 || !["s", "J", "W", "bit", "B"].includes(unit)) return `${format(v)} ${unit}`;
  const text = prefixed(v), prefix = text.match(/[^0-9.,\u2212+-]*$/)[0];
  return `${text.slice(0, text.length - prefix.length)} ${prefix}${unit}`;
};
const inUnit = (i, v) => withUnit(v, data.units[i]);
const ofPath = (i, v) => withUnit(v, data.pathUnits[i]);
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
      context.fillStyle = colour.paper;
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
    .attr("role", "img").attr("aria-label", name).attr("font-family", "system-ui, sans-serif").attr("font-size", 12)
    .attr("color", colour.ink).attr("fill", colour.ink);
  svg.append("rect").attr("width", width).attr("height", height).attr("fill", colour.paper);
  savable(holder, name);
  return svg;
}

const isWide = values => {
  const [low, high] = d3.extent(values);
  return low > 0 && high / low > 20;
};
// Room in a chart's column, so that its text is as large as all other.
const room = id => Math.max(300, Math.floor(d3.select(id).node().clientWidth || 860));
// `log`: true or false where it is chosen; else as the numbers suggest.
function numberScale(values, range, log) {
  let [low, high] = d3.extent(values);
  if (low === undefined) [low, high] = [0, 1];
  if (low > 0 && (log === undefined ? isWide(values) : log)) {
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
function scaleOf(values, range, isParameter, log) {
  const known = values.filter(v => v !== null && v !== undefined);
  const numeric = known.every(v => typeof v === "number"), levels = [...new Set(known)];
  if (numeric && !(isParameter && levels.length <= 16)) return numberScale(known, range, log);
  levels.sort(numeric ? d3.ascending : (a, b) => d3.ascending(String(a), String(b)));
  const scale = d3.scalePoint().domain(levels.map(String)).range(range).padding(0.5);
  const lookup = v => scale(String(v));
  return Object.assign(lookup, {words: scale, label: v => numeric ? tick(+v) : v});
}

// The axis of a scale with ticks that have room: `count` numbers, or every so many words.
function axis(side, scale, count, unit) {
  if (!scale.words) return side(scale).tickValues(ticksOf(scale, count)).tickFormat(v => withUnit(v, unit));
  const words = scale.words.domain(), every = Math.ceil(words.length / count);
  return side(scale.words).tickValues(words.filter((w, i) => i % every === 0)).tickFormat(scale.label);
}

function axes(svg, x, y, width, height, margin, xName, yName, xUnit, yUnit) {
  svg.append("g").attr("transform", `translate(0,${height - margin.bottom})`)
    .call(axis(d3.axisBottom, x, Math.max(2, Math.floor(width / (x.words ? 66 : 110))), xUnit));
  svg.append("g").attr("transform", `translate(${margin.left},0)`)
    .call(axis(d3.axisLeft, y, y.words ? 16 : 6, yUnit));
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
  return `point ${p.n} (${p.s})\n` + data.paths.map((path, i) => `${path} ${ofPath(i, p.p[i])}`).join("\n") + "\n" +
    data.objectives.map((o, i) => `${o} ${inUnit(i, p.v[i])}`).join("\n");
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

// A single objective has no front: its points in the order of their numbers, and the best so far.
const single = data.objectives.length === 1;
function drawFront() {
  const a = +element("front-x").value, b = single ? 0 : +element("front-y").value;
  const width = room("#front .plot"), height = Math.max(260, Math.min(460, width / 2));
  const margin = {left: 78, right: 20, top: 24, bottom: 44};
  const svg = canvas(d3.select("#front .plot"), "front", width, height);
  const shown = done.filter(p => p.v.length), xOf = p => single ? p.n : p.v[a];
  const x = numberScale(shown.map(xOf), [margin.left, width - margin.right], !single && element("log-x").checked);
  const y = numberScale(shown.map(p => p.v[b]), [height - margin.bottom, margin.top], element("log-y").checked);
  axes(svg, x, y, width, height, margin, single ? "point" : data.objectives[a], data.objectives[b], single ? "" : data.units[a], data.units[b]);
  const front = shown.filter(p => p.f).sort((p, q) => xOf(p) - xOf(q) || p.v[b] - q.v[b]);
  let line = single ? [] : frontOfTwo(a, b);
  if (single) {
    const cost = p => data.maximize[0] ? -p.v[0] : p.v[0];
    shown.slice().sort((p, q) => p.n - q.n).forEach(p => {
      const best = line.length ? line[line.length - 1].v[0] : undefined;
      line.push(best === undefined || cost(p) < cost({v: [best]}) ? p : {n: p.n, v: [best]});
    });
  }
  const late = single || !data.maximize[a];
  svg.append("path").attr("fill", "none").attr("stroke", colour.front).attr("stroke-width", 1.5)
    .attr("stroke-dasharray", data.objectives.length <= 2 ? null : "4 3")
    .attr("d", d3.line().x(p => x(xOf(p))).y(p => y(p.v[b])).curve(late ? d3.curveStepAfter : d3.curveStepBefore)(line));
  svg.append("g").attr("stroke", colour.other).attr("stroke-width", 1.2).selectAll("line").data(shown.filter(p => p.d[b] > 0)).enter()
    .append("line").attr("x1", p => x(xOf(p))).attr("x2", p => x(xOf(p)))
    .attr("y1", p => y(p.v[b] - p.d[b])).attr("y2", p => y(p.v[b] + p.d[b]));
  svg.append("g").selectAll("circle").data(shown.filter(p => !p.f)).enter().append("circle").attr("class", "rest")
    .attr("r", 3).attr("fill", colour.paper).attr("stroke", colour.other).attr("stroke-width", 1.2)
    .attr("cx", p => x(xOf(p))).attr("cy", p => y(p.v[b])).on("click", p => show(p.n)).append("title").text(describe);
  const best = svg.append("g").selectAll("circle").data(front).enter().append("circle").attr("class", "best")
    .attr("r", 5).attr("fill", colour.front).attr("stroke", colour.paper).attr("cx", p => x(xOf(p))).attr("cy", p => y(p.v[b]));
  reachable(best, p => `point ${p.n}: ` + data.objectives.map((o, i) => `${o} ${inUnit(i, p.v[i])}`).join(", "));
  best.append("title").text(describe);
}

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
