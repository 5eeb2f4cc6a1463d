#!/usr/bin/env python3
"""Compares `seamount mesh` with the latency and throughput curves of another simulator, row by row.

    noc_accuracy.py SEAMOUNT VECTORS.csv... [--fidelity flit] [--cycles N] [--rows]

Rows that the reference calls stable are "low" if its packets took less than 1.15 times the latency without load,
"middle" up to twice that; of these the mean latency is compared, of the others ("overload") the accepted rate. `base` is
the latency without load by the formula, for the hops that were drawn, against what was measured, in rows of less than
10 % load. Saturation is the largest rate that the reference accepted in a stable row.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile


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
    width, height = {"4x8": (8, 4)}.get(mesh) or map(int, mesh.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "mesh.json")
        command = [options.seamount, "mesh", "-q", "--width", str(width), "--height", str(height), "--pattern", pattern,
                   "--flits", flits, "--buffer", buffer, "--pipeline", setting, "--fidelity", options.fidelity,
                   "--cycles", str(options.cycles), "--json", out]
        for rate in rates:
            command += ["--rate", rate]
        if exclude_self == "1":
            command.append("--exclude-self")
        subprocess.run(command, check=True)
        with open(out) as file:
            result = json.load(file)
    return result.get("points", [result])


def judge(key, rows, points):
    """One judged row each: dict of class, latency error, accepted error, base error."""
    setting, flits = key[1], int(key[2])
    stable = [r for r in rows if r["stable"] == "1"]
    saturation = max((float(r["accepted_flits_node_cycle"]) for r in stable), default=0.0)
    for row, point in zip(rows, points):
        hops = float(row["avg_hops"])
        pipe, per_hop = (5, 3) if setting == "A" else (6, 4)
        base = pipe + per_hop * hops + flits - 1
        offered, accepted = float(row["inj_rate_flits_node_cycle"]), float(row["accepted_flits_node_cycle"])
        latency = float(row["avg_pkt_latency"])
        judged = {"rate": offered, "latency": latency, "ours": point["avg_packet_latency"], "accepted": accepted,
                  "our_accepted": point["accepted_flits_per_node_cycle"], "class": "overload"}
        if row["stable"] == "1":
            judged["class"] = "low" if latency < 1.15 * base else "middle" if latency < 2 * base else "past 2 T0"
            judged["error"] = point["avg_packet_latency"] / latency - 1
            judged["load"] = offered / saturation
        else:
            judged["accepted_error"] = point["accepted_flits_per_node_cycle"] / accepted - 1
        if float(row["load_frac_of_overload_thr"]) < 0.10:
            drawn = pipe + per_hop * point["avg_hops"] + flits - 1
            judged["base"] = point["avg_packet_latency"] / drawn - 1
        yield judged


def summary(rows, name, select, value):
    errors = [abs(r[value]) for r in rows if value in r and select(r)]
    if not errors:
        return [name, "0", "-", "-"]
    return [name, str(len(errors)), "%.2f %%" % (100 * sum(errors) / len(errors)), "%.2f %%" % (100 * max(errors))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("seamount")
    parser.add_argument("vectors", nargs="+")
    parser.add_argument("--fidelity", default="flit", choices=["flit", "packet", "ideal"])
    parser.add_argument("--cycles", type=int, default=20000)
    parser.add_argument("--rows", action="store_true", help="print every row")
    parser.add_argument("--only", default="", help="series that contain this, such as 8x8,A,4")
    options = parser.parse_args()
    everything = []
    for key, rows in series_of(options.vectors).items():
        if options.only not in ",".join(key):
            continue
        points = simulate(options, key, [r["inj_rate_flits_node_cycle"] for r in rows])
        judged = list(judge(key, rows, points))
        for r in judged:
            r["hotspot"] = key[4] == "hotspot10"
            r["setting"] = key[1]
        everything += judged
        print("%s %s L=%s buffer=%s %s%s" % (key[:5] + (" without self" if key[5] == "1" else "",)))
        for r in judged:
            if options.rows:
                print("    %.4f  %-9s  latency %8.2f, ours %8.2f %s  accepted %.4f, ours %.4f %s" % (
                    r["rate"], r["class"], r["latency"], r["ours"],
                    "%+6.2f %%" % (100 * r["error"]) if "error" in r else "        ", r["accepted"], r["our_accepted"],
                    "%+6.2f %%" % (100 * r["accepted_error"]) if "accepted_error" in r else ""))
    rows = [
        ["what", "rows", "mean error", "largest"],
        summary(everything, "latency without load against the formula", lambda r: True, "base"),
        summary(everything, "latency below 70 % of saturation", lambda r: r.get("load", 9) < 0.7, "error"),
        summary(everything, "latency from 70 to 90 %", lambda r: 0.7 <= r.get("load", 9) <= 0.901, "error"),
        summary(everything, "latency, low (< 1.15 T0)", lambda r: r["class"] == "low", "error"),
        summary(everything, "latency, middle (1.15-2 T0)", lambda r: r["class"] == "middle", "error"),
        summary(everything, "accepted in overload", lambda r: not r["hotspot"], "accepted_error"),
        summary(everything, "accepted in overload, hotspot", lambda r: r["hotspot"], "accepted_error"),
    ]
    print()
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    sys.exit(main())
