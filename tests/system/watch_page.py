#!/usr/bin/env python3
"""Watches a run, and a sweep, while it goes on: by plain HTTP, and in headless Chromium.

    watch_page.py SEAMOUNT NETWORK STEPS

STEPS: what a run takes some seconds for.
"""
import http.client
import http.server
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import urllib.parse


def start(words, folder):
    """A process that serves a page, and the page's address."""
    process = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for line in process.stderr:
        found = re.search(r"watch at (http://127\.0\.0\.1:\d+/\S+/)", line)
        if found:
            return process, found.group(1)
    raise AssertionError("no address was said")


def status(address, method="GET", path=None, host=None):
    parts = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.request(method, path if path is not None else parts.path, headers={"Host": host or parts.netloc})
    code = connection.getresponse().status
    connection.close()
    return code


def events(address, count):
    """The first events that an open page gets."""
    seen = []
    with urllib.request.urlopen(address + "events", timeout=20) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                seen.append(json.loads(line[6:]))
            if len(seen) == count:
                break
    return seen


# Writes down what the line at the top of the page says; the picture keeps Chromium waiting meanwhile.
BEFORE = """<script>sessionStorage.setItem("hold", "yes"); const seen = [];
setInterval(() => { const bar = document.getElementById("watch"); const says = bar ? bar.firstChild.textContent : "";
  if (says && says !== seen[seen.length - 1]) seen.push(says); document.documentElement.dataset.seen = JSON.stringify(seen); }, 50);</script>"""
AFTER = '<img src="slow" alt=""></body>'


def look(program, address, folder):
    """What an open page says, one after the other, until it has heard of three states of the run."""
    heard = set()
    heard_enough = threading.Event()

    class Proxy(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self):
            self.send_response(200)
            try:
                if self.path == "/slow":
                    self.end_headers()
                    heard_enough.wait(60)
                    time.sleep(1)  # until the page has said the last of them too
                elif self.path == "/events":
                    self.send_header("Content-Type", "text/event-stream")
                    self.end_headers()
                    with urllib.request.urlopen(address + "events", timeout=20) as stream:
                        for line in stream:
                            self.wfile.write(line)
                            self.wfile.flush()
                            if line.startswith(b"data: "):
                                heard.add(json.loads(line[6:])["says"])
                            if len(heard) >= 3:
                                heard_enough.set()
                else:
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.end_headers()
                    with urllib.request.urlopen(address, timeout=20) as stream:
                        page = stream.read().decode()
                    self.wfile.write(page.replace("<head>", "<head>" + BEFORE, 1).replace("</body>", AFTER).encode())
            except (BrokenPipeError, ConnectionResetError):
                pass  # the browser was closed

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    words = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}",
             "--dump-dom", f"http://127.0.0.1:{server.server_port}/"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=180)
    server.shutdown()
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not console, console
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found, "the open page heard of nothing"
    return json.loads(found.group(1).replace("&quot;", '"'))


def is_gone(address):
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            return True
        time.sleep(0.1)
    return False


def main():
    seamount, network, steps = sys.argv[1], str(pathlib.Path(sys.argv[2]).resolve()), int(sys.argv[3])
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # It goes on for as long as it is looked at, at the pace of its host, so that its records stay small.
        pace = "while read -r l; do sleep 0.005; echo {}; done"
        run, address = start([seamount, "run", network, "--steps", str(10**9), "--out", "r", "--watch", "--host", pace, "--host-every", "20"],
                             folder)
        token = urllib.parse.urlsplit(address).path
        assert status(address) == 200
        # Nobody else gets in, and nothing gets in but questions.
        assert status(address, path="/") == 404
        assert status(address, path=token[:-2] + ("A" if token[-2] != "A" else "B") + "/") == 404
        assert status(address, path=token + "../etc/passwd") == 404
        assert status(address, host="evil.example") == 404
        assert status(address, method="POST") == 404
        assert status(address, method="DELETE") == 404
        seen = events(address, 6)
        assert len({event["says"] for event in seen}) >= 3 and not any(event["over"] for event in seen), seen
        deadline = time.monotonic() + 120
        while True:
            with urllib.request.urlopen(address, timeout=20) as stream:
                page = stream.read().decode()
            if "Nothing to show yet" not in page:
                break
            assert time.monotonic() < deadline, "the page never came"
            time.sleep(0.3)
        assert 'id="raster"' in page and "EventSource" in page
        if program:
            seen = look(program, address, folder)
            assert len(set(seen)) >= 2 and re.search(r"[\d,]+ steps so far", seen[-1]), f"the open page did not move: {seen}"
        # A second reader by `seamount watch`; both end with the run, whatever ends it.
        other, second = start([seamount, "watch", "r"], folder)
        assert status(second) == 200 and second != address
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert is_gone(address), "the page outlived its run"
        assert is_gone(second) and other.wait(20) == 0
        over = subprocess.run([seamount, "watch", "r"], cwd=folder, capture_output=True, text=True)
        assert over.returncode == 2 and "WATCH-OVER" in over.stderr, over.stderr
        assert "WATCH-PORT" in busy_port(seamount, folder)

        # A run that ends by itself shows its last page to who looks: somebody must have come before it ends.
        run, address = start([seamount, "run", network, "--steps", str(steps), "--out", "s", "--watch"], folder)
        last = events(address, 10**6)[-1]
        assert last["over"], last
        assert run.wait(60) == 0 and is_gone(address)

        sweep = folder / "sweep.yaml"
        sweep.write_text(f"sweep: w\nnetwork: {network}\nchip: loihi1\nset: {{run.steps: {steps // 6}}}\n"
                         "parameters: {chip.mesh.hop_ew_ns: [1, 2, 3, 4]}\nobjectives: {latency: {minimize: modelled_time_s}}\n")
        run, address = start([seamount, "explore", "sweep.yaml", "--no-cache", "--watch"], folder)
        last = events(address, 10**6)[-1]
        assert last["over"] and "4 points" in last["says"], last
        run.wait(60)
        assert is_gone(address)
    print("watched" if program else "watched without a browser")


def busy_port(seamount, folder):
    """What is said of a port that somebody else has."""
    import socket
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run([seamount, "watch", ".", "--until-stdin-ends", "--port", str(taken.getsockname()[1])], cwd=folder,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2, done
    return done.stderr


main()
