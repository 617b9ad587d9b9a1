"""The forces of a view: pure functions from what was chosen to words, trees, tables and pictures."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.charts import plot_strength, style
from conflictkit.charts._layout import png
from conflictkit.datasets import load_deployments, load_sources
from conflictkit.deployments import order_of_battle
from conflictkit.deployments._presence import rule
from conflictkit.deployments._reports import KIND_NAMES, ROLES, STRENGTHS, on_day, reports_for_map
from conflictkit.html import link
from conflictkit.maps.deployments import slider_days
from conflictkit.ranges import ranges_of

if TYPE_CHECKING:
    from conflictkit.territory import Territory

SIZE_IN = (8.0, 4.2)
CELL = "padding:0.15em 0.5em;text-align:left;vertical-align:top"
ALL = ""  # no filter


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
    deployments: pd.DataFrame
    assume_until: int | None
    reports: pd.DataFrame
    days: pd.DatetimeIndex
    pictures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, territory: Territory, deployments: pd.DataFrame | None, assume_until: int | None) -> Forces:
        """Return the forces of a table, the shipped one by default."""
        rows = (load_deployments() if deployments is None else deployments).reset_index(drop=True)
        reports = reports_for_map(rows, assume_days=assume_until, tables=territory.tables)
        return cls(territory, rows, assume_until, reports, slider_days(territory, reports))


def choices(forces: Forces) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen from the reports, as words and code; the first choice is no filter."""
    reports, tables = forces.reports, forces.territory.tables
    paints = style.palette(tables.actors)

    def named(ids: set[str]) -> list[tuple[str, str]]:
        return sorted((paints[actor].short if actor in paints else actor, actor) for actor in ids)

    backers = {name for cell in reports["backers"].dropna() for name in cell.split(";")}
    countries = {code for cell in reports["host_country"] for code in cell.split(";")}
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


def sentence(forces: Forces, view: ForcesView) -> str:
    """Say in a line what the picture shows."""
    rows, filters = here(forces, view), _filters(forces, view)
    about = f"{style.day(view.day)} ({filters})" if filters else style.day(view.day)
    if rows.empty:
        return f"{about}: no report counts. Choose another day, or fewer filters. {rule(forces.assume_until)}"
    how = rows["presence"].value_counts()
    return (
        f"{about}: {_count(len(rows), 'report')} of {_count(rows['actor_id'].nunique(), 'force')} from "
        f"{_count(rows['side'].nunique(), 'side')}, {', '.join(f'{count} {word}' for word, count in how.items())}; "
        f"{rows['latitude'].notna().sum()} with a position."
    )


def _filters(forces: Forces, view: ForcesView) -> str:
    """Return in words what is filtered."""
    asked = [what for what in ("side", "role", "backer", "country") if getattr(view, what)]
    options = choices(forces) if asked else {}
    return ", ".join(
        f"{what}: {next(words for words, code in options[what] if code == getattr(view, what))}" for what in asked
    )


def draw(forces: Forces, view: ForcesView) -> tuple[str, str]:
    """Return the numbers of a view as HTML, the order of battle below a line of words, and the code that makes it."""
    table = forces.deployments[chosen(forces, view)]
    order = order_of_battle(
        view.day, deployments=table, assume_days=forces.assume_until, tables=forces.territory.tables
    )
    words = f'<p role="status">{escape(sentence(forces, view))}</p>'
    tree = f'<div style="max-height:760px;overflow:auto">{order._repr_html_()}</div>'
    return f'<div style="line-height:1.4;white-space:normal">{words}{tree}</div>', code_for(forces, view)


def draw_force(forces: Forces, view: ForcesView) -> str:
    """Return the rows of the chosen force with their pages, and its strength over time, one picture a measure."""
    if not view.force:
        return "<p><em>Choose a force, or click one on the map, for its strength over time, rows and sources.</em></p>"
    rows = forces.reports[forces.reports["actor_id"] == view.force].sort_values("start", kind="stable")
    name = escape(str(rows["actor_name"].iloc[0]))
    if view.force not in forces.pictures:  # a picture takes longer than a step may
        forces.pictures[view.force] = _strengths(forces, view.force)
    return (
        f'<div style="line-height:1.4;white-space:normal"><h3>{name}: all {_count(len(rows), "report")}</h3>'
        f"{forces.pictures[view.force]}{_table(rows, view)}</div>"
    )


def code_for(forces: Forces, view: ForcesView) -> str:
    """Return the lines of a script that make the rows, the map, the tree and the strengths of a view."""
    day, assumed = f'"{view.day:%Y-%m-%d}"', f"assume_days={forces.assume_until}"
    lines = ["rows = ck.load_deployments()"]
    if view.side:
        lines.append(f'sides = ck.load_actors().set_index("actor_id").side.fillna("other")\n{_filter_side(view.side)}')
    if view.role:
        roles = f"rows.role.isin({list(ROLES[view.role])})" if view.role in ROLES else "rows.role.isna()"
        lines.append(f"rows = rows[{roles}]")
    for column, name in (("backers", view.backer), ("host_country", view.country)):
        if name:
            lines.append(f'rows = rows[rows.{column}.fillna("").str.split(";").map(lambda names: "{name}" in names)]')
    lines += [
        f"ck.deployments_at({day}, rows, {assumed})",
        f"ck.order_of_battle({day}, deployments=rows, {assumed})",
        f"ck.map_deployments(deployments=rows, {assumed}, start={day})",
    ]
    if view.force:
        lines.append(f"ck.plot_strength(ck.load_deployments().query(\"actor_id == '{view.force}'\"), {assumed})")
    return "\n".join(lines)


def _filter_side(side: str) -> str:
    return f'rows = rows[rows.actor_id.map(sides) == "{side}"]'


def _strengths(forces: Forces, force: str) -> str:
    """Return a picture for each measure: figures of two measures share no axis."""
    rows = forces.deployments[forces.deployments["actor_id"] == force]
    rows = rows[rows[STRENGTHS].notna().any(axis=1)]
    if rows.empty:
        return "<p>No report gives a strength.</p>"
    if force not in style.palette():
        return "<p>No picture: the shipped table of actors does not know this force.</p>"
    pictures = ""
    for measure, group in rows.groupby("measure", sort=False):
        picture = png(plot_strength, group, size=SIZE_IN, dpi=100, assume_days=forces.assume_until)
        words = f"Strength over time, {measure}: {len(group)} published figures"
        look = "flex:1 1 30em;min-width:0;max-width:52em;height:auto"
        source = f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"
        pictures += f'<img alt="{escape(words)}" style="{look}" src="{source}">'
    return f'<div style="display:flex;flex-wrap:wrap;gap:1em">{pictures}</div>'


def _table(rows: pd.DataFrame, view: ForcesView) -> str:
    """Return the rows of a force, each with its page; those that count on the day say how."""
    pages = load_sources()
    sources = dict(
        zip(pages["source_id"], zip(pages["url"], pages["publisher"].fillna("a page"), strict=True), strict=True)
    )
    counted = on_day(rows, view.day)["presence"]
    heads = ("where", "from", "to", style.day(view.day), "role", "strength", "measure", "backers", "source", "note")
    body = ""
    for (index, row), strength in zip(rows.iterrows(), ranges_of(rows, prefix="strength_"), strict=True):
        cells = [
            row["where"], _day(row["start"]), _day(row["valid_to"]), counted.get(index, ""), _text(row["role"]),
            f"{strength} {_text(row['unit'])}" if strength.known else "", row["measure"] if strength.known else "",
            _text(row["backers"]).replace(";", ", "),
        ]  # fmt: skip
        texts = [
            *(escape(str(cell).replace("_", " ")) for cell in cells),
            link(*sources.get(row["source_id"], (None, str(row["source_id"])))),
        ]
        bold = ";font-weight:bold" if index in counted.index else ""
        body += "<tr>" + "".join(f'<td style="{CELL}{bold}">{text}</td>' for text in texts)
        body += f'<td style="{CELL}">{escape(_text(row["note"]))}</td></tr>'
    head = "".join(f'<th scope="col" style="{CELL}">{escape(name)}</th>' for name in heads)
    caption = "<caption style='text-align:left;caption-side:bottom'>Bold: counts on the day.</caption>"
    look = "border-collapse:collapse;font:inherit;font-size:0.88em"
    return f'<div style="overflow-x:auto"><table style="{look}">{caption}<tr>{head}</tr>{body}</table></div>'


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _day(day: Any) -> str:  # noqa: ANN401 - a day or NaT
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
