#!/usr/bin/env python3
"""What a second rank of mpirun gains: huge.yaml with 10^6 neurons and 10^8 synapses, steps alone and the whole run, in turn.

    ranks.py SEAMOUNT [--side 1000] [--synapses 100] [--steps 200] [--pairs 3] [--ranks 2] [--mesh NAME]

Each figure is the difference of a long run and one of a tenth of it, so loading and handing out are not in it; the memory is that of the
rank with most. Without --mesh the runs are untimed.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("seamount", type=pathlib.Path)
parser.add_argument("--side", type=int, default=1000, help="neurons along each side of the sheet")
parser.add_argument("--synapses", type=int, default=100, help="of a neuron, about")
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--pairs", type=int, default=3)
parser.add_argument("--ranks", type=int, default=2)
parser.add_argument("--mesh", default="")
arguments = parser.parse_args()
seamount = arguments.seamount.resolve()
configs = pathlib.Path(__file__).resolve().parents[2] / "configs"

CHIP = """extends: {big}
chip: wide
sources: {{wide: "as wide as the sheet needs"}}
topology:
  width: {{value: 64, source: wide, grade: assumed}}
"""


def run(folder, ranks, steps):
    """The summary of a run."""
    words = [str(seamount), "run", "net.smi", "--steps", str(steps), "--json", "r.json", "-q"]
    words += ["--mesh", arguments.mesh] if arguments.mesh else ["--untimed"]
    if ranks > 1:
        words = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), *words]
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return json.loads((pathlib.Path(folder) / "r.json").read_text())


def main():
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "chip.yaml").write_text(CHIP.format(big=configs / "chips" / "big.yaml"))
        # At 250 x 400 neurons a radius of 0.1085 gives a thousand synapses each.
        radius = 0.1085 * math.sqrt(arguments.synapses / 1000 * 100000 / arguments.side**2)
        subprocess.run([str(seamount), "compile", str(configs / "networks" / "huge.yaml"), "--chip", "chip.yaml", "--effort", "1",
                        "--set", f"rows={arguments.side}", "--set", f"columns={arguments.side}", "--set", f"radius={radius:.6f}",
                        "-o", "net.smi", "-q"], cwd=folder, check=True)
        short = max(1, arguments.steps // 10)
        gains, hashes = [], set()
        for pair in range(arguments.pairs):
            step_ms, memory, load = {}, {}, {}
            for ranks in (1, arguments.ranks):
                long, brief = run(folder, ranks, arguments.steps), run(folder, ranks, short)
                step_ms[ranks] = 1e3 * (long["wall_s"]["run"] - brief["wall_s"]["run"]) / (arguments.steps - short)
                memory[ranks] = long["peak_rss_bytes"] / long["synapses"]
                load[ranks] = brief["wall_s"]["load"]
                hashes.add(long["spike_hash"])
            gains.append(step_ms[1] / step_ms[arguments.ranks])
            print(f"pair {pair}: {long['neurons']} neurons, {long['synapses']} synapses: " + ", ".join(
                f"{ranks} rank{'s' * (ranks > 1)} {step_ms[ranks]:.2f} ms per step, load {load[ranks]:.1f} s, "
                f"{memory[ranks]:.2f} bytes per synapse" for ranks in step_ms) +
                f": {gains[-1]:.2f} x; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        print(f"median {statistics.median(gains):.2f} x; spikes {'the same' if len(hashes) == 1 else 'DIFFERENT'}")


main()
