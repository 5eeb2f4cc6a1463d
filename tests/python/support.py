"""What the tests of the Python package share. The command line that they compare with is $SEAMOUNT."""
import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np

SOURCE = pathlib.Path(__file__).resolve().parents[2]
NETWORKS = SOURCE / "configs" / "networks"


def run_command(network, steps, *options):
    """summary.json of `seamount run`."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "r.json")
        subprocess.run([os.environ["SEAMOUNT"], "run", str(network), "--steps", str(steps), "--json", file, "-q", *options],
                       check=True, stdin=subprocess.DEVNULL)
        with open(file, encoding="utf-8") as text:
            return json.load(text)


def relay(seamount, **input_options):
    """Three neurons that pass on what three live inputs send."""
    net = seamount.Network("relay")
    eye = net.input("eye", 3, **input_options)
    out = net.population("out", "loihi1_cuba", 3, params={"decay_u": 4096, "decay_v": 4096, "vth": 10})
    net.connect(eye, out, np.eye(3, dtype=int) * 100)
    net.probe(out, "v")
    return net
