#!/usr/bin/env bash
# One network over the tasks of a Slurm job: its records go to a folder, further words to seamount run.
#
#   sbatch --ntasks=8 tools/slurm_run.sh net.smi results --steps 1000 --untimed
#
#SBATCH --job-name=seamount
#SBATCH --cpus-per-task=1
set -euo pipefail
network=$1
results=$2
seamount=${SEAMOUNT:-seamount}

# mpirun asks Slurm for the nodes, starts as many ranks as there are tasks, and ends all of them if one dies.
exec mpirun ${SEAMOUNT_MPIRUN:-} -n "${SLURM_NTASKS:-1}" "$seamount" run "$network" \
    --threads "${SLURM_CPUS_PER_TASK:-1}" --out "$results" --json "$results.json" "${@:3}"
