"""The map of forces over time, over the land of each day."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conflictkit.charts._layout import png
from conflictkit.charts._recorded import recorded
from conflictkit.charts.deployments import SYMBOLS, plot_deployments
from conflictkit.dates import in_words, span_in_words, to_day, to_days
from conflictkit.deployments._presence import ASSUMED_DAYS, rule
from conflictkit.deployments._reports import LINES, reports_for_map
from conflictkit.errors import TerritoryError, known
from conflictkit.evidence._rows import behind, together
from conflictkit.maps._forces import corners_around, forces_data, fullest_day, slider_days
from conflictkit.maps._kitmap import KitMap
from conflictkit.maps._subject import caption, corners_of, rows_of, scope_in_words, step_of, subject
from conflictkit.prose import counted
from conflictkit.territory import Level, Territory

if TYPE_CHECKING:
    import folium
    import pandas as pd

    from conflictkit.charts._canvas import Extent
    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.deployments._reports import Lines


@recorded
def map_deployments(
    territory: Territory | None = None,
    dates: DatesLike | None = None,
    *,
    deployments: pd.DataFrame | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    start: DateLike | None = None,
    lines: Lines | None = None,
    extent: Extent = None,
    level: Level = "claimed",
    tiles: str | folium.TileLayer | None = None,
) -> KitMap:
    """Return a map of who was reported where, over who held what, with a slider over dates, that needs no network.

    Parameters
    ----------
    territory
        The model, of places or of drawings; ``Territory.from_places()`` by default.
    dates
        The days of the slider: one or several; None for every day on which the land or what is known of a
        force changes.
    deployments
        Rows like those of ``load_deployments``; by default those of the territory's tables.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    start
        The day shown first, the last one up to it that the slider has; by default that of which most is known, with
        most reports that count.
    lines
        Lines shown first: to the nearest position of what a force belongs to (``parent``) or of its ``backers``. The
        reader can switch.
    extent
        The land seen first, as in ``plot_deployments``, around a place 100 km; by default where the forces of the day
        shown first are. A button shows all of it.
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
    PlaceError
        If `extent` is no place or box.
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
    if lines is not None:
        known("lines", lines, LINES)
    reports = reports_for_map(deployments, assume_days=assume_days, tables=model.tables)
    days = slider_days(model, reports) if dates is None else to_days(dates)
    if days.empty:
        msg = "No dates to show. Give one or several days, or leave dates out for every day on which anything changes."
        raise TerritoryError(msg)
    first = step_of(days, fullest_day(reports, days) if start is None else to_day(start))
    forces = forces_data(reports, model.tables, assume_days=assume_days, lines=lines)
    data = subject(model, days, level=level) | {"start": first, "forces": forces}
    if view := corners_of(model, extent) or corners_around(reports, days[first], data["bounds"]):
        data |= {"view": view}
    what = f"control of {scope_in_words(model)}" if model.has_places else "land drawn"
    return KitMap(
        data,
        title=f"Forces and {what}, {span_in_words(days)}",
        headline=_headline(reports, days, first),
        caption=_caption(model, reports, data["error_km2"], assume_days),
        draw=partial(
            png,
            plot_deployments,
            model,
            days[first],
            deployments=deployments,
            assume_days=assume_days,
            lines=lines,
            extent=extent,
        ),
        rows=lambda: together([rows_of(model, days), behind(reports, "deployments", "force " + reports["actor_name"])]),
        tables=model.tables,
        tiles=tiles,
    )


def _headline(reports: pd.DataFrame, days: pd.DatetimeIndex, first: int) -> str:
    """Return how much is known of the forces on the day shown first."""
    day = days[first]
    here = reports[(reports["start"] <= day) & ~(reports["end"] <= day)]
    if here.empty:
        return ""
    forces = counted(here["actor_id"].nunique(), "force")
    most = ", more than on any other day" if len(days) > 1 and day == fullest_day(reports, days) else ""
    return f"{in_words(day)}: {counted(len(here), 'report')} of {forces} count{most}"


def _caption(territory: Territory, reports: pd.DataFrame, error: float, assume_days: int | None) -> str:
    nowhere = int(reports["latitude"].isna().sum())
    words = (
        f"{SYMBOLS} {rule(assume_days)} {counted(len(reports), 'report')}; without a position, listed under their "
        f"country: {nowhere}. Land:"
    )
    return f"{words} {caption(territory, error, evidence=reports['source_id'])}"
