// Fills the page from `runs`, a list of one or two runs as tools/report/run_data.cpp describes them.

const byId = id => document.getElementById(id);
let run = runs[0];
let raster = null, mesh = null;

function show(id, there) {
  byId(id).hidden = !there;
  return there;
}

function rowsOf(table) {
  return table.rows.map(row => Object.fromEntries(table.columns.map((name, i) => [name, row[i]])));
}

function options(id, names, chosen) {
  const before = byId(id).value;
  d3.select("#" + id).selectAll("option").data(names).join("option").attr("value", (_, i) => i).text(d => d);
  byId(id).value = chosen ?? (before !== "" && +before < names.length ? before : 0);
}

function showWords() {
  byId("title").textContent = (run.summary.network || run.folder) + (runs.length > 1 ? ": two runs" : "");
  d3.select("#words").selectAll("p").data(run.words).join("p").text(d => d);
  byId("made").textContent = `Made by seamount report ${version} of ${runs.map(one => one.folder).join(" and ")}. Works without network.`;
}

function showDifference() {
  if (!show("difference", runs.length > 1)) return;
  d3.select("#difference-words").selectAll("li").data(difference).join("li").text(d => d);
  const flat = (json, path = "", out = {}) => {
    for (const [key, value] of Object.entries(json)) {
      if (key === "hashes" || key === "wall_s") continue;
      if (value !== null && typeof value === "object") flat(value, path + key + ".", out); else out[path + key] = value;
    }
    return out;
  };
  const [a, b] = runs.map(one => flat(one.summary));
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(key => a[key] !== b[key]);
  fillTable("difference-table", ["key", runs[0].folder, runs[1].folder, "change"], keys.map(key =>
    [key, a[key] ?? "", b[key] ?? "", typeof a[key] === "number" && typeof b[key] === "number" && a[key] ? d3.format("+.2%")(b[key] / a[key] - 1) : ""]));
}

function showWarnings() {
  const found = run.about.warnings || [];
  if (!show("warnings", found.length > 0)) return;
  d3.select("#warnings-list").selectAll("li").data(found).join("li").text(d => `${d.text} (${d.code})${d.hint ? ": " + d.hint : ""}`);
}

function drawRaster() {
  const started = performance.now(), shown = raster.draw(), view = raster;
  const first = Math.floor(view.x0) + view.raster.first, last = Math.ceil(view.x1) + view.raster.first - 1;
  const words = `${shown.toLocaleString("en")} of ${view.raster.total.toLocaleString("en")} spikes, steps ${first.toLocaleString("en")} to ${last.toLocaleString("en")}` +
    (view.grid ? "; there are too many for the page to have each: this is their density" : "");
  byId("raster-view").textContent = words;
  byId("raster-canvas").setAttribute("aria-label", "Spikes of inputs and populations over the steps: " + words);
  byId("raster-canvas").dataset.milliseconds = Math.round(performance.now() - started);
}

function showRaster() {
  if (!show("raster", run.raster && run.raster.rows > 0)) return;
  raster = new RasterView(byId("raster-canvas"), run.raster);
  drawRaster();
  fillTable("raster-table", ["population or input", "kind", "neurons", "spikes", "spikes per neuron and step"], run.raster.groups.map(group =>
    [group.name, group.input ? "input" : "population", group.size, group.spikes, group.spikes / Math.max(1, group.size * run.raster.steps)]));
}

function showActivity() {
  if (!show("activity", run.activity && run.activity.length > 0)) return;
  const steps = run.range.steps;
  const most = [...run.activity].sort((a, b) => b.spikes - a.spikes).slice(0, 4);
  lines("activity-plot", "Spikes per neuron and step of the most active populations and inputs", most.map(group => {
    const width = steps / group.counts.length, rates = group.counts.map(count => count / Math.max(1, group.size) / width);
    return {name: group.name, step: group.counts.map((_, i) => run.range.first + i * width), low: rates, high: rates};
  }), "spikes per neuron and step");
  fillTable("activity-table", ["population or input", "neurons", "spikes", "per neuron and step", "most in a stretch", "least"], run.activity.map(group =>
    [group.name, group.size, group.spikes, group.spikes / Math.max(1, group.size * steps), d3.max(group.counts) ?? 0, d3.min(group.counts) ?? 0]));
}

function thresholdOf(trace) {
  if (trace.variable !== "v") return [];
  const population = (run.about.populations || []).find(one => one.name === trace.population);
  if (!population || !population.threshold) return [];
  const own = population.thresholds && population.thresholds[trace.neuron];
  if (own !== undefined) return [{name: "threshold", value: own}];
  return population.threshold[0] === population.threshold[1] ? [{name: "threshold", value: population.threshold[0]}] : [];
}

function showTraces() {
  const traces = run.traces ? run.traces.traces : [];
  if (!show("traces", traces.length > 0)) return;
  options("traces-which", traces.map(trace => `${trace.population}[${trace.neuron}] ${trace.variable}`));
  byId("traces-note").textContent = run.traces.left_out ? `${run.traces.left_out.toLocaleString("en")} more are in the records.` : "";
  const trace = traces[+byId("traces-which").value], name = `${trace.variable} of ${trace.population}[${trace.neuron}]`;
  lines("traces-plot", `${name} over the steps` + (trace.width > 1 ? `; lowest and highest of each ${trace.width} steps` : ""),
    [{name: trace.variable, ...trace}], trace.variable, thresholdOf(trace));
  fillTable("traces-table", ["step", "lowest", "highest"], trace.step.map((step, i) => [step, trace.low[i], trace.high[i]]), 500);
}

const STEP_SERIES = {time_ns: "time of a step (ns)", energy_pj: "energy of a step (pJ)", spikes: "spikes", synaptic_events: "synaptic events", packets: "packets"};

function showSteps() {
  const series = run.steps ? Object.entries(run.steps.series) : [];
  if (!show("steps", series.length > 0)) return;
  options("steps-what", series.map(([name]) => STEP_SERIES[name]));
  const [name, values] = series[+byId("steps-what").value];
  lines("steps-plot", STEP_SERIES[name] + " over the steps", [{name: "", ...values}], STEP_SERIES[name]);
  fillTable("longest-table", ["step", "time (ns)", "spikes", "bounded by", "last core", "packet from"], run.steps.longest.map(step =>
    [step.step, step.time_ns, step.spikes, step.bound_by ?? "", step.last_core ? "core " + step.last_core : "host port",
      step.source_core === "host" ? "the host" : step.source_core ? "core " + step.source_core : ""]));
}

function showTime() {
  const parts = run.summary.time_parts_s;
  if (!show("time", Boolean(parts))) return;
  const bounded = (run.steps && run.steps.bounded) || {};
  bars("time-plot", "Modelled time by cause", Object.entries(parts), "s");
  fillTable("time-table", ["cause", "time (s)", "share", "largest in steps"], Object.entries(parts).map(([name, value]) =>
    [name, value, d3.format(".2%")(value / (run.summary.modelled_time_s || 1)), bounded[name] ?? 0]));
}

// Energy that the events of each core cost, by the populations that live there: exact where a core holds one population.
function layers() {
  const cores = rowsOf(run.cores), price = Object.fromEntries((run.about.prices || []).map(one => [one.event, one.energy_pj]));
  const sums = new Map();
  let shared = false;
  for (const core of cores) {
    const about = (run.about.cores || []).find(one => one.core === core.core);
    if (!about) continue;
    const neurons = Object.entries(about.neurons), total = d3.sum(neurons, one => one[1]) || 1;
    shared = shared || neurons.length > 1;
    const energy = {
      updates: core.active_updates * (price.update_active || 0) + (core.updates - core.active_updates) * (price.update_inactive || 0),
      synapses: core.synaptic_events * (price.synapse || 0) + core.packets_in * (price.axon_in || 0),
      spikes: core.spikes * (price.spike_out || 0)};
    for (const [name, count] of neurons) {
      const sum = sums.get(name) || {updates: 0, synapses: 0, spikes: 0, events: 0, cores: 0};
      for (const key of Object.keys(energy)) sum[key] += energy[key] * count / total;
      sum.events += core.synaptic_events * count / total;
      sum.cores += 1;
      sums.set(name, sum);
    }
  }
  return {sums, shared};
}

function showEnergy() {
  const energy = run.summary.energy_j;
  if (!show("energy", Boolean(energy))) return;
  const prices = run.about.prices || [], counts = run.summary.event_counts || {};
  const paid = prices.filter(one => one.energy_pj > 0 && counts[one.event] > 0), free = prices.filter(one => !(one.energy_pj > 0) && counts[one.event] > 0);
  byId("energy-boundary").textContent = `Included: ${paid.map(one => one.event).join(", ") || "no events"}` +
    `${energy.idle > 0 ? ", idle power" : ""}${energy.stepping > 0 ? ", power while steps run" : ""}. ` +
    `Counted, but without a price: ${free.map(one => one.event).join(", ") || "nothing"}. Nothing else: no host computer, no memory or supply beside the chip.`;
  const parts = [...Object.entries(energy.components || {}), ["idle power", energy.idle], ["stepping power", energy.stepping]];
  bars("energy-plot", "Energy by component", parts, "J");
  fillTable("energy-table", ["component", "energy (J)", "share"], parts.map(([name, value]) => [name, value, d3.format(".2%")(value / (energy.total || 1))]));
  if (run.cores) {
    const {sums, shared} = layers(), rows = [...sums];
    byId("layer-note").textContent = "Updates, synaptic events, packets that came in and spikes of the cores of each population." +
      (shared ? " Where a core holds several populations, its energy is shared out by their neurons." : "");
    bars("layer-plot", "Energy by population", rows.map(([name, sum]) => [name, (sum.updates + sum.synapses + sum.spikes) * 1e-12]), "J");
    fillTable("layer-table", ["population", "cores", "updates (pJ)", "synapses (pJ)", "spikes (pJ)", "synaptic events"], rows.map(([name, sum]) =>
      [name, sum.cores, sum.updates, sum.synapses, sum.spikes, Math.round(sum.events)]));
  }
  const grades = d3.rollup(prices, list => d3.sum(list, one => (energy.events || {})[one.event] || 0), one => one.grade_pj || "no grade");
  bars("grade-plot", "Energy of events by the grade of their prices", [...grades], "J");
  fillTable("price-table", ["event", "count", "energy (J)", "price (pJ)", "grade", "source", "time (ns)", "grade of it"], prices.map(one =>
    [one.event, counts[one.event] ?? 0, (energy.events || {})[one.event] ?? 0, one.energy_pj, one.grade_pj ?? "", one.source_pj ?? "", one.time_ns, one.grade_ns ?? ""]));
}

const CORE_VALUES = ["synaptic_events", "spikes", "active_updates", "packets_in"];
const LINK_VALUES = ["flits", "utilisation", "wait_ns"];

function drawMesh() {
  const what = CORE_VALUES[+byId("mesh-cores").value] || "fill", place = new Map((run.about.cores || []).map(core => [core.core, `${core.x},${core.y}`]));
  const windows = run.core_windows ? rowsOf(run.core_windows) : [], starts = [...new Set(windows.map(one => one.step))].sort(d3.ascending);
  const slider = byId("mesh-time"), values = new Map();
  slider.max = starts.length;
  const at = Math.min(+slider.value, starts.length);
  const add = (core, value) => place.has(core) && values.set(place.get(core), (values.get(place.get(core)) || 0) + value);
  for (const core of run.about.cores || []) add(core.core, 0);
  const totals = run.cores ? rowsOf(run.cores) : [];
  if (what === "fill") {
    for (const core of run.about.cores || []) values.set(`${core.x},${core.y}`, Math.max(values.get(`${core.x},${core.y}`) || 0, ...Object.values(core.fills).map(([need, most]) => 100 * need / most)));
  } else if (at === 0) {
    for (const core of totals) add(core.core, core[what]);
  } else {
    for (const one of windows) if (one.step === starts[at - 1]) add(one.core, one[what]);
  }
  let most = d3.max(values.values()) || 0;
  if (at > 0 && what !== "fill") {  // one scale for all stretches
    const sums = d3.rollup(windows, list => d3.sum(list, one => one[what]), one => `${one.step}:${place.get(one.core)}`);
    most = d3.max(sums.values()) || 0;
  }
  const measure = LINK_VALUES[+byId("mesh-links").value], links = new Map();
  for (const link of run.links ? rowsOf(run.links) : []) {
    const key = `${link.tile_x},${link.tile_y},${link.direction}`;
    links.set(key, (links.get(key) || 0) + (link[measure] || 0));
  }
  const steps = at ? (windows.find(one => one.step === starts[at - 1]) || {}).steps : 0;
  byId("mesh-when").textContent = at === 0 ? "the whole run" : `steps ${starts[at - 1].toLocaleString("en")} to ${(starts[at - 1] + steps - 1).toLocaleString("en")}`;
  mesh.set(values, links, most, d3.max(links.values()) || 0);
  mesh.draw();
  const names = {fill: "the fullest limit of a core (%)"}, words = `${names[what] || what} of the cores of each tile, ${byId("mesh-when").textContent}; links: ${measure} of the whole run. Darker is more, the most is ${plain(most)}.`;
  byId("mesh-canvas").setAttribute("aria-label", words);
  byId("mesh-canvas").dataset.most = most;
  tellTile();
  fillTable("mesh-table", ["tile x", "tile y", names[what] || what, "links out: " + measure], [...values].map(([key, value]) =>
    [+key.split(",")[0], +key.split(",")[1], value, d3.sum([...links], ([name, amount]) => name.startsWith(key + ",") ? amount : 0)]), 500);
}

function tellTile() {
  const [x, y] = mesh.tile, cores = (run.about.cores || []).filter(core => core.x === x && core.y === y);
  const value = mesh.values.get(`${x},${y}`);
  byId("mesh-pointer").textContent = `Tile (${x}, ${y}): ` + (cores.length === 0 ? "no core in use" :
    `${plain(value)}; ` + cores.map(core => `core ${core.core} holds ${Object.entries(core.neurons).map(([name, count]) => `${count.toLocaleString("en")} of ${name}`).join(", ")}`).join("; "));
}

function showMesh() {
  if (!show("mesh", run.about.tiles && run.cores)) return;
  options("mesh-cores", ["synaptic events", "spikes", "updates that changed something", "packets in", "fill (fullest limit, %)"]);
  options("mesh-links", ["flits", "utilisation", "waiting (ns)"]);
  mesh = new MeshView(byId("mesh-canvas"), run.about.tiles.columns, run.about.tiles.rows);
  if (run.about.cores.length) mesh.tile = [run.about.cores[0].x, run.about.cores[0].y];
  drawMesh();
}

function showFills() {
  const cores = run.about.cores || [];
  if (!show("fills", cores.length > 0)) return;
  const keys = Object.keys(cores[0].fills), rows = keys.map(key => {
    const shares = cores.map(core => core.fills[key][0] / core.fills[key][1]), fullest = d3.maxIndex(shares);
    return [key, d3.max(shares), d3.mean(shares), cores[fullest].core, cores[fullest].fills[key][0], cores[fullest].fills[key][1]];
  });
  const svg = picture("fills-plot", rows.length * 24 + 8, "How full the fullest core is, and the mean, of each limit");
  const x = d3.scaleLinear([0, 1], [0, WIDTH - 470]);
  const lines = svg.selectAll("g").data(rows).join("g").attr("transform", (_, i) => `translate(0,${4 + i * 24})`);
  lines.append("text").attr("x", 190).attr("y", 15).attr("text-anchor", "end").text(d => d[0]);
  lines.append("rect").attr("x", 200).attr("width", x(1)).attr("height", 18).attr("fill", "none").attr("stroke", colour("line"));
  lines.append("rect").attr("x", 200).attr("width", d => x(Math.min(1, d[1]))).attr("height", 18).attr("fill", colour("front")).attr("fill-opacity", 0.5);
  lines.append("rect").attr("x", 200).attr("width", d => x(Math.min(1, d[2]))).attr("height", 18).attr("fill", colour("front"));
  lines.append("text").attr("x", 206 + x(1)).attr("y", 15).text(d => `core ${d[3]}: ${d3.format(".1%")(d[1])}, mean ${d3.format(".1%")(d[2])}`);
  fillTable("fills-table", ["limit", "fullest core", "needs", "of", "full", "mean"], rows.map(d => [d[0], d[3], d[4], d[5], d3.format(".1%")(d[1]), d3.format(".1%")(d[2])]));
}

function showAnswers() {
  const counts = run.confusion || [];
  if (!show("answers", Boolean(run.samples))) return;
  const summary = run.summary;
  byId("answers-words").textContent = summary.accuracy === undefined ? "The network has no readout, or the samples no labels." :
    `${summary.correct} of ${summary.samples} right (${d3.format(".1%")(summary.accuracy)}), ${summary.unanswered || 0} without an answer` +
    (summary.confidence === undefined ? "" : `, ${d3.format(".1%")(summary.confidence)} between the best two classes on average`) +
    (summary.reference_accuracy === undefined ? "." : `; the reference has ${d3.format(".1%")(summary.reference_accuracy)}.`);
  const labels = [...new Set(counts.flatMap(([label, answer]) => answer < 0 ? [label] : [label, answer]))].sort(d3.ascending);
  const silent = counts.some(one => one[1] < 0), columns = silent ? [...labels, -1] : labels;
  const of = new Map(counts.map(([label, answer, count]) => [`${label},${answer}`, count])), most = d3.max(counts, one => one[2]) || 1;
  const side = Math.max(14, Math.min(34, 640 / Math.max(1, columns.length))), left = 90, top = 34;
  const svg = picture("answers-plot", labels.length * side + top + 10, "Answers to the samples of each label");
  svg.append("text").attr("x", left).attr("y", 12).text("answer");
  svg.append("text").attr("x", 4).attr("y", top + 12).text("label");
  columns.forEach((answer, c) => {
    svg.append("text").attr("x", left + (c + 0.5) * side).attr("y", 28).attr("text-anchor", "middle").text(answer < 0 ? "none" : answer);
    labels.forEach((label, r) => {
      const count = of.get(`${label},${answer}`) || 0;
      svg.append("rect").attr("x", left + c * side).attr("y", top + r * side).attr("width", side - 1).attr("height", side - 1)
        .attr("fill", colour("front")).attr("fill-opacity", count ? 0.15 + 0.85 * count / most : 0.03)
        .attr("stroke", label === answer ? colour("ink") : "none");
      if (count && side > 18) svg.append("text").attr("x", left + (c + 0.5) * side).attr("y", top + (r + 0.6) * side).attr("text-anchor", "middle")
        .style("fill", count / most > 0.5 ? colour("paper") : colour("ink")).text(count);
    });
  });
  labels.forEach((label, r) => svg.append("text").attr("x", left - 8).attr("y", top + (r + 0.6) * side).attr("text-anchor", "end").text(label));
  fillTable("confusion-table", ["label", ...columns.map(answer => answer < 0 ? "no answer" : "answer " + answer)], labels.map(label =>
    [label, ...columns.map(answer => of.get(`${label},${answer}`) || 0)]));
}

function showAll() {
  showWords(); showDifference(); showWarnings(); showRaster(); showActivity(); showTraces(); showSteps(); showTime(); showEnergy(); showMesh(); showFills(); showAnswers();
  const parts = [...document.querySelectorAll("main section")].filter(section => !section.hidden);
  d3.select("#nav").selectAll("a").data(parts).join("a").attr("href", d => "#" + d.id).text(d => d.querySelector("h2").textContent);
}

function listen() {
  const canvas = byId("raster-canvas");
  const place = event => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const share = event => { const [x, y] = place(event), plot = raster.plot;
    return [Math.min(Math.max((x - plot.left) / plot.width, 0), 1), Math.min(Math.max(y / plot.height, 0), 1)]; };
  canvas.addEventListener("wheel", event => { event.preventDefault(); raster.zoom(event.deltaY < 0 ? 0.8 : 1.25, ...share(event), event.shiftKey); drawRaster(); }, {passive: false});
  let from = null;
  canvas.addEventListener("pointerdown", event => { from = place(event); canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointerup", () => { from = null; });
  canvas.addEventListener("pointermove", event => {
    const to = place(event), found = raster.at(...to);
    byId("raster-pointer").textContent = found ? `step ${found.step.toLocaleString("en")}, ${found.group}[${found.neuron.toLocaleString("en")}]` : "";
    if (!from) return;
    raster.move((from[0] - to[0]) / raster.plot.width, (from[1] - to[1]) / raster.plot.height);
    from = to;
    drawRaster();
  });
  const act = {"+": () => raster.zoom(0.7), "=": () => raster.zoom(0.7), "-": () => raster.zoom(1 / 0.7), "0": () => raster.all(),
    ArrowLeft: () => raster.move(-0.2, 0), ArrowRight: () => raster.move(0.2, 0), ArrowUp: () => raster.move(0, -0.2), ArrowDown: () => raster.move(0, 0.2)};
  canvas.addEventListener("keydown", event => { if (act[event.key]) { event.preventDefault(); act[event.key](); drawRaster(); } });
  byId("raster-in").onclick = () => { raster.zoom(0.5); drawRaster(); };
  byId("raster-out").onclick = () => { raster.zoom(2); drawRaster(); };
  byId("raster-all").onclick = () => { raster.all(); drawRaster(); };
  byId("traces-which").onchange = showTraces;
  byId("steps-what").onchange = showSteps;
  for (const id of ["mesh-cores", "mesh-links"]) byId(id).onchange = drawMesh;
  byId("mesh-time").oninput = drawMesh;
  const chip = byId("mesh-canvas"), go = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  const pick = tile => { if (tile) { mesh.tile = tile; mesh.draw(); tellTile(); } };
  chip.addEventListener("pointermove", event => pick(mesh.tileAt(event.clientX, event.clientY)));
  chip.addEventListener("keydown", event => {
    if (!go[event.key]) return;
    event.preventDefault();
    pick([Math.min(Math.max(mesh.tile[0] + go[event.key][0], 0), mesh.columns - 1), Math.min(Math.max(mesh.tile[1] + go[event.key][1], 0), mesh.rows - 1)]);
  });
  byId("run").onchange = () => { run = runs[+byId("run").value]; byId("mesh-time").value = 0; showAll(); };
  let drawnAt = window.innerWidth;
  window.addEventListener("resize", () => { if (window.innerWidth !== drawnAt) { drawnAt = window.innerWidth; showAll(); } });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showAll);
}

if (show("runs", runs.length > 1)) options("run", runs.map(one => one.folder));
showAll();
listen();
document.body.dataset.ready = "yes";
