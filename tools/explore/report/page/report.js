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
