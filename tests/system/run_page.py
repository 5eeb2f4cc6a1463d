#!/usr/bin/env python3
"""Opens pages of `seamount report` in headless Chromium without network: no console message; the raster zooms, the mesh's slider moves.

    run_page.py SEAMOUNT NETWORK

A page of more than a million spikes has at most 10 MB and draws them within two seconds.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Does what a user does, and writes down what was seen.
SCRIPT = """<script>
const seen = {}, press = (id, key) => document.getElementById(id).dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
const view = () => document.getElementById("raster-view").textContent;
const dark = id => { const canvas = document.getElementById(id), data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0; for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 2]) count++; return count; };
seen.all = view(); seen.pixels = dark("raster-canvas"); seen.milliseconds = +document.getElementById("raster-canvas").dataset.milliseconds;
document.getElementById("raster-in").click(); seen.zoomed = view();
press("raster-canvas", "ArrowRight"); seen.moved = view();
press("raster-canvas", "0"); seen.back = view();
const slider = document.getElementById("mesh-time"), when = () => document.getElementById("mesh-when").textContent;
seen.run = when(); slider.value = 2; slider.dispatchEvent(new Event("input")); seen.stretch = when(); seen.mesh = dark("mesh-canvas");
seen.sections = [...document.querySelectorAll("main section")].filter(one => !one.hidden).map(one => one.id);
seen.unnamed = [...document.querySelectorAll("svg, canvas")].filter(one => !one.closest("[hidden]") && !one.getAttribute("aria-label")).length;
seen.words = document.getElementById("words").textContent;
seen.inkless = [...document.querySelectorAll("path.series")].filter(one => getComputedStyle(one).stroke === "none").length;
document.body.dataset.seen = JSON.stringify(seen);
</script></body>"""


def look(program, page, folder):
    """What the script saw on the page."""
    copy = folder / "looked_at.html"
    text = page.read_text()
    copy.write_text(text.replace("</body>", SCRIPT))
    words = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr",
             "--window-size=1000,2000", f"--user-data-dir={folder / 'profile'}", "--dump-dom", copy.as_uri()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=200)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not console, console
    assert 'data-ready="yes"' in done.stdout, "the script did not reach its end"
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found, "the page broke when it was used"
    return json.loads(found.group(1).replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")), done.stdout


def main():
    seamount, network = sys.argv[1:3]
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def run(*words):
            subprocess.run([seamount, *map(str, words), "-q"], check=True, cwd=folder)
        run("run", network, "--steps", 400, "--out", "a")
        run("run", network, "--steps", 400, "--out", "b", "--records", "hdf5", "--set", "chance=0.3")
        run("report", "a")
        run("report", "a", "b", "-o", "two.html")
        (folder / "many.yaml").write_text("populations:\n  p: {neuron: lif, size: 2000, params: {vth: 1, bias: 100, bias_exp: 6}}\n")
        run("run", "many.yaml", "--steps", 600, "--out", "many", "--records", "hdf5")
        run("report", "many")
        many = json.loads((folder / "many/summary.json").read_text())["spikes"]
        assert many > 1_000_000, many
        size = (folder / "many.html").stat().st_size
        assert size <= 10_000_000, f"{size} bytes for {many} spikes"
        text = (folder / "a.html").read_text()
        assert not re.search(r'(src|href)\s*=\s*"https?:', text), "the page loads something"
        assert "Redistribution and use" in text, "the licence of the charts is missing"
        if program is None:
            print("skipped: no chromium to open the page with")
            return
        seen, dom = look(program, folder / "a.html", folder)
        for section in ("raster", "activity", "traces", "steps", "time", "energy", "mesh", "fills"):
            assert section in seen["sections"], section
        assert seen["pixels"] > 1000 and seen["mesh"] > 100, "nothing is drawn"
        assert seen["inkless"] == 0, f"{seen['inkless']} lines of charts cannot be seen"
        assert len({seen["all"], seen["zoomed"], seen["moved"]}) == 3 and seen["back"] == seen["all"], seen
        assert seen["run"] == "the whole run" and seen["stretch"].startswith("steps "), seen["stretch"]
        assert seen["unnamed"] == 0, "a picture without a text"
        assert dom.count('class="threshold"') >= 1, "no threshold beside the trace"
        assert "What limited it most was" in seen["words"], seen["words"]
        seen, dom = look(program, folder / "two.html", folder)
        assert "difference" in seen["sections"] and "The runs have different spikes" in dom
        seen, dom = look(program, folder / "many.html", folder)
        assert seen["milliseconds"] <= 2000, f"{seen['milliseconds']} ms to draw {many} spikes"
        print(f"{many} spikes: {size} bytes, drawn in {seen['milliseconds']} ms")


main()
