#!/usr/bin/env python3
"""Do explanations of decisions hold? explain_holds.py SEAMOUNT NETWORKS [--samples N]

For digits, conv_digits and a class learned on chip: of the samples that were answered right, removing a tenth of the input spikes, those
of the highest scores, changes the answer at least twice as often as random ones (20 draws each; lower end of the 95 % interval, by an own
bootstrap), and scores correlate in rank with what single removals do (0.9 for neurons that act on the answer, 0.6 for input spikes).
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys


def interval(pairs, samples=2000):
    draw = random.Random(1)
    ratios = []
    for _ in range(samples):
        chosen = draw.choices(pairs, k=len(pairs))
        other = sum(pair[1] for pair in chosen)
        if other:
            ratios.append(sum(pair[0] for pair in chosen) / other)
    ratios.sort()
    return ratios[len(ratios) // 40], ratios[-1 - len(ratios) // 40]


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seamount")
    parser.add_argument("networks", type=pathlib.Path)
    parser.add_argument("--samples", type=int)
    arguments = parser.parse_args()
    samples = f"0..{arguments.samples - 1}" if arguments.samples else "all"
    failed = []
    lines = []
    for name in ("digits", "conv_digits", "class_incremental_test"):
        command = [arguments.seamount, "explain", str(arguments.networks / f"{name}.yaml"), "--decision", samples, "--verify", "--json", "-", "-q"]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        proofs = [account["verify"] for account in answer["accounts"]]
        assert all(proof["draws"] >= 20 for proof in proofs)
        pairs = [(proof["top_changes"], proof["changed"] / proof["draws"]) for proof in proofs]
        low, high = interval(pairs)
        ratio = sum(pair[0] for pair in pairs) / sum(pair[1] for pair in pairs)
        inputs, tree, hidden = (mean(proof[f"{key}_correlation"] for proof in proofs) for key in ("input", "tree", "hidden"))
        lines.append(f"{name}: {len(proofs)} answers, ratio {ratio:.2f} ({low:.2f} to {high:.2f}), rank correlation inputs {inputs:.3f} "
                     f"(by the tree alone {tree:.3f}), neurons {hidden:.3f}")
        print(lines[-1])
        if low < 2 or hidden < 0.9 or inputs < 0.6:
            failed.append(name)
    print("; ".join(lines) if not failed else f"does not hold: {', '.join(failed)}")
    return 1 if failed else 0


sys.exit(main())
