"""The numbers beside a map: pure functions from what was chosen to frames and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.charts import style
from conflictkit.dates import in_words

if TYPE_CHECKING:
    from conflictkit.charts.style import Paint
    from conflictkit.territory import Level, Territory

CELL = "padding:0.15em 0.35em;text-align:right;white-space:nowrap"
NAME = "padding:0.15em 0.35em;text-align:left;font-weight:normal;white-space:nowrap"


@dataclass(frozen=True)
class View:
    """What was chosen: a day, a level, a scope, a day to compare with."""

    day: pd.Timestamp
    level: Level = "core"
    scope: str = "all"
    compare: pd.Timestamp | None = None

    @property
    def scope_name(self) -> str:
        """The scope in words."""
        return "all" if self.scope == "all" else style.COUNTRIES.get(self.scope, self.scope)


class Figures:
    """The figures of a territory for any view: what is costly is computed once, when it is first asked for."""

    def __init__(self, territory: Territory, days: pd.DatetimeIndex) -> None:
        self.territory, self.days, self.paints = territory, days, style.palette(territory.actors)
        self._bands: dict[str, pd.DataFrame] = {}

    @property
    def scopes(self) -> list[tuple[str, str]]:
        """Names and codes to choose from: all, each country, each governorate."""
        codes = self.territory.scope
        names = [style.COUNTRIES.get(code, code) for code in codes]
        wide = (
            [(style.listed(names), "all"), *zip(names, codes, strict=True)] if len(codes) > 1 else [(names[0], "all")]
        )
        return [*wide, *((name, name) for name in self.regions.scope)]

    @property
    def regions(self) -> Territory:
        """The same land by governorate."""
        return self.territory.by_governorate()

    def bounds(self, scope: str) -> list[list[float]]:
        """Return the south-west and the north-east corner of a scope, latitude first."""
        model = self.territory if scope in {*self.territory.scope, "all"} else self.regions
        lands = model.borders if scope == "all" else model.borders[[model.scope.index(scope)]]
        west, south, east, north = shapely.total_bounds(lands).tolist()
        return [[south, west], [north, east]]

    def compute_bands(self, level: Level) -> None:
        """Compute the range of every day at a level, once: a few seconds."""
        if level not in self._bands:
            self._bands[level] = self.territory.area(self.days, level=level, bands=True)

    def table(self, view: View) -> pd.DataFrame:
        """Return the numbers of a view.

        Returns
        -------
        pandas.DataFrame
            One row per holder, those painted like their parent added to it, the largest first, land outside the core
            last: ``actor_id``, ``area_km2``, ``share``, ``places``; ``area_lo_km2`` and ``area_hi_km2`` where ranges
            are computed; ``people_prewar`` where they are known for the scope; ``before_km2`` and ``moved_km2`` with a
            day to compare with.
        """
        found = self._held(view.day, view)
        if view.compare is not None:
            before = self._held(view.compare, view)["area_km2"]
            found = found.reindex(found.index.union(before.index)).fillna(0.0)
            found["before_km2"] = before.reindex(found.index).fillna(0.0)
            found["moved_km2"] = found["area_km2"] - found["before_km2"]
        outside = found.index == NONE
        found = found.assign(outside=outside).sort_values(["outside", "area_km2"], ascending=[True, False])
        return found.drop(columns="outside").rename_axis("actor_id").reset_index()

    def _held(self, day: pd.Timestamp, view: View) -> pd.DataFrame:
        wide = view.scope in {*self.territory.scope, "all"}
        model = self.territory if wide else self.regions
        area = model.area(day, level=view.level)
        held = area[area["scope"] == view.scope].set_index("actor_id")
        parts = {"area_km2": held["area_km2"], "share": held["share"], "places": self._places(day, view.scope)}
        if wide:
            people = self.territory.people(day)
            parts["people_prewar"] = people[people["scope"] == view.scope].set_index("actor_id")["people_prewar"]
        found = pd.DataFrame(parts).reindex(held.index).fillna(0.0)
        found = found[found["area_km2"] > 0]
        if wide and view.level in self._bands:
            found = found.join(self._band(day, view))
        folds = style.folded(found.index, self.paints)
        return found.groupby(found.index.to_series().replace(folds)).sum()

    def _places(self, day: pd.Timestamp, scope: str) -> pd.Series:
        """Return how many places of a scope each holder has."""
        places, held = self.territory.places, self.territory.holders(day)["actor_id"]
        inside = np.ones(len(places), dtype=bool)
        if scope in self.territory.scope:
            inside = (places["country"] == scope).to_numpy()
        elif scope != "all":
            inside = (places["admin1"] == scope).to_numpy()
        return held[inside].value_counts().astype(float)

    def _band(self, day: pd.Timestamp, view: View) -> pd.DataFrame:
        bands = self._bands[view.level]
        at = self.days[max(0, int(self.days.searchsorted(day, side="right")) - 1)]
        rows = bands[(bands["date"] == at) & (bands["scope"] == view.scope)].set_index("actor_id")
        return rows[["area_lo_km2", "area_hi_km2"]]


def sentence(table: pd.DataFrame, view: View, paints: dict[str, Paint]) -> str:
    """Say in a line what the picture shows: the largest holders, and what moved."""
    held = table[table["actor_id"] != NONE].head(4)
    text = [
        f"{paints[actor].name} {km2(area)} km2 ({share:.1%})"
        for actor, area, share in zip(held["actor_id"], held["area_km2"], held["share"], strict=True)
    ]
    return f"{style.day(view.day)}, {view.level} land, {view.scope_name}: {', '.join(text)}."


def html_table(table: pd.DataFrame, view: View, paints: dict[str, Paint]) -> str:
    """Return the numbers of a view as a table, with the colour of each holder on the map."""
    columns = {
        "area_km2": ("km2", km2),
        "area_lo_km2": ("from", km2),
        "area_hi_km2": ("to", km2),
        "share": ("share", lambda share: f"{share:.1%}"),
        "places": ("places", lambda count: f"{count:,.0f}"),
        "people_prewar": ("people", people),
        "before_km2": (in_words(view.compare, short=True) if view.compare is not None else "", km2),
        "moved_km2": ("change", lambda moved: f"{float(f'{moved:.3g}'):+,.0f}"),
    }
    shown = {name: column for name, column in columns.items() if name in table}
    head = "".join(f'<th scope="col" style="{CELL}">{escape(title)}</th>' for title, _ in shown.values())
    rows = ""
    for record in table.to_dict("records"):
        actor = str(record["actor_id"])
        name = "Outside the core" if actor == NONE else paints[actor].short
        box = f"display:inline-block;width:1em;outline:1px solid #8a8a8a;background:{escape(paints[actor].color)}"
        swatch = f'<span style="{box}">&nbsp;</span>'
        mine = {key for key in shown if actor != NONE or key in {"area_km2", "share", "before_km2"}}
        texts = [write(record[key]) if key in mine else "" for key, (_, write) in shown.items()]
        cells = "".join(f'<td style="{CELL}">{text}</td>' for text in texts)
        rows += f'<tr><th scope="row" style="{NAME}">{swatch} {escape(name)}</th>{cells}</tr>'
    vintage = "; people: pre-war residents of the land" if "people_prewar" in shown else ""
    caption = f'<caption style="text-align:left;caption-side:bottom">To three significant figures{vintage}.</caption>'
    look = "border-collapse:collapse;font:inherit;font-size:0.88em"
    return f'<table style="{look}">{caption}<tr><td></td>{head}</tr>{rows}</table>'


def km2(value: float) -> str:
    """Return a number to three significant figures."""
    return f"{float(f'{value:.3g}'):,.0f}"


def people(count: float) -> str:
    """Return residents in millions or thousands: no census of the time is good to more."""
    return f"{count / 1e6:,.1f} M" if count >= 1e6 else f"{float(f'{count / 1e3:.2g}'):,g} k"  # noqa: PLR2004 - a million


def code_for(view: View) -> str:
    """Return the lines of a script that make the map, the chart and the table of a view."""
    day = f"{view.day:%Y-%m-%d}"
    asked = f'level="{view.level}"'
    scope = f", scope={view.scope!r}".replace("'", '"') if view.scope != "all" else ""
    query = f"scope == '{view.scope}' and area_km2 > 0"
    model = "ck.Territory.from_places()"
    if view.scope not in {*style.COUNTRIES, "all"}:
        model = f"{model}.by_governorate()"
    return "\n".join(
        [
            f"territory = {model}",
            f'ck.plot_territory(territory, "{day}"), ck.plot_area(territory, {asked}{scope})',
            f'territory.area("{day}", {asked}).query("{query}")',
        ]
    )
