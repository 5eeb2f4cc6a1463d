#!/usr/bin/env python3
"""Writes the man page of seamount from what its --help says.

    man_page.py SEAMOUNT OUT.1
"""
import pathlib
import re
import subprocess
import sys

COLUMN = 30  # where the help's descriptions begin


def help_of(seamount, *words):
    return subprocess.run([seamount, *words, "--help"], capture_output=True, text=True, check=True).stdout.splitlines()


def quoted(text):
    """Text as troff prints it unchanged."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def verbatim(lines):
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return [".PP", ".nf", *map(quoted, lines), ".fi"] if lines else []


def body(lines):
    """Options as tagged paragraphs, all else as it stands."""
    out, plain, inside = [], [], False
    for line in lines:
        if line != "Examples:" and re.fullmatch(r"[A-Z][a-z ]+:", line):
            out, plain, inside = out + verbatim(plain) + [f".SS {line[:-1]}"], [], True
            continue
        if inside and not line.strip():
            inside = False
        match = re.match(r"^  (\S.*?)(?:  +(\S.*))?$", line) if inside else None
        if match and not line.startswith(" " * COLUMN):
            out += [".TP", ".B " + quoted(match[1])]
            out += [quoted(match[2])] if match[2] else []
        elif inside and line.strip():
            out.append(quoted(line.strip()))
        elif plain or line.strip():
            plain.append(line)
    return out + verbatim(plain)


def main():
    seamount, target = sys.argv[1:]
    version = subprocess.run([seamount, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    top = help_of(seamount)
    names = re.findall(r"^  ([a-z]+) ", "\n".join(top[:top.index("Examples:")]), re.MULTILINE)
    names = list(dict.fromkeys(name for name in names if name != "seamount"))
    page = [f'.TH SEAMOUNT 1 "" "{version}" "User Commands"', ".SH NAME", "seamount \\- emulator for Loihi\\-style neuromorphic chips",
            ".SH SYNOPSIS", ".B seamount", "[OPTIONS] SUBCOMMAND", ".SH DESCRIPTION", quoted(top[0]), *body(top[2:])]
    for name in names:
        lines = help_of(seamount, name)
        page += [f'.SH "SEAMOUNT {name.upper()}"', quoted(lines[0]) + ".", ".PP", ".B " + quoted(lines[1].removeprefix("Usage: ")), *body(lines[2:])]
    page += [".SH SEE ALSO", "The manual in /usr/share/doc/seamount/docs."]
    pathlib.Path(target).write_text("\n".join(page) + "\n")


main()
