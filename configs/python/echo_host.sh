#!/bin/sh
# A host without Python: every second step it excites neuron 0 of echo.yaml.
#   seamount run echo.yaml --steps 20 --host ./echo_host.sh
step=0
while read -r line; do
    if [ $((step % 2)) -eq 0 ]; then echo '{"spikes": {"eye": [0]}}'; else echo '{}'; fi
    step=$((step + 1))
done
