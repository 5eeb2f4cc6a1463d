"""Small networks as other tools write them, made with h5py: each function writes into a folder and returns the file to import, the
options of `seamount import` that it needs and the .h5 files that may be damaged."""
import json

import h5py
import numpy as np

TEXT = h5py.string_dtype("utf-8")


def put(group, name, value):
    """A dataset: texts as NIR and lava write them, arrays compressed as NIR 1.x has them."""
    if isinstance(value, (str, list)):
        group.create_dataset(name, data=np.array(value, dtype=object) if isinstance(value, list) else value, dtype=TEXT)
    else:
        value = np.asarray(value)
        group.create_dataset(name, data=value, compression="gzip" if value.ndim else None)


def put_graph(group, nodes, edges):
    put(group, "type", "NIRGraph")
    put(group, "edges", [list(edge) for edge in edges])
    for name, fields in nodes.items():
        node = group.create_group(f"nodes/{name}")
        if "nodes" in fields:
            put_graph(node, **fields)
            continue
        for key, value in fields.items():
            put(node, key, value)


def port(kind, *shape):
    return {"type": kind, "shape": np.array(shape)}


def lif(*shape):
    return {"type": "LIF", "tau": np.full(shape, .02), "r": np.ones(shape), "v_leak": np.zeros(shape), "v_threshold": np.full(shape, .5)}


def cuba(size):
    return {**lif(size), "type": "CubaLIF", "tau_mem": np.full(size, .02), "tau_syn": np.full(size, .01), "w_in": np.ones(size)}


def affine(rng, *shape):
    return {"type": "Affine", "weight": rng.normal(0, .4, shape).astype(np.float32), "bias": rng.normal(0, .05, shape[0])}


def linear(rng, *shape):
    return {"type": "Linear", "weight": rng.normal(0, .4, shape).astype(np.float32)}


def nir_file(folder, rng, nodes, edges):
    path = folder / "seed.nir"
    with h5py.File(path, "w") as file:
        put(file, "version", "1.0")
        put_graph(file.create_group("node"), nodes, edges)
    return path, ["--dt", "0.001"], [path]


def nir_recurrent(folder, rng):
    second = cuba(6)
    del second["tau"]
    return nir_file(folder, rng, {
        "input": port("Input", 5), "fc.1": affine(rng, 8, 5), "cell.lif": lif(8), "cell.w_rec": linear(rng, 8, 8),
        "out/fc": linear(rng, 6, 8), "out/lif": second, "output": port("Output", 6)},
        [("out/fc", "out/lif"), ("input", "fc.1"), ("fc.1", "cell.lif"), ("cell.lif", "cell.w_rec"), ("cell.w_rec", "cell.lif"),
         ("cell.lif", "out/fc"), ("out/lif", "output")])


def nir_nested(folder, rng):
    layer = {"nodes": {"input": port("Input", 6), "fc": affine(rng, 4, 6), "if": {"type": "IF", "r": np.ones(4), "v_threshold": np.ones(4)},
                       "output": port("Output", 4)}, "edges": [("input", "fc"), ("fc", "if"), ("if", "output")]}
    return nir_file(folder, rng, {
        "input": port("Input", 1, 6, 6),
        "conv": {"type": "Conv2d", "input_shape": np.array([6, 6]), "weight": rng.normal(0, .5, (2, 1, 3, 3)), "bias": np.zeros(2),
                 "stride": np.array([2, 2]), "padding": np.array([1, 1]), "dilation": np.array([1, 1]), "groups": np.int64(1)},
        "lif": lif(2, 3, 3), "flat": {"type": "Flatten", "start_dim": np.int64(0), "end_dim": np.int64(-1), "input_type": np.array([2, 3, 3])},
        "fc": linear(rng, 6, 18), "mid": lif(6), "last": layer, "output": port("Output", 4)},
        [("input", "conv"), ("conv", "lif"), ("lif", "flat"), ("flat", "fc"), ("fc", "mid"), ("mid", "last"), ("last", "output")])


def put_layer(file, number, kind, shape, neuron=None, **fields):
    group = file.create_group(f"layer/{number}")
    group["type"] = np.array([kind.encode()], dtype="S10")
    group["shape"] = np.array(shape)
    for key, value in fields.items():
        group[key] = value
    for key, value in (neuron or {}).items():
        group[f"neuron/{key}"] = value
    if neuron:
        group.create_dataset("neuron/type", data="CUBA", dtype=TEXT)


def netx(folder, rng):
    neuron = {"iDecay": np.int64(819), "vDecay": np.int64(128), "vThMant": np.int64(80), "refDelay": np.int64(1)}

    def weights(*shape):
        return (2 * rng.integers(-100, 100, shape)).astype(np.float32)
    path = folder / "seed.net"
    with h5py.File(path, "w") as file:
        put_layer(file, 0, "input", (1, 6, 6))
        put_layer(file, 1, "conv", (2, 3, 3), neuron, weight=weights(2, 1, 3, 3), bias=weights(2), inChannels=1, outChannels=2, groups=1,
                  kernelSize=np.array([3, 3]), stride=np.array([2, 2]), padding=np.array([1, 1]), dilation=np.array([1, 1]))
        put_layer(file, 2, "flatten", (1, 1, 18))
        put_layer(file, 3, "dense", (7,), neuron, weight=weights(7, 18), inFeatures=18, outFeatures=7, delay=np.arange(7, dtype=np.float32))
        put_layer(file, 4, "dense_rec", (5,), neuron, weight=weights(5, 7), weight_rec=weights(5, 5), inFeatures=7, outFeatures=5)
    return path, [], [path]


def sonata(folder, rng):
    """Three virtual nodes and four cells that excite each other."""
    def nodes(name, count):
        with h5py.File(folder / f"{name}_nodes.h5", "w") as file:
            file.attrs["magic"], file.attrs["version"] = np.uint32(0x0A7A), np.array([0, 1], dtype=np.uint32)
            group = file.create_group(f"nodes/{name}")
            group["node_id"] = np.arange(count, dtype=np.uint64)
            group["node_type_id"] = np.full(count, 100, dtype=np.uint32)
            group["node_group_id"] = np.zeros(count, dtype=np.uint32)
            group["node_group_index"] = np.arange(count, dtype=np.uint64)
            group.create_group("0")

    def edges(source, target, sources, targets, count):
        name = f"{source}_to_{target}"
        with h5py.File(folder / f"{name}_edges.h5", "w") as file:
            file.attrs["magic"], file.attrs["version"] = np.uint32(0x0A7A), np.array([0, 1], dtype=np.uint32)
            group = file.create_group(f"edges/{name}")
            for key, of, most in (("source_node_id", source, sources), ("target_node_id", target, targets)):
                group[key] = rng.integers(0, most, count).astype(np.uint64)
                group[key].attrs["node_population"] = of
            group["edge_type_id"] = np.full(count, 200, dtype=np.uint32)
            group["edge_group_id"] = np.zeros(count, dtype=np.uint16)
            group["edge_group_index"] = np.arange(count, dtype=np.uint32)
            group["0/nsyns"] = rng.integers(1, 4, count).astype(np.uint16)
        (folder / f"{name}_types.csv").write_text(
            "edge_type_id syn_weight delay dynamics_params model_template\n200 0.25 2.0 exc.json NULL\n")
    nodes("ext", 3)
    nodes("cells", 4)
    edges("ext", "cells", 3, 4, 9)
    edges("cells", "cells", 4, 4, 8)
    (folder / "ext_types.csv").write_text("node_type_id model_type\n100 virtual\n")
    (folder / "cells_types.csv").write_text(
        "node_type_id model_type model_template dynamics_params\n100 point_process nrn:IntFire1 cell.json\n")
    (folder / "cell.json").write_text(json.dumps({"type": "NEURON_IntFire1", "tau": .024, "refrac": .003}))
    (folder / "exc.json").write_text(json.dumps({"level_of_detail": "instanteneous", "sign": 1}))
    path = folder / "circuit_config.json"
    path.write_text(json.dumps({
        "components": {"point_neuron_models_dir": ".", "synaptic_models_dir": "."},
        "networks": {"nodes": [{"nodes_file": f"{n}_nodes.h5", "node_types_file": f"{n}_types.csv"} for n in ("ext", "cells")],
                     "edges": [{"edges_file": f"{n}_edges.h5", "edge_types_file": f"{n}_types.csv"}
                               for n in ("ext_to_cells", "cells_to_cells")]}}))
    return path, ["--dt", "0.1"], sorted(folder.glob("*.h5"))


SEEDS = (nir_recurrent, nir_nested, netx, sonata)
