#!/usr/bin/env python3
"""`seamount schema` says what the readers do: about every key of every map.

    schema.py SEAMOUNT ROOT [MODULES]

Every YAML file of configs/ and of the data of these tests is accepted by the schema of its kind. Then documents that use all
there is are changed, one key at a time: a key that there is not, a value of another type, one beyond the range, a required key left out. The
schema (Debian's python3-jsonschema) and the readers must both refuse it, and where a reader names a range, it is that of the schema.
With the folder of the Python module as MODULES, networks and chips are read by that, which calls the same readers without
starting a program for each of some 1,500 documents. The tables of docs/keys.md are those of the program; SEAMOUNT_APPROVE=1 writes them.
"""
import copy
import importlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

try:
    import h5py
    import jsonschema
    import numpy as np
    import yaml

    from schema_documents import NETWORKS, SWEEPS
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)

ABSENT = object()  # in the place of a value: the key is left out
KINDS = {"network": ["populations", "projections", "readout"], "sweep": ["parameters", "objectives"],
         "chip": ["limits", "mesh", "topology", "barrier", "profiles", "extends"]}

SMALL = "populations: {out: {neuron: lif, size: 2, params: {vth: 9}}}\n"
# Ranges that depend on other values: a reader may know a narrower one.
NARROWER = {"neurons", "fixed", "tiles", "cores", "core", "host_tile", "dead_cores", "dead_links", "dead_synapse_words", "params", "bias",
            "values", "spikes", "uniform", "normal", "delay"}


def kind_of(document):
    found = {kind for kind, keys in KINDS.items() if any(key in document for key in keys)}
    return found.pop() if len(found) == 1 else None


class Schema:
    def __init__(self, seamount, kind):
        out = subprocess.run([seamount, "schema", kind], capture_output=True, text=True, check=True).stdout
        self.root = json.loads(out)
        jsonschema.Draft7Validator.check_schema(self.root)
        self.validator = jsonschema.Draft7Validator(self.root)

    def accepts(self, document):
        return self.validator.is_valid(document)

    def complaints(self, document):
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in self.validator.iter_errors(document)]

    def alternatives(self, schema):
        """What a value may be, with references and alternatives resolved; of a cited value both forms."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return [dict(self.root["definitions"][name], form=name)]
        for word in ("anyOf", "allOf"):
            if word in schema:
                return [a for part in schema[word] for a in self.alternatives(part)]
        return [schema]

    def maps(self, value, schema, path=()):
        """Every map of a document with its form: (path, form's name, schema)."""
        for form in self.alternatives(schema):
            if isinstance(value, list) and form.get("type") == "array":
                for i, item in enumerate(value):
                    yield from self.maps(item, form["items"], path + (i,))
            if not isinstance(value, dict) or form.get("type") != "object":
                continue
            if ("value" in value) != (form.get("form") == "cited") and "cited" in self.root["definitions"]:
                continue
            yield path, form.get("form", "root"), form
            for key, inner in value.items():
                below = form["properties"].get(key, form["additionalProperties"])
                if below is not False:
                    yield from self.maps(inner, below, path + (key,))


def put(document, path, key, value):
    changed = copy.deepcopy(document)
    place = changed
    for step in path:
        place = place[step]
    if value is ABSENT:
        del place[key]
    else:
        place[key] = value
    return changed


def wrong_values(alternatives):
    """Values of another type, and beyond each range: (value, least, most of the range or None)."""
    texts = [isinstance(a.get("type"), list) or (a.get("type") == "string" and "pattern" not in a) for a in alternatives]
    kinds = {"text"} if any(texts) else {a.get("type") for a in alternatives}
    if "text" in kinds:
        yield {"no_such_key": 1}, None
    else:
        yield "no such value", None
    if "object" not in kinds:
        yield {"no_such_key": 1}, None
    for a in alternatives:
        bounds = (a.get("minimum"), a.get("maximum"))
        if a.get("type") == "integer":
            yield a["maximum"] + 1, bounds
            yield a["minimum"] + 0.5, bounds
        elif a.get("type") == "number" and bounds[0] is not None:
            yield bounds[1] * 2 + 1, bounds


class Readers:
    COMMANDS = {"network": ["compile", "{file}", "--quiet", "--effort", "0", "-o", "{out}"], "chip": ["inspect", "{file}", "--quiet"],
                "sweep": ["explore", "{file}", "--check"]}

    def __init__(self, seamount, folder, module):
        self.seamount, self.folder, self.module, self.runs = seamount, folder, module, 0

    def read(self, kind, document):
        """(refused, what was said)"""
        file = self.folder / "tried.yaml"
        file.write_text(yaml.dump(document, sort_keys=False, Dumper=getattr(yaml, "CDumper", yaml.Dumper)))
        self.runs += 1
        if self.module is None or kind == "sweep":
            return self.read_by_command(kind, file)
        try:
            self.module.open(file, effort=0) if kind == "network" else self.module.Chip(file)
        except self.module.Error as refusal:
            return True, str(refusal)
        return False, ""

    def read_by_command(self, kind, file):
        words = [w.format(file=file, out=self.folder / "out.smi") for w in self.COMMANDS[kind]]
        done = subprocess.run([self.seamount, *words], capture_output=True, text=True, cwd=self.folder)
        said = done.stderr + done.stdout
        if done.returncode not in (0, 1, 2):
            raise SystemExit(f"{words} ended with {done.returncode}:\n{said}\n{file.read_text()}")
        return done.returncode == 2, said


def same_range(said, bounds, kind):
    """Whether a reader that names ranges names this one too."""
    ranges = re.findall(r"must be (?:an? \w+ )?in \[([^,\]]+), ([^\]]+)\]", said)
    return not ranges or any(abs(float(a) - bounds[0]) <= 1e-5 * abs(bounds[0]) and abs(float(b) - bounds[1]) <= 1e-5 * abs(bounds[1])
                             for a, b in ranges)


def try_keys(kind, schema, readers, documents):
    problems, answers = [], {}
    for document in documents:
        if not schema.accepts(document):
            problems.append(f"{kind}: the schema refuses a good document: {schema.complaints(document)[:5]}")
        refused, said = readers.read(kind, document)
        if refused:
            problems.append(f"{kind}: the readers refuse a good document:\n{said}")
    if problems:
        return problems

    def both(changed, what):
        if schema.accepts(changed):
            problems.append(f"{what}: the schema accepts it")
        refused, said = readers.read(kind, changed)
        if not refused:
            problems.append(f"{what}: the reader accepts it")
        return said

    tried = set()
    for document in documents:
        for path, name, form in list(schema.maps(document, schema.root)):
            where = f"{kind} {name} at {'.'.join(map(str, path))}"
            if form["additionalProperties"] is False and (name, "no_such_key") not in tried:
                tried.add((name, "no_such_key"))
                said = both(put(document, path, "no_such_key", 1), f"{where}: an unknown key")
                if "YML-UNKNOWN" not in said and "no_such_key" not in said:
                    problems.append(f"{where}: an unknown key: the reader says\n{said}")
            present = document
            for step in path:
                present = present[step]
            for key, below in form["properties"].items():
                if answers.get((name, key)):
                    continue
                known = True
                for value, bounds in wrong_values(schema.alternatives(below)):
                    what = f"{where}: {key}: {value}"
                    said = both(put(document, path, key, value), what)
                    if f"unknown key '{key}'" in said or "has no meaning" in said:
                        known = False
                    elif bounds and key not in NARROWER and not same_range(said, bounds, kind):
                        problems.append(f"{what}: the range is {bounds} in the schema, but the reader says\n{said}")
                answers[(name, key)] = answers.get((name, key)) or known
            for key in form.get("required", []):
                if key in present and (name, key, ABSENT) not in tried:
                    tried.add((name, key, ABSENT))
                    both(put(document, path, key, ABSENT), f"{where}: without {key}")
    forms = {"root": schema.root, **schema.root["definitions"]}
    for name, form in forms.items():
        for key in form["properties"]:
            if (name, key) not in answers:
                problems.append(f"{kind} {name}: no document of this test has such a map ({key})")
            elif not answers[(name, key)] and key not in ("vars", "extends"):
                problems.append(f"{kind} {name}: no reader knows '{key}'")
    return problems


def write_data(folder):
    np.save(folder / "edges.npy", np.array([[0, 1], [3, 2]]))
    np.save(folder / "square.npy", np.ones((16, 16), int))
    np.save(folder / "rewards.npy", np.array([[1, 5], [3, 4]]))
    np.save(folder / "samples.npy", np.array([[1, 5], [3, 4]]))
    np.save(folder / "labels.npy", np.array([0, 1]))
    np.savez(folder / "arrays.npz", w=np.ones((2, 2), int), kernel=np.ones((1, 1, 2, 2), int), cores=np.array([2, 2, 3, 3]),
             delay=np.ones((4, 3), int))
    sources, targets = np.divmod(np.arange(12), 4)
    np.savez(folder / "learned.npz", **{"saved.source": sources, "saved.target": targets, "saved.weight": sources, "saved.delay": targets})
    with h5py.File(folder / "spikes.h5", "w") as file:
        file["spikes/cells/node_ids"] = np.array([0, 1], np.uint64)
        file["spikes/cells/timestamps"] = np.array([0.1, 0.2])
        file["spikes/cells/timestamps"].attrs["units"] = "milliseconds"
    np.savez(folder / "events.npz", t=np.array([100, 2000]), x=np.array([0, 1]), y=np.array([0, 0]), p=np.array([0, 1]), u=np.array([1, 0]),
             offsets=np.array([0, 1, 2]), labels=np.array([0, 1]))
    np.savez(folder / "spikes.npz", s=np.array([[1, 5], [3, 4]]))
    (folder / "table.csv").write_text("id,b,p\n1,1,0\n2,2,0.5\n3,3,1\n4,4,0.1\n")
    (folder / "ids.csv").write_text("pre,post,w,d\n1,2,3,1\n2,3,4,2\n")
    (folder / "two.yaml").write_text(SMALL)
    (folder / "script.sh").write_text("#!/bin/sh\necho 1\n")
    (folder / "script.sh").chmod(0o755)


def import_module(folder):
    sys.path.insert(0, folder)
    try:
        module = importlib.import_module("seamount")
    except ImportError:  # built for another Python
        return None
    warnings.simplefilter("ignore", module.Warning)
    return module


def main():
    seamount, root = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    schemas = {kind: Schema(seamount, kind) for kind in KINDS}
    module = import_module(sys.argv[3]) if len(sys.argv) > 3 else None
    problems, files = [], 0
    for file in sorted([*root.glob("configs/**/*.yaml"), *root.glob("tests/system/data/*.yaml")]):
        document = yaml.safe_load(file.read_text())
        kind = kind_of(document) or ("chip" if "chips" in file.parts else None)
        if kind is None:
            problems.append(f"{file}: of no kind")
            continue
        files += 1
        problems += [f"{file}: {text}" for text in schemas[kind].complaints(document)]

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder)
        readers = Readers(seamount, folder, module)
        chip = yaml.safe_load((root / "configs/chips/loihi1.yaml").read_text())
        chip["faults"] = {"dead_cores": [1], "dead_links": [[0, 1]], "dead_synapse_words": [[2, 10]]}
        chip["topology"]["chips"] = [1, 1]
        chip["limits"]["learning_epoch"] = 100
        chip["synapses"] = {"exponent_on": "sum", "zeros": "stored"}
        chip["profiles"]["tabled"] = {"others": "free", "barrier": {"model": "table", "table_ns": {1: 600}, "source": "seamount", "grade": "assumed",
                                                                  "residual": 0.5}}
        for kind, documents in {"network": NETWORKS, "sweep": SWEEPS}.items():
            problems += try_keys(kind, schemas[kind], readers, [yaml.safe_load(text) for text in documents])
        problems += try_keys("chip", schemas["chip"], readers, [chip])

    page = root / "docs/keys.md"
    tables = [subprocess.run([seamount, "schema", kind, "--tables"], capture_output=True, text=True, check=True).stdout for kind in
              ("network", "chip", "sweep")]
    mark = "<!-- The rest is written by `SEAMOUNT_APPROVE=1` of the test of `seamount schema`. -->\n"
    head = page.read_text().split(mark)[0]
    wanted = head + mark + "\n" + "".join(tables).rstrip() + "\n"
    if page.read_text() != wanted:
        if os.environ.get("SEAMOUNT_APPROVE"):
            page.write_text(wanted)
        else:
            problems.append(f"{page} differs from `seamount schema --tables`; SEAMOUNT_APPROVE=1 writes it")
    print(f"{files} files, {readers.runs} changed documents")
    for problem in problems:
        print("FAILED:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
