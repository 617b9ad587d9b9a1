"""The text of a page: scripts and styles of the kit and of Leaflet in it, and a policy that forbids whatever is not."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from conflictkit.html import Markup, image, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What joining takes out of a module: what it needs of others, and what only a check of types reads.
IMPORT = re.compile(r'^import [^;"]* from "(?:\./)?([\w.]+)";\n', re.MULTILINE)
TYPES = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
INLINE_TYPE = re.compile(r"/\*\* @(?:type|this|param) .*? \*/ ?")
STYLED = re.compile(r'<[^>]*? style="([^"]*)"')
EXPORT = re.compile(r"^export (?=(?:const|function|let) )", re.MULTILINE)


@cache
def kit_script() -> str:
    """Return the kit's drawing code as one script that defines ``conflictkitMap`` and nothing else."""
    return _script("map", "conflictkitMap")


@cache
def story_script() -> str:
    """Return what moves the map of a story, as one script that defines ``conflictkitStory`` and nothing else."""
    return _script("story", "conflictkitStory")


@cache
def figures_script() -> str:
    """Return the page of published figures as one script that defines ``conflictkitFigures`` and nothing else."""
    return _script("estimates", "conflictkitFigures")


@cache
def widget_module() -> str:
    """Return the module of the live map.

    Leaflet is a script for browsers' globals: it is given a module of its own instead, so that it meets no other
    Leaflet that a notebook may have loaded.
    """
    leaflet = f"const exports = {{}}, module = {{ exports }}; {leaflet_script()}; return module.exports;"
    return f"const L = (() => {{ {leaflet} }})();\n{joined('widget')}"


def _script(name: str, defines: str) -> str:
    """Return a module of ``web/`` as one script that defines one name."""
    return f'const {defines} = (() => {{\n"use strict";\n{joined(name)}\nreturn {defines};\n}})();'


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


@cache
def story_style() -> str:
    """Return the style of a story, around a map."""
    return (files("conflictkit") / "web" / "story.css").read_text(encoding="utf-8")


@cache
def figures_style() -> str:
    """Return the style of the page of published figures."""
    return (files("conflictkit") / "web" / "figures.css").read_text(encoding="utf-8")


# The numbers are packed: a third of their size.
UNPACK = """async function unpacked() {
  const packed = Uint8Array.from(atob(document.getElementById("ck-data").textContent), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}"""
# In a frame of JupyterLab the page is as dark as what is around it.
START = """const main = document.querySelector("main"), foot = document.querySelector("footer");
const around = () => { try { return parent.document.body.dataset.jpThemeLight; } catch { return undefined; } };
const theme = () => { if (around()) document.documentElement.dataset.theme = around() === "false" ? "dark" : "light"; };
if (parent !== window && around()) {
  theme();
  new MutationObserver(theme).observe(parent.document.body, { attributeFilter: ["data-jp-theme-light"] });
}
(async () => {
  main.kit = conflictkitMap(L, await unpacked(), { element: main, foot });
})().catch(problem => {
  main.textContent = "This map needs a browser of 2023 or later.";
  throw problem;
});"""
# Where the map cannot be drawn the pictures stay.
TELL = """const main = document.querySelector("main");
(async () => { main.kit = conflictkitStory(L, await unpacked(), main); })();"""
# So do pictures and tables where choosing among figures does not work.
CHOOSE = """const main = document.querySelector("main");
(async () => { main.kit = conflictkitFigures(await unpacked(), main); })().catch(problem => {
  if (!main.firstElementChild) main.textContent = "This page needs a browser of 2023 or later.";
  throw problem;
});"""
# Where scripts do not run, the static picture stands in the place of the map: its title and its caption are in it, and
# what is true of the moving map only stands aside.
ASIDE = "main, .ck-shown, .ck-caption { display: none; } .ck-page { display: block; height: auto; }"
STILL = Markup('<noscript><style>{}</style><img src="data:image/png;base64,{}" alt="{}"></noscript>')
CAPTION = Markup('<details class="ck-caption" open><summary>Definitions and method</summary><p>{}</p></details>')
TALE = Markup('<body class="ck-page ck-tale">\n<main>\n<header><h1>{}</h1></header>\n{}\n</main>\n<footer>{}</footer>')
SEEN = Markup('<body class="ck-page ck-view">\n<header><h1>{}</h1></header>\n<main>\n{}\n</main>\n<footer>{}</footer>')
# A notebook that is not trusted is stripped of frames and styles, which leaves the picture; elsewhere the style hides
# it, unless scripts are off.
FRAME = Markup(
    "<style>.ck-frame + img {{ display: none; }}</style>"
    "<noscript><style>.ck-frame {{ display: none; }} .ck-frame + img {{ display: block; }}</style></noscript>"
    '<iframe class="ck-frame" title="{title}" srcdoc="{text}" allowfullscreen '
    'style="width:100%;height:{height}px;border:0"></iframe>{picture}'
)


def document(
    data: str,
    *,
    title: str,
    caption: str,
    headline: str = "",
    heading: bool = True,
    picture: bytes | None = None,
    hosts: Iterable[str] = (),
    passport: str = "",
) -> str:
    """Return the page of a map as text.

    Parameters
    ----------
    data
        The numbers that it draws, as ``dumped`` writes them.
    title, caption
        What it shows; empty for none.
    headline
        What it finds: it stands above the title.
    heading
        Whether both stand above the map too.
    picture
        PNG shown where scripts do not run.
    hosts
        Servers of tiles whose pictures the page may show.
    passport
        One word that says what the map rests on.

    Returns
    -------
    str
        HTML with everything inside: the same for the same map.
    """
    # what a page finds is marked: of forces it follows the day shown, and a title that the caller gave does not
    one = Markup('<h1 class="ck-finds">{}</h1>' if headline else "<h1>{}</h1>")
    head = [one.format(said(headline or title))] if (headline or title) and heading else []
    if headline and title and heading:
        head.append(Markup('<p class="ck-shown">{}</p>').format(said(title)))
    below = CAPTION.format(said(caption)) if caption else ""
    return _whole(
        title or "Map",
        f'<body class="ck-page">\n<header>{"".join(head)}</header>\n<main></main>\n'
        f"<footer>{below}{_still(title, picture)}</footer>",
        data=data,
        styles=(leaflet_style(), kit_style(), page_style()),
        scripts=(leaflet_script(), f"{kit_script()}\n{UNPACK}\n{START}"),
        more=(Markup('<meta name="conflictkit" content="{}">').format(passport),) if passport else (),
        hosts=hosts,
    )


def story_document(data: str, *, title: str, about: str, steps: Markup, foot: Markup) -> str:
    """Return the page of a story as text: steps that are read one below the other, beside a map that they move.

    Parameters
    ----------
    data
        The numbers that the map draws, with its ``steps``.
    title, about
        What it is called, and a sentence for lists and searches.
    steps, foot
        What is read, and what is below it.
    """
    return _whole(
        title,
        TALE.format(said(title), steps, foot),
        data=data,
        styles=(leaflet_style(), kit_style(), page_style(), story_style()),
        scripts=(leaflet_script(), f"{story_script()}\n{UNPACK}\n{TELL}"),
        more=(Markup('<meta name="description" content="{}">').format(about),),
    )


def view_document(title: str, *, content: Markup, foot: Markup, data: str | None = None, passport: str = "") -> str:
    """Return the page of a view without a map as text: pictures and tables and, with figures to choose, what does it.

    Parameters
    ----------
    title
        What is shown.
    content, foot
        What is read, and what is below it; styles of single elements hold as they are.
    data
        The figures that can be chosen, as ``dumped`` writes them; without them nothing runs.
    passport
        One word that says what the view rests on.
    """
    body = SEEN.format(said(title), content, foot)
    return _whole(
        title,
        body,
        data=data,
        styles=(page_style(), *(() if data is None else (figures_style(),))),
        scripts=() if data is None else (f"{figures_script()}\n{UNPACK}\n{CHOOSE}",),
        own=sorted(set(STYLED.findall(body))),  # text of the tables is none of them: its quotes are escaped
        more=(Markup('<meta name="conflictkit" content="{}">').format(passport),) if passport else (),
    )


def _whole(
    title: str,
    body: str,
    *,
    data: str | None = None,
    styles: Iterable[str],
    scripts: Iterable[str] = (),
    more: Iterable[str] = (),
    hosts: Iterable[str] = (),
    own: Sequence[str] = (),
) -> str:
    """Return a page with everything inside, and the policy that forbids the rest; `more` is for its head."""
    styles, scripts = [_plain(text) for text in styles], [_plain(text) for text in scripts]
    packed = [] if data is None else [f'<script type="text/plain" id="ck-data">{_packed(data)}</script>']
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts, [*styles, ASIDE], hosts, own)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        *more,
        Markup("<title>{}</title>").format(title),
        *(f"<style>{text}</style>" for text in styles),
        f"</head>\n{body}",
        *packed,
        *(f"<script>{text}</script>" for text in scripts),
        "</body>\n</html>\n",
    ]
    return _plain("\n".join(parts))


def frame(text: str, *, title: str, height: int, picture: bytes) -> str:
    """Return a page as a frame for the output of a notebook, and the picture that stands where the frame cannot."""
    return str(FRAME.format(title=title, text=text, height=height, picture=image(picture, alt=title)))


def _packed(data: str) -> str:
    """Return the numbers as base64 of gzip, without the time at which they were packed: same numbers, same bytes."""
    return base64.b64encode(gzip.compress(data.encode(), mtime=0)).decode()


def _still(title: str, picture: bytes | None) -> str:
    if picture is None:
        return "<noscript>This map needs JavaScript.</noscript>"
    return STILL.format(Markup(ASIDE), base64.b64encode(picture).decode(), title)


def _plain(text: str) -> str:
    """Return text with one kind of line ends, as a browser reads it before it takes a digest."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _policy(scripts: Iterable[str], styles: Iterable[str], hosts: Iterable[str], own: Sequence[str]) -> str:
    """Return the policy: no connection, and no script or style but those of the page, by their digest.

    `own` are styles of single elements, which browsers hold to their digests only if told so.
    """
    rules = {
        "default-src": "'none'",
        "script-src": _digests(scripts) or "'none'",
        "style-src": _digests([*styles, *own]) + (" 'unsafe-hashes'" if own else ""),
        "img-src": " ".join(["data:", *sorted(set(hosts))]),
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digests(texts: Iterable[str]) -> str:
    """Return the digests of texts as a policy names them."""
    found = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in found)
