#!/usr/bin/env python3
"""Feeds damaged networks, chips, sweeps, programs and images to seamount, best to a build with sanitizers.

    mutate.py SEAMOUNT [--seconds 60] [--seed 1] [--keep FOLDER]

Whatever the input, the exit code must be 0 (it was still sound) or 2 with a diagnostic on stderr: no signal, no sanitizer's
report, no internal error, no run without end. Inputs that break this are kept in FOLDER, and the exit code is 1.
"""
import argparse
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXTS = (("networks/stdp.yaml", ["compile", "{file}", "-o", "{folder}/x.smi"]),
         ("networks/winner.yaml", ["compile", "{file}", "-o", "{folder}/x.smi"]),
         ("networks/dendrites.yaml", ["compile", "{file}", "-o", "{folder}/x.smi"]),
         ("chips/loihi1.yaml", ["inspect", "{file}"]),
         ("chips/small.yaml", ["inspect", "{file}"]),
         ("sweeps/core_size.yaml", ["explore", "{file}", "--check"]),
         ("neurons/lif.asm", ["asm", "{file}", "-o", "{folder}/x.out"]),
         ("neurons/atrlif.asm", ["asm", "{file}", "-o", "{folder}/x.out"]))
TOKEN = re.compile(rb"[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[^\s]")
ODD = (b"-1", b"0", b"1e308", b"99999999999999999999", b"0x7fffffff", b".nan", b"~", b"[]", b"{}", b"&a *a", b"\xff\xfe", b"")
TIME_S = 60


def mutate_text(data, rng):
    """One to three changes of a token, a line or a byte."""
    for _ in range(rng.randint(1, 3)):
        tokens = list(TOKEN.finditer(data))
        kind = rng.randrange(5)
        if kind == 0 and tokens:  # something odd, or a word from elsewhere, in place of a token
            at = rng.choice(tokens)
            new = rng.choice(ODD) if rng.random() < 0.5 else rng.choice(tokens)[0]
            data = data[:at.start()] + new + data[at.end():]
        elif kind == 1:  # a line twice, gone, or elsewhere
            lines = data.splitlines(keepends=True)
            if lines:
                line = lines.pop(rng.randrange(len(lines)))
                for _ in range(rng.randrange(3)):
                    lines.insert(rng.randint(0, len(lines)), line)
            data = b"".join(lines)
        elif kind == 2 and data:
            at = rng.randrange(len(data))
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1:]
        elif kind == 3:
            data = data[:rng.randint(0, len(data))]
        elif tokens:
            at = rng.choice(tokens)
            data = data[:at.start()] + rng.choice((b" ", b"  ", b"\t", b"\n", b"- ", b": ")) + data[at.start():]
    return data


def mutate_image(data, rng):
    """A few changed bytes, with checksums made right again: see isa/image for the format."""
    data = bytearray(data)
    sections = struct.unpack_from("<I", data, 12)[0]
    first = 32 + 24 * sections
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(first, len(data))
        data[at] = rng.choice((data[at] ^ 1, data[at] ^ 128, 255, 0, rng.randrange(256)))
    for i in range(sections):
        offset, size = struct.unpack_from("<QQ", data, 32 + 24 * i + 8)
        struct.pack_into("<I", data, 32 + 24 * i + 4, zlib.crc32(data[offset:offset + size]))
    struct.pack_into("<I", data, 24, 0)
    struct.pack_into("<I", data, 24, zlib.crc32(data[:first]))
    return bytes(data)


def fault(seamount, arguments):
    """What is wrong with a run, or None."""
    try:
        run = subprocess.run([seamount, *arguments], capture_output=True, text=True, errors="replace", timeout=TIME_S)
    except subprocess.TimeoutExpired:
        return f"no end after {TIME_S} s"
    if run.returncode == 0:
        return None
    if run.returncode == 2 and "error:" in run.stderr and "Sanitizer" not in run.stderr:
        return None
    return f"exit code {run.returncode}: {run.stderr[-2000:]}"


def cases(seamount, folder, rng):
    """Endless (file, arguments); the file lies beside what its original names."""
    image = folder / "sound.smi"
    subprocess.run([seamount, "compile", str(ROOT / "configs/networks/stdp.yaml"), "-q", "-o", str(image)], check=True)
    sound = image.read_bytes()
    while True:
        for name, arguments in TEXTS:
            original = ROOT / "configs" / name
            file = folder / f"mutant{original.suffix}"
            text = mutate_text(original.read_bytes(), rng)
            file.write_bytes(text.replace(b": " + original.stem.encode() + b"/", b": " + str(original.parent).encode() + b"/"))
            yield file, [word.format(file=file, folder=folder) for word in arguments]
        file = folder / "mutant.smi"
        file.write_bytes(mutate_image(sound, rng))
        yield file, ["run", str(file), "--steps", "20", "-q"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seamount")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("fuzz-findings"))
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    done = faults = 0
    with tempfile.TemporaryDirectory() as name:
        for file, arguments in cases(options.seamount, pathlib.Path(name), random.Random(options.seed)):
            if time.monotonic() > end:
                break
            done += 1
            what = fault(options.seamount, arguments)
            if what:
                faults += 1
                options.keep.mkdir(parents=True, exist_ok=True)
                kept = options.keep / f"{options.seed}-{done}{file.suffix}"
                kept.write_bytes(file.read_bytes())
                print(f"{kept}: seamount {' '.join(arguments)}: {what}", flush=True)
    print(f"{done} damaged inputs, {faults} faults (seed {options.seed})")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
