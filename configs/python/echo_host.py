#!/usr/bin/env python3
"""A host for `seamount run echo.yaml --steps 20 --host ./echo_host.py`: starts one neuron, then excites the next one in turn."""
import json
import sys

neuron = 3
for line in sys.stdin:
    said = json.loads(line)  # {"step": 7, "spikes": {"out": [[6, 2]]}}
    for step, neuron, *_ in said["spikes"].get("out", []):
        pass
    answer = {"spikes": {"eye": [(neuron + 1) % 4]}} if said["step"] > 0 else {}
    print(json.dumps(answer), flush=True)
