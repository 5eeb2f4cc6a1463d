"""Networks and sweeps in which every key stands that their readers know, for schema.py.

A network is read again for each of its keys. The file of HDF5 is in the last one, whose keys are few: it is read by a child.
"""

NETWORKS = ["""
network: all_keys
include: two.yaml
templates: {pair: {parameters: {n: 2}, populations: {a: {neuron: lif, size: "${n}", params: {vth: 9}}}, inputs: {i: {size: 2, rate: 0.5}}, projections: [], probes: []}}
use: {pair: [one, {name: two, n: 3}]}
seed: 3
vars: {n: 4}
populations:
  plain: {neuron: loihi1_cuba, size: "${n}", params: {vth: {values: [1, 2, 3, 4]}, bias: {formula: "i"}, decay_u: {uniform: [1, 9]}}, mapping: auto}
  drawn: {neuron: loihi1_cuba, shape: [2, 2], params: {vth: {normal: [100, 1]}, bias: {file: table.csv, column: b}}, mapping: {tiles: [0, 0, 2, 2]}}
  starts: {neuron: loihi1_cuba, size: 4, params: {vth: 9}, initial: {v: {uniform: [0, 9]}, u: 3}}
  pinned: {neuron: loihi1_cuba, params: {vth: 9}, size: {file: table.csv}, mapping: {fixed: {values: [0, 0, 1, 1]}}}
  by_file: {neuron: loihi1_cuba, params: {vth: 9}, size: 4, mapping: {fixed: {file: arrays.npz, array: cores}}}
  on_cores: {neuron: loihi1_cuba, params: {vth: 9}, size: {edges: edges.npy}, mapping: {cores: [30, 31]}}
  named: {neuron: loihi1_cuba, params: {vth: 9}, size: {ids: {file: table.csv, column: id, header: true}}, mapping: {fixed: 5}}
  ends: {neuron: loihi1_cuba, params: {vth: 9}, size: {ids: {file: ids.csv, columns: [pre, post]}}}
  maps: {neuron: loihi1_cuba, params: {vth: 9}, shape: [1, 4, 4]}
  less: {neuron: loihi1_cuba, params: {vth: 9}, shape: [1, 2, 2]}
  cell:
    size: 3
    compartments:
      - {name: tuft, neuron: dendrite, params: {decay_u: 1024}, parent: soma}
      - {name: soma, neuron: dendritic_soma, params: {vth: 250}, join: pass}
inputs:
  clicks: {size: 3, spikes: [[0, 1], [4, 2]]}
  values: {size: 3, spikes: [[0, 1, -7], [4, 2, 300]]}
  events: {size: 64, spikes: {file: spikes.npz, array: s}}
  slow: {size: 4, poisson: {file: table.csv, column: p}}
  steady: {size: 10, rate: 0.25}
  rates: {size: 2, rate: {values: [0, 1]}}
  noise: {size: 4, poisson: 0.1}
  eye: {size: 4, live: true}
  drive: {target: plain, bias: 4, arg: bias}
  drives: {target: drawn, bias: {values: [1, 2, 3, 4]}}
  more: {target: pinned, bias: {file: table.csv, column: b}}
  cheese: {reward: r0, values: [[100, 5], [300, -3]]}
  crumbs: {reward: r1, values: {file: rewards.npy}}
projections:
  - {from: clicks, to: plain, name: first, rule: all_to_all, weights: 12, scale: 2, exponent: -1, bits: 8, sign: mixed, rounding: truncate, delay: 1}
  - {from: plain, to: plain, rule: all_to_all, self: false, weights: {formula: "i + j"}, delay: {uniform: [0, 3]}, share: false, channel: 0, accumulator: 0}
  - {from: steady, to: plain, rule: fixed_probability, probability: 0.5, weights: {uniform: [1, 5]}}
  - {from: noise, to: drawn, rule: one_to_one, weights: {values: [1, 2, 3, 4]}, graded: true, payload_bits: 8, learning: stdp}
  - {from: rates, to: drawn, rule: fixed_fan_out, fan_out: 2, weights: {normal: [4, 1]}}
  - {from: maps, to: maps, name: near, rule: distance, radius: 0.5, probability: {formula: "exp(-d)"}, weights: {file: square.npy}}
  - {from: named, to: named, rule: list, edges: {file: ids.csv, by: id, columns: {source: pre, target: post, weight: w, delay: d}, unknown: skip, header: true}}
  - {from: plain, to: drawn, rule: list, edges: {file: edges.npy}, weights: 3}
  - {from: plain, to: drawn, rule: list, edges: {file: ids.csv, by: index, columns: {source: pre, target: post}}, weights: {file: ids.csv, column: w}}
  - {from: maps, to: less, rule: conv2d, kernel: {values: [[[[1, 2], [3, 4]]]]}, stride: 2, padding: 0, dilation: 1, groups: 1, mode: convolution, layout: chw}
  - {from: maps, to: less, rule: sum_pool, kernel: [2, 2], weights: 3}
  - {from: maps, to: less, rule: conv2d, kernel: {file: arrays.npz, array: kernel}, stride: [2, 2]}
  - {from: clicks, to: plain, name: again, rule: all_to_all, weights: {learned: learned.npz, projection: saved}, delay: {learned: learned.npz, projection: saved}}
  - {from: clicks, to: plain, rule: all_to_all, weights: 1, delay: {file: arrays.npz, array: delay}}
  - {from: plain, to: drawn, name: taught, rule: all_to_all, weights: 1, learning: stdp}
  - {from: drawn, to: plain, tied: taught, delay: 2}
learning:
  enabled: [[0, false], [10, true]]
  rules:
    stdp: {dw: "2^-2*x1*y0", epoch: 4, x1: {impulse: 16, tau: 10}, y1: {impulse: 16, tau: 10}, mode: exact, rounding: 0.5, seed: 7, post: spikes, graded: impulse, delay: {max: 20}, normalise: {sum: 5, every: 2}}
    other: {dt: "2^-2*x1*y0", rounding: floor, delay: tag, dd: "x0", enabled: {from: plain, until: drawn, start: true}, clear_tags: drawn, normalise: 9, x2: {impulse: 1}, y2: {tau: 1}, y3: {tau: 2}}
  rewards: {r0: plain, r1: drawn}
views:
  half: {of: plain, slice: "0:2"}
  corner: {of: drawn, slice: ["0", ":"]}
  some: {of: plain, neurons: [1, 3]}
probes:
  - {population: plain, record: [v, u], neurons: [0, 1], every: 2}
  - {population: drawn, record: v}
  - {weights: "noise->drawn", every: 10, histogram: 16}
  - {population: plain, record: u, from: 3, to: 9, when: spike clicks}
  - {cores: [30], record: packets}
  - {cores: all, record: [queue, spikes], every: 5, when: any spike in plain}
""", """
inputs:
  spread: {size: 2, rate: 0.3, phase: random}
  phases: {size: 2, dataset: {samples: {file: samples.npy}, max: 16, steps: 8, blank: 2, phase: random, until: "out[0]"}}
  payloads: {size: 2, dataset: {samples: {file: samples.npy}, steps: 8, blank: 2, encode: graded, scale: 3, until: "out[0]"}}
  seen: {shape: [2, 1, 2], dataset: {events: {file: events.npz, bin: 1000, origin: first, graded: false, samples: [0, 2], t: t, x: x, y: y, p: p, offsets: offsets, labels: labels}, steps: 8, blank: 2, until: "out[0]"}}
  heard: {size: 2, dataset: {events: {file: events.npz, bin: 1000, source: u}, steps: 8, blank: 2, until: "out[0]"}}
  digits: {size: 2, dataset: {samples: {file: samples.npy}, labels: {file: labels.npy}, max: 16, steps: 8, encode: rate, blank: 2, reset: true, until: "out[0]"}}
  grade: {reward: r0, dataset: {samples: {file: labels.npy}, steps: 8, blank: 2, at: 7, encode: value, until: "out[0]"}}
  drive: {target: out, bias: {dataset: {samples: {file: samples.npy}, steps: 8, blank: 2, until: "out[0]"}}}
populations:
  out: {neuron: loihi1_cuba, params: {vth: 9}, size: 2, reset: [v]}
  goes_on: {neuron: loihi1_cuba, params: {vth: 9}, size: 2, reset: false}
projections: [{from: digits, to: out, rule: all_to_all, weights: {file: arrays.npz, array: w}}]
learning: {enabled: false}
readout: {population: out, by: max_state, state: v, classes: [1, 0], combine: mean, weights: {values: [3, -2]}, reference_accuracy: 0.5, reference: nobody}
""", """
inputs:
  digits: {size: 2, dataset: {samples: {file: samples.npy}, labels: {file: labels.npy}, max: 16, steps: 8}}
populations:
  out: {neuron: loihi1_cuba, params: {vth: 9}, size: 2}
projections: [{from: digits, to: out, rule: all_to_all, weights: {file: arrays.npz, array: w}}]
readout: {population: out, by: spike_count, channel: 0, classes: {file: labels.npy}, weights: {file: labels.npy}}
""", """
dt: 1ms
populations:
  a: {neuron: loihi1_cuba, params: {vth: 9, decay_u: 5ms, decay_v: {values: [20ms, 30ms]}, refract: 3ms}, size: 2}
  b: {neuron: loihi1_cuba, params: {vth: 9}, size: 2}
  c: {neuron: loihi1_cuba, params: {vth: 9}, size: 2}
  d: {neuron: loihi1_cuba, params: {vth: 9}, size: 2}
  e: {neuron: loihi1_cuba, params: {vth: 9}, size: 2}
inputs:
  often: {size: 2, rate: 40Hz}
  noise: {size: 2, poisson: {uniform: [10Hz, 0.05 kHz]}}
  made: {size: 2, rate: {formula: "i / 2"}}
  drawn: {size: 2, rate: {normal: [0.5, 0.01]}}
  timed: {size: 2, dataset: {events: {file: events.npz, time: us, source: u}, steps: 8ms, blank: 2ms}}
  pulse: {target: "a[0]", current: {step: [[0, 4], [20ms, 9]]}}
  held: {target: "a[1]", bias: {uniform: [1, 5]}}
  rise: {target: b, current: {ramp: [[0, 4], [20, 9]], every: 2ms}}
  wave: {target: c, current: {formula: "t + i", steps: 10ms, every: 2}, arg: bias}
  shaken: {target: "d[0]", current: {uniform: [0, 4], steps: 10}}
  shakes: {target: "d[1]", current: {normal: [5, 0.5], steps: 10}}
  taped: {target: "e[0]", current: {file: table.csv, column: b}}
  tape: {target: "e[1]", current: {values: [1, 2]}}
projections:
  - {from: [often, "noise[0]"], to: "a[0]", rule: all_to_all, weights: 3, delay: 2ms}
  - {from: made, to: b, rule: all_to_all, weights: 3, delay: {uniform: [1ms, 3ms]}, learning: slow}
  - {from: drawn, to: b, rule: all_to_all, weights: 3, delay: {values: [[1ms, 2], [3, 4ms]]}}
learning: {rules: {slow: {dw: "2^-2*x1*y0", epoch: 2ms, x1: {impulse: 9, tau: 20ms}}}}
probes: [{population: a, record: v, every: 10ms}]
""", """
inputs: {h5: {size: 2, spikes: {file: spikes.h5, dt: 0.1, population: cells}}}
populations: {out: {neuron: loihi1_cuba, params: {vth: 9}, size: 2}}
projections: [{from: h5, to: out, rule: one_to_one, weights: 1}]
"""]
SWEEPS = ["""
sweep: all_keys
vars: {n: 4}
network: two.yaml
chip: loihi1
set: {run.steps: 4}
parameters:
  chip.limits.compartments: {range: [16, 64], step: 16, integer: true}
  network.seed: [1, 2]
  chip.limits.input_axons: {values: [64, 128], when: "network.seed == 1"}
  chip.prices.synapse_pj: {log_range: [1, 10], points: 3}
derived: {chip.limits.output_axons: "chip.limits.input_axons * 2"}
constraints: ["chip.limits.compartments > 8"]
objectives:
  time: {minimize: modelled_time_s}
  best: {maximize: {script: ./script.sh}}
strategy: {name: random, seed: 2, points: 3}
seeds: [1, 2]
screen: {set: {run.steps: 2}, fronts: 2}
budget: {points: 10, wall_s: 10, without_improvement: 4, failures: 3}
limits: {time_s: 10, memory_mb: 1000}
""", """
network: two.yaml
set: {run.steps: 4}
parameters: {network.seed: [1, 2]}
objectives: {time: {minimize: modelled_time_s}}
strategy: {name: nsga2, seed: 1, population: 4, generations: 2}
repeats: 2
""", """
network: two.yaml
set: {run.steps: 4}
parameters: {network.seed: [1, 2]}
objectives: {time: {minimize: modelled_time_s}}
strategy: {name: ask_tell, command: [./script.sh]}
"""]
