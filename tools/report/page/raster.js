"use strict";
// The raster of spikes: dots where they are few, density where they are many. All of it on canvas.

function colour(name) {
  const value = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  if (value === "") throw new Error(`the page has no colour '${name}'`);
  return value;
}

function bytesOf(text) {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

// Numbers of variable length: seven bits a byte, the lowest first.
function numbersOf(text) {
  const bytes = bytesOf(text), numbers = new Float64Array(bytes.length);
  let count = 0, value = 0, scale = 1;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) { numbers[count++] = value; value = 0; scale = 1; }
  }
  return numbers.subarray(0, count);
}

function spikesOf(raster) {
  const total = raster.streams.reduce((sum, stream) => sum + stream.count, 0);
  const steps = new Uint32Array(total), rows = new Uint32Array(total);
  const parts = [];
  let at = 0;
  for (const stream of raster.streams) {
    const numbers = numbersOf(stream.bytes), first = at;
    let step = 0, row = 0;
    for (let i = 0; i < numbers.length; i += 2) {
      if (numbers[i] !== 0) row = 0;
      step += numbers[i];
      const change = numbers[i + 1];
      row += change % 2 ? -(change + 1) / 2 : change / 2;
      steps[at] = step;
      rows[at++] = row;
    }
    parts.push([first, at]);
  }
  return {steps, rows, parts};
}

class RasterView {
  constructor(canvas, raster) {
    this.canvas = canvas;
    this.raster = raster;
    this.spikes = raster.streams ? spikesOf(raster) : null;
    this.grid = raster.grid ? numbersOf(raster.grid.bytes) : null;
    this.all();
  }

  all() {
    this.x0 = 0; this.x1 = Math.max(1, this.raster.steps);
    this.y0 = 0; this.y1 = Math.max(1, this.raster.rows);
  }

  // Around a place of the canvas (0..1, 0..1).
  zoom(factor, fx = 0.5, fy = 0.5, onlyTime = false) {
    const width = Math.min(Math.max((this.x1 - this.x0) * factor, 2), this.raster.steps || 1);
    const height = onlyTime ? this.y1 - this.y0 : Math.min(Math.max((this.y1 - this.y0) * factor, 2), this.raster.rows);
    this.x0 += (this.x1 - this.x0 - width) * fx; this.x1 = this.x0 + width;
    this.y0 += (this.y1 - this.y0 - height) * fy; this.y1 = this.y0 + height;
    this.move(0, 0);
  }

  move(dx, dy) {
    const width = this.x1 - this.x0, height = this.y1 - this.y0;
    this.x0 = Math.min(Math.max(this.x0 + dx * width, 0), Math.max(0, this.raster.steps - width)); this.x1 = this.x0 + width;
    this.y0 = Math.min(Math.max(this.y0 + dy * height, 0), Math.max(0, this.raster.rows - height)); this.y1 = this.y0 + height;
  }

  size() {
    const ratio = window.devicePixelRatio || 1, box = this.canvas.getBoundingClientRect();
    const width = Math.max(10, Math.round(box.width * ratio)), height = Math.max(10, Math.round(box.height * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) { this.canvas.width = width; this.canvas.height = height; }
    return {width, height, ratio};
  }

  draw() {
    const {width, height, ratio} = this.size();
    const left = Math.round(90 * ratio), bottom = Math.round(28 * ratio), w = width - left - Math.round(34 * ratio), h = height - bottom;
    this.plot = {left: left / ratio, width: w / ratio, height: h / ratio};
    const context = this.canvas.getContext("2d");
    context.fillStyle = colour("paper");
    context.fillRect(0, 0, width, height);
    const shown = this.spikes ? this.drawSpikes(context, left, w, h) : this.drawGrid(context, left, w, h);
    this.drawFrame(context, left, w, h, ratio);
    return shown;
  }

  // Spikes per pixel; two and more dots in a pixel are darker, a single one is a square that can be seen.
  drawSpikes(context, left, w, h) {
    const {steps, rows, parts} = this.spikes, counts = new Uint16Array(w * h), inputs = new Uint8Array(w * h);
    const sx = w / (this.x1 - this.x0), sy = h / (this.y1 - this.y0);
    let shown = 0;
    parts.forEach(([first, end], part) => {
      for (let i = lowerBound(steps, this.x0, first, end); i < end && steps[i] < this.x1; i++) {
        const y = Math.floor((rows[i] - this.y0) * sy);
        if (rows[i] < this.y0 || y >= h) continue;
        const at = y * w + Math.floor((steps[i] - this.x0) * sx);
        if (steps[i] < this.x0) continue;
        shown++;
        if (counts[at] < 65535) counts[at]++;
        if (part === 0) inputs[at] = 1;
      }
    });
    const dot = Math.max(1, Math.min(6, Math.round(Math.min(sx, sy) * 0.8), Math.round(Math.sqrt(w * h / Math.max(1, shown)) / 4)));
    this.paint(context, left, w, h, counts, inputs, dot);
    return shown;
  }

  drawGrid(context, left, w, h) {
    const {columns, lines} = this.raster.grid, counts = new Float32Array(w * h), inputs = new Uint8Array(w * h);
    let shown = 0;
    const firstPopulation = this.raster.groups.find(group => !group.input);
    for (let y = 0; y < h; y++) {
      const row = this.y0 + (this.y1 - this.y0) * y / h;
      const line = Math.min(lines - 1, Math.floor(row * lines / this.raster.rows));
      for (let x = 0; x < w; x++) {
        const column = Math.min(columns - 1, Math.floor((this.x0 + (this.x1 - this.x0) * x / w) * columns / this.raster.steps));
        counts[y * w + x] = this.grid[line * columns + column];
        inputs[y * w + x] = firstPopulation && row < firstPopulation.first ? 1 : 0;
      }
    }
    for (let line = 0; line < lines; line++) {
      const row = (line + 0.5) * this.raster.rows / lines;
      if (row < this.y0 || row >= this.y1) continue;
      for (let column = 0; column < columns; column++) {
        const step = (column + 0.5) * this.raster.steps / columns;
        if (step >= this.x0 && step < this.x1) shown += this.grid[line * columns + column];
      }
    }
    this.paint(context, left, w, h, counts, inputs, 1);
    return shown;
  }

  paint(context, left, w, h, counts, inputs, dot) {
    let most = 1;
    for (const count of counts) if (count > most) most = count;
    const paper = rgb(colour("paper")), mark = rgb(colour("front")), input = rgb(colour("input"));
    const picture = context.createImageData(w, h), data = picture.data;
    for (let i = 0; i < w * h; i++) { data[4 * i] = paper[0]; data[4 * i + 1] = paper[1]; data[4 * i + 2] = paper[2]; data[4 * i + 3] = 255; }
    const scale = Math.log(1 + most);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const count = counts[y * w + x];
        if (count === 0) continue;
        const share = most === 1 ? 1 : 0.35 + 0.65 * Math.log(1 + count) / scale;
        const ink = inputs[y * w + x] ? input : mark;
        for (let dy = 0; dy < dot && y + dy < h; dy++) {
          for (let dx = 0; dx < dot && x + dx < w; dx++) {
            const at = 4 * ((y + dy) * w + x + dx);
            for (let c = 0; c < 3; c++) data[at + c] = Math.round(paper[c] + (ink[c] - paper[c]) * share);
          }
        }
      }
    }
    context.putImageData(picture, left, 0);
  }

  drawFrame(context, left, w, h, ratio) {
    context.strokeStyle = colour("line");
    context.fillStyle = colour("ink");
    context.lineWidth = ratio;
    context.font = `${12 * ratio}px system-ui, sans-serif`;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const group of this.raster.groups) {
      const top = (group.first - this.y0) * h / (this.y1 - this.y0);
      const end = (group.first + group.size - this.y0) * h / (this.y1 - this.y0);
      if (end < 0 || top > h) continue;
      if (top > 0) { context.beginPath(); context.moveTo(left, top); context.lineTo(left + w, top); context.stroke(); }
      const middle = (Math.max(top, 0) + Math.min(end, h)) / 2;
      if (Math.min(end, h) - Math.max(top, 0) > 11 * ratio) context.fillText(shorten(group.name, 13), left - 6 * ratio, middle);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    const scale = d3.scaleLinear([this.x0 + this.raster.first, this.x1 + this.raster.first], [left, left + w]);
    for (const tick of scale.ticks(8).filter(Number.isInteger)) {
      context.beginPath(); context.moveTo(scale(tick), h); context.lineTo(scale(tick), h + 5 * ratio); context.stroke();
      context.fillText(tick.toLocaleString("en"), scale(tick), h + 8 * ratio);
    }
    context.strokeRect(left, 0, w, h);
  }

  // What is at a place of the canvas, in CSS pixels.
  at(x, y) {
    const step = Math.floor(this.x0 + (x - this.plot.left) * (this.x1 - this.x0) / this.plot.width);
    const row = Math.floor(this.y0 + y * (this.y1 - this.y0) / this.plot.height);
    const group = this.raster.groups.find(one => row >= one.first && row < one.first + one.size);
    if (!group || x < this.plot.left || y > this.plot.height) return null;
    return {step: step + this.raster.first, group: group.name, neuron: row - group.first};
  }
}

function lowerBound(values, value, first, end) {
  while (first < end) {
    const middle = (first + end) >> 1;
    if (values[middle] < value) first = middle + 1; else end = middle;
  }
  return first;
}

function rgb(text) {
  const parsed = d3.rgb(text);
  return [parsed.r, parsed.g, parsed.b];
}

function shorten(text, most) {
  return text.length > most ? text.slice(0, most - 1) + "…" : text;
}
