"""Land as a picture shows it: asked once of a territory, drawn day by day with its doubts, explained by its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.spatial import KDTree

from conflictkit.actors import CONTESTED, NONE
from conflictkit.charts import _canvas
from conflictkit.charts._canvas import draw_shapes
from conflictkit.charts._layout import WIDTH, Z
from conflictkit.dates import in_words, span_in_words
from conflictkit.errors import TerritoryError, UnknownNameError
from conflictkit.evidence._rows import behind, behind_drawing, together
from conflictkit.geometry import project_points
from conflictkit.look import BODY, BORDER, FAINT, INK, MUTED, contrast, folded, hatched, mix, paints_of, palette, tint
from conflictkit.placenames import place_id_of
from conflictkit.prose import counted, percent
from conflictkit.territory import CERTAIN, GRID_KM
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from conflictkit.charts._canvas import Extent, Window
    from conflictkit.charts._labels import Labels
    from conflictkit.look import Paint
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

    Floats = NDArray[np.float64]

AROUND = 1.7  # inches of a new figure beyond the height of the map
TOLD = 5  # holders in a sentence about a map
NAMED = 18  # holders in a key, the largest; the rest is counted, since a key of hundreds leaves no room for a map
DARK = 10.0  # contrast of land with white from which names on it are white
SOFT_KM, SOFT = 12.0, (0.25, 0.5, 0.75)  # the edge of core towards the desert, and the shares of white on the way
PROJECTION = "Lambert azimuthal equal-area projection."
CORE_AND_TINT = "Dark: core, near settlements. Pale: claimed only."
DOTS = "Dots: places in the colour of their holder{}."
LARGER = ", larger from 50,000, 250,000 and 1 million residents"
DRAWN = "Land drawn for two holders is contested; land drawn for nobody is blank."
NO_HOLDERS = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("place_id", "actor_id", "source_id")})
HATCHED: dict[str, Any] = {"hatch": "////", "linewidth": 0}
WHITEST = 0.8  # of white over land whose holder has no more than an even chance
EVEN = 0.5
SQUARE_KM = GRID_KM  # side of the squares by which a picture fades: those of the model
PIXELS = 500  # across a map and down: finer than the squares at any extent shown
TURNED = 1.05  # of half a square: squares lie askew in the projection of another window, and shall leave no gaps
SHADES = (0.9, 0.7, 0.5)  # probabilities in the key


@dataclass(frozen=True)
class View:
    """A territory through a window: what does not change from day to day, and how the caller wants it drawn.

    Attributes
    ----------
    territory, window
        Of what, and where.
    paints
        Of every actor of its tables, and of holders that they do not know.
    towns
        The places to draw, the most important first.
    labels, fade
        As ``plot_territory`` takes them.
    dots
        Whether places are drawn, and not only named.
    """

    territory: Territory
    window: Window
    paints: dict[str, Paint]
    towns: pd.DataFrame
    labels: bool | Sequence[str] = True
    fade: bool = False
    dots: bool = True

    @classmethod
    def of(
        cls,
        territory: Territory,
        extent: Extent,
        radius_km: float,
        *,
        labels: bool | Sequence[str] = True,
        fade: bool = False,
        others: Iterable[str] = (),
    ) -> View:
        """Return the view for options as ``plot_territory`` takes them; refuse those that this land cannot follow.

        Actors in `others` get a paint even where the territory's table does not know them.
        """
        window = _canvas.window_of(territory, extent, radius_km)
        towns = _canvas.towns_on(territory, window)
        wanted = labels if isinstance(labels, bool) else [labels] if isinstance(labels, str) else list(labels)
        if not isinstance(wanted, bool):
            named, on_map = territory.tables.places, set(towns["place_id"])
            refused: dict[str, Any] = {"unknown": "Unknown place on this map", "error": UnknownNameError}
            wanted = [place_id_of(place, named, among=on_map, **refused) for place in wanted]
        if fade and not territory.has_places:
            msg = (
                "fade=True needs to know how sure the land is, and a drawing does not say. Leave fade out, or state "
                "the error of its lines: territory.probability(date, edge_km=...)."
            )
            raise TerritoryError(msg)
        return cls(territory, window, paints_for(territory, others), towns, wanted, fade)

    def on(self, day: pd.Timestamp) -> Scene:
        """Ask the territory for everything that a map of a day shows."""
        land = self.territory
        core = land.at(day, level="core") if has_core(land) else None
        return Scene(self, day, land.at(day), core, land.holders(day) if land.has_places else NO_HOLDERS)

    def alone(self, drawn: Collection[str]) -> View:
        """Return the view with some holders in their colour and the land of all others in grey."""
        folds = folded(self.territory.actor_ids, self.paints)
        grey = {
            name: replace(paint, color=FAINT, hatch="", parent=paint.parent if name in folds else "")
            for name, paint in self.paints.items()
            if name not in drawn
        }
        return replace(self, paints=self.paints | grey)

    @property
    def height(self) -> float:
        """Inches of a new figure with this map alone."""
        return WIDTH * self.window.shape + AROUND

    @property
    def tables(self) -> Tables:
        """The tables of the territory."""
        return self.territory.tables

    def title(self, days: str, *, beside: str = "") -> str:
        """Return the title of a map: control is of a model, a drawing is somebody's; and what is shown beside."""
        what, when = ("control", "on") if self.territory.has_places else ("land drawn", "for")
        what = f"{beside} and {what}" if beside else what.capitalize()
        return " ".join(f"{what} {self.window.where} {when if days else ''} {days}".split())

    def key(self, holders: Sequence[str], *, one_level: bool = False) -> list[tuple[Any, str]]:
        """Return the key: the colour of each holder on the map, core and claimed side by side where both are shown."""
        core, places = has_core(self.territory) and not one_level, self.territory.has_places

        def swatch(color: str, hatch: str) -> Any:  # noqa: ANN401 - one patch or two
            full = Patch(**fill(color, 2 * hatch))
            return (full, Patch(**fill(tint(color), 2 * hatch))) if core else full

        named = [actor for actor in holders if actor != CONTESTED or not places]
        first = [self.paints[actor] for actor in named[:NAMED]]
        key: list[tuple[Any, str]] = [(swatch(*paint.look), paint.short) for paint in first]
        key += more_holders(len(named) - len(first))
        key += [contested_key()] if len(named) < len(holders) else []
        key += [fade_key()] if self.fade else []
        key.append((Line2D([], [], color=INK, linewidth=0.9), "line between holders" if places else "line as drawn"))
        key.append((Line2D([], [], color=BORDER, linewidth=1.6), "international border"))
        return key


@dataclass(frozen=True)
class Scene:
    """A view on a day: the land of each holder, and who holds which place.

    Attributes
    ----------
    view, day
        What is seen, and when.
    claimed, core
        The land of each holder, as ``Territory.at`` returns it; no core where the territory has none of its own.
    holders
        Who holds each place, as ``Territory.holders`` returns it; no rows for drawings, which have no places.
    """

    view: View
    day: pd.Timestamp
    claimed: gpd.GeoDataFrame
    core: gpd.GeoDataFrame | None
    holders: pd.DataFrame

    @property
    def folds(self) -> dict[str, str]:
        """Which holders are drawn as part of which other."""
        return folded(self.claimed["actor_id"], self.view.paints)

    @property
    def held_by(self) -> pd.Series:
        """Who holds each town of the view."""
        return _canvas.holders_of(self.view.towns, self.claimed, self.holders)

    @property
    def rows(self) -> pd.DataFrame:
        """The rows behind the places in the window; of a map of the whole, those of every place that has land."""
        if not self.view.territory.has_places:
            return drawn_rows(self.view.territory, [self.day], holders=self.claimed["actor_id"])
        if self.view.window.whole or self.holders.empty:
            return self.rows_of(pd.Series(data=True, index=self.holders.index))
        there = self.view.window.inside(self.view.territory.places)["place_id"]
        return self.rows_of(self.holders["place_id"].isin(there))

    def rows_of(self, chosen: pd.Series) -> pd.DataFrame:
        """Return the rows that say who holds some of the places."""
        names = self.view.tables.places.set_index("place_id")["name"]
        held = self.holders[chosen].rename(columns={"since": "valid_from"})
        if held.empty:
            return together([])
        key = ["place_id", "valid_from"]
        sure = self.view.territory.control_changes[[*key, "confidence"]]
        held = held.merge(sure, on=key, how="left")
        return behind(held, "control_changes", "land of " + held["place_id"].map(names))

    @property
    def shares(self) -> str:
        """How the claimed land in the window is shared out, as a sentence: the largest holders."""
        shapes = self.view.window.cut(self.claimed.geometry.to_numpy())
        km2 = pd.Series(shapely.area(shapes), index=self.claimed["actor_id"].replace(self.folds).to_numpy())
        largest = km2.groupby(level=0).sum().nlargest(TOLD)
        told = [
            f"{self.view.paints[str(actor)].name} {percent(area / km2.sum())}"
            for actor, area in largest.items()
            if area
        ]
        return f"Of the land shown on {in_words(self.day)}: {', '.join(told)}." if told else ""

    @property
    def caption(self) -> str:
        """What the map shows, in which definitions."""
        view = self.view
        return caption_of(view.territory, self.folds, view.paints, day=self.day, fade=view.fade, dots=view.dots)

    def draw(self, ax: Axes) -> tuple[list[str], Labels]:
        """Draw the map without title, key and caption; return the holders seen, the largest first, and the labels."""
        view, window = self.view, self.view.window
        _canvas.draw_base(ax, window, view.tables)
        seen = self._draw_claimed(ax)
        self._draw_core(ax)
        if view.territory.has_places:
            sides = contenders(self.holders, view.territory.control_changes)
            draw_contested(ax, view.territory.cells.merge(sides, on="place_id"), window, view.paints)
        if view.fade:
            draw_fading(ax, view.territory, self.day, window)
        _canvas.draw_lines(ax, window, view.tables)
        towns, held_by = self.towns
        if len(towns):
            _canvas.draw_dots(ax, towns, held_by, view.paints)
        return seen, _canvas.draw_names(ax, window, towns, view.tables, wanted=view.labels)

    @property
    def towns(self) -> tuple[pd.DataFrame, pd.Series]:
        """The towns to draw, whether they lie on land so dark that their names are white, and who holds each.

        Without dots, those that are asked for by name have one all the same.
        """
        view, held_by = self.view, self.held_by
        dark = [actor in view.paints and contrast(view.paints[actor].color) > DARK for actor in held_by]
        wanted = () if isinstance(view.labels, bool) else view.labels
        towns = view.towns.assign(dark=dark)
        towns = towns if view.dots else towns[towns["place_id"].isin(list(wanted))]
        towns = _canvas.few(towns, view.window, also=wanted)
        return towns.reset_index(drop=True), held_by[towns.index].reset_index(drop=True)

    def _draw_claimed(self, ax: Axes) -> list[str]:
        """Draw the claimed land of each holder, with its outline, and return the holders seen, the largest first."""
        seen, window, actors = [], self.view.window, self.claimed["actor_id"].replace(self.folds)
        outline = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.9, "zorder": Z.FRONT}
        for actor, group in self.claimed.groupby(actors, sort=False):
            paint = self.view.paints[str(actor)]
            land = np.array([shapely.union_all(group.geometry.to_numpy())])
            # the outline is that of the land, not of what the window shows of it
            shape, line = window.cut(land), window.cut(shapely.boundary(land))
            color = paint.color if self.core is None else tint(paint.color)
            _canvas.draw_shapes(ax, shape, fill(color, paint.hatch) | {"zorder": Z.CLAIMED})
            _canvas.draw_shapes(ax, line, outline)
            seen.append((float(shapely.area(shape).sum()), str(actor)))
        return [actor for area, actor in sorted(seen, reverse=True) if area > 0]

    def _draw_core(self, ax: Axes) -> None:
        """Draw the core of each holder over its claimed land."""
        if self.core is None:
            return
        held = self.core[self.core["actor_id"] != NONE]
        shapes = self.view.window.cut(held.geometry.to_numpy())
        all_land = shapely.union_all(self.view.window.cut(self.claimed.geometry.to_numpy()))
        desert = shapely.difference(all_land, shapely.union_all(shapes))
        rims = [shapely.buffer(desert, share * SOFT_KM * 1000, quad_segs=4) for share in SOFT]
        for actor, shape in zip(held["actor_id"], shapes, strict=True):
            paint = self.view.paints[actor]
            _canvas.draw_shapes(ax, np.array([shape]), fill(paint.color, paint.hatch) | {"zorder": Z.CORE})
            # a core with a hard edge is taken for a symbol: it fades towards the desert, and nowhere else
            for rim, share in reversed(list(zip(rims, SOFT, strict=True))):
                color = mix(paint.color, tint(paint.color), 1 - share)
                soft = np.array([shapely.intersection(shape, rim)])
                _canvas.draw_shapes(ax, soft, fill(color, paint.hatch) | {"zorder": Z.CORE})


def drawn_rows(
    territory: Territory, days: Iterable[pd.Timestamp], *, holders: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return the rows behind land that somebody drew: of the drawings in force on some days, of all or some holders."""
    dates, actors = territory.dates, territory.tables.actors
    names: dict[str, str] = dict(zip(actors["actor_id"], actors["name"], strict=True))
    drawings = dates[sorted({int(dates.searchsorted(day, side="right")) - 1 for day in days})]
    wanted = None if holders is None else set(holders)
    return together(
        behind_drawing(day, [who for who in territory.shapes(day) if wanted is None or who in wanted], names, by)
        for by in [territory.drawn_by]
        for day in drawings
    )


def paints_for(territory: Territory, others: Iterable[str] = ()) -> dict[str, Paint]:
    """Return the paint of every actor of a territory's table, and of holders and others that it does not know."""
    actors = territory.actors
    return paints_of(dict.fromkeys([*palette(actors), *others, *territory.actor_ids, NONE]), actors)


def has_core(territory: Territory) -> bool:
    """Whether a map tells core from other claimed land: a drawing shows what was drawn and no more."""
    return territory.has_places and territory.core_radius_km > 0 and len(territory.settlements) > 0


def more_holders(count: int) -> list[tuple[Any, str]]:
    """Return the entry of the key for holders that it does not name, if there are any."""
    return [(Patch(facecolor="none", linewidth=0), f"and {counted(count, 'smaller holder')}")] if count > 0 else []


def pairs(territory: Territory) -> dict[str, Any]:
    """Return how the key of a map is set: two patches of one entry side by side, with what the two are above them."""
    heading = {"title": CORE_AND_TINT, "title_fontsize": BODY, "alignment": "left"} if has_core(territory) else {}
    return {"handlelength": 2.6, **heading}


def fill(color: str, hatch: str) -> dict[str, Any]:
    """Return the look of land of one colour; the lines of a hatch are darker than it."""
    edge = hatched(color) if hatch else "none"
    return {"facecolor": color, "edgecolor": edge, "hatch": hatch or None, "linewidth": 0}


def caption_of(
    territory: Territory,
    folds: Mapping[str, str],
    paints: Mapping[str, Paint],
    *,
    day: pd.Timestamp | None = None,
    fade: bool = False,
    grid_km: float = SQUARE_KM,
    projection: str = PROJECTION,
    dots: bool = True,
    one_level: bool = False,
) -> str:
    """Return what a map shows, in which definitions, and what is drawn with what.

    Parameters
    ----------
    territory
        Of places, or of drawings.
    folds, paints
        Who is drawn as part of whom, as ``look.folded`` returns it, and the names.
    day
        The day shown, where it is one: a drawing may be older.
    fade, grid_km
        Whether land fades where its holder is unsure, on squares of this side.
    projection
        Of the map, as a sentence.
    dots
        Whether places are drawn as dots.
    one_level
        Whether one level is shown at a time, with a switch between them.
    """
    # a page shows one level at a time, a picture both
    both = (
        "In the view of core, land that is only claimed is pale." if one_level else ""
    )  # the key of a picture says it
    level = both if has_core(territory) else "All land claimed."
    parts = [
        state_in_words(territory, day),
        *([level] if territory.has_places else []),
        territory.definition("claimed"),
        *([territory.definition("core")] if has_core(territory) else []),
        *(f"{paints[up].name} includes {paints[child].name}." for child, up in folds.items()),
        *([fading_words(grid_km)] if fade else []),
        *(_dots_in_words(territory) if dots else ()),
        projection,
        credit_of_layers(territory.tables),
    ]
    return " ".join(filter(None, parts))


def _dots_in_words(territory: Territory) -> Iterator[str]:
    """Say what the dots are, if any are drawn: of drawings only towns of known size."""
    sized = territory.tables.places["population"].notna().any()
    if territory.has_places or sized:
        yield DOTS.format(LARGER if sized else "")


def state_in_words(territory: Territory, day: pd.Timestamp | None) -> str:
    """Say of when the land is: of the end of the day; of drawings, which one is shown, and of how many."""
    if territory.has_places:
        return "State at the end of the day."
    dates = territory.dates
    shown = [] if day is None else [f"Drawing of {in_words(dates[int(dates.searchsorted(day, side='right')) - 1])}."]
    return " ".join([*shown, DRAWN, f"{counted(len(dates), 'drawing')}, {span_in_words(dates)}."])


def credit_of_layers(tables: Tables) -> str:
    """Say where the borders and the water come from."""
    return "Borders and lakes: Natural Earth; rivers: GSHHG." if len(tables.layers) else ""


def fading_words(grid_km: float = SQUARE_KM) -> str:
    """Return what fading means, for a caption."""
    return (
        "Land fades where its holder is unsure: full at a natural-neighbour probability of "
        f"{CERTAIN:g}, palest at {EVEN:g} and below; {grid_km:g} km squares."
    )


def draw_fading(ax: Axes, territory: Territory, day: pd.Timestamp, window: Window) -> None:
    """Whiten the land whose holder is not certain, the more the less likely it is."""
    squares = territory.probability(day, grid_km=SQUARE_KM)
    image = np.ones((PIXELS, PIXELS, 4))
    image[..., 3] = np.nan_to_num(whiteness(_seen(squares, window)))
    west, south, east, north = window.bounds
    ax.imshow(image, extent=(west, east, south, north), zorder=Z.FADING, aspect="equal", interpolation="bilinear")


def _seen(squares: gpd.GeoDataFrame, window: Window) -> Floats:
    """Return the probability under each pixel of a window, missing outside the land."""
    west, south, east, north = window.bounds
    x = np.linspace(west, east, PIXELS, endpoint=False) + (east - west) / PIXELS / 2
    y = np.linspace(north, south, PIXELS, endpoint=False) - (north - south) / PIXELS / 2
    middles = project_points(shapely.get_coordinates(shapely.centroid(squares.geometry.to_numpy())), window.crs)
    # the nearest middle, along the sides of a square, is that of the square itself
    reach = TURNED * SQUARE_KM * 1000 / 2
    _, under = KDTree(middles).query(np.dstack(np.meshgrid(x, y)), p=np.inf, distance_upper_bound=reach)
    return np.append(squares["p_holder"].to_numpy(dtype=float), np.nan)[under]


def whiteness(p: Floats) -> Floats:
    """Return how much white covers land of these probabilities: none when certain, most from even chances down."""
    return np.asarray(WHITEST * np.clip((CERTAIN - p) / (CERTAIN - EVEN), 0, 1))


def fade_key() -> tuple[Any, str]:
    """Return the entry of the key that says what fading means."""
    shades = tuple(
        Patch(facecolor=mix(MUTED, "#FFFFFF", float(whiteness(np.array([p]))[0])), linewidth=0) for p in SHADES
    )
    return shades, f"holder's probability {', '.join(f'{p:g}' for p in SHADES)}"


def contenders(holders: pd.DataFrame, control_changes: pd.DataFrame) -> pd.DataFrame:
    """Return the two sides of each contested place: who held it before, and who holds it after.

    Parameters
    ----------
    holders
        Of the day, as ``Territory.holders`` returns them.
    control_changes
        The rows of the territory.

    Returns
    -------
    DataFrame
        One row per place contested on the day: ``place_id``, ``before``, ``after``; missing where the table begins or
        ends there.
    """
    now = holders.loc[holders["actor_id"] == CONTESTED, ["place_id", "since"]]
    rows = control_changes.sort_values(["place_id", "valid_from"])
    rows = rows.assign(after=rows.groupby("place_id")["to_actor"].shift(-1))
    found = now.merge(rows, left_on=["place_id", "since"], right_on=["place_id", "valid_from"], how="left")
    return found.assign(before=found["from_actor"].where(found["from_actor"] != NONE))[["place_id", "before", "after"]]


def draw_contested(ax: Axes, cells: gpd.GeoDataFrame, window: Window, paints: dict[str, Paint]) -> None:
    """Hatch each contested cell in the colour of the side after over that of the side before.

    A side that the table does not name is white, or black: the attacker, where the holder before is the holder after.
    """
    for (before, after), group in cells.groupby(["before", "after"], dropna=False):
        sides = (before, None if before == after else after)
        first, second = (paints[side].color if side in paints else None for side in sides)
        pale, line = tint(first) if first else "white", second or INK
        look = {**HATCHED, "facecolor": pale, "edgecolor": line, "zorder": Z.CONTESTED}
        draw_shapes(ax, window.cut(group.geometry.to_numpy()), look)


def contested_key() -> tuple[Any, str]:
    """Return the entry of the key for contested land."""
    patch = Patch(**{**HATCHED, "facecolor": "white", "edgecolor": INK})
    return patch, "contested: before, after (white, black: not recorded)"
