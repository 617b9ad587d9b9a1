"""The map of forces over time, over the land of each day."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from conflictkit.charts import _symbols as symbols
from conflictkit.charts import frame, plot_deployments, style
from conflictkit.charts._layout import png
from conflictkit.charts.deployments import LINE_WORDS, SYMBOLS
from conflictkit.charts.strength import MEASURES
from conflictkit.dates import to_day, to_days
from conflictkit.deployments._presence import ASSUMED_DAYS, rule
from conflictkit.deployments._reports import KIND_NAMES, LINES, reports_for_map
from conflictkit.errors import TerritoryError
from conflictkit.errors import known as known_or_raise
from conflictkit.maps import encode
from conflictkit.maps._kitmap import KitMap
from conflictkit.maps.payload import source_table
from conflictkit.maps.territory import caption, subject
from conflictkit.ranges import ranges_of
from conflictkit.territory import Level, Territory

if TYPE_CHECKING:
    import folium

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.deployments._reports import Lines
    from conflictkit.tables import Tables

LINE_NAMES = (
    {"id": "none", "name": "none", "title": "No lines"},
    {"id": "parent", "name": "to parents", "title": LINE_WORDS["parent"]},
    {"id": "backers", "name": "to backers", "title": LINE_WORDS["backers"]},
)


def map_deployments(
    territory: Territory | None = None,
    dates: DatesLike | None = None,
    *,
    deployments: pd.DataFrame | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    start: DateLike | None = None,
    lines: Lines | None = None,
    level: Level = "core",
    tiles: str | folium.TileLayer | None = None,
) -> KitMap:
    """Return a map of who was reported where, over who held what, with a slider over dates, that needs no network.

    Parameters
    ----------
    territory
        The model; ``Territory.from_places()`` by default.
    dates
        The days of the slider: one or several; None for every day on which the land or what is known of a
        force changes.
    deployments
        Rows like those of ``load_deployments``, which are the default.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    start
        The day shown first, the last one up to it that the slider has; by default that of which most is known, with
        most reports that count.
    lines
        Lines shown first: to the nearest position of what a force belongs to (``parent``) or of its ``backers``. The
        reader can switch.
    level, tiles
        As in ``map_territory``.

    Returns
    -------
    folium.Map
        The map of ``map_territory`` with a symbol for each force and point: shape by side, mark by role, size by
        strength. A popup has every report with its source; a list names the forces shown, and those without a
        position under their country.

    Raises
    ------
    DateError, UnknownNameError
        If a date cannot be read, or `level`, `lines` or `assume_days` is none of these.
    TerritoryError
        If there is no date.

    Notes
    -----
    On any day the forces shown are the rows of ``deployments_at``. Symbols that would hide each other move aside, with
    a line to their point. Pale and dashed: assumed. Grey areas: how far off a position may be; a force that a page only
    puts so many km from a place is on a ring around it.

    Examples
    --------
    >>> import conflictkit as ck
    >>> m = ck.map_deployments(dates=["2016-10-17", "2017-06-10"])
    >>> m.title
    'Forces and control of Iraq and Syria, 17 October 2016 to 10 June 2017'
    """
    model = Territory.from_places() if territory is None else territory
    known_or_raise("level", level, get_args(Level))
    if lines is not None:
        frame.known("lines", lines, LINES)
    reports = reports_for_map(deployments, assume_days=assume_days, tables=model.tables)
    days = slider_days(model, reports) if dates is None else to_days(dates)
    if days.empty:
        msg = "No dates to show. Give one or several days, or leave dates out for every day on which anything changes."
        raise TerritoryError(msg)
    shown = fullest_day(reports, days) if start is None else to_day(start)
    first = max(0, int(days.searchsorted(shown, side="right")) - 1)
    forces = forces_data(reports, model.tables, assume_days=assume_days, lines=lines)
    data = subject(model, days, level=level) | {"start": first, "forces": forces}
    scope = style.listed(map(model.tables.country_name, model.scope))
    return KitMap(
        data,
        title=f"Forces and control of {scope}, {style.span(days)}",
        caption=_caption(model, reports, data["error_km2"], assume_days),
        draw=partial(
            png, plot_deployments, model, days[first], deployments=deployments, assume_days=assume_days, lines=lines
        ),
        tiles=tiles,
    )


def slider_days(territory: Territory, reports: pd.DataFrame) -> pd.DatetimeIndex:
    """Return every day, from the first of the model, on which the land changes or a report comes, ages or goes.

    Between two of them nothing changes, so that the state of any day is that of the last one before it.
    """
    turns = pd.DatetimeIndex(pd.concat([reports["start"], reports["sure"], reports["end"]]).dropna())
    land = territory.dates
    return land.union(turns[turns >= land[0]].unique())


def fullest_day(reports: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Timestamp:
    """Return the day on which most reports count, the first of them."""
    start, end = reports["start"].to_numpy()[:, None], reports["end"].to_numpy()[:, None]
    counts = ((start <= days.to_numpy()) & ~(end <= days.to_numpy())).sum(axis=0)
    return pd.Timestamp(days[int(counts.argmax())])


def forces_data(
    reports: pd.DataFrame, tables: Tables, *, assume_days: int | None, lines: Lines | None = None
) -> dict[str, Any]:
    """Return what the page needs to show forces: reports with their days, forces, the symbols and their key."""
    sources, page_of = source_table(reports["source_id"])
    ids = _ids(reports, tables)
    sides = tables.ordered_sides(reports["side"])
    shapes = symbols.shapes_of(tables.ordered_sides({*tables.sides["side"], *sides}))
    kinds = [kind for kind in KIND_NAMES if kind in set(reports["kind"]) and symbols.MARKS[kind]]
    return {
        "reports": _report_table(reports, ids, page_of, tables),
        "actors": _force_table(ids, tables),
        "sources": sources,
        "sides": [{"id": side, "name": tables.side_name(side)} for side in sides],
        "shapes": {side: symbols.svg_path([shape], closed=True) for side, shape in shapes.items()},
        "marks": {kind: symbols.svg_path(symbols.MARKS[kind], closed=False) for kind in kinds},
        "kinds": [{"id": kind, "name": KIND_NAMES[kind]} for kind in kinds],
        "bands": [
            {"diameter": size, "name": words}
            for size, words in zip(symbols.DIAMETERS, symbols.BAND_NAMES, strict=True)
        ],
        "unknown": {"diameter": symbols.UNKNOWN, "name": symbols.UNKNOWN_NAME},
        "fan": {
            "air": symbols.AIR, "step": symbols.STEP, "turns": symbols.TURNS, "rings": symbols.RINGS,
            "aside": symbols.ASIDE,
        },
        "lines": lines or "none",
        "line_names": list(LINE_NAMES),
        "rule": rule(assume_days),
    }  # fmt: skip


def _ids(reports: pd.DataFrame, tables: Tables) -> list[str]:
    """Return the forces, who backs them, and all that they belong to, in the order of the table of actors."""
    named = {*reports["actor_id"], *(name for cell in reports["backers"].dropna() for name in cell.split(";"))}
    every = {up for actor in named for up in tables.hierarchy.line(actor)}
    known = [actor for actor in tables.actors["actor_id"] if actor in every]
    return [*known, *sorted(every - set(known))]


def _force_table(ids: list[str], tables: Tables) -> dict[str, Any]:
    """Return one row per force, with its colours; the last one is the grey of the key."""
    paints, about = style.paints_of(ids, tables.actors), tables.actors.set_index("actor_id").reindex(ids)
    parents, number = tables.hierarchy.parent, {actor: index for index, actor in enumerate(ids)}
    return encode.table(
        id=[*ids, ""],
        name=[*(paints[actor].name for actor in ids), ""],
        side=[*about["side"].fillna("other"), "other"],
        parent=[*(number.get(parents.get(actor, ""), -1) for actor in ids), -1],
        sidc=[*about["sidc"].fillna(""), ""],
        color=[*(paints[actor].color for actor in ids), style.tint(style.MUTED)],
        tint=[*(style.tint(paints[actor].color) for actor in ids), "#FFFFFF"],
        ink=[*(paints[actor].ink for actor in ids), style.INK],
        mark=[*(style.dots(paints[actor]) for actor in ids), style.INK],
    )


def _report_table(reports: pd.DataFrame, ids: list[str], page_of: pd.Index[str], tables: Tables) -> dict[str, Any]:
    """Return one row per report."""
    number = {actor: index for index, actor in enumerate(ids)}
    spots = {spot: index for index, spot in enumerate(dict.fromkeys(reports["spot"]))}
    text = reports.astype("object").where(reports.notna(), "")
    days = {name: reports[name].dt.strftime("%Y-%m-%d").astype("object") for name in ("start", "sure", "end")}
    points = reports[["latitude", "longitude"]].round(4).astype("object")
    return encode.table(
        id=reports["deployment_id"],
        actor=[number[actor] for actor in reports["actor_id"]],
        base=text["place_id"].where(text["place_id"] != "", reports["host_country"]),
        spot=[spots[spot] for spot in reports["spot"]],
        where=reports["where"],
        country=[tables.country_name(codes) for codes in reports["host_country"]],
        latitude=points["latitude"].where(reports["latitude"].notna(), None),
        longitude=points["longitude"].where(reports["latitude"].notna(), None),
        doubt=reports["doubt_km"].tolist(),
        ring=_rings(reports),
        start=days["start"],
        sure=days["sure"].where(reports["sure"].notna(), None),
        end=days["end"].where(reports["end"].notna(), None),
        known=reports["end_known"].tolist(),
        precision=reports["date_prec"],
        kind=reports["kind"],
        role=[role.replace("_", " ") for role in text["role"]],
        band=[symbols.band_of(people) for people in reports["people"]],
        strength=_strengths(reports),
        backers=[[number[backer] for backer in cell.split(";") if backer] for cell in text["backers"]],
        source=page_of.get_indexer(pd.Index(reports["source_id"])).tolist(),
        note=text["note"],
    )


def _rings(reports: pd.DataFrame) -> list[dict[str, Any] | None]:
    """Return the ring around a place for reports that only a distance locates."""
    rings = reports[["ring_name", "ring_latitude", "ring_longitude", "ring_km"]].itertuples(index=False)
    return [
        None if pd.isna(km) else {"name": name, "latitude": round(y, 4), "longitude": round(x, 4), "km": km}
        for name, y, x, km in rings
    ]


def _strengths(reports: pd.DataFrame) -> list[str]:
    """Return the strength of each report in words, with its unit and measure; empty where it has none."""
    units, measures = reports["unit"].astype("object"), reports["measure"].astype("object")
    return [
        f"{strength} {str(unit).replace('_', ' ')} ({MEASURES[measure][1]})" if strength.known else ""
        for strength, unit, measure in zip(ranges_of(reports, prefix="strength_"), units, measures, strict=True)
    ]


def _caption(territory: Territory, reports: pd.DataFrame, error: float, assume_days: int | None) -> str:
    nowhere = int(reports["latitude"].isna().sum())
    words = (
        f"{SYMBOLS} {rule(assume_days)} {len(reports)} reports; {nowhere} have no position and are listed under their "
        "country. Land:"
    )
    return f"{words} {caption(territory, error, evidence=reports['source_id'])}"
