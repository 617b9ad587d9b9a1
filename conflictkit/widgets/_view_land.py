"""The numbers beside a map of land: pure functions from what was chosen to frames, HTML and code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd
import shapely

from conflictkit import look
from conflictkit.actors import NONE
from conflictkit.dates import in_words
from conflictkit.errors import TerritoryError
from conflictkit.html import Markup, join
from conflictkit.prose import KM2, counted, listed, percent, significant
from conflictkit.territory import Level
from conflictkit.widgets import _code as code
from conflictkit.widgets._code import Name
from conflictkit.widgets._shell import scrolling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conflictkit.look import Paint
    from conflictkit.territory import Territory

    Key = tuple[str, pd.Timestamp]  # of a row of control: place_id and valid_from

CELL = "padding:0.15em 0.3em;text-align:right;white-space:nowrap;vertical-align:top"
NAME = "padding:0.15em 0.2em;text-align:left;font-weight:normal;min-width:6em"
_TABLE = Markup(
    '<table style="border-collapse:collapse;font:inherit;font-size:0.88em">'
    '<caption style="text-align:left;caption-side:bottom">{}</caption><tr><td></td>{}</tr>{}</table>'
)
_HEAD = Markup('<th scope="col" style="{}">{}</th>')
_ROW = Markup('<tr><th scope="row" style="{}"><span style="{}">&nbsp;</span> {}</th>{}</tr>')
_FIGURE = Markup('<td style="{}">{}</td>')
BAND = ("area_lo_km2", "area_hi_km2")
NAMED = 4  # holders in a sentence
LEAST_KM2 = 0.5  # that a whole number shows
TURNS = {135: "/x", 45: "\\x", 0: "-+", 90: "|+"}  # of a gradient, which runs across its stripes, by the hatch
OF_ALL = ("area_km2", "share", "before_km2")  # columns that land outside the core has too


@dataclass(frozen=True)
class View:
    """What was chosen: a day, a level, a scope, a day to compare with."""

    day: pd.Timestamp
    level: Level = "claimed"
    scope: str = "all"
    compare: pd.Timestamp | None = None


class Figures:
    """The figures of a territory for any view: what is costly is computed once, when it is first asked for.

    Attributes
    ----------
    territory, days
        Of what, and on which days of the slider.
    whole, left_out
        The territory as it was given, and the rows of it that do not count.
    """

    def __init__(
        self, territory: Territory, days: pd.DatetimeIndex, *, of: Territory | None = None, left_out: Sequence[Key] = ()
    ) -> None:
        self.territory, self.days, self.whole, self.left_out = territory, days, of or territory, tuple(left_out)
        self.paints = look.paints_of([*territory.actor_ids, NONE], territory.actors)
        self._bands: dict[str, pd.DataFrame] = {}
        self._present: dict[str, set[str]] = {}
        self._of_days: dict[tuple[str, str], dict[str, pd.DataFrame]] = {}  # by level and scope, what ``_wide`` has

    def without(self, rows: Sequence[Key]) -> Figures:
        """Return the figures of the land without some rows of the territory that was given."""
        land = self.whole.without(rows) if rows else self.whole
        return Figures(land, self.days, of=self.whole, left_out=rows)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels to choose from: a drawing has no core."""
        return get_args(Level) if self.territory.has_places else ("claimed",)

    @property
    def scopes(self) -> list[tuple[str, str]]:
        """Names and codes to choose from: all, each country, each governorate."""
        codes = self.territory.scope
        names = [self.territory.tables.country_name(code) for code in codes]
        several = list(zip(names, codes, strict=True)) if len(codes) > 1 else []
        whole = listed(names) if names else "all that is drawn"
        return [(whole, "all"), *several, *((name, name) for name in self._governorates)]

    def scope_name(self, scope: str) -> str:
        """Return a scope in words."""
        return next((name for name, code in self.scopes if code == scope), scope)

    @cached_property
    def _governorates(self) -> tuple[str, ...]:
        try:
            return self.territory.by_governorate().scope
        except TerritoryError:  # tables without borders of that level
            return ()

    def wide(self, scope: str) -> bool:
        """Whether a scope is that of the territory itself, not one of its governorates."""
        return scope in {*self.territory.scope, "all"}

    def model(self, scope: str) -> Territory:
        """Return the same land with areas of a scope."""
        return self.territory if self.wide(scope) else self.territory.by_governorate()

    def bounds(self, scope: str) -> list[list[float]]:
        """Return the south-west and the north-east corner of a scope, latitude first."""
        model = self.model(scope)
        if scope == "all":
            west, south, east, north = model.extent
        else:
            west, south, east, north = shapely.total_bounds(model.borders[[model.scope.index(scope)]]).tolist()
        return [[south, west], [north, east]]

    def compute_bands(self, level: Level) -> None:
        """Compute the range of every day at a level, once: a few seconds."""
        if level not in self._bands:
            self._bands[level] = self.territory.area(self.days, level=level, bands=True)

    def has_bands(self, view: View) -> bool:
        """Whether the numbers of a view have their range."""
        return self.wide(view.scope) and view.level in self._bands

    def table(self, view: View) -> pd.DataFrame:
        """Return the numbers of a view.

        Returns
        -------
        pandas.DataFrame
            One row per holder, those painted like their parent added to it, the largest first, land outside the core
            last: ``actor_id``, ``area_km2``, ``share``, ``places`` (of places); ``area_lo_km2`` and ``area_hi_km2``
            where ranges are computed; ``people_prewar`` where they are known for the scope; ``before_km2`` and
            ``moved_km2`` with a day to compare with.
        """
        found = self._held(view.day, view)
        # on both days: who held land on one of them only has none on the other
        if view.compare is not None:
            before = self._held(view.compare, view)["area_km2"]
            found = found.reindex(found.index.union(before.index)).fillna(0.0)
            found["before_km2"] = before.reindex(found.index).fillna(0.0)
            found["moved_km2"] = found["area_km2"] - found["before_km2"]
        outside = found.index == NONE
        found = found.assign(outside=outside).sort_values(["outside", "area_km2"], ascending=[True, False])
        return found.drop(columns="outside").rename_axis("actor_id").reset_index()

    def folds(self) -> dict[str, str]:
        """Return which holders are counted with their parent, as the map paints them."""
        return look.folded(self.territory.actor_ids, self.paints)

    def _held(self, day: pd.Timestamp, view: View) -> pd.DataFrame:
        """Return what each holder has on a day: of a day of the slider, a line of what was computed for all at once."""
        if day in self.days:
            key = (view.level, view.scope)
            if key not in self._of_days:
                self._of_days[key] = self._wide(self.days, view)
            wide = self._of_days[key]
        else:
            wide = self._wide(pd.DatetimeIndex([day]), view)
        found = pd.DataFrame({name: frame.loc[day] for name, frame in wide.items()})
        found = found.reindex(wide["area_km2"].columns).fillna(0.0)
        found = found[found["area_km2"] > 0]
        if self.has_bands(view):
            found = found.join(self._band(day, view))
        return found.groupby(found.index.to_series().replace(self.folds())).sum()

    def present(self, level: Level) -> set[str]:
        """Return who ever holds land at a level."""
        if level not in self._present:
            self._present[level] = set(self.territory.area(self.days[:1], level=level)["actor_id"])
        return self._present[level]

    def _wide(self, days: pd.DatetimeIndex, view: View) -> dict[str, pd.DataFrame]:
        """Return area and share and, where they are known, places and people: a line a day, a column a holder."""
        area = self.model(view.scope).area(days, level=view.level)
        area = area[area["scope"] == view.scope]
        wide = {name: area.pivot_table(name, "date", "actor_id", observed=True) for name in ("area_km2", "share")}
        if self.territory.has_places:
            wide["places"] = self._places(days, view.scope)
        if self.wide(view.scope) and not self.territory.tables.population.empty:
            people = self.territory.people(days)
            people = people[people["scope"] == view.scope]
            wide["people_prewar"] = people.pivot_table("people_prewar", "date", "actor_id", observed=True)
        return wide

    def _places(self, days: pd.DatetimeIndex, scope: str) -> pd.DataFrame:
        """Return how many places of a scope each holder has, by day."""
        land, places = self.territory, self.territory.places
        inside = np.ones(len(places), dtype=bool)
        if scope != "all":
            inside = (places["country" if self.wide(scope) else "admin1"] == scope).to_numpy()
        numbers = land.holder_numbers(land.states(days))[:, inside]
        counts = [np.bincount(line, minlength=len(land.actor_ids)) for line in numbers]
        return pd.DataFrame(counts, index=days, columns=list(land.actor_ids), dtype=float)

    def _band(self, day: pd.Timestamp, view: View) -> pd.DataFrame:
        bands = self._bands[view.level]
        at = self.days[max(0, int(self.days.searchsorted(day, side="right")) - 1)]
        rows = bands[(bands["date"] == at) & (bands["scope"] == view.scope)].set_index("actor_id")
        return rows[list(BAND)]


def sentence(table: pd.DataFrame, view: View, figures: Figures) -> str:
    """Say in a line what the picture shows: the largest holders or, with a day to compare, who gained and who lost."""
    held = table[table["actor_id"] != NONE]
    named = figures.paints
    if view.compare is None:
        text = [
            f"{named[row['actor_id']].name} {significant(row['area_km2'])} {KM2} ({percent(row['share'], tenths=True)})"
            for row in held.head(NAMED).to_dict("records")
        ]
    else:
        moved = held[held["moved_km2"].abs() >= LEAST_KM2]
        moved = moved.reindex(moved["moved_km2"].abs().sort_values(ascending=False).index).head(NAMED)
        text = [f"{named[row['actor_id']].name} {signed(row['moved_km2'])} {KM2}" for row in moved.to_dict("records")]
    empty = "nobody holds land" if view.compare is None else "no land has another holder"
    return f"{heading(view, figures)}: {', '.join(text) or empty}."


def heading(view: View, figures: Figures) -> str:
    """Say which land of which day a view is about."""
    without = f", without {counted(len(figures.left_out), 'row')}" if figures.left_out else ""
    since = f" against {in_words(view.compare)}" if view.compare is not None else ""
    return f"{in_words(view.day)}{since}, {view.level} land, {figures.scope_name(view.scope)}{without}"


def left_out_in_words(figures: Figures) -> str:
    """Say which rows do not count; nothing where all do."""
    if not figures.left_out:
        return ""
    places = figures.whole.places
    names = dict(zip(places["place_id"], places["name"], strict=True))
    named = ", ".join(f"{names.get(place, place)} {in_words(day, short=True)}" for place, day in figures.left_out)
    return f"Left out: {counted(len(figures.left_out), 'row')} ({named})."


def differences(figures: Figures, view: View) -> str:
    """Say what the rows left out change in the numbers of a view."""
    now, before = (
        each.table(replace(view, compare=None)).set_index("actor_id")["area_km2"]
        for each in (figures, figures.without(()))
    )
    moved = now.sub(before, fill_value=0.0).drop(NONE, errors="ignore")
    moved = moved[moved.abs() >= LEAST_KM2].sort_values()
    told = ", ".join(f"{figures.paints[str(actor)].short} {signed(km2)} {KM2}" for actor, km2 in moved.items())
    return f"On {in_words(view.day)} that changes {told or 'no area'}."


def signed(km2: float) -> str:
    """Return a difference with its sign, to three significant figures."""
    rounded = float(f"{km2:.3g}")
    return f"{rounded:+,.0f}".replace("-", "\N{MINUS SIGN}") if rounded < 0 or abs(rounded) >= LEAST_KM2 else "0"


def html_table(table: pd.DataFrame, view: View, paints: Mapping[str, Paint]) -> Markup:
    """Return the numbers of a view as a table, with the colour of each holder on the map."""
    day, other = (in_words(each, short=True) if each is not None else "" for each in (view.day, view.compare))
    # the column that answers is the first: what a comparison has to say is the change
    columns: dict[str, tuple[str, Callable[[float], str]]] = {
        "moved_km2": (f"change, {KM2}", signed),
        "area_km2": (day if other else KM2, significant),
        "before_km2": (other, significant),
        "area_lo_km2": ("from", significant),
        "area_hi_km2": ("to", significant),
        "share": ("share", partial(percent, tenths=True)),
        "places": ("places", lambda count: f"{count:,.0f}"),
        "people_prewar": ("people", people),
    }
    aside = {"places", "people_prewar", "share"} if other else set()
    shown = {name: column for name, column in columns.items() if name in table and name not in aside}
    rows = []
    for record in table.to_dict("records"):
        actor = str(record["actor_id"])
        name = "Outside the core" if actor == NONE else paints[actor].short
        swatch = f"display:inline-block;width:1em;outline:1px solid #8a8a8a;background:{_background(paints[actor])}"
        mine = {key for key in shown if actor != NONE or key in OF_ALL}
        texts = [write(record[key]) if key in mine else "" for key, (_, write) in shown.items()]
        rows.append(_ROW.format(NAME, swatch, name, join(_FIGURE.format(CELL, text) for text in texts)))
    vintage = "; people: pre-war residents of the land" if "people_prewar" in shown else ""
    head = join(_HEAD.format(CELL, title) for title, _ in shown.values())
    told = f"To three significant figures{vintage}.{_beyond(table, paints)}"
    return scrolling(_TABLE.format(told, head, join(rows)), label="Land by holder")


def _background(paint: Paint) -> str:
    """Return the colour of a holder on the map with its hatch, in the words of a style sheet."""
    line = look.hatched(paint.color)
    turns = [turn for turn, strokes in TURNS.items() if set(strokes) & set(paint.hatch)]
    return ",".join(
        [*(f"repeating-linear-gradient({turn}deg,#0000 0 3px,{line} 3px 4px)" for turn in turns), paint.color]
    )


def _beyond(table: pd.DataFrame, paints: Mapping[str, Paint]) -> str:
    """Say who holds no place here: its land is nearest to a place of its own across the border."""
    if "places" not in table:
        return ""
    none = table[(table["places"] == 0) & (table["actor_id"] != NONE)]
    if none.empty:
        return ""
    names = listed(paints[str(actor)].short for actor in none["actor_id"])
    return f" Without a place here, land nearest to places across the border: {names}."


def people(count: float) -> str:
    """Return residents in millions or thousands: no census of the time is good to more."""
    return f"{count / 1e6:,.1f} M" if count >= 1e6 else f"{float(f'{count / 1e3:.2g}'):,g} k"  # noqa: PLR2004 - a million


def code_for(figures: Figures, view: View) -> str:
    """Return the lines of a script that make the map, the chart and the numbers of a view.

    The last line is the table on the screen: holders that the map paints like their parent are added to it, and with a
    day to compare with there is a column for each day.
    """
    land = Name("less" if figures.left_out else "territory")
    model = Name(land if figures.wide(view.scope) else f"{land}.by_governorate()")
    days = sorted({view.day, view.compare or view.day})
    asked: object = list(map(code.day, days)) if len(days) > 1 else code.day(view.day)
    bands = {"bands": True} if figures.has_bands(view) else {}
    lines = [
        code.territory_line(figures.whole, by="explore_territory"),
        *_left_out(figures, view),
        code.call("ck.plot_territory", land, code.day(view.day)),
        code.call("ck.plot_area", model, level=view.level, **({} if view.scope == "all" else {"scope": view.scope})),
        f"held = {code.call(f'{model}.area', asked, level=view.level, **bands)}",
        f"held = held[(held.scope == {code.literal(view.scope)}) & (held.area_km2 > 0)]",
    ]
    present = figures.present(view.level)
    folds = {child: parent for child, parent in figures.folds().items() if child in present}
    if folds:
        lines.append(f"held = held.replace({{'actor_id': {code.literal(folds)}}})")
    columns = ["area_km2", "share", *(BAND if bands else ())]
    sums = f"[{code.literal(columns)}].sum()"
    by_day = f"held.groupby(['actor_id', 'date']){sums}.unstack(fill_value=0)"
    return "\n".join([*lines, by_day if len(days) > 1 else f"held.groupby('actor_id'){sums}"])


def _left_out(figures: Figures, view: View) -> list[str]:
    """Return the lines that leave rows out: what that changes, and the land without them."""
    if not figures.left_out:
        return []
    rows = (
        f"[{', '.join(f'({code.literal(place)}, {code.literal(code.day(day))})' for place, day in figures.left_out)}]"
    )
    land, drop = Name("territory"), Name("left_out")
    return [
        f"left_out = {rows}",
        code.call("ck.what_if", land, code.day(view.day), drop=drop, level=view.level),
        f"less = {code.call('territory.without', drop)}",
    ]
