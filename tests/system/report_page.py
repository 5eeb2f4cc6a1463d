#!/usr/bin/env python3
"""Opens the page of `explore report` in headless Chromium without network: no console message, front and table are drawn.

    report_page.py SEAMOUNT SWEEP

Also checks that the page of a thousand points, each with a chip of its own, is at most 1 MB.
"""
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zlib

FRONT = (0x00, 0x72, 0xB2)  # of page/report.js


def pixels(png):
    """Rows of RGB triples of an 8-bit RGB or RGBA file."""
    data, at, width, height, channels = b"", 8, 0, 0, 3
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", body[:10])
            channels = 4 if colour == 6 else 3
        if kind == b"IDAT":
            data += body
        at += 12 + size
    raw, stride, before, rows = zlib.decompress(data), width * channels, bytearray(width * channels), []
    for y in range(height):
        mode, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left = line[i - channels] if i >= channels else 0
            up, corner = before[i], before[i - channels] if i >= channels else 0
            if mode == 1:
                line[i] = (line[i] + left) & 255
            elif mode == 2:
                line[i] = (line[i] + up) & 255
            elif mode == 3:
                line[i] = (line[i] + (left + up) // 2) & 255
            elif mode == 4:
                near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner))
                line[i] = (line[i] + near[2]) & 255
        before = line
        rows.append([tuple(line[i:i + 3]) for i in range(0, stride, channels)])
    return rows


def chromium(program, page, *more):
    words = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
             "--enable-logging=stderr", "--window-size=900,1900", "--user-data-dir=" + str(page.parent / "profile"), *more,
             page.as_uri()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=200)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not console, console
    return done.stdout


def thousand(store):
    """Copies the runs of a store up to a thousand points with chips of their own."""
    base = sqlite3.connect(store)
    count = base.execute("SELECT count(*) FROM run").fetchone()[0]
    chip = base.execute("SELECT text FROM document, run WHERE hash = chip LIMIT 1").fetchone()[0]
    for n in range(count + 1, 1001):
        text = re.sub(r"synapse_pj: {value: [0-9.]+", f"synapse_pj: {{value: {n / 10}", chip)
        base.execute("INSERT INTO document VALUES(?, ?)", (f"chip{n}", text))
        base.execute("INSERT INTO run SELECT NULL, ?, stage, seed, parameters, key, status, reason, attempts, cached, command, ?, "
                     "network, version, summary, measures, wall_s, peak_rss_bytes FROM run WHERE point = ?",
                     (n, f"chip{n}", n % count + 1))
    base.commit()
    base.close()


def main():
    seamount, sweep = sys.argv[1], sys.argv[2]
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        store, page = folder / "s.sqlite", folder / "s.html"
        subprocess.run([seamount, "explore", sweep, "--store", store, "--no-cache", "-q"], check=True)
        subprocess.run([seamount, "explore", "report", store, "-o", page, "-q"], check=True)
        shutil.copy(store, folder / "big.sqlite")
        thousand(folder / "big.sqlite")
        subprocess.run([seamount, "explore", "report", folder / "big.sqlite", "-q", "-o", folder / "big.html"], check=True)
        size = (folder / "big.html").stat().st_size
        assert size <= 1_000_000, f"{size} bytes for 1,000 points"
        text = page.read_text()
        assert not re.search(r'(src|href)\s*=\s*"https?:', text), "the page loads something"
        assert "Redistribution and use" in text, "the licence of the charts is missing"
        if program is None:
            print("skipped: no chromium to open the page with")
            return
        shot = folder / "s.png"
        dom = chromium(program, page, "--dump-dom")
        assert 'data-ready="yes"' in dom, "the script did not reach its end"
        assert dom.count('class="best"') >= 1 and dom.count("<tr") >= 2, "no front or no table"
        chromium(program, page, f"--screenshot={shot}")
        rows = pixels(shot.read_bytes())
        blue = [y for y, row in enumerate(rows) if FRONT in row]
        assert blue and min(blue) < len(rows) // 3, "no point of the front on the screen"
        assert sum(1 for row in rows for pixel in row if max(pixel) < 90) > 2000, "no text on the screen"
        print(f"{size} bytes for 1,000 points; {len(blue)} rows with the front's colour")


main()
