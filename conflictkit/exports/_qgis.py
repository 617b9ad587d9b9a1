"""How QGIS draws a layer: the colours of the actors and the days of its rows, in the words of a .qml file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.html import Markup, join
from conflictkit.look import INK, MUTED, hatched
from conflictkit.text import for_xml

if TYPE_CHECKING:
    from conflictkit.exports._content import Layer
    from conflictkit.look import Paint

VERSION = "3.34.0"  # the first long-term release that reads all of the words below
# The brushes of Qt nearest to the hatches of the charts, by the first letter of the hatch.
BRUSHES = {"/": "b_diagonal", "\\": "f_diagonal", "x": "diagonal_x", ".": "dense6"}
OUTLINE, DOT = "0.1", "1.6"  # millimetres

_WHOLE = Markup(
    "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    '<qgis version="{}" styleCategories="Symbology|Temporal">{}{}</qgis>\n'
)
# Half open, as the days of the tables: the first day counts, the last one does not (mode 2: two fields; limitMode 0).
_DAYS = Markup(
    '<temporal enabled="1" mode="2" startField="{}" endField="{}" limitMode="0" accumulate="0" fixedDuration="0"'
    ' durationUnit="d" durationField="" startExpression="" endExpression=""/>'
)
_BY_ACTOR = Markup(
    '<renderer-v2 type="categorizedSymbol" attr="{}" symbollevels="0" enableorderby="0" forceraster="0">'
    "<categories>{}</categories><symbols>{}</symbols></renderer-v2>"
)
_ALIKE = Markup(
    '<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">'
    "<symbols>{}</symbols></renderer-v2>"
)
_CATEGORY = Markup('<category type="string" value="{}" symbol="{}" label="{}" render="true"/>')
_SYMBOL = Markup('<symbol type="{}" name="{}" alpha="1" clip_to_extent="1" force_rhr="0">{}</symbol>')
_PART = Markup('<layer class="{}" enabled="1" locked="0" pass="0"><Option type="Map">{}</Option></layer>')
_OPTION = Markup('<Option type="QString" name="{}" value="{}"/>')


def style(layer: Layer, paints: dict[str, Paint]) -> str:
    """Return the style of a layer: of land filled, else dots; grey alike where no actor paints it."""
    area = layer.name == "land"
    days = _DAYS.format(layer.since, layer.until) if layer.since else Markup()
    if not layer.painter:
        return for_xml(_WHOLE.format(VERSION, _ALIKE.format(_symbol("0", MUTED, "", area=area)), days))
    present = set(layer.rows[layer.painter].dropna())
    shown = [(actor, paint) for actor, paint in paints.items() if actor in present]
    categories = join(_CATEGORY.format(actor, n, paint.name) for n, (actor, paint) in enumerate(shown))
    symbols = join(_symbol(str(n), paint.color, paint.hatch, area=area) for n, (_, paint) in enumerate(shown))
    return for_xml(_WHOLE.format(VERSION, _BY_ACTOR.format(layer.painter, categories, symbols), days))


def _symbol(name: str, color: str, hatch: str, *, area: bool) -> Markup:
    """Return a symbol by its number: a dot, or a fill with its hatch above."""
    if not area:
        dot = {"name": "circle", "color": _rgba(color), "size": DOT, "size_unit": "MM"}
        return _SYMBOL.format("marker", name, _part("SimpleMarker", dot | _line(INK)))
    parts = [_part("SimpleFill", {"color": _rgba(color), "style": "solid"} | _line(INK))]
    if hatch:
        lines = {"color": _rgba(hatched(color)), "style": BRUSHES.get(hatch[0], "b_diagonal")}
        parts.append(_part("SimpleFill", lines | {"outline_style": "no"}))
    return _SYMBOL.format("fill", name, join(parts))


def _line(color: str) -> dict[str, str]:
    return {
        "outline_color": _rgba(color),
        "outline_style": "solid",
        "outline_width": OUTLINE,
        "outline_width_unit": "MM",
    }


def _part(kind: str, options: dict[str, str]) -> Markup:
    return _PART.format(kind, join(_OPTION.format(*option) for option in options.items()))


def _rgba(color: str) -> str:
    """Return #RRGGBB as QGIS writes it: red, green, blue, opacity from 0 to 255."""
    return ",".join(str(int(color[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
