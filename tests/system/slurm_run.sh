#!/usr/bin/env bash
# tools/slurm_run.sh on a Slurm of one node that this script starts and ends, with all of its files in a folder of its own:
# two ranks give what one process gives.  slurm_run.sh SEAMOUNT NETWORK
set -euo pipefail
seamount=$(realpath "$1")
network=$(realpath "$2")
script=$(realpath "$(dirname "$0")/../../tools/slurm_run.sh")
for program in slurmctld slurmd sbatch munged mpirun; do
    if ! command -v "$program" > /dev/null; then
        echo "skipped: no $program"
        exit 0
    fi
done
if [[ $(id -u) != 0 ]]; then
    echo "skipped: a Slurm of one's own needs root"
    exit 0
fi
if [[ ! -x $(dirname "$seamount")/seamount-mpi ]]; then
    echo "skipped: built without MPI"
    exit 0
fi

folder=$(mktemp -d)
chmod 755 "$folder"
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait
    rm -rf "$folder"
}
trap finish EXIT

mkdir -m 755 "$folder/munge" "$folder/state" "$folder/spool"
head -c 64 /dev/urandom > "$folder/munge/key"
chmod 400 "$folder/munge/key"
munged --foreground --force --key-file "$folder/munge/key" --socket "$folder/munge/socket" \
    --pid-file "$folder/munge/pid" --log-file "$folder/munge/log" --seed-file "$folder/munge/seed" 2> "$folder/munge/out" &
pids+=($!)

node=$(hostname -s)
read -r controller daemon < <(python3 -c '
import socket
ends = [socket.socket() for _ in range(2)]
for end in ends: end.bind(("127.0.0.1", 0))
print(*(end.getsockname()[1] for end in ends))')
cat > "$folder/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$controller
SlurmdPort=$daemon
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
SlurmdParameters=config_overrides
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"
slurmctld -D > "$folder/slurmctld.out" 2>&1 &
pids+=($!)
slurmd -D > "$folder/slurmd.out" 2>&1 &
pids+=($!)
for _ in $(seq 60); do
    [[ $(sinfo -h -o %T 2> /dev/null || true) == idle ]] && break
    sleep 1
done
if [[ $(sinfo -h -o %T 2> /dev/null || true) != idle ]]; then
    tail -n 5 "$folder"/slurm*.log "$folder"/slurm*.out
    echo "the node of Slurm does not come up"
    exit 1
fi

cd "$folder"
export SEAMOUNT="$seamount" SEAMOUNT_MPIRUN="--allow-run-as-root --oversubscribe --bind-to none"
sbatch --wait --ntasks=2 --output="$folder/job.log" "$script" "$network" "$folder/out" --steps 60 || {
    cat "$folder/job.log"
    exit 1
}
"$seamount" run "$network" --steps 60 --out "$folder/one" -q
"$seamount" diff "$folder/one" "$folder/out"
grep -q '"ranks": 2' "$folder/out.json" || { echo "the job did not run on two ranks"; exit 1; }
echo "two ranks of a Slurm job give what one process gives"
