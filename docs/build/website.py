"""Write build/site: start page, docs, gallery, reference, notebooks; no page of it asks a network.

Run by `make site`, which runs the notebooks first. Sphinx reads a copy of the pages in build/site-source, where they
stand to each other as in the repository, so that their links hold.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
CONFIG = Path(__file__).parent / "sphinx"
LARGEST = 3_000_000  # bytes of a page: what opens at once on a phone

# What the parts of the package are called in the reference: a part that is in none stops the build.
REFERENCE = {
    "Tables": ("datasets", "schema", "tables", "readers", "places"),
    "Territory": ("territory",),
    "Forces": ("deployments",),
    "Fighters": ("estimates", "ranges"),
    "Events": ("events",),
    "What it rests on": ("evidence", "claims", "passport"),
    "Charts": ("charts",),
    "Maps and files": ("maps", "exports"),
    "Explorers": ("widgets",),
    "Errors": ("errors",),
}
CONTENTS = {
    "To look at": ["docs/gallery", "notebooks/index", "stories/index"],
    "What the figures mean": ["docs/figures", "docs/conventions", "docs/sources", "docs/audit", "data/README"],
    "Your own": ["docs/editing-the-tables", "examples/ukraine-2022/README", "examples/events-synthetic/README"],
    "Reference": ["reference/index"],
    "The project": ["CHANGELOG", "CONTRIBUTING", "docs/releasing", "docs/security"],
}
BACK = '<nav{style}><a href="../index.html">conflictkit</a> / <a href="index.html">{shelf}</a></nav>'
TO_LOOK_AT = {"stories/index": "a story", "notebooks/index": "the notebooks", "docs/gallery": "the gallery"}
ROOM = ' style="padding: 8px 0"'
# The words of a link that are the path of a page: a reader of the site is told its title.
NAMED = re.compile(r"(?<!!)\[`?[\w./-]+\.md`?\]\(((?!https?:)[^)]+)\)")
LINK = re.compile(r"(!?\[[^\]]*\]\()((?:\.\./)*)README\.md(?=[)#])")


@dataclass(frozen=True)
class Shelf:
    """Pages that something else has finished, which the site takes over and lists.

    Attributes
    ----------
    name, title, text
        The folder in the site; the heading and the first sentence of the list.
    told
        What returns the title and a sentence of a page.
    fitted
        What makes of its text and title the page of the site.
    """

    name: str
    title: str
    text: str
    told: Callable[[Path], tuple[str, str]]
    fitted: Callable[[str, str], str]


def of_notebook(page: Path) -> tuple[str, str]:
    """Return the heading of a notebook, and its first sentence."""
    cells = json.loads((ROOT / "notebooks" / f"{page.stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    title, _, text = "".join(cells[0]["source"]).partition("\n")
    words = re.sub(r"\*\*.*?\*\*", "", " ".join(text.split())).strip()  # without the word before the question
    return title.lstrip("# "), re.split(r"(?<=[.?!])\s", words)[0]


def of_page(page: Path) -> tuple[str, str]:
    """Return the title of a page, and its description if it has one."""
    text = page.read_text(encoding="utf-8")
    found = [re.search(form, text) for form in (r"<title>(.*?)</title>", r'<meta name="description" content="(.*?)"')]
    title, words = (unescape(match[1]) if match else "" for match in found)
    return title or page.stem, words


def fitted_notebook(text: str, title: str) -> str:
    """Return the page of a notebook with its title, a way back, and links to its neighbours."""
    text = re.sub(r"<title>.*?</title>", lambda _: f"<title>{escape(title)}</title>", text, count=1)
    text = re.sub(r"<body[^>]*>", rf"\g<0>\n{BACK.format(style=ROOM, shelf='Notebooks')}", text, count=1)
    return re.sub(r'(href="(?:\.\./)*[\w./-]+)\.(?:ipynb|md)(?=["#])', r"\1.html", text)


def fitted_story(text: str, _title: str) -> str:
    """Return the page of a story with a way back in its head; its policy allows no style of an element."""
    return text.replace("<header>", f"<header>{BACK.format(style='', shelf='Stories')}", 1)


SHELVES = (
    Shelf(
        "notebooks",
        "Notebooks",
        "Each as it ran, with its code. `make lab` opens them to run and change.",
        of_notebook,
        fitted_notebook,
    ),
    Shelf("stories", "Stories", "Each in one file, which moves the map as you scroll.", of_page, fitted_story),
)


def main() -> None:
    """Build the site, and say what is wrong with it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=ROOT / "build" / "site", help="where the site shall be")
    asked.add_argument("--finished", type=Path, default=ROOT / "build", help="where the folders of finished pages are")
    chosen = asked.parse_args()
    source = chosen.out.with_name(f"{chosen.out.name}-source")
    for folder in (source, chosen.out):
        shutil.rmtree(folder, ignore_errors=True)
    pages = {shelf.name: sorted((chosen.finished / shelf.name).glob("*.html")) for shelf in SHELVES}
    for shelf in SHELVES:
        write_list(source / shelf.name, shelf, pages[shelf.name])
    write_reference(source / "reference")
    write_pages(source)
    options = ["-q", "-W", "--keep-going", "-b", "html", "-c", str(CONFIG), "-d", str(source / ".doctrees")]
    subprocess.run([sys.executable, "-m", "sphinx", *options, str(source), str(chosen.out)], check=True)
    for shelf in SHELVES:
        for page in pages[shelf.name]:
            text = shelf.fitted(page.read_text(encoding="utf-8"), shelf.told(page)[0])
            (chosen.out / shelf.name / page.name).write_text(text, encoding="utf-8")
    if large := [page.name for page in chosen.out.rglob("*.html") if page.stat().st_size > LARGEST]:
        sys.exit(f"Pages above {LARGEST / 1e6:.0f} MB: {', '.join(large)}.")
    print(f"{len(list(chosen.out.rglob('*.html')))} pages: open {chosen.out / 'index.html'}")


def write_list(folder: Path, shelf: Shelf, pages: list[Path]) -> None:
    """Write the page that leads to finished pages, each with its title and a sentence; none where there is no page."""
    if not pages:
        return
    folder.mkdir(parents=True)
    told = {page.name: map(escape, shelf.told(page)) for page in pages}
    items = [f'<li><a href="{name}">{title}</a><br>{words}</li>' for name, (title, words) in told.items()]
    text = f"# {shelf.title}\n\n{shelf.text}\n\n```{{raw}} html\n<ul>\n{chr(10).join(items)}\n</ul>\n```\n"
    (folder / "index.md").write_text(text, encoding="utf-8")


def write_pages(source: Path) -> None:
    """Copy the pages of the repository, and the files that they lead to; the README becomes the start."""
    pages = [ROOT / f"{name}.md" for names in CONTENTS.values() for name in names]
    for page in [*filter(Path.exists, pages), ROOT / "README.md"]:  # last: its contents are of what is there then
        text = page.read_text(encoding="utf-8")
        place = page.relative_to(ROOT)
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            linked = (page.parent / target).resolve()
            if linked.is_file() and linked.suffix != ".md":
                copied(linked, source / linked.relative_to(ROOT))
        new = source / ("index.md" if place == Path("README.md") else place)
        new.parent.mkdir(parents=True, exist_ok=True)
        up = len(place.parts) - 1
        text = NAMED.sub(r"[](\1)", LINK.sub(partial(at_root, up=up), text))
        if new.name == "index.md":
            text = at_once(text, source) + contents(source)
        new.write_text(text, encoding="utf-8")


def at_root(found: re.Match[str], up: int) -> str:
    """Return a link with the start page in place of the README of the repository; others stay."""
    return f"{found[1]}{found[2]}{'index' if found[2].count('../') == up else 'README'}.md"


def at_once(text: str, source: Path) -> str:
    """Return the start page with the way to what a reader without Python came for, below its title."""
    there = [(name, words) for name, words in TO_LOOK_AT.items() if (source / f"{name}.md").exists()]
    links = ", ".join(f"[{words}]({name}.md)" for name, words in there)
    return text.replace("\n", f"\n\nTo read and to move, with nothing to install: {links}.\n", 1)


def copied(file: Path, place: Path) -> None:
    """Copy a file to where a page looks for it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, place)


def contents(source: Path) -> str:
    """Return the contents of the site, which every page shows at its side: of what is there."""
    parts = (
        (caption, [name for name in names if any(source.glob(f"{name}.*"))]) for caption, names in CONTENTS.items()
    )
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{chr(10).join(names)}\n```\n" for caption, names in parts
    )


def write_reference(folder: Path) -> None:
    """Write a page for each group of public names, and one that lists them."""
    folder.mkdir(parents=True)
    part = {name: getattr(ck, name).__module__.split(".")[1] for name in dir(ck) if name != "__version__"}
    group = {inner: title for title, parts in REFERENCE.items() for inner in parts}
    names: dict[str, list[str]] = {title: [] for title in REFERENCE}
    for name in sorted(part, key=lambda name: (not inspect.isclass(getattr(ck, name)), name)):
        names[group[part[name]]].append(name)
    files = {title: title.lower().replace(" ", "-") for title in REFERENCE}
    for title, members in names.items():
        body = "\n".join(map(entry, members))
        (folder / f"{files[title]}.rst").write_text(f"{heading(title)}{listing(members)}\n{body}", encoding="utf-8")
    told = "".join(f"{heading(title, '-')}{listing(members)}" for title, members in names.items())
    tree = ".. toctree::\n   :hidden:\n\n" + "".join(f"   {file}\n" for file in files.values())
    head = "All names are imported from ``conflictkit`` itself: ``import conflictkit as ck``.\n\n"
    (folder / "index.rst").write_text(f"{heading('Reference')}{head}{tree}\n{told}", encoding="utf-8")


def heading(title: str, line: str = "=") -> str:
    """Return a heading."""
    return f"{title}\n{line * len(title)}\n\n"


def listing(members: list[str]) -> str:
    """Return a table of names with the first sentence of each."""
    rows = "".join(f"   {name}\n" for name in members)
    return f".. currentmodule:: conflictkit\n\n.. autosummary::\n   :nosignatures:\n\n{rows}\n"


def entry(name: str) -> str:
    """Return what Sphinx makes the text of a name from."""
    value = getattr(ck, name)
    if not inspect.isclass(value):
        return f".. autofunction:: {name}\n"
    return f".. autoexception:: {name}\n" if issubclass(value, Exception) else f".. autoclass:: {name}\n   :members:\n"


if __name__ == "__main__":
    main()
