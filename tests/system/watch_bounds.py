#!/usr/bin/env python3
"""What `seamount watch` refuses, and how much whoever reaches it can make it do.

    watch_bounds.py SEAMOUNT NETWORK
"""
import contextlib
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request


@contextlib.contextmanager
def watching(words, folder):
    """A process that serves a page, and the page's address; it ends with the block."""
    process = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        for line in process.stderr:
            found = re.search(r"watch at (http://127\.0\.0\.1:\d+/\S+/)", line)
            if found:
                yield process, found.group(1)
                return
        raise AssertionError("no address was said")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def of_process(process, field):
    """A number of kilobytes."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M).group(1))


def bytes_read(process):
    """By system calls, so far."""
    text = pathlib.Path(f"/proc/{process.pid}/io").read_text(encoding="utf-8")
    return int(re.search(r"rchar: (\d+)", text)[1])


def send(address, head, body=b"", megabytes=0):
    """The first line that comes back, and whether all of the body was taken."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(head.replace("PATH", parts.path).replace("HOST", parts.netloc).encode())
        took_all = True
        try:
            for _ in range(megabytes):
                connection.sendall(body)
        except (BrokenPipeError, ConnectionResetError):
            took_all = False
        try:
            return connection.recv(4096).decode().split("\r\n")[0], took_all
        except ConnectionResetError:
            return "", took_all


def check_bodies(process, address):
    """Nothing that is sent is kept, or waited for."""
    megabyte = b"x" * 2**20
    before = of_process(process, "VmHWM")
    for method in ("POST", "PUT", "DELETE", "PATCH", "GET"):
        _, took_all = send(address, f"{method} PATH HTTP/1.1\r\nHost: HOST\r\nContent-Length: {200 * 2**20}\r\n\r\n", megabyte, 200)
        assert not took_all, f"{method} was read to its end"
    chunk = b"100000\r\n" + megabyte + b"\r\n"
    _, took_all = send(address, "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, 200)
    assert not took_all, "chunks were read to their end"
    grown = of_process(process, "VmHWM") - before
    assert grown < 64 * 1024, f"what was sent took {grown} kB"
    line, _ = send(address, "POST PATH HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1000000\r\n\r\n")
    assert " 404 " in line, line


def check_refusals(seamount, network, folder):
    def refused(words, code):
        done = subprocess.run([seamount, *words], cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and code in done.stderr and "watch at" not in done.stderr, (words, done)

    (folder / "empty").mkdir()
    (folder / "notes.txt").write_text("no store\n" * 100, encoding="utf-8")
    (folder / "bad.yaml").write_text("sweep: b\nnetwork: nobody.yaml\nparametres: {}\n", encoding="utf-8")
    refused(["watch", "empty"], "[CLI-FILE]")
    refused(["watch", "notes.txt"], "[EXP-STORE]")
    refused(["watch", network], "[EXP-STORE]")
    refused(["watch", "nothing"], "[CLI-FILE]")
    refused(["explore", "bad.yaml", "--watch"], "[YML-UNKNOWN]")
    refused(["explore", "none.yaml", "--watch"], "none.yaml")


def check_quiet(seamount, network, folder):
    """A large store in which nothing happens is not read again."""
    (folder / "s.yaml").write_text(f"sweep: s\nnetwork: {network}\nchip: loihi1\nset: {{run.steps: 50}}\n"
                                   "parameters: {chip.mesh.hop_ew_ns: [1, 2]}\nobjectives: {latency: {minimize: modelled_time_s}}\n",
                                   encoding="utf-8")
    subprocess.run([seamount, "explore", "s.yaml", "--no-cache", "-q", "--store", "s.sqlite"], cwd=folder, check=True, timeout=120)
    with contextlib.closing(sqlite3.connect(folder / "s.sqlite")) as store, store:
        columns = [row[1] for row in store.execute("PRAGMA table_info(run)") if row[1] not in ("id", "point")]
        some = ", ".join(columns)
        for doubled in range(1, 12):
            store.execute(f"INSERT INTO run(point, {some}) SELECT point + {2**doubled}, {some} FROM run")
    with watching([seamount, "watch", "s.sqlite"], folder) as (process, address):
        deadline = time.monotonic() + 60
        while b"Nothing to show yet" in urllib.request.urlopen(address, timeout=30).read():
            assert time.monotonic() < deadline, "the page never came"
            time.sleep(0.5)
        time.sleep(3)  # the first looks and the page
        before = bytes_read(process)
        time.sleep(3)
        read, size = bytes_read(process) - before, (folder / "s.sqlite").stat().st_size
        assert read < size / 2, f"{read} bytes were read again of a store of {size}"
        check_bodies(process, address)


def main():
    seamount, network = sys.argv[1], str(pathlib.Path(sys.argv[2]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_refusals(seamount, network, folder)
        check_quiet(seamount, network, folder)
    print("bounded")


main()
