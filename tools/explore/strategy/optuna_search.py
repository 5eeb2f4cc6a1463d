#!/usr/bin/env python3
"""Lets Optuna choose the points of a sweep: strategy: {name: ask_tell, command: [python3, optuna_search.py, "100"]}

The argument is the number of points. Needs Optuna 3 (Debian: python3-optuna). README.md describes the lines.
"""
import json
import sys

import optuna


def say(message):
    print(json.dumps(message), flush=True)


def suggest(trial, parameter):
    path = parameter["path"]
    if "levels" in parameter:
        return trial.suggest_categorical(path, parameter["levels"])
    if parameter["integer"]:
        return trial.suggest_int(path, parameter["low"], parameter["high"], log=parameter["log"])
    return trial.suggest_float(path, parameter["low"], parameter["high"], log=parameter["log"])


def main():
    left = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    sweep = json.loads(sys.stdin.readline())
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(directions=[o["direction"] for o in sweep["objectives"]],
                                sampler=optuna.samplers.TPESampler(seed=sweep["seed"]))
    trials = {}
    for line in sys.stdin:
        message = json.loads(line)
        if "tell" in message:
            trial = trials.pop(message["tell"])
            if message["status"] == "done":
                study.tell(trial, [message["values"][o["name"]] for o in sweep["objectives"]])
            else:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            continue
        if left == 0:
            say({"end": True} if trials else {"stop": True})
            continue
        for _ in range(min(left, message["ask"])):
            trial = study.ask()
            trials[trial.number] = trial
            say({"id": trial.number, "parameters": {p["path"]: suggest(trial, p) for p in sweep["space"]}})
            left -= 1
        say({"end": True})


if __name__ == "__main__":
    main()
