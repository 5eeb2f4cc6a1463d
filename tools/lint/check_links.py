#!/usr/bin/env python3
"""Checks the links of all Markdown pages: the file is there, and so is the heading behind `#`.

    check_links.py ROOT
"""
import pathlib
import re
import subprocess
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def pages(root):
    listed = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-co", "--exclude-standard", "*.md"],
                            capture_output=True, text=True)
    names = listed.stdout.split() if listed.returncode == 0 else []
    return [root / name for name in names] or sorted(root.glob("**/*.md"))


def prose(page):
    """(number, line) of what is not in a fenced block."""
    fenced = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def anchors(page):
    """Headings as the forges name them: small letters, no punctuation, a hyphen for each space."""
    titles = (line.lstrip("#").strip() for _, line in prose(page) if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def problems(root):
    for page in pages(root):
        for number, line in prose(page):
            for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
                if "://" in target or target.startswith("mailto:"):
                    continue
                path, _, anchor = target.partition("#")
                found = (page.parent / path).resolve() if path else page
                where = f"{page.relative_to(root)}:{number}"
                if not found.exists():
                    yield f"{where}: there is no {target}"
                elif anchor and anchor not in anchors(found):
                    yield f"{where}: {path or page.name} has no heading for #{anchor}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    found = list(problems(root))
    print(*found, sep="\n", end="\n" if found else "")
    if not found:
        print("links: every page and heading that is linked is there")
    return 1 if found else 0


sys.exit(main())
