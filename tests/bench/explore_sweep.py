#!/usr/bin/env python3
"""Times a grid sweep of a small random network, kills it, spreads it, and compares every counter.

    explore_sweep.py SEAMOUNT [--side 10] [--jobs 2] [--kills 10] [--mpi] [--shards 4]

The grid has side^3 points: three prices of the chip. Prints points per second against jobs / (median time of one `seamount
run`), CPU time of the sweep and of its coordinator alone, and whether the sweep killed KILLS times with SIGKILL (the coordinator or a run, at
random moments), the one under mpirun -n 3 and the merged shards export the same as the undisturbed one.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import signal
import statistics
import struct
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("seamount", type=pathlib.Path)
parser.add_argument("--side", type=int, default=10)
parser.add_argument("--jobs", type=int, default=os.cpu_count())
parser.add_argument("--kills", type=int, default=10)
parser.add_argument("--shards", type=int, default=4)
parser.add_argument("--mpi", action="store_true")
arguments = parser.parse_args()
SEAMOUNT = arguments.seamount.resolve()
CONFIGS = pathlib.Path(__file__).resolve().parents[2] / "configs"
NEURONS, FAN_OUT, CORES, STEPS = 1024, 32, 16, 50


def write_network(prefix):
    draw = random.Random(1)
    edges = [(s, draw.randrange(NEURONS), draw.choice([w for w in range(-8, 9) if w]))
             for s in range(NEURONS) for _ in range(FAN_OUT)]
    header = "{'descr': '<i4', 'fortran_order': False, 'shape': (%d, 3), }" % len(edges)
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(f"{prefix}.edges.npy", "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for edge in edges:
            file.write(struct.pack("<3i", *edge))
    with open(f"{prefix}.neurons.csv", "w") as file:
        file.write("id,core,bias,threshold\n")
        for neuron in range(NEURONS):
            file.write(f"{neuron},{neuron * CORES // NEURONS},{draw.randrange(1, 9)},{draw.randrange(40, 90)}\n")


def write_sweep(path, prefix):
    prices = {"chip.prices.synapse_ns": 3.0, "chip.prices.update_active_ns": 8.0, "chip.mesh.link_occupancy_ns": 1.0}
    lines = [f"  {key}: {{range: [{low}, {low + 0.1 * (arguments.side - 1):.1f}], points: {arguments.side}}}" if arguments.side > 1
             else f"  {key}: [{low}]" for key, low in prices.items()]
    path.write_text(f"network: {CONFIGS}/networks/random.yaml\nset: {{network.prefix: {prefix}, run.steps: {STEPS}}}\n"
                    "parameters:\n" + "\n".join(lines) + "\nobjectives:\n  time: {minimize: modelled_time_s}\n"
                    "  energy: {minimize: energy_j.total}\n")


def explore(*words):
    return [SEAMOUNT, "explore", *words]


def own_cpu(pid):
    """Seconds of user and system time of a process without its children; it may have ended, but must not have been waited for."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def exported(store):
    subprocess.run(explore("export", store, f"{store}.csv", "--without-times"), check=True)
    return pathlib.Path(f"{store}.csv").read_text()


def descendants(pid):
    try:
        below = [int(c) for c in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return below + [d for child in below for d in descendants(child)]


def killed_sweep(command, expected_s):
    """Kills the sweep, its nursery or one of its runs at random moments, starting it again when needed."""
    draw, kills, coordinators = random.Random(2), 0, 0
    process = subprocess.Popen(command)
    while kills < arguments.kills:
        time.sleep(draw.uniform(0.2, 1.0) * expected_s / (arguments.kills + 1))
        if process.poll() is not None:
            break
        runs = descendants(process.pid)
        victim = process.pid if draw.random() < 0.5 or not runs else draw.choice(runs)
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            continue
        kills += 1
        if victim == process.pid:
            coordinators += 1
            process.wait()
            process = subprocess.Popen(command)
    if process.wait() != 0:
        subprocess.run(command, check=True)
    return kills, coordinators


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    prefix, sweep = folder / "small", folder / "sweep.yaml"
    write_network(prefix)
    write_sweep(sweep, prefix)
    one = [SEAMOUNT, "run", CONFIGS / "networks/random.yaml", "--set", f"prefix={prefix}", "--steps", str(STEPS), "--quiet",
           "--json", "/dev/stdout"]

    def single(count):
        times = []
        for _ in range(count):
            started = time.perf_counter()
            subprocess.run(one, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - started)
        return times

    def pool(count):
        """Runs per second of `jobs` threads that start one process after the other: what a busy machine allows."""
        started = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as threads:
            list(threads.map(lambda _: single(1), range(count)))
        return count / (time.perf_counter() - started)

    times, rate = single(20), pool(100)
    points = arguments.side ** 3
    started = time.perf_counter()
    process = subprocess.Popen(explore(sweep, "--store", folder / "a.sqlite", "--no-cache", "--jobs", str(arguments.jobs)))
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.02)
    coordinator = own_cpu(process.pid)
    wall = time.perf_counter() - started
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, "the sweep failed"
    process.returncode = 0
    cpu = used.ru_utime + used.ru_stime   # of the nursery and its runs too
    median = statistics.median(times + single(20))
    bar = arguments.jobs / median
    rate = (rate + pool(100)) / 2
    print(f"{points} points in {wall:.1f} s: {points / wall:.1f} points/s; single run {1e3 * median:.1f} ms (median); "
          f"jobs / single run = {bar:.1f}; ratio {points / wall / bar:.2f}; a bare pool of {arguments.jobs} processes: {rate:.1f} runs/s, ratio {points / wall / rate:.2f}")
    print(f"CPU per point: {1e3 * cpu / points:.1f} ms, of which coordinator {1e3 * coordinator / points:.2f} ms "
          f"({100 * coordinator / (cpu - coordinator):.1f} % of the runs')")
    whole = exported(folder / "a.sqlite")
    assert whole.count(",done,") == points, "not every point is done"

    kills, coordinators = killed_sweep(explore(sweep, "--store", folder / "k.sqlite", "--no-cache", "-q"), wall)
    killed = exported(folder / "k.sqlite")
    print(f"killed {kills} times ({coordinators} times the coordinator): {killed.count(',done,')} done, "
          f"{'the same' if killed == whole else 'DIFFERENT'}")
    if arguments.mpi:
        subprocess.run(["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "3",
                        *explore(sweep, "--store", folder / "m.sqlite", "--no-cache", "-q")], check=True)
        print(f"mpirun -n 3: {'the same' if exported(folder / 'm.sqlite') == whole else 'DIFFERENT'}")
    if arguments.shards > 1:
        stores = [folder / f"s{i}.sqlite" for i in range(1, arguments.shards + 1)]
        for i, store in enumerate(stores, 1):
            subprocess.run(explore(sweep, "--store", store, "--no-cache", "-q", "--shard", f"{i}/{arguments.shards}"), check=True)
        subprocess.run(explore("merge", folder / "all.sqlite", *stores, "-q"), check=True)
        print(f"{arguments.shards} shards: {'the same' if exported(folder / 'all.sqlite') == whole else 'DIFFERENT'}")
