"""A story in one file: words that move a map as they are scrolled, pictures where no script runs."""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.charts._land import View, drawn_rows, paints_for
from conflictkit.charts._layout import png
from conflictkit.charts.sources import cited
from conflictkit.charts.territory import drawn_scene
from conflictkit.dates import in_words, iso, to_days
from conflictkit.files import write_whole
from conflictkit.html import Markup, join, said
from conflictkit.maps._document import CAPTION, story_document
from conflictkit.maps._payload import dumped
from conflictkit.maps._sources import by_grade, page_of
from conflictkit.maps._steps import read_steps
from conflictkit.maps._subject import RADIUS_KM
from conflictkit.maps.territory import map_territory, title_of
from conflictkit.markdown import plain, rendered
from conflictkit.prose import shortened
from conflictkit.territory import Territory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from conflictkit.maps._steps import Step

PICTURE_IN, PICTURE_DPI = (7.2, 7.2), 84.0  # of the picture of a step: legible on a phone, some 50 kB
ABOUT = 160  # letters of a page's description, which is what searches show

STEP = Markup(
    '<section class="ck-tale-step" id="step-{number}"><h2>{day}</h2>{text}{source}'
    '<img class="ck-twin" alt="{alt}" src="data:image/png;base64,{picture}"></section>'
)
ON_MAP = Markup('<p class="ck-tale-source">On the map: {}. Source: {}.</p>')


def save_story(
    steps: Sequence[Mapping[str, Any]],
    path: str | PathLike[str],
    *,
    territory: Territory | None = None,
    title: str | None = None,
) -> None:
    """Write a story as one HTML file: a map that moves as the reader scrolls, and never asks the network for anything.

    Parameters
    ----------
    steps
        One dict a step, in order. Each has ``text``, in Markdown (paragraphs, ``# headings``, lists, ``**bold**``,
        ``*italics*``, ``[words](https://address)``), and any of

        - ``date``: the day shown; without it that of the step before, and in the first that of the largest area of the
          actor whose story the tables tell;
        - ``place``: a place, by id or name, that is marked and stands in the middle, with the page behind its holder;
        - ``extent``: what is seen, as ``plot_territory`` takes it; without it and a place, the whole land;
        - ``actor_ids``: the holders whose land keeps its colour; without it all;
        - ``level``: ``claimed`` or ``core``, what is counted; without it that of the step before, at first ``claimed``.
    path
        The file to write; an existing one is replaced.
    territory
        The land, of places or of drawings; ``Territory.from_places()`` by default.
    title
        Above the story; by default what the map shows, and from when to when.

    Raises
    ------
    PageError
        With every problem of every step: a key, place, holder or level that is unknown, a day that the tables do not
        cover, no text. Nothing is written then.
    OSError
        If the file cannot be written whole; one that was there before is as it was.

    Notes
    -----
    The map is that of ``map_territory``, with its numbers and places; arrow keys, page keys and two buttons lead from
    step to step. Where no script runs, and on paper, each step has its static picture. Text is shown as typed, also
    where it looks like markup. At the foot are the sources of all land on the days of the steps, by grade. Same call,
    same bytes.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import conflictkit as ck
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "story.html"
    >>> steps = [{"text": "Mosul **falls**.", "date": "2014-06-10", "place": "east-mosul"}]
    >>> ck.save_story(steps, file, title="One day in June")
    >>> "<strong>falls</strong>" in file.read_text(encoding="utf-8")
    True
    """
    land = Territory.from_places() if territory is None else territory
    told = read_steps(steps, land)
    days = to_days([step.day for step in told]).unique().sort_values()
    m = map_territory(land, land.dates.union(days), level=told[0].level, start=told[0].day)
    name = title_of(land, days) if title is None else title
    steps_of_data = [_for_script(step, m.data) for step in told]
    text = story_document(
        dumped(m.data | {"steps": steps_of_data}),
        title=name,
        about=shortened(plain(told[0].text).replace("\n", " "), ABOUT),
        steps=join((_section(number, step, land) for number, step in enumerate(told, 1)), "\n"),
        foot=_sources(land, days) + CAPTION.format(said(m.caption)),
    )
    write_whole(path, text)


def _for_script(step: Step, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the map shows beside a step, in the words of web/story.js."""
    return {
        "step": data["dates"].index(iso(step.day)),
        "level": step.level,
        "place": step.place,
        "bounds": step.corners or data["bounds"],
        "actors": list(step.actor_ids),
    }


def _section(number: int, step: Step, land: Territory) -> Markup:
    """Return a step as it is read, with the picture that stands in for the map."""
    view = View.of(land, step.extent, RADIUS_KM)
    if step.actor_ids:
        view = view.alone(step.actor_ids)
    scene = view.on(step.day)
    picture = png(partial(drawn_scene, scene), size=PICTURE_IN, dpi=PICTURE_DPI)
    return STEP.format(
        number=number,
        day=in_words(step.day),
        text=rendered(step.text, heading=3),
        source=_of_place(step, land),
        alt=f"Map: {view.title(in_words(step.day))}. {scene.shares}",
        picture=base64.b64encode(picture).decode("ascii"),
    )


def _of_place(step: Step, land: Territory) -> Markup:
    """Return who holds the place of a step, since when, and the page that says so; nothing where no row does."""
    if not step.place or not land.has_places:
        return Markup("")
    held = land.holders(step.day)
    held = held[held["place_id"].eq(step.place) & held["since"].notna()]
    if held.empty:
        return Markup("")
    row = held.iloc[0]
    place = land.tables.places.set_index("place_id")["name"][step.place]
    holder = paints_for(land)[row["actor_id"]].name
    pages = cited(pd.Series([row["source_id"]]), land.tables.sources)
    page = page_of(pages.iloc[0].to_dict()) if len(pages) else "no page found"
    return ON_MAP.format(said(f"{place}, {holder} since {in_words(row['since'])}"), page)


def _sources(land: Territory, days: pd.DatetimeIndex) -> Markup:
    """Return the pages behind all land on some days, by grade, the best first."""
    if land.has_places:
        ids = pd.concat([land.holders(day)["source_id"] for day in days])
    else:
        ids = drawn_rows(land, days)["source_id"]
    pages = cited(ids, land.tables.sources)
    return by_grade(pages)
