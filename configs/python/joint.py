#!/usr/bin/env python3
"""A joint follows a path with a load that its controller does not know; the chip learns the missing torque from the
controller's own effort (PES: the prescribed error sensitivity rule). configs/python/README.md has what comes out.

    joint.py [SECONDS]
"""
import math
import sys

import numpy as np
import seamount

DT = 0.005                       # s, of a step
PLACES = 64                      # inputs that are tuned to angles between -1.6 and 1.6 rad
WIDTH = 0.15                     # rad, of a tuning curve
TORQUE = 0.005                   # N m, of a unit that the chip sends
LOAD, INERTIA, FRICTION = 6.0, 0.25, 0.3  # N m at the horizontal, kg m2, N m s


def learner():
    net = seamount.Network("joint")
    tuned = net.input("tuned", size=PLACES)
    torque = net.population("torque", "graded_vec", size=1)  # sends what the learned weights add up to
    net.learning_rule("pes", dw="2^-3*x0*r0")                # r0: the effort, from the host
    net.connect(tuned, torque, 0, name="decoder", sign="mixed", learning="pes")
    return net.compile("loihi1")


def wanted(time):
    """Angle, speed and acceleration of the path."""
    phase = 2 * math.pi * 0.25 * time
    w = 2 * math.pi * 0.25
    return 1.2 * math.sin(phase), 1.2 * w * math.cos(phase), -1.2 * w * w * math.sin(phase)


def follow(seconds, learn):
    """The distance from the path, in rad, of each step."""
    simulation = seamount.Simulation(learner(), learning=learn, record=())
    places = np.linspace(-1.6, 1.6, PLACES)
    angle = speed = 0.0
    errors = []
    for step in range(int(seconds / DT)):
        target, target_speed, push = wanted(step * DT)
        effort = 40 * (target - angle) + 6 * (target_speed - speed)
        simulation.inject("tuned", np.flatnonzero(abs(places - angle) < WIDTH))
        if learn:
            simulation.reward("r0", int(np.clip(round(effort * 10), -128, 127)))
        chip = simulation.step()
        payloads = chip.payloads("torque")
        learned = TORQUE * float(payloads[0]) if len(payloads) else 0.0
        acceleration = (INERTIA * push + effort + learned - LOAD * math.sin(angle) - FRICTION * speed) / INERTIA
        speed += DT * acceleration
        angle += DT * speed
        errors.append(target - angle)
    return np.array(errors)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 40.0
    last = int(4.0 / DT)  # steps of a period
    rms = {learn: float(np.sqrt(np.mean(follow(seconds, learn)[-last:] ** 2))) for learn in (False, True)}
    print(f"off the path in the last period: {rms[False]:.4f} rad without learning, {rms[True]:.4f} rad with it, "
          f"{rms[False] / rms[True]:.1f} times closer")
    return 0 if rms[False] > 5 * rms[True] else 1


if __name__ == "__main__":
    sys.exit(main())
