"""The map of forces over time, over the land of each day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from conflictkit.actors import Hierarchy, countries_in_words, ordered_sides, side_name
from conflictkit.charts import frame, plot_deployments, style, symbols
from conflictkit.charts._layout import png
from conflictkit.charts.deployments_map import LINE_WORDS, SYMBOLS
from conflictkit.charts.strength import MEASURES
from conflictkit.dates import to_day, to_days
from conflictkit.deployments._presence import ASSUMED_DAYS, rule
from conflictkit.deployments._reports import KIND_NAMES, LINES, reports_for_map
from conflictkit.errors import TerritoryError
from conflictkit.errors import known as known_or_raise
from conflictkit.maps.payload import source_rows
from conflictkit.maps.territory import caption, subject
from conflictkit.ranges import ranges_of
from conflictkit.territory import Level, Territory

if TYPE_CHECKING:
    import folium

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.deployments._reports import Lines
    from conflictkit.maps.kitmap import KitMap

COLUMNS = (
    *("id", "actor", "base", "spot", "where", "country", "latitude", "longitude", "doubt", "ring"),
    *("start", "sure", "end", "known", "precision", "kind", "role", "band", "strength", "backers", "source", "note"),
)
LINE_NAMES = (
    ("none", "none", "No lines"),
    ("parent", "to parents", LINE_WORDS["parent"]),
    ("backers", "to backers", LINE_WORDS["backers"]),
)


def map_deployments(
    territory: Territory | None = None,
    dates: DatesLike | None = None,
    *,
    deployments: pd.DataFrame | None = None,
    assume_until: int | None = ASSUMED_DAYS,
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
    assume_until
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
        position under their country. Other folium layers can be added.

    Raises
    ------
    DateError, UnknownNameError
        If a date cannot be read, or `level`, `lines` or `assume_until` is none of these.
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
    from conflictkit.maps.kitmap import KitMap

    model = Territory.from_places() if territory is None else territory
    known_or_raise("level", level, get_args(Level))
    if lines is not None:
        frame.known("lines", lines, LINES)
    reports = reports_for_map(deployments, assume_days=assume_until, actors=model.actors)
    days = slider_days(model, reports) if dates is None else to_days(dates)
    if days.empty:
        msg = "No dates to show. Give one or several days, or leave dates out for every day on which anything changes."
        raise TerritoryError(msg)
    shown = fullest_day(reports, days) if start is None else to_day(start)
    first = max(0, int(days.searchsorted(shown, side="right")) - 1)
    forces = forces_data(reports, model.actors, assume_until=assume_until, lines=lines)
    data = subject(model, days, level=level) | {"start": first, "forces": forces}
    scope = style.listed(style.COUNTRIES.get(code, code) for code in model.scope)
    return KitMap(
        data,
        title=f"Forces and control of {scope}, {style.span(days)}",
        caption=_caption(model, reports, data["error_km2"], assume_until),
        draw=lambda: png(
            plot_deployments, model, days[first], deployments=deployments, assume_until=assume_until, lines=lines
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
    reports: pd.DataFrame, actors: pd.DataFrame, *, assume_until: int | None, lines: Lines | None = None
) -> dict[str, Any]:
    """Return what the page needs to show forces: reports with their days, forces, the symbols and their key."""
    sources = source_rows(reports["source_id"])
    ids = _ids(reports, actors)
    sides = ordered_sides(reports["side"])
    kinds = [kind for kind in KIND_NAMES if kind in set(reports["kind"]) and symbols.MARKS[kind]]
    return {
        "columns": list(COLUMNS),
        "rows": _rows(reports, ids, list(sources)),
        "actors": _actors(ids, actors),
        "sources": list(sources.values()),
        "sides": [[side, side_name(side)] for side in sides],
        "shapes": {side: symbols.svg_path([points], closed=True) for side, points in symbols.SHAPES.items()},
        "marks": {kind: symbols.svg_path(symbols.MARKS[kind], closed=False) for kind in kinds},
        "kinds": [[kind, KIND_NAMES[kind]] for kind in kinds],
        "bands": [[size, words] for size, words in zip(symbols.DIAMETERS, symbols.BAND_NAMES, strict=True)],
        "unknown": symbols.UNKNOWN,
        "unknown_name": symbols.UNKNOWN_NAME,
        "fan": {
            "air": symbols.AIR, "step": symbols.STEP, "turns": symbols.TURNS, "rings": symbols.RINGS,
            "aside": symbols.ASIDE,
        },
        "lines": lines or "none",
        "line_names": [list(names) for names in LINE_NAMES],
        "rule": rule(assume_until),
    }  # fmt: skip


def _ids(reports: pd.DataFrame, actors: pd.DataFrame) -> list[str]:
    """Return the forces, who backs them, and all that they belong to, in the order of the table of actors."""
    named = {*reports["actor_id"], *(name for cell in reports["backers"].dropna() for name in cell.split(";"))}
    line = Hierarchy.of(actors).line
    every = {up for actor in named for up in line(actor)}
    known = [actor for actor in actors["actor_id"] if actor in every]
    return [*known, *sorted(every - set(known))]


def _actors(ids: list[str], actors: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one entry per force, with its colours; the last one is the grey of the key."""
    paints, about = style.paints_of(ids, actors), actors.drop_duplicates("actor_id").set_index("actor_id")
    parents, number = Hierarchy.of(actors).parent, {actor: index for index, actor in enumerate(ids)}
    sides = about["side"].fillna("other")
    codes = about["sidc"].fillna("") if "sidc" in about else pd.Series(dtype="str")
    grey = {"color": style.tint(style.MUTED), "tint": "#FFFFFF", "ink": style.INK, "mark": style.INK}
    return [
        *(
            {
                "id": actor, "name": paints[actor].name, "side": str(sides.get(actor, "other")),
                "parent": number.get(parents.get(actor, ""), -1), "sidc": str(codes.get(actor, "")),
                "color": paints[actor].color, "tint": style.tint(paints[actor].color), "ink": paints[actor].ink,
                "mark": style.dots(paints[actor]),
            }
            for actor in ids
        ),
        {"id": "", "name": "", "side": "other", "parent": -1, "sidc": "", **grey},
    ]  # fmt: skip


def _rows(reports: pd.DataFrame, ids: list[str], sources: list[str]) -> list[list[Any]]:
    """Return one row per report, in the order of COLUMNS."""
    number = {actor: index for index, actor in enumerate(ids)}
    page = {source: index for index, source in enumerate(sources)}
    spots = {spot: index for index, spot in enumerate(dict.fromkeys(reports["spot"]))}
    rows = []
    for row, strength in zip(reports.to_dict("records"), ranges_of(reports, prefix="strength_"), strict=True):
        ring = [row["ring_name"], *(_degrees(row[f"ring_{name}"]) for name in ("latitude", "longitude"))]
        unit = str(row["unit"]).replace("_", " ")
        said = f"{strength} {unit} ({MEASURES[row['measure']][1]})" if strength.known else ""
        rows.append(
            [
                row["deployment_id"], number[row["actor_id"]], _text(row["place_id"]) or row["host_country"],
                spots[row["spot"]], row["where"], countries_in_words(row["host_country"]),
                _degrees(row["latitude"]), _degrees(row["longitude"]), row["doubt_km"],
                None if pd.isna(row["ring_km"]) else [*ring, row["ring_km"]],
                _day(row["start"]), _day(row["sure"]), _day(row["end"]), row["end_known"], row["date_prec"],
                row["kind"], _text(row["role"]).replace("_", " "), symbols.band_of(row["people"]), said,
                [number[backer] for backer in _text(row["backers"]).split(";") if backer],
                page.get(row["source_id"], -1), _text(row["note"]),
            ]
        )  # fmt: skip
    return rows


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _day(day: Any) -> str | None:  # noqa: ANN401 - a day or NaT
    return None if pd.isna(day) else f"{day:%Y-%m-%d}"


def _degrees(value: Any) -> float | None:  # noqa: ANN401 - a number or NaN
    return None if pd.isna(value) else round(value, 4)


def _caption(territory: Territory, reports: pd.DataFrame, error: float, assume_until: int | None) -> str:
    nowhere = int(reports["latitude"].isna().sum())
    words = (
        f"{SYMBOLS} {rule(assume_until)} {len(reports)} reports; {nowhere} have no position and are listed under their "
        "country. Land:"
    )
    return f"{words} {caption(territory, error, evidence=reports['source_id'])}"
