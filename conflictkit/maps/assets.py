"""Scripts and styles of the pages: the kit's own, and Leaflet's, which is a package that we depend on."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

# Read in this order into one script: later files use what earlier ones define.
SCRIPTS = (
    *("words", "state", "paint", "land", "doubt", "places", "chart", "panel"),
    *("force_panel", "forces", "compare", "map"),
)


@cache
def kit_script() -> str:
    """Return the kit's drawing code as one script that defines ``conflictkitMap`` and nothing else."""
    folder = files("conflictkit") / "web"
    code = "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f'const conflictkitMap = (() => {{\n"use strict";\n{code}\nreturn conflictkitMap;\n}})();'


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


@cache
def marker_icons() -> dict[str, str]:
    """Return the pictures of Leaflet's default marker as data addresses, by option name."""
    names = {"iconUrl": "marker-icon", "iconRetinaUrl": "marker-icon-2x", "shadowUrl": "marker-shadow"}
    return {option: _data_address(f"images/{name}.png") for option, name in names.items()}


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
