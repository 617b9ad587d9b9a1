"""The forces of a view: pure functions from what was chosen to words, trees, tables, pictures and code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit import look
from conflictkit.charts._layout import png
from conflictkit.charts.strength import plot_strength
from conflictkit.dates import in_words, iso
from conflictkit.deployments import order_of_battle
from conflictkit.deployments._presence import rule
from conflictkit.deployments._reports import KIND_NAMES, ROLES, STRENGTHS, on_day, reports_for_map
from conflictkit.html import Markup, escape, join, link, said
from conflictkit.maps._forces import slider_days
from conflictkit.prose import counted
from conflictkit.ranges import ranges_of
from conflictkit.widgets import _code as code
from conflictkit.widgets._code import Name
from conflictkit.widgets._shell import picture, scrolling, status, written

if TYPE_CHECKING:
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

SIZE_IN = (8.0, 4.2)
CELL = "padding:0.15em 0.5em;text-align:left;vertical-align:top"
ALL, OTHER = "", "other"  # no filter; the kind of roles that no other kind has
_TABLE = Markup(
    '<table style="border-collapse:collapse;font:inherit;font-size:0.88em">'
    '<caption style="text-align:left;caption-side:bottom">Bold: counts on the day.</caption><tr>{}</tr>{}</table>'
)
_HEAD = Markup('<th scope="col" style="{}">{}</th>')
_CELL = Markup('<td dir="auto" style="{}">{}</td>')
_PICTURES = Markup('<div style="display:flex;flex-wrap:wrap;gap:1em">{}</div>')
CHOOSE = Markup(
    "<p><em>Choose a force, or click one on the map, for its strength over time, rows and sources.</em></p>"
)


@dataclass(frozen=True)
class ForcesView:
    """What was chosen: a day, whose forces, in which role, backed by whom, where, and one force to look at."""

    day: pd.Timestamp
    side: str = ALL
    role: str = ALL
    backer: str = ALL
    country: str = ALL
    force: str = ALL


@dataclass(frozen=True, eq=False)
class Forces:
    """Reports of forces over a territory, and what is derived from them once."""

    territory: Territory
    tables: Tables
    assume_days: int | None
    reports: pd.DataFrame
    days: pd.DatetimeIndex
    own_rows: bool
    pictures: dict[str, Markup] = field(default_factory=dict)
    filtered: dict[tuple[str, ...], Tables] = field(default_factory=dict)  # checked once a filter, not at every step

    @classmethod
    def of(cls, territory: Territory, deployments: pd.DataFrame | None, assume_days: int | None) -> Forces:
        """Return the forces of a territory's tables, or of rows of the caller's."""
        own = deployments is not None
        tables = territory.tables.replace(deployments=deployments) if own else territory.tables
        reports = reports_for_map(tables=tables, assume_days=assume_days)
        days = slider_days(territory, reports)
        return cls(territory, tables, assume_days, reports, days, own)

    @property
    def deployments(self) -> pd.DataFrame:
        """The rows, in the order of the reports."""
        return self.tables.deployments


def choices(forces: Forces) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen from the reports, as words and code; the first choice is no filter."""
    reports, tables = forces.reports, forces.tables
    paints = look.palette(tables.actors)

    def named(ids: set[str]) -> list[tuple[str, str]]:
        return sorted((paints[actor].short if actor in paints else actor, actor) for actor in ids)

    backers = {name for cell in reports["backers"].dropna() for name in cell.split(";")}
    countries = {code for cell in reports["host_country"].dropna() for code in cell.split(";")}
    return {
        "side": [("all", ALL), *((tables.side_name(side), side) for side in tables.ordered_sides(reports["side"]))],
        "role": [("all", ALL), *((words, kind) for kind, words in KIND_NAMES.items() if kind in set(reports["kind"]))],
        "backer": [("all", ALL), *named(backers)],
        "country": [("all", ALL), *((tables.country_name(code), code) for code in sorted(countries))],
        "force": [("none", ALL), *named(set(reports["actor_id"]))],
    }


def chosen(forces: Forces, view: ForcesView) -> pd.Series:
    """Return which reports pass the filters, whatever the day."""
    reports = forces.reports
    passed = pd.Series(data=True, index=reports.index)
    if view.side:
        passed &= reports["side"] == view.side
    if view.role:
        passed &= reports["kind"] == view.role
    for column, name in (("backers", view.backer), ("host_country", view.country)):
        if name:
            passed &= reports[column].fillna("").str.split(";").map(lambda names, name=name: name in names)
    return passed


def hidden(forces: Forces, view: ForcesView) -> list[str]:
    """Return the ids of the deployments that the filters leave out."""
    left: list[str] = forces.reports.loc[~chosen(forces, view), "deployment_id"].tolist()
    return left


def here(forces: Forces, view: ForcesView) -> pd.DataFrame:
    """Return the reports of a view that count on its day."""
    return on_day(forces.reports[chosen(forces, view)], view.day)


def rows_of(forces: Forces, view: ForcesView) -> pd.DataFrame:
    """Return the rows of the table that pass the filters."""
    return forces.deployments[chosen(forces, view).to_numpy()]


def tables_of(forces: Forces, view: ForcesView) -> Tables:
    """Return the tables with the rows that pass the filters."""
    key = (view.side, view.role, view.backer, view.country)
    if not any(key):
        return forces.tables
    if key not in forces.filtered:
        forces.filtered[key] = forces.tables.replace(deployments=rows_of(forces, view))
    return forces.filtered[key]


def sentence(forces: Forces, view: ForcesView) -> str:
    """Say in a line what the picture shows."""
    rows, filters = here(forces, view), filtered(forces, view)
    about = f"{in_words(view.day)} ({filters})" if filters else in_words(view.day)
    if rows.empty:
        return f"{about}: no report counts. Choose another day, or fewer filters. {rule(forces.assume_days)}"
    how = rows["presence"].value_counts()
    return (
        f"{about}: {counted(len(rows), 'report')} of {counted(rows['actor_id'].nunique(), 'force')} from "
        f"{counted(rows['side'].nunique(), 'side')}, {', '.join(f'{count} {word}' for word, count in how.items())}; "
        f"{rows['latitude'].notna().sum()} with a position."
    )


def filtered(forces: Forces, view: ForcesView) -> str:
    """Return in words what is filtered."""
    asked = [what for what in ("side", "role", "backer", "country") if getattr(view, what)]
    options = choices(forces) if asked else {}
    return ", ".join(
        f"{what}: {next(words for words, code in options[what] if code == getattr(view, what))}" for what in asked
    )


def draw(forces: Forces, view: ForcesView) -> Markup:
    """Return the numbers of a view: a line of words, and the order of battle below it."""
    order = order_of_battle(view.day, assume_days=forces.assume_days, tables=tables_of(forces, view))
    tree = scrolling(Markup(order._repr_html_()), label="Order of battle", style="max-height:760px;overflow:auto")
    return written(status(sentence(forces, view)) + tree)


def draw_force(forces: Forces, view: ForcesView) -> Markup:
    """Return the rows of the chosen force with their pages, and its strength over time, one picture a measure."""
    if not view.force:
        return CHOOSE
    rows = forces.reports[forces.reports["actor_id"] == view.force].sort_values("start", kind="stable")
    if view.force not in forces.pictures:  # a picture takes longer than a step may
        forces.pictures[view.force] = _strengths(forces, view.force)
    head = Markup("<h3>{}</h3>").format(said(f"{rows['actor_name'].iloc[0]}: all {counted(len(rows), 'report')}"))
    return written(head + forces.pictures[view.force] + _table(forces, rows, view))


def code_for(forces: Forces, view: ForcesView) -> str:
    """Return the lines of a script that make the rows, the map, the tree and the strengths of a view."""
    day, assumed = code.day(view.day), {"assume_days": forces.assume_days}
    tables, rows, land = Name("territory.tables"), Name("rows"), Name("territory")
    lines = [code.territory_line(forces.territory, by="explore_deployments")]
    own = "rows = every = deployments  # those that you gave to explore_deployments"
    lines.append(own if forces.own_rows else "rows = every = territory.tables.deployments")
    # each filter as the explorer applies it
    if view.side:
        lines.append('sides = territory.actors.set_index("actor_id").side.fillna("other")')
        lines.append(f"rows = rows[rows.actor_id.map(sides) == {code.literal(view.side)}]")
    if view.role == OTHER:
        named = [role for kind, roles in ROLES.items() if kind != OTHER for role in roles]
        lines.append(f"rows = rows[rows.role.notna() & ~rows.role.isin({code.literal(named)})]")
    elif view.role in ROLES:
        lines.append(f"rows = rows[rows.role.isin({code.literal(ROLES[view.role])})]")
    elif view.role:
        lines.append("rows = rows[rows.role.isna()]")
    for column, name in (("backers", view.backer), ("host_country", view.country)):
        if name:
            test = f"lambda names: {code.literal(name)} in names"
            lines.append(f'rows = rows[rows.{column}.fillna("").str.split(";").map({test})]')
    drawn = [code.call("ck.map_deployments", land, deployments=rows, start=day, **assumed)]
    lines += drawn if chosen(forces, view).any() else []  # a map of no report is none
    lines.append(code.call("ck.order_of_battle", day, deployments=rows, tables=tables, **assumed))
    # of the force that is looked at, all rows, whatever the filters; a picture only where one has a figure
    if forces.deployments.loc[forces.deployments["actor_id"] == view.force, STRENGTHS].notna().any(axis=None):
        mine = Name(f"every[every.actor_id == {code.literal(view.force)}]")
        lines.append(code.call("ck.plot_strength", mine, tables=tables, **assumed))
    lines.append(code.call("ck.deployments_at", day, rows, tables=tables, **assumed))
    return "\n".join(lines)


def _strengths(forces: Forces, force: str) -> Markup:
    """Return a picture for each measure: figures of two measures share no axis."""
    rows = forces.deployments[forces.deployments["actor_id"] == force]
    rows = rows[rows[STRENGTHS].notna().any(axis=1)]
    if rows.empty:
        return Markup("<p>No report gives a strength.</p>")
    pictures = [
        picture(
            png(plot_strength, group, tables=forces.tables, size=SIZE_IN, dpi=100, assume_days=forces.assume_days),
            alt=f"Strength over time, {measure}: {len(group)} published figures",
            style="flex:1 1 30em;min-width:0;max-width:min(100%,52em);height:auto",
        )
        for measure, group in rows.groupby("measure", sort=False)
    ]
    return _PICTURES.format(join(pictures))


def _table(forces: Forces, rows: pd.DataFrame, view: ForcesView) -> Markup:
    """Return the rows of a force, each with its page; those that count on the day say how."""
    pages = forces.tables.sources.fillna({"publisher": "a page"}).set_index("source_id")[["url", "publisher"]]
    sources = dict(zip(pages.index, pages.itertuples(index=False, name=None), strict=True))
    count = on_day(rows, view.day)["presence"]
    heads = ("where", "from", "to", in_words(view.day), "role", "strength", "measure", "backers", "source", "note")
    body = []
    for (index, row), strength in zip(rows.iterrows(), ranges_of(rows, prefix="strength_"), strict=True):
        plain = (
            row["where"], _day(row["start"]), _day(row["valid_to"]), count.get(index, ""), text(row["role"]),
            f"{strength} {text(row['unit'])}" if strength.known else "", row["measure"] if strength.known else "",
            text(row["backers"]).replace(";", ", "),
        )  # fmt: skip
        cells = [
            *(escape(str(cell).replace("_", " ")) for cell in plain),
            link(*sources.get(row["source_id"], (None, text(row["source_id"])))),
            escape(text(row["note"])),
        ]
        bold = f"{CELL};font-weight:bold" if index in count.index else CELL
        styles = [bold] * (len(cells) - 1) + [CELL]
        body.append(join(_CELL.format(style, cell) for style, cell in zip(styles, cells, strict=True)))
    head = join(_HEAD.format(CELL, name) for name in heads)
    lines = join(Markup("<tr>{}</tr>").format(cells) for cells in body)
    return scrolling(_TABLE.format(head, lines), label="Reports of the force")


def _day(day: Any) -> str:  # noqa: ANN401 - a day or NaT
    return "" if pd.isna(day) else iso(day)


def text(cell: object) -> str:
    """Return a cell with text, and nothing for one without."""
    return cell if isinstance(cell, str) else ""
