#!/usr/bin/env python3
"""Puts sources of a folder together that compile as one: reading headers and instantiating templates once for several
sources takes a third off the time of a build.

    batches.py ROOT OUT

Writes OUT/<folder>/<n>.cpp, files that include sources of seamount_library(), seamount_test() and seamount_sources(), and
OUT/batches.cmake, which says for each target what its batches are and which sources are in them. Files that stay the same
are not written.

Two sources come into one batch only if both open the same namespaces with `using namespace`, and if names that they bring in
from elsewhere (`using a::b`, `namespace c = a::c`) mean the same in both. A name that one of them keeps to itself (in an
anonymous namespace, or static or constant at the level of the file) and the other one mentions is renamed while the batch is
compiled: `#define name name_in_source`, behind the headers of that source, if it stands for nothing else there (is no member
of something, nobody's namespace). So a source may call its helpers what it likes; in the worst case it is compiled alone, as
are sources with macros or pragmas, with hidden classes (`struct Outer::Impl`), with options of their own (those that
CMakeLists.txt names twice), and hot ones.
"""
import functools
import pathlib
import re
import sys

# What runs once per step, neuron or packet is compiled as its benchmarks have measured it: each source for itself.
HOT = re.compile(r"emulator/(base|core(/program)?|learning|machine|mesh/(flit|packet)|timing)$")
LAYERS = ("isa", "compiler", "emulator", "tools", "tests")
CALL = re.compile(r"\b(seamount_library|seamount_test|seamount_sources)\(([^()]*)\)")
MOST_SOURCES = 12  # of a batch: what is compiled again after a change stays a matter of seconds,
MOST_LINES = 1800  # and the last batches of a build keep all cores busy
COMMANDS = re.compile(r"tools/cli(/|$)")
MOST_COMMANDS = 3  # which people change most, and which see the most headers

COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
WORD = re.compile(r"(?<![\w.])(?<!->)(?<!::)[A-Za-z_]\w*")  # members of others are nobody's own names
TYPE = re.compile(r"(?:template\b.*>\s*)?(?:struct|class|enum(?:\s+class)?|union|concept)\s+(\w+)|using\s+(\w+)\s*=")
ALIAS = re.compile(r"^\s*(?:namespace\s+(\w+)\s*=\s*([\w:]+)|using\s+([\w:]+::(\w+)))\s*;", re.MULTILINE)
TEST = re.compile(r"(?:\w+_)?(?:TEST_CASE|SCENARIO|TEST_CASE_METHOD)\b")
OTHER = re.compile(r"[^(={;\[]*?(\w+)\s*[(={;\[]")
END_OF_ANONYMOUS = "} anonymous"
OURS = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
NOT_OWN = re.compile(r"(?:\.|->|::|\bnamespace\s)\s*([A-Za-z_]\w*)")
SCOPE = re.compile(r"([A-Za-z_]\w*)\s*::")
TYPES = {"auto", "bool", "char", "double", "float", "int", "long", "short", "signed", "unsigned", "void"}
CONSTANT = re.compile(r"(?:static|const|constexpr|inline constexpr|thread_local)\b")


@functools.cache
def functions_of(root, header):
    """Words before a bracket in a header of ours and in those that it includes: its functions, and more."""
    path = root / header
    text = path.read_text() if path.is_file() else ""
    return set(re.findall(r"([A-Za-z_]\w*)\s*\(", text)).union(*(functions_of(root, name) for name in OURS.findall(text)))


class Source:
    def __init__(self, root, path):
        raw = path.read_text()
        # clang-format sees to it that anonymous namespaces end with this comment.
        text = re.sub(r"^\}\s*// namespace$", END_OF_ANONYMOUS, raw, flags=re.MULTILINE)
        text = COMMENT_OR_TEXT.sub(lambda found: '""' if found[0].endswith('"') else " ", text)
        self.name = path.name
        self.lines = text.count("\n")
        self.words = set(WORD.findall(text))
        self.opened = set(re.findall(r"^\s*using namespace ([\w:]+)", text, re.MULTILINE))
        # Macros, pragmas and included pieces of code reach beyond their source.
        self.is_alone = re.search(r'^\s*#\s*(define|undef|pragma|include\s*"[^"]*\.(inl|cpp)")', raw, re.MULTILINE) is not None
        # The compiler warns of hidden classes that hold types of an anonymous namespace, if it finds them in an included file.
        self.is_alone |= re.search(r"^struct \w+::Impl\b", text, re.MULTILINE) is not None
        self.aliases = {name or word: target or path for name, target, path, word in ALIAS.findall(text)}
        self.own = self.own_names(text)
        self.includes = re.findall(r'^#include [<"][^>"]+[>"]', raw, re.MULTILINE)
        # What cannot be renamed: words behind `.`, `->` or `::`, before `::` and in names of namespaces, which may be another's,
        # what headers call or declare, and types, found where a declaration is none that own_names() understands.
        self.fixed = TYPES.union(NOT_OWN.findall(text), SCOPE.findall(text), *(functions_of(root, name) for name in OURS.findall(raw)))
        if re.search(r"^\s*#\s*if", raw, re.MULTILINE):  # headers that may not be included
            self.fixed |= self.words

    @staticmethod
    def own_names(text):
        """Names that other sources may have too, with another meaning."""
        names, anonymous = set(), False
        for line in text.splitlines():
            if line.startswith("namespace {"):
                anonymous = True
            elif line == END_OF_ANONYMOUS:
                anonymous = False
            elif (line[:1].isalpha() or line[:1] in ("_", "[")) and (anonymous or CONSTANT.match(line)):
                if ALIAS.match(line) or TEST.match(line) or line.startswith("using namespace "):
                    continue
                line = re.sub(r"^\[\[\w+\]\]\s*", "", line)
                found = TYPE.match(line) or (None if line.startswith("template") else OTHER.match(line))
                if found:
                    names.add(next(name for name in found.groups() if name))
        return names

    def shared(self, other):
        """Names of its own that `other` mentions."""
        return self.own & other.words

    def fits(self, other):
        both = self.aliases.keys() & other.aliases.keys()
        return (self.opened == other.opened and all(self.aliases[name] == other.aliases[name] for name in both)
                and not self.shared(other) & self.fixed and not other.shared(self) & other.fixed)

    def text_in(self, batch, folder):
        """What stands for it in the file of a batch."""
        include = f'#include "{folder}/{self.name}"\n'
        renamed = sorted(set().union(*(self.shared(other) for other in batch if other is not self)))
        if not renamed:
            return include
        words = re.findall(r"[A-Za-z0-9]+", self.name.removesuffix(".cpp"))
        lower, camel = "_in_" + "_".join(words), "In" + "".join(word.capitalize() for word in words)  # as .clang-tidy wants names
        defines = (f"#define {name} {name}{camel if re.match('k?[A-Z]', name) else lower}\n" for name in renamed)
        return "".join([*(f"{line}\n" for line in self.includes), *defines, include, *(f"#undef {name}\n" for name in renamed)])


def targets(root, folder):
    """(name of the target, its sources that may be put together), as CMakeLists.txt has them."""
    text = re.sub(r"#.*", "", (folder / "CMakeLists.txt").read_text())
    for kind, arguments in CALL.findall(text):
        name, *words = arguments.split()
        target = f"seamount_{name}" if kind == "seamount_library" else name
        files = [word for word in words if re.fullmatch(r"[\w.]+\.cpp", word) and (folder / word).is_file()]
        yield target, [Source(root, folder / file) for file in files if len(re.findall(rf"(?<![\w.]){re.escape(file)}", text)) == 1]


def batches_of(sources, most=MOST_SOURCES):
    batches = []
    for source in sources:
        if source.is_alone:
            continue
        for batch in batches:
            if (len(batch) < most and sum(other.lines for other in batch) + source.lines <= MOST_LINES
                    and all(source.fits(other) for other in batch)):
                batch.append(source)
                break
        else:
            batches.append([source])
    return [batch for batch in batches if len(batch) > 1]


def write(path, text):
    if not path.is_file() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main(root, out):
    settings = []
    for listing in sorted(path for layer in LAYERS for path in (root / layer).rglob("CMakeLists.txt")):
        folder = listing.parent.relative_to(root).as_posix()
        if HOT.match(folder):
            continue
        number = 0
        for target, sources in targets(root, listing.parent):
            files, members = [], []
            for batch in batches_of(sources, MOST_COMMANDS if COMMANDS.match(folder) else MOST_SOURCES):
                number += 1
                file = out / folder / f"{number}.cpp"
                # From the root, so that caches of compilers know them in every copy of the tree.
                write(file, "".join(source.text_in(batch, folder) for source in batch))
                files.append(file.as_posix())
                members += [source.name for source in batch]
            if files:
                settings.append(f'set(SEAMOUNT_BATCHES_{target} "{";".join(files)}")\n'
                                f'set(SEAMOUNT_BATCHED_{target} "{";".join(members)}")\n')
    write(out / "batches.cmake", "".join(settings))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
