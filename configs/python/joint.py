#!/usr/bin/env python3
"""A joint follows a path with a load that its controller does not know; the chip learns the missing torque from the
controller's own effort (PES: the prescribed error sensitivity rule). configs/python/README.md has what comes out.

    joint.py [SECONDS]
"""
import pathlib
import sys

import numpy as np
import seamount

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from worlds.joint import DT, PERIOD, Joint  # noqa: E402

PLACES = 64                      # inputs that are tuned to angles between -1.6 and 1.6 rad
WIDTH = 0.15                     # rad, of a tuning curve
TORQUE = 0.005                   # N m, of a unit that the chip sends


def learner():
    net = seamount.Network("joint")
    tuned = net.input("tuned", size=PLACES)
    torque = net.population("torque", "graded_vec", size=1)  # sends what the learned weights add up to
    net.learning_rule("pes", dw="2^-3*x0*r0")                # r0: the effort, from the host
    net.connect(tuned, torque, 0, name="decoder", sign="mixed", learning="pes")
    return net.compile("loihi1")


def follow(seconds, learn):
    """The distance from the path, in rad, of each step."""
    simulation = seamount.Simulation(learner(), learning=learn, record=())
    places = np.linspace(-1.6, 1.6, PLACES)
    joint = Joint()
    errors = []
    for _ in range(int(seconds / DT)):
        simulation.inject("tuned", np.flatnonzero(abs(places - joint.angle) < WIDTH))
        if learn:
            simulation.reward("r0", int(np.clip(round(joint.effort() * 10), -128, 127)))
        payloads = simulation.step().payloads("torque")
        errors.append(joint.turn(TORQUE * float(payloads[0]) if len(payloads) else 0.0))
    return np.array(errors)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 40.0
    last = int(PERIOD / DT)  # steps of a period
    rms = {learn: float(np.sqrt(np.mean(follow(seconds, learn)[-last:] ** 2))) for learn in (False, True)}
    print(f"off the path in the last period: {rms[False]:.4f} rad without learning, {rms[True]:.4f} rad with it, "
          f"{rms[False] / rms[True]:.1f} times closer")
    return 0 if rms[False] > 5 * rms[True] else 1


if __name__ == "__main__":
    sys.exit(main())
