"""The agent of ../gridworld.yaml: the chip learns and plans, this carries its messages."""
import pathlib

import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
LEARN, PLAN, NEW = 2, 1, 4  # control of ../gridworld.yaml
LONGEST = 2 * 64  # steps that a wave can take


class Agent:
    def __init__(self, world, place, belief="nothing", chip="loihi2"):
        self.world, self.place, self.steps = world, place, 0
        image = seamount.open(FOLDER.parent / "gridworld.yaml", chip=chip, set={"belief": belief})
        self.chip = seamount.Simulation(image, record=())
        self.chip.inject("saw", [place])
        self.chip.run(2)

    def act(self, action, expected=None):
        """Takes a step in the world and learns from it; true if it led where it was expected to."""
        there = self.world.step(self.place, action)
        self.chip.inject("did", [self.place * 4 + action])
        self.chip.step()
        self.chip.inject("saw", [there])
        if expected is not None and expected != there:
            self.chip.inject("missed", [expected])
        self.chip.step()
        self.place, self.steps = there, self.steps + 1
        return expected is None or expected == there

    def wave(self, goals=(), new_actions=False, new_places=False, late=0, until=None):
        """A wave of spikes back from the goals; what is new starts one `late` moves after those given. Gives, move by move,
        the actions and the places that it reaches. Ends when it dies, or has reached an action at place `until`."""
        self.chip.run(2)  # spikes of what was learned last would start a wave of their own
        self.chip.set_learning(False)
        self.chip.inject("saw", list(goals))
        new = [NEW * new_actions, NEW * new_places]
        self.chip.inject("control", [0, 1], [PLAN, PLAN] if late else [PLAN + kind for kind in new])
        reached = []
        for move in range(LONGEST // 2):
            if late and move == late:
                self.chip.inject("control", [0, 1], new)
            first = self.chip.step()
            second = self.chip.step()
            places = [int(i) for i in (*first.spikes("place"), *second.spikes("place"))]
            actions = [int(i) for i in (*first.spikes("action"), *second.spikes("action"))]
            reached.append((actions, places))
            if not places and not actions and move >= late:
                break
            if until is not None and any(action // 4 == until for action in actions):
                break
        self.chip.inject("control", [0, 1], [LEARN, LEARN])
        self.chip.run(2)
        self.chip.set_learning(None)
        return reached

    def choose(self, **goals):
        """The first action at the agent's place that a wave reaches, or none."""
        for actions, _ in self.wave(until=self.place, **goals):
            for action in actions:
                if action // 4 == self.place:
                    return action % 4
        return None
