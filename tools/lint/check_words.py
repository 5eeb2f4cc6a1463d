#!/usr/bin/env python3
"""Checks that no comparison with a string literal steers the product: names are read once, by a table, into an enum.

    check_words.py ROOT

Readers of text formats compare with the words of those formats; they are listed here, each with its reason.
"""
import pathlib
import re
import sys

READERS = {
    "compiler/frontend/context/content.cpp": "the key `file` of any mapping of a network",
    "compiler/frontend/data/npy.cpp": "keys of the header of a .npy file",
    "compiler/frontend/projections/edge_value_reader.cpp": "a plain 0, which is no delay",
    "compiler/frontend/outputs.cpp": "a hint for who asks for spikes as an output",
    "isa/chip/chip_override.cpp": "sections and keys in paths into a chip file",
    "isa/chip/chip_writer.cpp": "texts that YAML would not read back as text",
    "isa/learning/rule_parser.cpp": "the function sgn of learning rules",
    "isa/yaml/yaml.cpp": "true and false",
    "isa/yaml/yaml_tree.cpp": "the tag by which yaml-cpp marks plain scalars",
}
# Literals are replaced by "" before this looks.
LITERAL = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
# What a file's name ends with says which reader it gets, so that is no steering by words.
COMPARISON = re.compile(r'(?<!extension\(\) )[=!]=\s*""|""(?:sv?)?\s*[=!]=|\.compare\(\s*""|\bstrn?cmp\(')


def without_literals(text):
    def shortened(match):
        lines = "\n" * match[0].count("\n")
        return ('""' if match[0].startswith(('"', "R")) else " ") + lines

    return LITERAL.sub(shortened, text)


def problems(root):
    used = set()
    for layer in ("isa", "compiler", "emulator", "tools"):
        for path in sorted((root / layer).rglob("*")):
            if path.suffix not in {".cpp", ".hpp", ".inl"}:
                continue
            name = path.relative_to(root).as_posix()
            text = path.read_text()
            lines = text.splitlines()
            code = without_literals(text)
            for match in COMPARISON.finditer(code):
                number = code.count("\n", 0, match.start()) + 1
                used.add(name)
                if name not in READERS:
                    yield f"{name}:{number}: a comparison with a string literal: {lines[number - 1].strip()}"
    for name in sorted(set(READERS) - used):
        yield f"{name}: compares with no string literal, strike it from the readers of {pathlib.Path(__file__).name}"


if __name__ == "__main__":
    found = list(problems(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "words: only readers compare with string literals")
    sys.exit(1 if found else 0)
