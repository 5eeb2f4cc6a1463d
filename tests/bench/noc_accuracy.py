#!/usr/bin/env python3
"""Compares `seamount mesh` with the latency and throughput curves of another simulator, row by row.

    noc_accuracy.py SEAMOUNT VECTORS.csv... [--fidelity flit] [--cycles N] [--rows] [--worst N]

Rows that the reference calls stable are "low" if its packets took less than 1.15 times the latency without load,
"middle" up to twice that; of these the mean latency is compared, of the others ("overload") the accepted rate. `base` is
the latency without load by the formula, for the hops that were drawn, against what was measured, in rows of less than
10 % load. Saturation is the largest rate that the reference accepted in a stable row.

A row of the reference holds few packets, so it drew a rate and a mean distance of its own. The adjusted error takes both
out: the mesh runs at the rate that the reference injected, and its latency is moved by the hops between the two means.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile

PIPELINES = {"A": (5, 3), "B": (6, 4)}  # latency without load: cycles in all, and per hop


def series_of(paths):
    series = {}
    for path in paths:
        with open(path) as file:
            for row in csv.DictReader(file):
                key = tuple(row.get(k, "") for k in ("mesh", "setting", "pkt_flits", "buf_flits", "traffic", "excl_self"))
                series.setdefault(key, []).append(row)
    return series


def simulate(options, key, rates):
    mesh, setting, flits, buffer, pattern, exclude_self = key
    height, width = map(int, mesh.split("x"))  # rows x columns
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "mesh.json")
        command = [options.seamount, "mesh", "-q", "--width", str(width), "--height", str(height), "--pattern", pattern,
                   "--flits", flits, "--buffer", buffer, "--pipeline", setting, "--fidelity", options.fidelity,
                   "--cycles", str(options.cycles), "--seed", str(options.seed), "--json", out]
        for rate in rates:
            command += ["--rate", rate]
        if exclude_self == "1":
            command.append("--exclude-self")
        subprocess.run(command, check=True)
        with open(out) as file:
            result = json.load(file)
    return result.get("points", [result])


def is_stable(row):
    return row["stable"] == "1"


def judge(key, rows, points, adjusted):
    """One judged row each: class, errors, and what they were computed from."""
    flits = int(key[2])
    pipe, per_hop = PIPELINES[key[1]]
    saturation = max((float(r["accepted_flits_node_cycle"]) for r in rows if is_stable(r)), default=0.0)
    for row, point, redrawn in zip(rows, points, adjusted):
        hops = float(row["avg_hops"])
        base = pipe + per_hop * hops + flits - 1
        offered, accepted = float(row["inj_rate_flits_node_cycle"]), float(row["accepted_flits_node_cycle"])
        latency = float(row["avg_pkt_latency"])
        judged = {"name": "%s %s L=%s buffer=%s %s%s" % (key[:5] + (" without self" if key[5] == "1" else "",)),
                  "hotspot": key[4] == "hotspot10", "rate": offered, "latency": latency,
                  "ours": point["avg_packet_latency"], "accepted": accepted,
                  "our_accepted": point["accepted_flits_per_node_cycle"], "class": "overload"}
        if is_stable(row):
            judged["class"] = "low" if latency < 1.15 * base else "middle" if latency < 2 * base else "past 2 T0"
            judged["load"] = offered / saturation
            judged["error"] = point["avg_packet_latency"] / latency - 1
            moved = redrawn["avg_packet_latency"] - per_hop * (redrawn["avg_hops"] - hops)
            judged["adjusted"] = moved / latency - 1
        else:
            judged["accepted_error"] = point["accepted_flits_per_node_cycle"] / accepted - 1
        if float(row["load_frac_of_overload_thr"]) < 0.10:
            drawn = pipe + per_hop * point["avg_hops"] + flits - 1
            judged["base"] = point["avg_packet_latency"] / drawn - 1
        yield judged


def percent(value):
    return "%.2f %%" % (100 * value)


def statistics(rows, value):
    errors = [abs(r[value]) for r in rows if value in r]
    if not errors:
        return ["-", "-"]
    return [percent(sum(errors) / len(errors)), percent(max(errors))]


CLASSES = [
    ("latency without load against the formula", lambda r: "base" in r, "base", None),
    ("latency below 70 % of saturation", lambda r: r.get("load", 9) < 0.7, "error", "adjusted"),
    ("latency from 70 to 90 %", lambda r: 0.7 <= r.get("load", 9) <= 0.901, "error", "adjusted"),
    ("latency, low (< 1.15 T0)", lambda r: r["class"] == "low", "error", "adjusted"),
    ("latency, middle (1.15-2 T0)", lambda r: r["class"] == "middle", "error", "adjusted"),
    ("accepted in overload", lambda r: r["class"] == "overload" and not r["hotspot"], "accepted_error", None),
    ("accepted in overload, hotspot", lambda r: r["class"] == "overload" and r["hotspot"], "accepted_error", None),
]


def report(everything, worst):
    print("\n| what | rows | mean error | largest | mean, adjusted | largest, adjusted |\n|---|---|---|---|---|---|")
    for name, select, value, adjusted in CLASSES:
        rows = [r for r in everything if select(r)]
        cells = [name, str(len(rows))] + statistics(rows, value) + statistics(rows, adjusted)
        print("| " + " | ".join(cells) + " |")
    for name, select, value, adjusted in CLASSES:
        rows = sorted(filter(select, everything), key=lambda r: -abs(r[adjusted or value]))
        if worst and rows:
            print("\nworst of %s%s" % (name, ", adjusted (raw)" if adjusted else ""))
        for r in rows[:worst]:
            print("    %-45s rate %.4f  %s" % (r["name"], r["rate"], "%+.2f %%" % (100 * r[adjusted or value])
                                              + (" (%+.2f %%)" % (100 * r[value]) if adjusted else "")))


def print_row(r):
    errors = "%+6.2f %%, adjusted %+6.2f %%" % (100 * r["error"], 100 * r["adjusted"]) if "error" in r else " " * 28
    print("    %.4f  %-9s  latency %8.2f, ours %8.2f %s  accepted %.4f, ours %.4f %s" % (
        r["rate"], r["class"], r["latency"], r["ours"], errors, r["accepted"], r["our_accepted"],
        "%+6.2f %%" % (100 * r["accepted_error"]) if "accepted_error" in r else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("seamount")
    parser.add_argument("vectors", nargs="+")
    parser.add_argument("--fidelity", default="flit", choices=["flit", "packet", "ideal"])
    parser.add_argument("--cycles", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", action="store_true", help="print every row")
    parser.add_argument("--worst", type=int, default=3, help="rows to name in each class")
    parser.add_argument("--only", default="", help="series that contain this, such as 8x8,A,4")
    options = parser.parse_args()
    everything = []
    for key, rows in series_of(options.vectors).items():
        if options.only not in ",".join(key):
            continue
        nominal = [r["inj_rate_flits_node_cycle"] for r in rows]
        drawn = [r["injected_flits_node_cycle"] for r in rows if is_stable(r)]
        points = simulate(options, key, nominal + drawn)
        redrawn = iter(points[len(rows):])
        adjusted = [next(redrawn) if is_stable(r) else None for r in rows]
        judged = list(judge(key, rows, points, adjusted))
        everything += judged
        if options.rows:
            print(judged[0]["name"])
            for r in judged:
                print_row(r)
    report(everything, options.worst)


if __name__ == "__main__":
    sys.exit(main())
