#!/usr/bin/env python3
"""`include:`, `templates:` and `use:` of network files.

    templates.py SEAMOUNT

A network of included files and templates runs as the one that says the same by hand, and so does what `compile --print-expanded` prints.
Relative paths are relative to the file that says them. All files that it is made of are read files: results name their hashes, outputs
do not replace them, and a sweep runs again what one of them changes. What is wrong is reported where the template says it, with the use.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

TEMPLATES = """
vars: {drive: 3, size: 4}
templates:
  column:
    parameters: {n: 10, vth: 100, half: "${n}", rise: {uniform: [0, "${vth}"]}, weights: 12, source: noise}
    populations:
      exc: {neuron: loihi1_cuba, size: "${n}", params: {vth: "${vth}"}, initial: {v: "${rise}"}}
      inh: {neuron: loihi1_cuba, size: "${size}", params: {vth: {file: v.csv}}}
    inputs:
      kick: {size: "${half}", rate: 0.25}
    projections:
      - {from: exc, to: inh, name: fwd, rule: all_to_all, weights: "${weights}"}
      - {from: inh, to: exc, rule: all_to_all, weights: "-${drive}"}
      - {from: "${source}", to: exc, rule: fixed_probability, probability: 0.5, weights: 60}
      - {from: kick, to: exc, rule: one_to_one, weights: 70}
    probes:
      - {population: exc, record: [v]}
"""
MAIN = """
include: parts/column.yaml
network: columns
vars: {drive: 5}
inputs:
  noise: {size: 8, poisson: 0.5}
  exc: {size: 8, poisson: 0.5}
use:
  column:
    - c1
    - {name: c2, n: 20, weights: {file: w.csv}, source: exc}
projections:
  - {from: c1.exc, to: c2.exc, rule: fixed_fan_out, fan_out: 2, weights: 30, delay: 2}
"""
BY_HAND = """
network: columns
inputs:
  noise: {size: 8, poisson: 0.5}
  exc: {size: 8, poisson: 0.5}
  c1.kick: {size: 10, rate: 0.25}
  c2.kick: {size: 20, rate: 0.25}
populations:
  c1.exc: {neuron: loihi1_cuba, size: 10, params: {vth: 100}, initial: {v: {uniform: [0, 100]}}}
  c1.inh: {neuron: loihi1_cuba, size: 4, params: {vth: {file: parts/v.csv}}}
  c2.exc: {neuron: loihi1_cuba, size: 20, params: {vth: 100}, initial: {v: {uniform: [0, 100]}}}
  c2.inh: {neuron: loihi1_cuba, size: 4, params: {vth: {file: parts/v.csv}}}
projections:
  - {from: c1.exc, to: c2.exc, rule: fixed_fan_out, fan_out: 2, weights: 30, delay: 2}
  - {from: c1.exc, to: c1.inh, name: c1.fwd, rule: all_to_all, weights: 12}
  - {from: c1.inh, to: c1.exc, rule: all_to_all, weights: -5}
  - {from: noise, to: c1.exc, rule: fixed_probability, probability: 0.5, weights: 60}
  - {from: c1.kick, to: c1.exc, rule: one_to_one, weights: 70}
  - {from: c2.exc, to: c2.inh, name: c2.fwd, rule: all_to_all, weights: {file: w.csv}}
  - {from: c2.inh, to: c2.exc, rule: all_to_all, weights: -5}
  - {from: exc, to: c2.exc, rule: fixed_probability, probability: 0.5, weights: 60}
  - {from: c2.kick, to: c2.exc, rule: one_to_one, weights: 70}
probes:
  - {population: c1.exc, record: [v]}
  - {population: c2.exc, record: [v]}
"""
PARTS = ["include: [b.yaml, c.yaml]\npopulations: {last: {neuron: lif, size: 1, params: {vth: 9}}}\n",
         "include: shared.yaml\npopulations: {first: {neuron: lif, size: 1, params: {vth: 9}}}\n",
         "include: shared.yaml\npopulations: {second: {neuron: lif, size: 1, params: {vth: 9}}}\n"]


class Tries:
    def __init__(self, seamount, folder):
        self.seamount, self.folder, self.failed = seamount, folder, 0

    def run(self, *words):
        return subprocess.run([self.seamount, *map(str, words)], capture_output=True, text=True, cwd=self.folder)

    def summary(self, file, *more):
        done = self.run("run", file, "--steps", 40, "-q", "--json", "out.json", *more)
        if done.returncode != 0:
            self.check(f"{file} runs", False, done.stderr)
            return {}
        return json.loads((self.folder / "out.json").read_text())

    def check(self, what, holds, said=""):
        if not holds:
            self.failed += 1
            print(f"FAILED: {what}\n{said}")


def write_files(folder):
    (folder / "parts").mkdir()
    (folder / "parts/column.yaml").write_text(TEMPLATES)
    (folder / "parts/v.csv").write_text("50\n60\n70\n80\n")
    (folder / "w.csv").write_text("\n".join(",".join(str(3 * i + j) for j in range(20)) for i in range(4)) + "\n")
    (folder / "main.yaml").write_text(MAIN)
    (folder / "hand.yaml").write_text(BY_HAND)


def check_runs(tries):
    hand = tries.summary("hand.yaml")
    main = tries.summary("main.yaml")
    for key in ("spike_hash", "spikes", "synapses", "neurons", "energy_j"):
        tries.check(f"{key} is that of the network by hand", hand.get(key) == main.get(key) and hand, f"{main.get(key)} {hand.get(key)}")
    tries.check("it spikes", main.get("spikes", 0) > 0)
    expanded = tries.run("compile", "main.yaml", "--print-expanded")
    (tries.folder / "expanded.yaml").write_text(expanded.stdout)
    tries.check("the expanded network runs as the whole", tries.summary("expanded.yaml").get("spike_hash") == main.get("spike_hash"), expanded.stderr)
    for path, value, number in [("use.column.c2.n", "30", 42 + 10), ("templates.column.parameters.n", "12", 42 + 2), ("size", "5", 38 + 2)]:
        words = ["--set", f"{path}={value}"]
        words += ["--set", "use.column.c2.weights=3"] if path != "templates.column.parameters.n" else []
        got = tries.summary("main.yaml", *words, *(["--set", "templates.column.populations.inh.params.vth=70"] if path == "size" else []))
        tries.check(f"--set {path} changes the number of neurons", got.get("neurons") == (number - 4 if path != "size" else number), str(got.get("neurons")))


def check_files(tries):
    folder = tries.folder
    done = tries.run("run", "main.yaml", "--steps", 4, "-q", "--out", "out")
    summary = json.loads((folder / "out/summary.json").read_text()) if done.returncode == 0 else {}
    tries.check("the summary has the hash of the included file", "column.yaml" in json.dumps(summary), done.stderr)
    for output in ("parts/column.yaml", "parts/v.csv"):
        before = (folder / output).read_bytes()
        refused = tries.run("compile", "main.yaml", "-o", output)
        tries.check(f"{output} is not replaced", refused.returncode == 2 and (folder / output).read_bytes() == before, refused.stderr)
    (folder / "sweep.yaml").write_text("network: main.yaml\nset: {run.steps: 10}\nparameters: {network.use.column.c2.n: [20]}\n"
                                      "objectives: {spikes: {maximize: spikes}}\n")
    first = tries.run("explore", "sweep.yaml", "--store", "store.db")
    again = tries.run("explore", "sweep.yaml", "--store", "store.db")
    tries.check("a sweep runs it", first.returncode == 0, first.stdout + first.stderr)
    (folder / "parts/v.csv").write_text("1\n1\n1\n1\n")
    data = tries.run("explore", "sweep.yaml", "--store", "store2.db")
    other = tries.run("explore", "sweep.yaml", "--store", "store.db")
    (folder / "parts/column.yaml").write_text(TEMPLATES.replace("vth: 100", "vth: 10"))
    yet_other = tries.run("explore", "sweep.yaml", "--store", "store.db")
    said = [r.stdout + r.stderr for r in (first, again, data, other, yet_other)]
    tries.check("a sweep goes on with what it has", again.returncode == 0, said[1])
    tries.check("a sweep notices other data of an included file", other.returncode != 0 or "1 run" in said[3] or said[3] != said[1], "\n--\n".join(said))
    tries.check("a sweep notices an included file", said[4] != said[3] or yet_other.returncode != 0, "\n--\n".join(said))
    write_back = {"parts/column.yaml": TEMPLATES, "parts/v.csv": "50\n60\n70\n80\n"}
    for name, text in write_back.items():
        (folder / name).write_text(text)


def check_includes(tries):
    folder = tries.folder
    for name, text in zip(("a.yaml", "b.yaml", "c.yaml"), PARTS):
        (folder / name).write_text(text)
    (folder / "shared.yaml").write_text("populations: {zero: {neuron: lif, size: 1, params: {vth: 9}}}\n")
    done = tries.run("compile", "a.yaml", "--print-expanded")
    names = [line.split(":")[0].strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    tries.check("entries of included files stand first, shared ones once", names == ["zero", "first", "second", "last"], done.stdout + done.stderr)
    (folder / "c.yaml").write_text("include: a.yaml\n")
    done = tries.run("compile", "a.yaml")
    tries.check("a cycle names its files", done.returncode == 2 and "a.yaml -> c.yaml -> a.yaml" in done.stderr and "c.yaml:1:10" in done.stderr
                and "[YML-INCLUDE]" in done.stderr, done.stderr)
    (folder / "c.yaml").write_text("populations:\n  first: {neuron: lif, size: 1, params: {vth: 9}}\n")
    done = tries.run("compile", "a.yaml")
    tries.check("two files with one name are told both places", "c.yaml:2:3: error: 'first'" in done.stderr and "b.yaml:2:15" in done.stderr
                and "[YML-DUPLICATE]" in done.stderr, done.stderr)
    (folder / "c.yaml").write_text("populations:\n  odd: {neuron: lif, size: 0, params: {vth: 9}}\n")
    done = tries.run("compile", "a.yaml")
    tries.check("a fault of an included file stands there", "c.yaml:2:28: error: 'size' is 0" in done.stderr, done.stderr)
    (folder / "c.yaml").write_text("include: none.yaml\n")
    done = tries.run("compile", "a.yaml")
    tries.check("a file that is not there is named where it is included", "c.yaml:1:10: error: 'none.yaml' is not a file [YML-INCLUDE]" in done.stderr,
                done.stderr)


def check_mistakes(tries):
    folder = tries.folder
    for change, said in [
            (("vth: \"${vth}\"", "vth: -1"), ["column.yaml:7:62: error: 'vth' is -1", "(c1 of template 'column', used at main.yaml:10:7)",
                                            "(c2 of template 'column', used at main.yaml:11:7)"]),
            (("exc: {neuron", "exc: {nueron: x, neuron"), ["unknown key 'nueron' (c1 of template 'column', used at main.yaml:10:7)"]),
            (("params: {vth: \"${vth}\"}", "params: {vht: 1, vth: 1}"), ["has no argument 'vht' (c1 of template"]),
            (("from: exc", "from: exx"), ["there is no population or input 'exx' (c1 of template 'column', used at main.yaml:10:7)"]),
            (("    probes:", "    probs:"), ["column.yaml:16:5: error: unknown key 'probs'", "did you mean 'probes'?"])]:
        (folder / "parts/column.yaml").write_text(TEMPLATES.replace(*change))
        done = tries.run("compile", "main.yaml")
        for text in said:
            tries.check(f"{change[1]}: {text}", done.returncode == 2 and text in done.stderr, done.stderr)
    (folder / "parts/column.yaml").write_text(TEMPLATES)
    for change, said in [
            (("n: 20", "n: -20"), ["column.yaml:7:40: error: 'size' is -20", "(c2 of template 'column', given at main.yaml:11:21)"]),
            (("n: 20", "m: 20"), ["main.yaml:11:18: error: the template has no parameter 'm'"]),
            (("name: c2", "name: c1"), ["main.yaml:11:7: error: there is already a use 'c1'"]),
            (("name: c2, ", ""), ["main.yaml:11:7: error: a use needs a name [NET-TEMPLATE]"]),
            (("  column:", "  colum:"), ["main.yaml:9:3: error: there is no template 'colum'", "did you mean 'column'?"]),
            (("inputs:", "populations: {c1.exc: {neuron: lif, size: 1, params: {vth: 1}}}\ninputs:"), ["there is already a 'c1.exc'"])]:
        (folder / "main.yaml").write_text(MAIN.replace(*change))
        done = tries.run("compile", "main.yaml")
        for text in said:
            tries.check(f"{change[1]}: {text}", done.returncode == 2 and text in done.stderr, done.stderr)
    (folder / "main.yaml").write_text(MAIN)


def check_sizes(tries):
    """Defaults that double each other, and more uses than a file has room for, are refused before memory is taken."""
    defaults = "".join(f', p{i}: "${{p{i - 1}}}${{p{i - 1}}}"' for i in range(1, 60))
    neuron = "{neuron: lif, size: 1, params: {vth: 1}}"
    uses = ", ".join(f"u{i}" for i in range(2000))
    many = ", ".join(f"p{i}: {neuron}" for i in range(200))
    for text, said in [
            (f"templates: {{t: {{parameters: {{p0: a{defaults}}}, populations: {{a: {neuron}}}}}}}\nuse: {{t: [u]}}\n",
             "text becomes longer than 65536 characters by its parameters"),
            (f"templates: {{t: {{populations: {{{many}}}}}}}\nuse: {{t: [{uses}]}}\n", "uses of templates add more than 1000000 values")]:
        (tries.folder / "large.yaml").write_text(text)
        done = tries.run("compile", "large.yaml")
        tries.check(said, done.returncode == 2 and said in done.stderr and "NET-TEMPLATE" in done.stderr, done.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        tries = Tries(str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(name))
        write_files(tries.folder)
        for part in (check_runs, check_files, check_includes, check_mistakes, check_sizes):
            part(tries)
        print("all as it should be" if tries.failed == 0 else f"{tries.failed} faults")
        return 1 if tries.failed else 0


if __name__ == "__main__":
    sys.exit(main())
