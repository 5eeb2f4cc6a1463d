// Charts of lines and bars (D3, SVG), tables, and the mesh (canvas).

const WIDTH = 1000;

function si(value, unit = "") {
  if (!Number.isFinite(value)) return "";
  if (value === 0) return "0 " + unit;
  return d3.format(".4~s")(value).replace(/([a-zA-Zµ])?$/, letter => " " + (letter || "")).trimEnd() + unit;
}

function plain(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? value.toLocaleString("en") : d3.format(".5~g")(value);
}

// head: names; rows: lists. Texts are left-aligned.
function fillTable(id, head, rows, most = 2000) {
  const table = d3.select("#" + id);
  table.selectAll("*").remove();
  table.append("thead").append("tr").selectAll("th").data(head).join("th").attr("scope", "col").text(d => d);
  const lines = table.append("tbody").selectAll("tr").data(rows.slice(0, most)).join("tr");
  lines.selectAll("td").data(d => d).join("td").attr("class", d => typeof d === "string" ? "text" : null).text(plain);
  if (rows.length > most) table.append("caption").text(`The first ${most} of ${rows.length.toLocaleString("en")} rows.`);
}

function picture(id, height, title) {
  const plot = d3.select("#" + id);
  plot.selectAll("*").remove();
  return plot.append("svg").attr("viewBox", `0 0 ${WIDTH} ${height}`).attr("width", WIDTH).attr("height", height)
    .attr("role", "img").attr("aria-label", title).call(svg => svg.append("title").text(title));
}

// parts: [name, value, note]; widths are values, the texts say them: nothing depends on colour.
function bars(id, title, parts, unit) {
  const shown = parts.filter(part => part[1] > 0).sort((a, b) => b[1] - a[1]);
  const total = d3.sum(shown, part => part[1]), step = 24;
  const svg = picture(id, Math.max(1, shown.length) * step + 8, title);
  if (shown.length === 0) svg.append("text").attr("x", 4).attr("y", 18).text("nothing");
  const x = d3.scaleLinear([0, d3.max(shown, part => part[1]) || 1], [0, WIDTH - 470]);
  const rows = svg.selectAll("g").data(shown).join("g").attr("transform", (_, i) => `translate(0,${4 + i * step})`);
  rows.append("text").attr("x", 190).attr("y", 15).attr("text-anchor", "end").text(part => shorten(part[0], 28));
  rows.append("rect").attr("x", 200).attr("height", step - 6).attr("width", part => Math.max(1, x(part[1]))).attr("fill", colour("front"));
  rows.append("text").attr("x", part => 206 + x(part[1])).attr("y", 15)
    .text(part => `${si(part[1], unit)}  ${d3.format(".1%")(part[1] / total)}${part[2] ? "  " + shorten(part[2], 24) : ""}`);
}

// series: {name, step: [], low: [], high: []}; marks: values of dashed lines, with names.
function lines(id, title, series, yName, marks = []) {
  const height = 310, left = 80, right = 120, bottom = 34;
  const svg = picture(id, height, title);
  const all = series.filter(one => one.step.length);
  if (all.length === 0) return;
  const values = all.flatMap(one => [d3.min(one.low), d3.max(one.high)]).concat(marks.map(mark => mark.value));
  const x = d3.scaleLinear([d3.min(all, one => one.step[0]), d3.max(all, one => one.step[one.step.length - 1]) + 1], [left, WIDTH - right]);
  const y = d3.scaleLinear(d3.extent(values), [height - bottom, 26]).nice();
  svg.append("g").attr("transform", `translate(0,${height - bottom})`).call(d3.axisBottom(x).ticks(8));
  svg.append("g").attr("transform", `translate(${left},0)`).call(d3.axisLeft(y).ticks(6, "~s"));
  svg.append("text").attr("x", 4).attr("y", 10).attr("class", "faint-text").text(yName);
  svg.append("text").attr("x", WIDTH - right).attr("y", height - 4).attr("text-anchor", "end").attr("class", "faint-text").text("step");
  const dashes = ["", "6 3", "2 3", "10 3 2 3"];
  all.forEach((one, i) => {
    const points = one.step.map((step, k) => [step, one.low[k], one.high[k]]);
    const ink = i % 2 ? colour("input") : colour("front");
    if (points.some(point => point[1] !== point[2])) {
      svg.append("path").attr("fill", ink).attr("fill-opacity", 0.35)
        .attr("d", d3.area().x(d => x(d[0])).y0(d => y(d[1])).y1(d => y(d[2])).curve(d3.curveStepAfter)(points));
    }
    svg.append("path").attr("fill", "none").attr("stroke", ink).attr("stroke-width", 1.4).attr("stroke-dasharray", dashes[i % dashes.length])
      .attr("class", "series").attr("d", d3.line().x(d => x(d[0])).y(d => y(d[2])).curve(d3.curveStepAfter)(points));
  });
  // Names at the ends of the lines, the lowest first, each at least its height above the one below.
  const ends = all.map(one => ({name: one.name, y: y(one.high[one.high.length - 1]) + 4})).sort((a, b) => b.y - a.y);
  ends.forEach((end, i) => { end.y = Math.min(end.y, i === 0 ? height - bottom - 4 : ends[i - 1].y - 13); });
  svg.selectAll("text.end").data(ends).join("text").attr("class", "end").attr("x", WIDTH - right + 6).attr("y", end => end.y).text(end => shorten(end.name, 16));
  for (const mark of marks) {
    svg.append("line").attr("class", "threshold").attr("x1", left).attr("x2", WIDTH - right).attr("y1", y(mark.value)).attr("y2", y(mark.value))
      .attr("stroke", colour("bad")).attr("stroke-dasharray", "8 4").attr("stroke-width", 1.5);
    svg.append("text").attr("x", left + 6).attr("y", y(mark.value) - 4).text(`${mark.name} ${plain(mark.value)}`);
  }
}

// Tiles with their cores, and links between them. values: by tile "x,y"; links: by "x,y,direction". Both 0 or more.
class MeshView {
  constructor(canvas, columns, rows) {
    this.canvas = canvas;
    this.columns = columns;
    this.rows = rows;
    this.tile = [0, 0];
  }

  set(values, links, most, mostLink) {
    Object.assign(this, {values, links, most, mostLink});
  }

  draw() {
    const ratio = window.devicePixelRatio || 1, box = this.canvas.getBoundingClientRect();
    const width = this.canvas.width = Math.max(10, Math.round(box.width * ratio));
    const height = this.canvas.height = Math.max(10, Math.round(box.height * ratio));
    const context = this.canvas.getContext("2d");
    context.fillStyle = colour("paper");
    context.fillRect(0, 0, width, height);
    const pitch = this.pitch = Math.min(width / this.columns, height / this.rows), side = pitch * 0.66, gap = (pitch - side) / 2;
    const paper = rgb(colour("paper")), mark = rgb(colour("front")), bad = rgb(colour("bad"));
    const mix = (ink, share) => `rgb(${paper.map((c, i) => Math.round(c + (ink[i] - c) * share)).join()})`;
    for (const [key, value] of this.links) {
      const [x, y, way] = key.split(","), share = this.mostLink ? value / this.mostLink : 0;
      const cx = (+x + 0.5) * pitch, cy = (+y + 0.5) * pitch;
      const [dx, dy] = {east: [1, 0], west: [-1, 0], south: [0, 1], north: [0, -1]}[way] || [0, 0];
      if (dx === 0 && dy === 0) continue;
      const shift = gap * 0.35, ox = dy * shift, oy = -dx * shift;  // the two ways beside each other
      context.strokeStyle = mix(bad, 0.25 + 0.75 * share);
      context.lineWidth = Math.max(1, gap * 0.7 * share);
      context.beginPath();
      context.moveTo(cx + dx * side / 2 + ox, cy + dy * side / 2 + oy);
      context.lineTo(cx + dx * (pitch - side / 2) + ox, cy + dy * (pitch - side / 2) + oy);
      context.stroke();
    }
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `${Math.max(8, Math.min(13 * ratio, side * 0.28))}px system-ui, sans-serif`;
    for (let y = 0; y < this.rows; y++) {
      for (let x = 0; x < this.columns; x++) {
        const value = this.values.get(`${x},${y}`), left = x * pitch + gap, top = y * pitch + gap;
        const share = value === undefined || !this.most ? 0 : value / this.most;
        context.fillStyle = mix(mark, 0.08 + 0.92 * share);
        if (value !== undefined) context.fillRect(left, top, side, side);
        context.strokeStyle = colour(x === this.tile[0] && y === this.tile[1] ? "ink" : "line");
        context.lineWidth = (x === this.tile[0] && y === this.tile[1] ? 2 : 1) * ratio;
        context.strokeRect(left, top, side, side);
        if (value !== undefined && side > 34 * ratio) {
          context.fillStyle = share > 0.55 ? colour("paper") : colour("ink");
          context.fillText(si(value).trim(), left + side / 2, top + side / 2);
        }
      }
    }
  }

  tileAt(clientX, clientY) {
    const box = this.canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    const x = Math.floor((clientX - box.left) * ratio / this.pitch), y = Math.floor((clientY - box.top) * ratio / this.pitch);
    return x < this.columns && y < this.rows && x >= 0 && y >= 0 ? [x, y] : null;
  }
}
