#!/usr/bin/env python3
"""Train the convolutional spiking digit classifier of ../conv_digits.yaml; needs numpy and scikit-learn (data and split only).

    OMP_NUM_THREADS=1 python3 train.py                     # everything again, four minutes
    OMP_NUM_THREADS=1 python3 train.py --cross-validate    # five folds of the training digits, twenty minutes
    python3 train.py --check                               # committed weights against expected.json, no training

The data, its split and its coding, the optimiser and the exact model of a layer are those of ../digits/train.py; so are the three
steps: a float network, training on through the spikes with integer weights, an exact simulation that writes expected.json.
A convolution is computed as the matrix that it is: small, and the chip's own view of it.
"""
import argparse
import importlib.util
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("digits_train", HERE.parent / "digits/train.py")
digits = importlib.util.module_from_spec(spec)
spec.loader.exec_module(digits)
REAL, STEPS, BLANK = digits.REAL, digits.STEPS, digits.BLANK

# Network; conv_digits.yaml repeats these.
LINES = dict(source=(1, 8, 8), channels=8, kernel=3, stride=1, padding=0)       # to (8, 6, 6)
SHAPES = dict(source=(8, 6, 6), channels=16, kernel=3, stride=2, padding=1)     # to (16, 3, 3)
VTH = (3072, 2048)         # threshold mantissas of the two layers (times 64)

# Training.
FLOAT = dict(epochs=60, rate=2e-3, decay=1e-4)
SPIKING = dict(epochs=120, rate=1e-2)
SHARE = 0.7                # of the neurons that are active in the float network, at the start


class Convolution:
    """Cross-correlation of feature maps; `place` says which number of the kernel each (source, target) has, the last: none."""

    def __init__(self, source, channels, kernel, stride, padding):
        depth, height, width = source
        rows, columns = ((n + 2 * padding - kernel) // stride + 1 for n in (height, width))
        self.shape, self.weights = (channels, rows, columns), (channels, depth, kernel, kernel)
        self.place = np.full((depth, height, width, channels, rows, columns), channels * depth * kernel * kernel)
        for o, c, v, u, j, i in np.ndindex(channels, depth, rows, columns, kernel, kernel):
            y, x = v * stride + j - padding, u * stride + i - padding
            if 0 <= y < height and 0 <= x < width:
                self.place[c, y, x, o, v, u] = np.ravel_multi_index((o, c, j, i), self.weights)
        self.place = self.place.reshape(depth * height * width, channels * rows * columns)
        self.size = channels * rows * columns

    def matrix(self, kernel):
        """(sources, targets) with the kernel wherever it applies."""
        return np.append(kernel.ravel(), kernel.dtype.type(0))[self.place]

    def gradient(self, of_matrix):
        count = int(np.prod(self.weights))
        return np.bincount(self.place.ravel(), of_matrix.ravel(), count + 1)[:count].reshape(self.weights).astype(REAL)

    def spread(self, per_channel):
        """One number of each channel for all its places."""
        return np.repeat(per_channel, self.size // self.shape[0])

    def collect(self, per_place):
        return per_place.reshape(self.shape[0], -1).sum(1)


LAYERS = (Convolution(**LINES), Convolution(**SHAPES))


# --- training -----------------------------------------------------------------------------------------

def train_float(x, y, seed=1):
    rng = np.random.default_rng(seed)
    kernels = [rng.normal(0, (2 / np.prod(c.weights[1:])) ** 0.5, c.weights).astype(REAL) for c in LAYERS]
    biases = [np.zeros(c.shape[0], REAL) for c in LAYERS]
    w, b = rng.normal(0, (1 / LAYERS[1].size) ** 0.5, (LAYERS[1].size, 10)).astype(REAL), np.zeros(10, REAL)
    adam, decay = digits.Adam([*kernels, *biases, w, b]), REAL(FLOAT["decay"])
    for q, label, rate in digits.batches(x, y, FLOAT["epochs"], FLOAT["rate"], rng):
        matrices = [c.matrix(k) for c, k in zip(LAYERS, kernels)]
        a = [(q / digits.FULL).astype(REAL)]
        for c, m, bias in zip(LAYERS, matrices, biases):
            a.append(np.maximum(a[-1] @ m + c.spread(bias), 0))
        g = digits.loss_gradient(a[2] @ w + b, label)
        gw, gb = a[2].T @ g + decay * w, g.sum(0)
        g_kernels, g_biases, g = [], [], g @ w.T
        for i in (1, 0):
            g = g * (a[i + 1] > 0)
            g_kernels.insert(0, LAYERS[i].gradient(a[i].T @ g) + decay * kernels[i])
            g_biases.insert(0, LAYERS[i].collect(g.sum(0)))
            g = g @ matrices[i].T
        adam.step([*g_kernels, *g_biases, gw, gb], rate)
    return kernels, biases, w, b


def activity_float(net, x):
    kernels, biases, _, _ = net
    a = [x / digits.FULL]
    for c, k, bias in zip(LAYERS, kernels, biases):
        a.append(np.maximum(a[-1] @ c.matrix(k) + c.spread(bias), 0))
    return a


def predict_float(net, x):
    return np.argmax(activity_float(net, x)[2] @ net[2] + net[3], 1)


def layer_forward(arriving, matrix, bias, vth):
    """Spikes of a layer by step, and what learning needs to know: v before its reset, and who had not yet spiked."""
    size = matrix.shape[1]
    drive = (arriving.reshape(-1, len(matrix)) @ matrix).reshape(STEPS, -1, size)
    u = v = np.zeros(drive.shape[1:], REAL)
    silent = np.ones_like(u)
    spikes, trace = np.zeros_like(drive), []
    for t in range(STEPS):                           # u never decays, so each input ramps v up from the step of its spike
        u = u + drive[t]
        v = v + u + bias
        spikes[t] = (v > vth) * silent
        trace.append((v, silent))
        v, silent = v * (1 - spikes[t]), silent * (1 - spikes[t])
    return spikes, trace


def delayed(spikes):
    """One step on the way."""
    return np.concatenate([np.zeros_like(spikes[:1]), spikes[:-1]])


def starting_scale(x, net):
    """Factors that let the same share of the neurons of each layer reach its threshold as are active in the float network."""
    arriving, scales = digits.latency_spikes(x).astype(REAL), []
    for c, kernel, bias, vth, a in zip(LAYERS, net[0], net[1], VTH, activity_float(net, x)[1:]):
        matrix, spread = c.matrix(kernel), c.spread(bias) / (STEPS - BLANK)
        _, trace = layer_forward(arriving, matrix, spread, np.inf)
        peak = np.max([v for v, _ in trace], 0)
        scales.append(vth / np.percentile(peak, 100 * (1 - (a > 0).mean() * SHARE)))
        arriving = delayed(layer_forward(arriving, matrix * scales[-1], spread * scales[-1], vth)[0])
    return scales


def train_spiking(x, y, net, seed=2):
    """Returns integer kernels, biases by neuron and output weights (10, maps), starting from the float network."""
    rng = np.random.default_rng(seed)
    kernels, biases, w, _ = net
    unit, scales = 64, starting_scale(x[:256], net)  # the unit keeps the parameters near one, which suits Adam
    p = [(k / unit * s).astype(REAL) for k, s in zip(kernels, scales)]
    p += [(b / unit * s / (STEPS - BLANK)).astype(REAL) for b, s in zip(biases, scales)]
    p += [(w / unit * 200 / np.abs(w).max()).astype(REAL)]
    adam, sharpness = digits.Adam(p), None
    counts = np.arange(STEPS) < STEPS - 1            # a spike of the last step no longer reaches the next layer

    for q, label, rate in digits.batches(x, y, SPIKING["epochs"], SPIKING["rate"], rng):
        matrices = [c.matrix(digits.to_weight(k * unit)) for c, k in zip(LAYERS, p)]
        bias = [c.spread(np.rint(b * unit)) for c, b in zip(LAYERS, p[2:4])]
        out = digits.to_weight(p[4] * unit)

        # Forward, in units of 64.
        arriving = digits.latency_spikes(q).astype(REAL)
        inputs, traces = [], []
        for m, b, vth in zip(matrices, bias, VTH):
            inputs.append(arriving)
            traces.append(layer_forward(arriving, m, b, vth))
            arriving = delayed(traces[-1][0])
        fired = arriving.sum(0)
        logits = fired @ out
        if sharpness is None:
            sharpness = REAL(4 / logits.std())       # logits of the starting network to a useful size

        # Backward through time and layers.
        g = digits.loss_gradient(logits * sharpness, label) * sharpness
        g_out = fired.T @ g
        g_spikes = counts[:, None, None] * (g @ out.T)[None]
        g_kernels, g_biases = [], []
        for i in (1, 0):
            spikes, trace = traces[i]
            gv = gu = np.zeros_like(spikes[0])
            g_bias, g_drive = np.zeros(LAYERS[i].size, REAL), np.empty_like(spikes)
            for t in reversed(range(STEPS)):
                v, silent = trace[t]
                surrogate = REAL(digits.SLOPE / 2 / VTH[i]) / (1 + REAL(digits.SLOPE) * np.abs(v / VTH[i] - 1)) ** 2
                gv = gv * (1 - spikes[t]) + g_spikes[t] * silent * surrogate
                gu = gu + gv
                g_bias += gv.sum(0)
                g_drive[t] = gu
            flat = g_drive.reshape(-1, LAYERS[i].size)
            g_kernels.insert(0, LAYERS[i].gradient(inputs[i].reshape(-1, len(matrices[i])).T @ flat))
            g_biases.insert(0, LAYERS[i].collect(g_bias))
            arrived = (flat @ matrices[i].T).reshape(STEPS, len(q), -1)
            g_spikes = np.concatenate([arrived[1:], np.zeros_like(arrived[:1])])
        adam.step([(g * unit).astype(REAL) for g in (*g_kernels, *g_biases, g_out)], rate)
        for k in (p[0], p[1], p[4]):
            np.clip(k, -256 / unit, 254 / unit, out=k)

    found = [digits.to_weight(k * unit).astype(np.int16) for k in p[:2]]
    found += [c.spread(np.clip(np.rint(b * unit), -4096, 4095)).astype(np.int16) for c, b in zip(LAYERS, p[2:4])]
    return [*found, digits.to_weight(p[4] * unit).T.astype(np.int16)]


# --- exact simulation ---------------------------------------------------------------------------------

def simulate(weights, x):
    """The network on samples x, each from the reset state; a spike acts on the next layer one step later."""
    k1, k2, b1, b2, out = (w.astype(np.int64) for w in weights)
    matrices = [c.matrix(k) << 6 for c, k in zip(LAYERS, (k1, k2))] + [out.T << 6]
    layers = [digits.Layer(len(x), c.size, decay_u=0, decay_v=0, vth=vth, bias=b << digits.BIAS_EXP, refract=digits.REFRACT)
              for c, vth, b in zip(LAYERS, VTH, (b1, b2))]
    layers.append(digits.Layer(len(x), 10, decay_u=4096, decay_v=0, vth=digits.VTH_NEVER, bias=0, refract=1))
    spikes = digits.latency_spikes(x).astype(np.int64)
    before = [np.zeros((len(x), c.size), np.int64) for c in LAYERS]
    counts = np.zeros((3, len(x)), np.int64)
    for t in range(STEPS):
        arriving = [spikes[t], *before]
        now = [layer.step(a @ m) for layer, a, m in zip(layers, arriving, matrices)]
        counts += [n.sum(1) for n in now]
        before = [n.astype(np.int64) for n in now[:2]]
    v = layers[2].v
    best = np.sort(v, 1)
    return dict(predictions=v.argmax(1), ties=int((best[:, -1] == best[:, -2]).sum()), input_spikes=int(spikes.sum()),
                spikes=counts, v_range=[[layer.low, layer.high] for layer in layers])


def report(weights, float_accuracy, x, y):
    run = simulate(weights, x)
    right = run["predictions"] == y
    names = ("lines", "shapes", "output")
    return {
        "how": "conv_digits/train.py, function simulate: integer simulation of conv_digits.yaml in numpy int64 on "
               "../digits/digits_test.npz, each sample from the reset state; counts are totals over all samples",
        "samples": len(y),
        "steps_per_sample": STEPS,
        "accuracy": round(float(right.mean()), 6),
        "correct": int(right.sum()),
        "float_accuracy": float_accuracy,
        "input_spikes": run["input_spikes"],
        "spikes": {name: int(n.sum()) for name, n in zip(names, run["spikes"])},
        "ties_for_first_place": run["ties"],
        "v_range": dict(zip(names, run["v_range"])),
        "predictions": run["predictions"].tolist(),
    }


# --- commands -----------------------------------------------------------------------------------------

NAMES = ("lines", "shapes", "lines_bias", "shapes_bias", "output")


def cross_validate(x, y):
    scores = []
    for fit, held in digits.StratifiedKFold(5, shuffle=True, random_state=0).split(x, y):
        net = train_float(x[fit], y[fit])
        run = simulate(train_spiking(x[fit], y[fit], net), x[held])
        scores.append([(predict_float(net, x[held]) == y[held]).mean(), (run["predictions"] == y[held]).mean(),
                       *run["spikes"][:2].sum(1) / len(held)])
        print("fold: float %.4f, spiking %.4f, spikes per digit %.1f and %.1f" % tuple(scores[-1]), flush=True)
    print("mean: float %.4f, spiking %.4f, spikes per digit %.1f and %.1f" % tuple(np.mean(scores, 0)))


def stored_digits():
    test = np.load(HERE.parent / "digits/digits_test.npz")
    return test["x"].astype(np.int64), test["y"].astype(np.int64)


def check(folder):
    """Simulates the stored weights on the stored digits; true if expected.json is what comes out."""
    weights = [np.load(folder / f"{name}.npy") for name in NAMES]
    expected = json.loads((folder / "expected.json").read_text())
    found = report(weights, expected["float_accuracy"], *stored_digits())
    wrong = [key for key in expected if found.get(key) != expected[key]]
    print("differs: " + ", ".join(wrong) if wrong else f"as expected, accuracy {found['accuracy']:.4f}")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="folder of the files")
    parser.add_argument("--cross-validate", action="store_true", help="five folds of the training digits; writes nothing")
    parser.add_argument("--check", action="store_true", help="simulate the files in --out; writes nothing")
    args = parser.parse_args()
    if args.check:
        return 0 if check(args.out) else 1
    x, y, _, _ = digits.load_split()
    if args.cross_validate:
        cross_validate(x, y)
        return 0
    net = train_float(x, y)
    weights = train_spiking(x, y, net)
    test_x, test_y = stored_digits()
    result = report(weights, round(float((predict_float(net, test_x) == test_y).mean()), 6), test_x, test_y)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, array in zip(NAMES, weights):
        np.save(args.out / f"{name}.npy", np.ascontiguousarray(array))
    digits.write_json(args.out / "expected.json", result)
    print(json.dumps({key: value for key, value in result.items() if not isinstance(value, (list, str))}, indent=2))
    print("if float_accuracy changed, update reference_accuracy in conv_digits.yaml")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
