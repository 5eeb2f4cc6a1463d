#!/usr/bin/env python3
"""Compares what each folder of the product includes with what its CMake target declares: PUBLIC if a header includes it,
PRIVATE if only sources do, nothing undeclared, nothing unneeded, no circle.

    check_targets.py ROOT

The target of folder a/b is seamount_a_b. Programs (add_executable) and what others load (SHARED, MODULE) link everything and are
not compared.
"""
import pathlib
import re
import sys

LAYERS = ("isa", "compiler", "emulator", "tools")
HEADERS = (".hpp", ".inl", ".def")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)
CALL = re.compile(r"\b(seamount_library|add_executable|add_library)\(([^()]*)\)")
LINK = re.compile(r"\btarget_link_libraries\(\s*seamount_(\w+)\s+([^()]*)\)")
# Headers of packages: a prefix of what is included, the target that stands for it.
PACKAGES = (
    ("fmt/", "fmt::fmt"), ("nlohmann/", "nlohmann_json::nlohmann_json"), ("CLI/", "CLI11::CLI11"), ("zlib.h", "ZLIB::ZLIB"),
    ("systemc", "seamount_systemc"), ("tlm", "seamount_systemc"), ("cairo", "PkgConfig::CAIRO"),
    ("sqlite3.h", "SQLite::SQLite3"), ("muParser", "PkgConfig::MUPARSER"), ("metis.h", "seamount_metis"),
    ("yaml-cpp/", "yaml-cpp"), ("zip.h", "PkgConfig::LIBZIP"), ("histedit.h", "PkgConfig::LIBEDIT"), ("httplib.h", "PkgConfig::HTTPLIB"), ("hdf5.h", "PkgConfig::HDF5"), ("isa-l.h", "PkgConfig::ISAL"), ("boost/mpi", "Boost::mpi"),
)
UNCHECKED = {"Threads::Threads", "OpenMP::OpenMP_CXX", "seamount_options", "${CMAKE_DL_LIBS}"}
# Added to every library by seamount_library(), so naming it is a matter of taste unless a header needs it.
ALWAYS_PRIVATE = {"fmt::fmt"}


def words_by_keyword(text, keywords):
    """{keyword: words after it}, with what comes before the first one under ''."""
    found = {"": []}
    current = ""
    for word in text.split():
        if word in keywords:
            current = word
            found.setdefault(current, [])
        else:
            found[current].append(word)
    return found


def read_targets(root):
    """{folder: (public, private)} of declared dependencies, the sources of programs, and the folders of what others load."""
    targets, programs, loaded = {}, set(), set()
    for path in sorted(root.glob("*/**/CMakeLists.txt")):
        folder = path.parent.relative_to(root).as_posix()
        if folder.split("/")[0] not in LAYERS:
            continue
        text = re.sub(r"#.*", "", path.read_text())
        own = folder.replace("/", "_")
        for kind, arguments in CALL.findall(text):
            words = arguments.split()
            if {"SHARED", "MODULE"} & set(words):
                loaded.add(folder)
            if kind != "seamount_library":
                programs.update(f"{folder}/{word}" for word in words if word.endswith(".cpp"))
            elif words[0] == own and "/" in folder:
                parts = words_by_keyword(arguments, {"SOURCES", "PUBLIC", "PRIVATE"})
                targets[folder] = (set(parts.get("PUBLIC", ())), set(parts.get("PRIVATE", ())))
        for name, arguments in LINK.findall(text):
            if name == own and folder in targets:
                parts = words_by_keyword(arguments, {"PUBLIC", "PRIVATE"})
                targets[folder][0].update(parts.get("PUBLIC", ()))
                targets[folder][1].update(parts.get("PRIVATE", ()))
    return targets, programs, loaded


def target_of(kind, included, folder, root):
    """The CMake target that a header belongs to; None for the standard library and the folder itself."""
    if kind == "<":
        return next((target for prefix, target in PACKAGES if included.startswith(prefix)), None)
    owner = pathlib.PurePosixPath(included).parent.as_posix()
    return None if owner == folder or not (root / owner / "CMakeLists.txt").is_file() else "seamount::" + owner.replace("/", "_")


def needs(folder, root, programs):
    """(public, private): {target: the first file that includes it}."""
    public, private = {}, {}
    for path in sorted((root / folder).iterdir()):
        name = f"{folder}/{path.name}"
        if path.suffix not in (*HEADERS, ".cpp") or name in programs:
            continue
        for kind, included in INCLUDE.findall(path.read_text()):
            target = target_of(kind, included, folder, root)
            if target:
                (public if path.suffix in HEADERS else private).setdefault(target, name)
    return public, {target: name for target, name in private.items() if target not in public}


def compare(folder, declared, needed):
    public, private = declared
    need_public, need_private = needed
    lists = f"{folder}/CMakeLists.txt"
    for target, name in sorted(need_public.items()):
        if target not in public:
            yield f"{lists}: {target} must be PUBLIC: {name} includes it"
    for target, name in sorted(need_private.items()):
        if target in public:
            yield f"{lists}: {target} must be PRIVATE: no header includes it, but {name} does"
        elif target not in private and target not in ALWAYS_PRIVATE:
            yield f"{lists}: {target} is not declared: {name} includes it"
    for target in sorted((public | private) - set(need_public) - set(need_private) - UNCHECKED):
        yield f"{lists}: {target} is declared, but nothing includes it"
    for target in sorted(public & private):
        yield f"{lists}: {target} is both PUBLIC and PRIVATE"


def circle(graph):
    """Folders that include each other in a circle, or None."""
    done, path = set(), []

    def visit(folder):
        if folder in path:
            return path[path.index(folder):] + [folder]
        if folder in done:
            return None
        path.append(folder)
        for other in sorted(graph.get(folder, ())):
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(folder)
        return None

    return next((found for found in map(visit, sorted(graph)) if found), None)


def problems(root):
    targets, programs, loaded = read_targets(root)
    folder_of = {"seamount::" + folder.replace("/", "_"): folder for folder in targets}
    graph = {}
    for layer in LAYERS:
        for path in sorted((root / layer).rglob("*.?pp")):
            folder = path.parent.relative_to(root).as_posix()
            if folder not in targets and folder not in loaded and path.relative_to(root).as_posix() not in programs:
                yield f"{folder}: has sources, but no target seamount_{folder.replace('/', '_')} in its CMakeLists.txt"
    for folder, declared in sorted(targets.items()):
        needed = needs(folder, root, programs)
        graph[folder] = {folder_of[target] for part in needed for target in part if target in folder_of}
        yield from compare(folder, declared, needed)
    found = circle(graph)
    if found:
        yield "a circle of folders: " + " -> ".join(found)


if __name__ == "__main__":
    found = list(dict.fromkeys(problems(pathlib.Path(sys.argv[1]))))
    print("\n".join(found) or "targets: every folder declares what it includes")
    sys.exit(1 if found else 0)
