"""The package that pip installs and the one that cmake --install installs run outside of the source tree.

    test_install.py SOURCE BUILD
"""
import glob
import os
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = sys.argv[1:3]
SMOKE = """
import seamount
net = seamount.Network("smoke")
net.connect(net.input("eye", 2, rate=1.0), net.population("out", "loihi1_cuba", 2, params={"vth": 10}), 100)
print(seamount.__file__, seamount.Simulation(net.compile("loihi1")).run(5).spike_hash)
"""


def run(words, **options):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout


def clean_environment(**more):
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "SEAMOUNT", "SEAMOUNT_CONFIGS")}
    return {**kept, **more}


class Installed(unittest.TestCase):
    def test_pip_and_cmake_install_the_same_package(self):
        with tempfile.TemporaryDirectory() as folder:
            run([sys.executable, "-m", "venv", "--system-site-packages", f"{folder}/venv"])
            python = f"{folder}/venv/bin/python3"
            run([python, "-m", "pip", "install", "--no-build-isolation", "--no-index", "--no-deps", SOURCE], cwd=folder,
                env=clean_environment(SEAMOUNT_BUILD_DIR=BUILD))
            file, spike_hash = run([python, "-c", SMOKE], cwd=folder, env=clean_environment()).split()
            self.assertTrue(file.startswith(folder), file)

            run(["cmake", "--install", BUILD, "--component", "python", "--prefix", f"{folder}/prefix"])
            packages = os.path.dirname(os.path.dirname(glob.glob(f"{folder}/prefix/**/seamount/__init__.py", recursive=True)[0]))
            file, other = run([sys.executable, "-c", SMOKE], cwd=folder, env=clean_environment(PYTHONPATH=packages)).split()
            self.assertTrue(file.startswith(f"{folder}/prefix"), file)
            self.assertEqual(other, spike_hash)


    def test_a_program_in_cpp_is_built_with_what_is_installed(self):
        with tempfile.TemporaryDirectory() as folder:
            run(["cmake", "--install", BUILD, "--component", "cpp", "--prefix", f"{folder}/prefix"])
            run(["cmake", "-S", f"{SOURCE}/configs/cpp", "-B", f"{folder}/build", f"-DCMAKE_PREFIX_PATH={folder}/prefix",
                 "-DCMAKE_BUILD_TYPE=Debug"], env=clean_environment())
            run(["cmake", "--build", f"{folder}/build"], env=clean_environment())
            self.assertIn("20 spikes", run([f"{folder}/build/plain", f"{SOURCE}/configs/python/echo.yaml"]))
            self.assertIn("weight 100 after 10 rewards", run([f"{folder}/build/learning", f"{SOURCE}/configs/cpp/reward.yaml"]))
            self.assertIn("held for", run([f"{folder}/build/cart_pole", f"{SOURCE}/configs/networks/cartpole.yaml"]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
