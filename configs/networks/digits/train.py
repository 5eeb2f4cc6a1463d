#!/usr/bin/env python3
"""Train the spiking digit classifier of ../digits.yaml; needs numpy and scikit-learn (data and split only).

    OMP_NUM_THREADS=1 python3 train.py                     # everything again, about half a minute
    OMP_NUM_THREADS=1 python3 train.py --cross-validate    # the figures the hyper-parameters were chosen by
    python3 train.py --check                               # committed weights against expected.json, no training

1. A float network 64-96-10 (ReLU, softmax) is trained: the reference the spiking network is judged by.
2. Its weights are scaled to 8-bit mantissas and start a spiking network that is trained on through its own
   dynamics: weights and biases are integers in every forward pass, the step function of the spike gets a
   surrogate gradient, and the real-valued copies take the update (straight through).
3. `simulate` runs the result in exact 64-bit integers, as the chip computes it, and writes expected.json.

The 360 test digits are looked at in step 3 only.
"""
import argparse
import json
import pathlib

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit

# Network and coding; digits.yaml repeats these.
HIDDEN = 96
STEPS, BLANK = 10, 2       # steps per sample, of which the last two carry no input
FULL = 16                  # full scale of a pixel
VTH = 3072                 # threshold mantissa of the hidden neurons (times 64)
VTH_NEVER = 131071         # of the output neurons: largest mantissa, not reached
REFRACT = 16               # longer than a sample: a hidden neuron spikes at most once
BIAS_EXP = 6               # a bias mantissa counts 64, as a weight mantissa does

# Training; chosen by five-fold cross-validation inside the 1437 training digits.
PIXEL_NOISE = 2.0          # standard deviation added to non-zero training pixels, afresh in each epoch
BATCH = 64
FLOAT = dict(epochs=200, rate=2e-3, decay=1e-4)
SPIKING = dict(epochs=200, rate=1e-2)
SLOPE = 5.0                # steepness of the surrogate gradient around the threshold

REAL = np.float32


# --- data ---------------------------------------------------------------------------------------------

def load_split():
    """1437 training and 360 test digits, stratified by class, the same on every run."""
    data = load_digits()
    x, y = data.data.astype(np.int64), data.target.astype(np.int64)
    train, test = next(StratifiedShuffleSplit(1, test_size=360, random_state=0).split(x, y))
    return x[train], y[train], x[test], y[test]


def latency_spikes(x):
    """(steps, samples, pixels) of 0/1: one spike per non-zero pixel, the brighter the earlier."""
    last = STEPS - BLANK - 1
    when = np.floor(last * (1 - x / FULL) + 0.5).astype(np.int64)   # only q = 8 ties: 3.5 -> 4
    when[x == 0] = -1
    return when[None] == np.arange(STEPS)[:, None, None]


def with_noise(x, rng):
    noise = np.rint(rng.normal(0, PIXEL_NOISE, x.shape)).astype(np.int64)
    return np.clip(x + noise * (x > 0), 0, FULL)


# --- training -----------------------------------------------------------------------------------------

class Adam:
    def __init__(self, parameters):
        self.parameters = parameters
        self.mean = [np.zeros_like(p) for p in parameters]
        self.square = [np.zeros_like(p) for p in parameters]
        self.count = 0

    def step(self, gradients, rate):
        self.count += 1
        for p, g, m, s in zip(self.parameters, gradients, self.mean, self.square):
            m += 0.1 * (g - m)
            s += 0.001 * (g * g - s)
            p -= rate * (m / (1 - 0.9**self.count)) / (np.sqrt(s / (1 - 0.999**self.count)) + 1e-8)


def loss_gradient(logits, y):
    """Gradient of the mean cross-entropy with respect to the logits."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / REAL(len(y))


def batches(x, y, epochs, rate, rng):
    """Noisy shuffled batches, with the learning rate on half a cosine."""
    for epoch in range(epochs):
        noisy, order = with_noise(x, rng), rng.permutation(len(x))
        now = REAL(rate * 0.5 * (1 + np.cos(np.pi * epoch / epochs)))
        for i in range(0, len(x), BATCH):
            pick = order[i:i + BATCH]
            yield noisy[pick], y[pick], now


def train_float(x, y, seed=1):
    rng = np.random.default_rng(seed)
    w1 = rng.normal(0, (2 / 32) ** 0.5, (x.shape[1], HIDDEN)).astype(REAL)
    w2 = rng.normal(0, (1 / HIDDEN) ** 0.5, (HIDDEN, 10)).astype(REAL)
    b1, b2 = np.zeros(HIDDEN, REAL), np.zeros(10, REAL)
    adam, decay = Adam([w1, b1, w2, b2]), REAL(FLOAT["decay"])
    for q, label, rate in batches(x, y, FLOAT["epochs"], FLOAT["rate"], rng):
        a = (q / FULL).astype(REAL)
        h = np.maximum(a @ w1 + b1, 0)
        g = loss_gradient(h @ w2 + b2, label)
        gh = (g @ w2.T) * (h > 0)
        adam.step([a.T @ gh + decay * w1, gh.sum(0), h.T @ g + decay * w2, g.sum(0)], rate)
    return w1, b1, w2, b2


def predict_float(net, x):
    w1, b1, w2, b2 = net
    return np.argmax(np.maximum(x / FULL @ w1 + b1, 0) @ w2 + b2, 1)


def to_weight(w):
    """Even mantissas -256..254: what a mixed-sign 8-bit synapse stores."""
    return np.clip(np.rint(w / 2), -128, 127) * 2


def train_spiking(x, y, net, seed=2):
    """Returns integer w1 (hidden, pixels), b1 (hidden), w2 (10, hidden), starting from the float network."""
    rng = np.random.default_rng(seed)
    w1, b1, w2, _ = net
    active = np.percentile(np.maximum(x / FULL @ w1 + b1, 0), 95)
    scale1 = VTH / (active * (STEPS - BLANK))        # a strongly driven neuron just reaches the threshold
    scale2 = 200 / np.abs(w2).max()
    unit = 64                                        # keeps the parameters near one, which suits Adam
    p1, pb, p2 = ((w / unit).astype(REAL) for w in (w1 * scale1, b1 * scale1 * 0.7, w2 * scale2))
    adam, sharpness = Adam([p1, pb, p2]), None
    counts = np.arange(STEPS) < STEPS - 1            # a spike of the last step no longer reaches the output

    for q, label, rate in batches(x, y, SPIKING["epochs"], SPIKING["rate"], rng):
        m1, mb, m2 = to_weight(p1 * unit), np.rint(pb * unit), to_weight(p2 * unit)
        spikes = latency_spikes(q).astype(REAL)
        flat = spikes.reshape(-1, x.shape[1])
        drive = (flat @ m1).reshape(STEPS, len(q), HIDDEN)

        # Forward, in units of 64: u never decays, so each input ramps v up from the step of its spike.
        u = v = np.zeros((len(q), HIDDEN), REAL)
        silent = np.ones((len(q), HIDDEN), REAL)     # 1 until the neuron has spiked
        trace, fired = [], np.zeros((len(q), HIDDEN), REAL)
        for t in range(STEPS):
            u = u + drive[t]
            v = v + u + mb
            s = (v > VTH) * silent
            trace.append((v, s, silent))
            fired += s * counts[t]
            v, silent = v * (1 - s), silent * (1 - s)
        logits = fired @ m2
        if sharpness is None:
            sharpness = REAL(4 / logits.std())       # logits of the starting network to a useful size

        # Backward through time.
        g = loss_gradient(logits * sharpness, label) * sharpness
        g_fired = g @ m2.T
        gv = gu = np.zeros_like(g_fired)
        gb, g_drive = np.zeros(HIDDEN, REAL), np.empty_like(drive)
        for t in reversed(range(STEPS)):
            v, s, silent = trace[t]
            surrogate = REAL(SLOPE / 2 / VTH) / (1 + REAL(SLOPE) * np.abs(v / VTH - 1)) ** 2
            gv = gv * (1 - s) + g_fired * counts[t] * silent * surrogate
            gu = gu + gv
            gb += gv.sum(0)
            g_drive[t] = gu
        g1 = flat.T @ g_drive.reshape(-1, HIDDEN)
        adam.step([(w * unit).astype(REAL) for w in (g1, gb, fired.T @ g)], rate)
        for p in (p1, p2):
            np.clip(p, -256 / unit, 254 / unit, out=p)

    pb = np.clip(np.rint(pb * unit), -4096, 4095)
    return (to_weight(p1 * unit).T.astype(np.int16), pb.astype(np.int16), to_weight(p2 * unit).T.astype(np.int16))


# --- exact simulation ---------------------------------------------------------------------------------

def wrap(x, bits):
    half = 1 << (bits - 1)
    return ((x + half) & ((1 << bits) - 1)) - half


def decayed(x, decay):
    """x * (4096 - decay) / 4096, truncated toward zero."""
    return np.sign(x) * ((np.abs(x) * (4096 - decay)) >> 12)


class Layer:
    """CUBA neurons of Loihi 1 in the order the chip updates them; one row of state per sample."""

    def __init__(self, samples, size, *, decay_u, decay_v, vth, bias, refract):
        self.decay_u, self.decay_v, self.vth, self.bias, self.refract = decay_u, decay_v, vth << 6, bias, refract
        self.u, self.v, self.ref = (np.zeros((samples, size), np.int64) for _ in range(3))
        self.low = self.high = 0                     # extremes of v before the clip

    def step(self, arrived):
        self.u = wrap(decayed(self.u, self.decay_u) + wrap(arrived, 22), 24)
        v = decayed(self.v, self.decay_v) + wrap(self.u + self.bias, 24)
        self.low, self.high = min(self.low, int(v.min())), max(self.high, int(v.max()))
        v = np.clip(v, -(2**23) + 1, 2**23 - 1)
        v[self.ref > 0] = 0
        spike = v > self.vth
        v[spike] = 0
        self.ref[spike] = self.refract
        self.ref = np.maximum(self.ref - 1, 0)
        self.v = v
        return spike


def simulate(w1, b1, w2, x):
    """The network on samples x, each from the reset state; a hidden spike acts on the output one step later."""
    w1, w2 = (w.astype(np.int64).T << 6 for w in (w1, w2))
    hidden = Layer(len(x), HIDDEN, decay_u=0, decay_v=0, vth=VTH, bias=b1.astype(np.int64) << BIAS_EXP, refract=REFRACT)
    output = Layer(len(x), 10, decay_u=4096, decay_v=0, vth=VTH_NEVER, bias=0, refract=1)
    spikes = latency_spikes(x).astype(np.int64)
    before = np.zeros((len(x), HIDDEN), np.int64)
    when = np.full((len(x), HIDDEN), -1)
    output_spikes = 0
    per_sample = np.zeros(len(x), np.int64)
    for t in range(STEPS):
        output_spikes += int(output.step(before @ w2).sum())
        now = hidden.step(spikes[t] @ w1)
        when[now] = t
        per_sample += now.sum(1)
        before = now.astype(np.int64)
    best = np.sort(output.v, 1)
    return {
        "predictions": output.v.argmax(1),
        "ties": int((best[:, -1] == best[:, -2]).sum()),
        "input_spikes": int(spikes.sum()),
        "hidden_spikes": int(per_sample.sum()),
        "output_spikes": output_spikes,
        "hidden_spikes_per_sample": per_sample,
        "output_v": output.v,
        "hidden_when": when,
        "v_range": {"hidden": [hidden.low, hidden.high], "output": [output.low, output.high]},
    }


def report(weights, net_accuracy, x, y):
    run = simulate(*weights, x)
    return {
        "how": "digits/train.py, function simulate: integer simulation of digits.yaml in numpy int64 on digits_test.npz, "
               "each sample from the reset state; predictions are the first largest v of the output at the last step; "
               "counts are totals over all samples",
        "samples": len(y),
        "steps_per_sample": STEPS,
        "accuracy": round(float((run["predictions"] == y).mean()), 6),
        "correct": int((run["predictions"] == y).sum()),
        "float_accuracy": net_accuracy,
        "input_spikes": run["input_spikes"],
        "hidden_spikes": run["hidden_spikes"],
        "output_spikes": run["output_spikes"],
        "hidden_and_output_spikes": run["hidden_spikes"] + run["output_spikes"],
        "ties_for_first_place": run["ties"],
        "v_range": run["v_range"],
        "predictions": run["predictions"].tolist(),
        "hidden_spikes_per_sample": run["hidden_spikes_per_sample"].tolist(),
        "sample_0": {"hidden_spikes_neuron_step": [[int(n), int(t)] for n, t in enumerate(run["hidden_when"][0]) if t >= 0],
                     "output_v_last_step": run["output_v"][0].tolist()},
    }


def write_json(path, data):
    lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in data.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


# --- commands -----------------------------------------------------------------------------------------

def cross_validate(x, y):
    scores = []
    for fit, held in StratifiedKFold(5, shuffle=True, random_state=0).split(x, y):
        net = train_float(x[fit], y[fit])
        run = simulate(*train_spiking(x[fit], y[fit], net), x[held])
        scores.append([(predict_float(net, x[held]) == y[held]).mean(), (run["predictions"] == y[held]).mean(),
                       run["hidden_spikes"] / len(held)])
        print("fold: float %.4f, spiking %.4f, hidden spikes per digit %.1f" % tuple(scores[-1]), flush=True)
    print("mean: float %.4f, spiking %.4f, hidden spikes per digit %.1f" % tuple(np.mean(scores, 0)))


def check(folder):
    """Simulates the stored weights on the stored digits; true if expected.json is what comes out."""
    weights = [np.load(folder / name) for name in ("w1.npy", "b1.npy", "w2.npy")]
    test = np.load(folder / "digits_test.npz")
    expected = json.loads((folder / "expected.json").read_text())
    found = report(weights, expected["float_accuracy"], test["x"].astype(np.int64), test["y"].astype(np.int64))
    wrong = [key for key in expected if found.get(key) != expected[key]]
    print("differs: " + ", ".join(wrong) if wrong else f"as expected, accuracy {found['accuracy']:.4f}")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent, help="folder of the files")
    parser.add_argument("--cross-validate", action="store_true", help="five folds of the training digits; writes nothing")
    parser.add_argument("--check", action="store_true", help="simulate the files in --out; writes nothing")
    args = parser.parse_args()
    if args.check:
        return 0 if check(args.out) else 1

    x, y, test_x, test_y = load_split()
    if args.cross_validate:
        cross_validate(x, y)
        return 0

    net = train_float(x, y)
    weights = train_spiking(x, y, net)
    accuracy = round(float((predict_float(net, test_x) == test_y).mean()), 6)
    result = report(weights, accuracy, test_x, test_y)

    args.out.mkdir(parents=True, exist_ok=True)
    for name, array in zip(("w1", "b1", "w2"), weights):
        np.save(args.out / f"{name}.npy", np.ascontiguousarray(array))
    np.savez(args.out / "digits_test.npz", x=test_x.astype(np.uint8), y=test_y.astype(np.uint8))
    write_json(args.out / "expected.json", result)
    shown = {key: value for key, value in result.items() if not isinstance(value, (list, dict, str))}
    print(json.dumps(shown, indent=2))
    print("if float_accuracy changed, update reference_accuracy in digits.yaml")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
