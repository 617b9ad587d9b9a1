"""Scripts and styles of the pages: the kit's own, and Leaflet's, which is a package that we depend on."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

# What joining takes out of a module: what it needs of others, and what only a check of types reads.
IMPORT = re.compile(r'^import [^;"]* from "(?:\./)?([\w.]+)";\n', re.MULTILINE)
TYPES = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
INLINE_TYPE = re.compile(r"/\*\* @(?:type|this|param) .*? \*/ ?")
EXPORT = re.compile(r"^export (?=(?:const|function|let) )", re.MULTILINE)


@cache
def kit_script() -> str:
    """Return the kit's drawing code as one script that defines ``conflictkitMap`` and nothing else."""
    return f'const conflictkitMap = (() => {{\n"use strict";\n{joined("map")}\nreturn conflictkitMap;\n}})();'


@cache
def widget_module() -> str:
    """Return the module of the live map.

    Leaflet is a script for browsers' globals: it is given a module of its own instead, so that it meets no other
    Leaflet that a notebook may have loaded.
    """
    leaflet = f"const exports = {{}}, module = {{ exports }}; {leaflet_script()}; return module.exports;"
    return f"const L = (() => {{ {leaflet} }})();\n{joined('widget')}"


def joined(name: str) -> str:
    """Return a module of ``web/`` with all that it imports before it, as one text: no build step, nothing fetched.

    The order is that of the imports themselves. All of it shares one scope, so a name stands at the top of one module
    only. What is not in ``web/`` (Leaflet) is for the caller to define.
    """
    found: dict[str, str] = {}

    def add(module: str) -> None:
        text = (files("conflictkit") / "web" / module).read_text(encoding="utf-8")
        for needed in IMPORT.findall(text):
            if needed.endswith(".js") and needed not in found:
                add(needed)
        for pattern in (IMPORT, TYPES, INLINE_TYPE, EXPORT):
            text = pattern.sub("", text)
        found[module] = text

    add(f"{name}.js")
    return "\n".join(found.values())


@cache
def kit_style() -> str:
    """Return the kit's style sheet."""
    return (files("conflictkit") / "web" / "kit.css").read_text(encoding="utf-8")


@cache
def leaflet_script() -> str:
    """Return Leaflet, without the comment that asks a browser for its source map."""
    return re.sub(r"//# sourceMappingURL=\S*\s*$", "", _leaflet("leaflet.js"))


@cache
def leaflet_style() -> str:
    """Return Leaflet's style sheet with its pictures inside."""
    return re.sub(r"url\(#default#VML\)", "none", re.sub(r"url\((images/[\w.-]+)\)", _picture, _leaflet("leaflet.css")))


def _leaflet(name: str) -> str:
    return _folder().joinpath(name).read_text(encoding="utf-8")


def _folder() -> Path:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR)


def _picture(match: re.Match[str]) -> str:
    return f"url({_data_address(match[1])})"


def _data_address(name: str) -> str:
    return "data:image/png;base64," + base64.b64encode((_folder() / name).read_bytes()).decode()


@cache
def page_style() -> str:
    """Return the style of the page around a map."""
    return (files("conflictkit") / "web" / "page.css").read_text(encoding="utf-8")
