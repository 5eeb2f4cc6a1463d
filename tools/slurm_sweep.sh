#!/usr/bin/env bash
# A sweep as a Slurm array on one node: four parts, then the merge.
#
#   sbatch --array=1-4 tools/slurm_sweep.sh sweep.yaml results
#   SEAMOUNT_MERGE=1 tools/slurm_sweep.sh sweep.yaml results
#
#SBATCH --nodes=1
#SBATCH --cpus-per-task=1
#SBATCH --job-name=sweep
set -euo pipefail
sweep=$1
results=$2
seamount=${SEAMOUNT:-seamount}
mkdir -p "$results"

if [[ -n ${SEAMOUNT_MERGE:-} ]]; then
    "$seamount" explore merge "$results/all.sqlite" "$results"/part-*.sqlite
    exec "$seamount" explore report "$results/all.sqlite" -o "$results/all.html"
fi
# One part of the array; a part that was preempted goes on where it was.
exec "$seamount" explore "$sweep" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --store "$results/part-$SLURM_ARRAY_TASK_ID.sqlite" --jobs "${SLURM_CPUS_PER_TASK:-1}"
