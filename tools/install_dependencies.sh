#!/usr/bin/env bash
# Installs what building and testing needs from Debian 12's packages; does nothing where all is there.
set -euo pipefail

packages=(
    build-essential ccache clang cmake ninja-build pkg-config git ca-certificates
    libboost-mpi-dev libboost-random-dev libcairo2-dev libcli11-dev libcpp-httplib-dev libedit-dev libfmt-dev libhdf5-dev libisal-dev libmetis-dev libmuparser-dev libomp-dev
    librandom123-dev libsqlite3-dev libsystemc-dev libxxhash-dev libyaml-cpp-dev libzip-dev nlohmann-json3-dev
    node-d3 openmpi-bin python3 zlib1g-dev
)
if [[ "${1:-}" == --with-tests ]]; then
    packages+=(catch2 clang-format clang-tidy lld python3-jsonschema python3-numpy python3-yaml chromium)
    packages+=(libclang-rt-dev)  # of the sanitizers
    # The Python module, and its installation by pip in a virtual environment.
    packages+=(pybind11-dev python3-dev python3-pip python3-setuptools python3-venv python3-wheel)
    # The manual: a site of its pages, and an example that writes HDF5.
    packages+=(mkdocs python3-h5py)
    # What the module's tests compare with, or are skipped without.
    packages+=(gtkwave python3-pynn)
fi

# What tests/system/slurm_run.sh runs.
if [[ "${1:-}" == --with-slurm ]]; then
    packages+=(munge slurm-client slurmctld slurmd)
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || { echo "installing packages needs root or sudo: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
