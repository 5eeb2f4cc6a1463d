"""What can happen to an HDF5 file: values, shapes, kinds, edges, names, bytes. For import_oracle.py."""
import h5py
import numpy as np


def write_over(file, path, value):
    attributes = dict(file[path].attrs) if path in file else {}
    if path in file:
        del file[path]
    file[path] = value
    for key, attribute in attributes.items():
        file[path].attrs[key] = attribute


def damage_value(file, path, rng):
    data = file[path][()]
    if isinstance(data, bytes):
        return write_over(file, path, rng.choice(["LIF", "Linear", "Conv2d", "NIRGraph", "ghost", "", "CUBA", "SDNN"]))
    data = np.array(data)
    if data.dtype.kind in "OS":
        names = [item for item in data.ravel()]
        if names:
            names[rng.randrange(len(names))] = rng.choice(names + [b"ghost", b""])
        return write_over(file, path, np.array(names, dtype=data.dtype).reshape(data.shape))
    flat = data.ravel().copy()
    if flat.size:
        at = rng.randrange(flat.size)
        value = rng.choice([0, 1, -1, 2, 3, 1e30, float("nan"), float("inf"), 255, 65536, flat[at] * 2, flat[at] + 2, flat[at] / 2])
        with np.errstate(all="ignore"):
            flat[at] = np.array(value).astype(flat.dtype)
    return write_over(file, path, flat.reshape(data.shape))


def damage_shape(file, path, rng):
    data = np.array(file[path][()])
    if data.dtype.kind in "OS":
        return None
    kind = rng.randrange(4)
    if kind == 0 and data.ndim:
        data = data[:-1]
    elif kind == 1:
        data = data.ravel()
    elif kind == 2:
        data = data[None]
    else:
        data = np.concatenate([data, data]) if data.ndim else np.array([data, data])
    return write_over(file, path, data)


def damage_kind(file, path, rng):
    data = np.array(file[path][()])
    if data.dtype.kind in "OS":
        return write_over(file, path, rng.choice([3.5, 7]))
    with np.errstate(all="ignore"):
        return write_over(file, path, data.astype(rng.choice(["f4", "f8", "i8", "u2", "i1", "S4"])))


def damage_edges(file, path, rng):
    edges = list(map(list, file[path][()]))
    at = rng.randrange(len(edges))
    kind = rng.randrange(4)
    if kind == 0:
        del edges[at]
    elif kind == 1:
        edges.append(edges[at])
    elif kind == 2:
        edges[at] = edges[at][::-1]
    else:
        edges[at][rng.randrange(2)] = rng.choice(edges)[rng.randrange(2)]
    if edges:
        write_over(file, path, np.array(edges, dtype=object))


def damage_tree(file, rng):
    """One change of a dataset, a group or its name."""
    paths = []
    file.visit(paths.append)
    if not paths:
        return
    path = rng.choice(paths)
    kind = rng.randrange(6)
    if kind == 0:
        del file[path]
    elif kind == 1:
        file.move(path, path + rng.choice(["2", ".x", "/y" if isinstance(file[path], h5py.Group) else "_"]).replace("/y", "_y"))
    elif isinstance(file[path], h5py.Dataset):
        if path.endswith("edges") and file[path].size:
            damage_edges(file, path, rng)
        else:
            rng.choice([damage_value, damage_value, damage_shape, damage_kind])(file, path, rng)


def damage_bytes(path, rng):
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data))
        while data[at] == 0 and rng.random() < .95:  # most of a small file is unused
            at = (at + 1) % len(data)
        data[at] = rng.randrange(256)
    path.write_bytes(bytes(data) if rng.random() < .9 else bytes(data[:rng.randrange(len(data))]))


def damage(paths, rng):
    path = rng.choice(paths)
    if rng.random() < .25:
        damage_bytes(path, rng)
        return
    with h5py.File(path, "r+") as file:
        for _ in range(rng.randint(1, 2)):
            damage_tree(file, rng)
