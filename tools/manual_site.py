"""Lets mkdocs build docs/ as it stands: a hook of tools/mkdocs.yml.

The pages are written for a forge. Here what they link to outside of docs/ joins the site below reference/, folders stand for
their README.md, and fences that name a file (`yaml title="net.yaml"`) show the name above the block.
"""
import os
import pathlib
import posixpath
import re

from mkdocs.structure.files import File

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTSIDE = "reference/"
LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
FENCE = re.compile(r"^```(\w+)[ ]+(.+)$")


def slug(title, separator):
    """Headings get the names that forges give them."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", separator)


def on_config(config):
    config["mdx_configs"].setdefault("toc", {})["slugify"] = slug
    return config


def source_of(uri):
    """The path in the repository of a file of the site."""
    return uri.removeprefix(OUTSIDE) if uri.startswith(OUTSIDE) else "docs/" + uri


def uri_of(path):
    return path.removeprefix("docs/") if path.startswith("docs/") else OUTSIDE + path


def target_of(page, link):
    """The path in the repository of what a page at `page` links to, or None."""
    if "://" in link or link.startswith(("mailto:", "/")):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
    if (ROOT / path).is_dir():
        path = posixpath.normpath(path + "/README.md")
    return path if not path.startswith("..") and (ROOT / path).is_file() else None


def prose(text):
    """(whether the line is in a fenced block, line) of each line."""
    fenced = False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
            yield True, line
        else:
            yield fenced, line


def on_files(files, config):
    """Adds what pages link to, and what these link to."""
    known = {file.src_uri for file in files}
    unread = [uri for uri in known if uri.endswith(".md")]
    while unread:
        page = source_of(unread.pop())
        for fenced, line in prose((ROOT / page).read_text()):
            for link in () if fenced else LINK.findall(line):
                path = target_of(page, link[1])
                if path is None or uri_of(path) in known:
                    continue
                uri = uri_of(path)
                file = File(uri, str(ROOT), config["site_dir"], config["use_directory_urls"])
                file.abs_src_path = str(ROOT / path)
                files.append(file)
                known.add(uri)
                if uri.endswith(".md"):
                    unread.append(uri)
    return files


def on_page_markdown(markdown, page, config, files):
    here = page.file.src_uri

    def moved(match):
        path = target_of(source_of(here), match[2])
        if path is None:
            return match[0]
        return match[1] + os.path.relpath(uri_of(path), posixpath.dirname(here) or ".") + (match[3] or "") + match[4]

    out = []
    for fenced, line in prose(markdown):
        name = FENCE.match(line) if fenced else None
        if name:
            title = re.search(r'title="([^"]+)"', name[2])
            out += [f"`{title[1]}`", ""] if title else []
            line = "```" + name[1]
        out.append(line if fenced else LINK.sub(moved, line))
    return "\n".join(out)
