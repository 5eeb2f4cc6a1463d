#!/usr/bin/env python3
"""How much of an odour that was learned in one gamma cycle comes back from a sniff most of which is noise: olfactory.py [--seeds N]
[--odours N] [--sniffs N]. Needs the Python package and numpy."""
import argparse
import pathlib
import sys

import numpy as np
import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from outcome import Table  # noqa: E402

COLUMNS, PHASES, CYCLE = 72, 16, 32
OF_AN_ODOUR = 5          # granule cells of a column that may learn it
NOISE = 0.6              # of the columns sense something else
CYCLES = 5
MATCHES = 10             # relays that say that it is the odour


def network(odours):
    net = seamount.Network("olfactory", seed=1)
    cells = COLUMNS * OF_AN_ODOUR * odours               # cell k: column k // (5 * odours)
    column = np.arange(cells) // (OF_AN_ODOUR * odours)
    mitral = net.population("mitral", FOLDER / "mitral.asm", size=COLUMNS)
    relay = net.population("relay", FOLDER / "relay.asm", size=COLUMNS * PHASES)
    granule = net.population("granule", FOLDER / "granule.asm", size=cells,
                             params={"group": 1 + np.arange(cells) // OF_AN_ODOUR % odours, "theta": 2 * MATCHES})
    learn = net.input("learn", size=1)
    phases = np.arange(COLUMNS * PHASES) % PHASES
    lines = np.stack([np.arange(COLUMNS * PHASES) // PHASES, np.arange(COLUMNS * PHASES), np.ones_like(phases), PHASES - phases], 1)
    net.connect(mitral, relay, rule="list", edges=lines)
    net.learning_rule("one_cycle", dw="2*x0*y0 - 1*y0", epoch=CYCLE)
    net.connect(relay, granule, 1, rule="fixed_probability", probability=0.4, sign="excitatory", learning="one_cycle", name="evidence")
    own = np.stack([column, np.arange(cells), np.ones(cells, int)], 1)
    net.connect(mitral, granule, rule="list", edges=own, accumulator="own")
    net.connect(granule, mitral, rule="list", edges=own[:, [1, 0, 2]], graded=True)
    net.connect(learn, granule, 1, graded=True, accumulator="learn")
    return net.compile("loihi2")


class Bulb:
    def __init__(self, image, seed):
        self.simulation = seamount.Simulation(image, seed=seed, record=("spikes",))

    def sniff(self, odour, cycles):
        """The phase of each column in each cycle (16: no spike)."""
        first = self.simulation.steps_done
        self.simulation.write("mitral", "sensed", odour)
        self.simulation.run(cycles * CYCLE)
        spikes = self.simulation.spikes["mitral"]
        phases = np.full((cycles, COLUMNS), PHASES)
        late = spikes.step >= first
        step = spikes.step[late] - first
        phases[step // CYCLE, spikes.neuron[late]] = step % CYCLE
        return phases

    def learn(self, odour, number):
        self.simulation.write("mitral", "sensed", odour)
        self.simulation.run(18)
        self.simulation.inject("learn", [0], [number])
        self.simulation.run(CYCLE - 18)

    def rest(self):
        self.simulation.write("mitral", "held", 0)


def similarity(phases, odour):
    """Spikes that both have, of the spikes that either has (Jaccard)."""
    same = (phases == odour).sum(-1)
    return same / (2 * COLUMNS - same)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--odours", type=int, default=10)
    options.add_argument("--sniffs", type=int, default=5, help="of each odour")
    chosen = options.parse_args()
    image = network(chosen.odours)
    learned, strange, cost = [], [], []
    for seed in range(1, chosen.seeds + 1):
        random = np.random.default_rng(seed)
        odours = random.integers(0, PHASES, (2 * chosen.odours, COLUMNS))
        known = odours[:chosen.odours]
        bulb = Bulb(image, seed)
        for number, odour in enumerate(known, 1):
            bulb.learn(odour, number)
        bulb.simulation.set_learning(False)
        before = bulb.simulation.energy_j, bulb.simulation.time_s
        rows = []
        for odour in [odour for odour in known for _ in range(chosen.sniffs)]:
            bulb.rest()
            noise = random.random(COLUMNS) < NOISE
            sensed = np.where(noise, random.integers(0, PHASES, COLUMNS), odour)
            rows.append(similarity(bulb.sniff(sensed, CYCLES), odour))
        cost.append(((bulb.simulation.energy_j - before[0]) / len(rows), (bulb.simulation.time_s - before[1]) / len(rows)))
        learned.append(np.mean(rows, 0))
        for odour in odours[chosen.odours:]:
            bulb.rest()
            strange.append(similarity(bulb.sniff(odour, CYCLES)[-1], odour))
    table = Table("similarity to the odour", *(f"cycle {cycle}" for cycle in range(1, CYCLES + 1)))
    mean, spread = np.mean(learned, 0), np.std(learned, 0)
    table.add("learned, 60 % noise", *(f"{m:.2f} ± {s:.2f}" for m, s in zip(mean, spread)))
    table.add("never learned, no noise", *[""] * (CYCLES - 1), f"{np.mean(strange):.2f}")
    energy, time = np.mean(cost, 0)
    print(f"\n{image.neurons} neurons, {image.synapses} synapses on {image.cores} cores; a sniff of {CYCLES} cycles: {energy * 1e6:.0f} µJ, {time * 1e3:.2f} ms")
    table.check(0.25 <= mean[0] <= 0.31, "noise leaves .28 of the odour")
    table.check(mean[-1] >= 0.8, "at least .8 of the odour comes back")
    table.check(np.mean(strange) >= 0.9, "what was never learned is left as it is")
    table.end()


if __name__ == "__main__":
    main()
