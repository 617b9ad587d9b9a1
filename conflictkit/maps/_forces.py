"""Forces as the numbers that a page needs: reports with the days on which they count, symbols, their key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.charts import _symbols
from conflictkit.charts._canvas import MARGIN_M
from conflictkit.charts._symbols import shapes_of, svg_path
from conflictkit.charts.deployments import LINE_WORDS
from conflictkit.charts.strength import MEASURES
from conflictkit.deployments._presence import rule
from conflictkit.deployments._reports import KIND_NAMES, on_day
from conflictkit.geometry import EARTH_KM
from conflictkit.look import INK, MUTED, dots, paints_of, tint
from conflictkit.maps._payload import source_table, table
from conflictkit.ranges import ranges_of
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from conflictkit.deployments._reports import Lines
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

METRES_A_DEGREE = 1000 * np.radians(EARTH_KM)  # of latitude
LINE_NAMES = (
    {"id": "none", "name": "none", "title": "No lines"},
    {"id": "parent", "name": "to parents", "title": LINE_WORDS["parent"]},
    {"id": "backers", "name": "to backers", "title": LINE_WORDS["backers"]},
)


def slider_days(territory: Territory, reports: pd.DataFrame) -> pd.DatetimeIndex:
    """Return every day on which the land changes or a report comes, ages or goes, of the days covered.

    Between two of them nothing changes, so that the state of any day is that of the last one before it.
    """
    turns = pd.DatetimeIndex(pd.concat([reports["start"], reports["sure"], reports["end"]]).dropna())
    land, last = territory.dates, territory.covers[1]
    return land.union(turns[(turns >= land[0]) & (turns <= last)].unique())


def fullest_day(reports: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Timestamp:
    """Return the day on which most reports count, the first of them."""
    start, end = reports["start"].to_numpy()[:, None], reports["end"].to_numpy()[:, None]
    counts = ((start <= days.to_numpy()) & ~(end <= days.to_numpy())).sum(axis=0)
    return pd.Timestamp(days[int(counts.argmax())])


def corners_around(reports: pd.DataFrame, day: pd.Timestamp, bounds: list[list[float]]) -> list[list[float]]:
    """Return the corners of the land where forces are reported on a day; none where no report has a position there.

    A margin is left around them, and what lies beyond `bounds`, the corners of all land, is not opened on.
    """
    here = on_day(reports, day)
    points = here.loc[here["latitude"].notna(), ["latitude", "longitude"]].to_numpy(float)
    if not len(points):
        return []
    up = MARGIN_M / METRES_A_DEGREE
    margin = np.array([up, up / np.cos(np.radians(np.abs(points[:, 0]).max()))])
    around = np.array([points.min(axis=0) - margin, points.max(axis=0) + margin])
    low, high = np.clip(around, *np.array(bounds)).round(3)
    return [low.tolist(), high.tolist()] if (low < high).all() else []


def forces_data(
    reports: pd.DataFrame, tables: Tables, *, assume_days: int | None, lines: Lines | None = None
) -> dict[str, Any]:
    """Return what the page needs to show forces: reports with their days, forces, the symbols and their key."""
    sources, page_of = source_table(pd.concat([reports["source_id"], _second(reports)]), tables.sources)
    ids, sides = _ids(reports, tables), tables.ordered_sides(reports["side"])
    shapes = shapes_of(tables.ordered_sides({*tables.sides["side"], *sides}))
    kinds = [kind for kind in KIND_NAMES if kind in set(reports["kind"]) and _symbols.MARKS[kind]]
    return {
        "reports": _report_table(reports, ids, page_of, tables),
        "actors": _force_table(ids, tables),
        "sources": sources,
        "sides": [{"id": side, "name": tables.side_name(side)} for side in sides],
        "shapes": {side: svg_path([shape], closed=True) for side, shape in shapes.items()},
        "sample": svg_path([_symbols.CIRCLE], closed=True),
        "marks": {kind: svg_path(_symbols.MARKS[kind], closed=False) for kind in kinds},
        "kinds": [{"id": kind, "name": KIND_NAMES[kind]} for kind in kinds],
        "bands": [
            {"diameter": size, "name": words}
            for size, words in zip(_symbols.DIAMETERS, _symbols.BAND_NAMES, strict=True)
        ],
        "unknown": {"diameter": _symbols.UNKNOWN, "name": _symbols.UNKNOWN_NAME},
        "fan": {
            "air": _symbols.AIR, "step": _symbols.STEP, "turns": _symbols.TURNS, "rings": _symbols.RINGS,
            "aside": _symbols.ASIDE,
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
    paints, about = paints_of(ids, tables.actors), tables.actors.set_index("actor_id").reindex(ids)
    parents, number = tables.hierarchy.parent, {actor: index for index, actor in enumerate(ids)}
    return table(
        id=[*ids, ""],
        name=[*(paints[actor].name for actor in ids), ""],
        side=[*about["side"].fillna("other"), "other"],
        parent=[*(number.get(parents.get(actor, ""), -1) for actor in ids), -1],
        sidc=[*about["sidc"].fillna(""), ""],
        color=[*(paints[actor].color for actor in ids), tint(MUTED)],
        tint=[*(tint(paints[actor].color) for actor in ids), "#FFFFFF"],
        ink=[*(paints[actor].ink for actor in ids), INK],
        mark=[*(dots(paints[actor]) for actor in ids), INK],
    )


def _report_table(reports: pd.DataFrame, ids: list[str], page_of: pd.Index[str], tables: Tables) -> dict[str, Any]:
    """Return one row per report."""
    number = {actor: index for index, actor in enumerate(ids)}
    spots = {spot: index for index, spot in enumerate(dict.fromkeys(reports["spot"]))}
    text = reports.astype("object").where(reports.notna(), "")
    days = {name: reports[name].dt.strftime("%Y-%m-%d").astype("object") for name in ("start", "sure", "end")}
    points = reports[["latitude", "longitude"]].round(4).astype("object")
    return table(
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
        band=[_symbols.band_of(people) for people in reports["people"]],
        strength=_strengths(reports),
        backers=[[number[backer] for backer in cell.split(";") if backer] for cell in text["backers"]],
        source=page_of.get_indexer(pd.Index(reports["source_id"])).tolist(),
        second=page_of.get_indexer(pd.Index(_second(reports))).tolist(),
        note=text["note"],
    )


def _second(reports: pd.DataFrame) -> pd.Series:
    """Return the second page of each report, where there is one."""
    return reports.get("second_source_id", pd.Series(None, index=reports.index, dtype=TEXT))


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
