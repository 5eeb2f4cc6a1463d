"""Builds the wheel from a CMake tree: pip install --no-build-isolation .

The tree is $SEAMOUNT_BUILD_DIR, or build/release if it is there, else a new one in build/python. What goes into the wheel is
what `cmake --install TREE --component python` installs.
"""
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _version():
    return re.search(r"project\(seamount VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]


def _tree():
    given = os.environ.get("SEAMOUNT_BUILD_DIR")
    tree = pathlib.Path(given) if given else ROOT / "build" / "release"
    if (tree / "CMakeCache.txt").is_file():
        return tree
    if given:
        raise SystemExit(f"SEAMOUNT_BUILD_DIR: {tree} is no CMake tree")
    tree = ROOT / "build" / "python"
    subprocess.run(["cmake", "-S", str(ROOT), "-B", str(tree), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DSEAMOUNT_TESTS=OFF",
                    f"-DPython_EXECUTABLE={sys.executable}"], check=True)
    return tree


def _metadata():
    return f"Metadata-Version: 2.1\nName: seamount\nVersion: {_version()}\nRequires-Dist: numpy\n"


def _tag():
    plain = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return f"{plain}-{plain}-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    name = f"seamount-{_version()}.dist-info"
    folder = pathlib.Path(metadata_directory) / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "METADATA").write_text(_metadata())
    (folder / "WHEEL").write_text(f"Wheel-Version: 1.0\nGenerator: seamount\nRoot-Is-Purelib: false\nTag: {_tag()}\n")
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    from wheel.wheelfile import WheelFile

    tree = _tree()
    subprocess.run(["cmake", "--build", str(tree), "--target", "seamount_python"], check=True)
    name = f"seamount-{_version()}-{_tag()}.whl"
    with tempfile.TemporaryDirectory(prefix="seamount-") as stage:
        subprocess.run(["cmake", "--install", str(tree), "--component", "python", "--prefix", stage], check=True,
                       stdout=subprocess.DEVNULL)
        package = next(pathlib.Path(stage).rglob("seamount/__init__.py")).parent.parent
        prepare_metadata_for_build_wheel(package)
        with WheelFile(os.path.join(wheel_directory, name), "w") as wheel:
            wheel.write_files(str(package))
    return name
