#!/usr/bin/env python3
"""Builds the Debian packages out of a build tree, unpacks them anywhere, and runs what is in them with the library that they bring.

    debian.py BUILD VERSION [PYTHON]

With the interpreter that the build's Python module is for, its package too.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NETWORK = """network: packed
populations:
  cells: {neuron: own_lif, size: 2, params: {vth: 20}}
inputs:
  clicks: {size: 1, spikes: [[0, 0]]}
projections:
  - {from: clicks, to: cells, rule: all_to_all, weights: 30}
"""

SCRIPT = """
import os, seamount
net = seamount.Network()
net.connect(net.input("i", size=1, rate=1), net.population("p", "lif", size=1, params={"vth": 1}), 5, rule="one_to_one")
assert len(seamount.Simulation(net.compile("loihi1")).run(5).spikes) == 5
assert os.getcwd() in seamount.__file__, seamount.__file__
"""


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"exit code {done.returncode} of {' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def expect(what, true):
    if not true:
        raise SystemExit(f"not so: {what}")


def check_python(package, root, python):
    """The package depends on this Python, and a simulation runs out of it."""
    fields = run("dpkg-deb", "--field", package)
    version = run(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
    expect(f"a dependency on python3 {version} and numpy in\n{fields}",
           re.search(rf"^Depends:.*python3 \(>= {re.escape(version)}\).*python3-numpy", fields, re.MULTILINE))
    run("dpkg-deb", "-x", package, root)
    run(python, "-B", "-c", SCRIPT, env=dict(os.environ, PYTHONPATH=str(root / "usr/lib/python3/dist-packages")), cwd=root)


def main():
    build, version, pythons = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps"):
        if shutil.which(tool) is None:
            return print(f"skipped: no {tool}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run("cpack", "--config", build / "CPackConfig.cmake", "-B", folder / "out", "-D", "CPACK_COMPONENTS_ALL=runtime" + (";python" if pythons else ""))
        for python in pythons:
            check_python(next((folder / "out").glob("python3-seamount_*.deb")), folder / "python", python)
        packages = list((folder / "out").glob("seamount_*.deb"))
        expect(f"one package, not {packages}", len(packages) == 1)
        fields = run("dpkg-deb", "--field", packages[0])
        expect(f"the version in\n{fields}", f"\nVersion: {version}\n" in fields)
        expect(f"the name in\n{fields}", "\nPackage: seamount\n" in fields)
        for library in ("libc6", "libstdc\\+\\+6", "libsystemc[^ ,]*", "libhdf5[^ ,]*", "libyaml-cpp[^ ,]*"):
            expect(f"a dependency on {library} in\n{fields}", re.search(rf"^Depends:.*\b{library}", fields, re.MULTILINE))

        root = folder / "anywhere"
        run("dpkg-deb", "-x", packages[0], root)
        for file in ("share/doc/seamount/copyright", "share/doc/seamount/README.md", "share/doc/seamount/docs/start.md",
                     "share/man/man1/seamount.1", "share/seamount/configs/networks/digits.yaml"):
            expect(f"{file} is in the package", (root / "usr" / file).is_file())
        page = (root / "usr/share/man/man1/seamount.1").read_text()
        expect("the man page knows the options of run", ".B \\-\\-steps UINT" in page and ".SH \"SEAMOUNT RUN\"" in page)

        manual = root / "usr/share/doc/seamount/docs"
        for page in manual.glob("*.md"):
            for link in re.findall(r"\]\(([^)\s#:]+)", re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)):
                expect(f"{page.name} links to {link}, which is in the package", (manual / link).exists())

        # A chip and a neuron under names that only this library has: nothing is read from the source tree.
        configs = root / "usr/share/seamount/configs"
        (configs / "chips/loihi1.yaml").rename(configs / "chips/own_loihi.yaml")
        (configs / "neurons/lif.asm").rename(configs / "neurons/own_lif.asm")
        (folder / "net.yaml").write_text(NETWORK)
        environment = {key: value for key, value in os.environ.items() if key != "SEAMOUNT_CONFIGS"}
        seamount = root / "usr/bin/seamount"
        expect("its version", run(seamount, "--version", env=environment) == f"seamount {version}\n")
        run(seamount, "run", "net.yaml", "--chip", "own_loihi", "--steps", "3", "--out", "out", cwd=folder, env=environment)
        spikes = (folder / "out/spikes.csv").read_text()
        expect(f"two spikes in\n{spikes}", spikes == "step,population,neuron,payload\n0,cells,0,1\n0,cells,1,1\n")
        said = subprocess.run([seamount, "inspect", "loihi1"], capture_output=True, text=True, env=environment, cwd=folder)
        expect("a chip that is not in its library is not found elsewhere", said.returncode == 2)
        print(f"{', '.join(file.name for file in (folder / 'out').glob('*.deb'))}: built, unpacked, run")


main()
