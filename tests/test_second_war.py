"""Every public function on the second war that comes with the repository: nothing of the first one shows."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import synthetic
import test_every_function as every
from folium import Map
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

import conflictkit as ck

FOLDER = Path(__file__).parents[1] / "examples" / "ukraine-2022"
DRAWING = FOLDER / "drawings" / "hand-made.geojson"
SHIPPED = ck.Tables.shipped()
DAY = "2022-09-12"
# Those that load the first war by name, or take no tables.
OF_THE_FIRST = {name for name in every.FUNCTIONS if name.startswith("load_")} | {"validate"}
# Ids and names that are words of every war.
# Words of any war; the Netherlands publish a file that the kit reads.
COMMON = {"other", "coalition", "rebels", "netherlands", "Netherlands"}
LONG = {"explore", "explore_deployments", "explore_estimates", "explore_territory", "map_deployments", "plot_area"}


@cache
def tables() -> ck.Tables:
    """Return the tables of the second war."""
    return ck.Tables.read(FOLDER)


@cache
def world() -> every.World:
    """Return the second war and its land."""
    return every.World(tables(), every.of_places)


def drawn() -> ck.Territory:
    """Return the land as the drawing has it."""
    frame = ck.read_control_polygons(DRAWING, date_column="date", holder_column="holder")
    return ck.Territory.from_polygons(frame, tables=tables())


def killed(_: every.World) -> list[Any]:
    """Return figures of one kind, a pool of them."""
    rows = tables().fighter_estimates.query("quantity == 'killed' and as_of < '2022-04-15'")
    return [ck.pool_estimates(rows, tables=tables())]


VALUES: dict[str, Any] = {
    "date": lambda _: [DAY],
    "dates": lambda _: [["2022-02-24", DAY]],
    "start": lambda _: ["2022-03-01"],
    "end": lambda _: [DAY],
    "baseline": lambda _: ["2022-03-25"],
    "known_on": lambda _: ["2022-12-31"],
    "place_id": lambda _: ["bakhmut"],
    "where": lambda _: ["kherson"],
    "a": lambda _: ["kherson"],
    "b": lambda _: ["border"],
    "actor_id": lambda _: ["russia"],
    "scope": lambda _: ["UA"],
    "country": lambda _: ["UA"],
    "codes": lambda _: ["UA"],
    "side": lambda _: ["russia"],
    "sides": lambda _: [["russia"]],
    "edges": lambda world: [ck.backing_at(DAY, tables=world.tables)],
    "events": lambda _: [synthetic.events_of((DAY, 48.59, 38.0, 3), ("2022-03-20", 47.1, 37.5, 0))],
    "order": lambda world: [ck.order_of_battle(DAY, tables=world.tables, assume_days=None)],
    "pool": killed,
    "compared": lambda world: [every.the(world).compare(world.tables.area_estimates, draws=2)],
    "published": lambda world: [world.tables.area_estimates],
    "text": lambda _: ["about 30"],
    "figure": lambda world: [ck.plot_territory(every.the(world), DAY)],
    "m": lambda world: [ck.map_territory(every.the(world), [DAY])],
    "states": lambda world: [every.the(world).states(DAY)],
}


def words_of(answer: object, folder: Path) -> str:
    """Return all text of an answer, with the colours of a picture."""
    if isinstance(answer, pd.DataFrame):
        return f"{answer.drop(columns='geometry', errors='ignore').to_csv()} {answer.attrs}"
    if isinstance(answer, Map):
        ck.save_html(answer, folder / "page.html")
        return re.sub(r"base64,[A-Za-z0-9+/=]+", "", (folder / "page.html").read_text("utf-8"))
    if isinstance(answer, Axes):
        artists = answer.figure.findobj()
        texts = [artist.get_text() for artist in artists if hasattr(artist, "get_text")]
        patches = [artist for artist in artists if type(artist).__name__ in {"PathPatch", "Patch"}]
        colors = [to_hex(patch.get_facecolor()) for patch in patches]
        return " ".join([*texts, *colors])
    bundle = getattr(answer, "_repr_mimebundle_", dict)()
    html = getattr(answer, "_repr_html_", str)()
    return f"{answer} {html} {bundle}"


@cache
def first_war() -> re.Pattern[str]:
    """Return everything that only the first war has: names, ids, codes, colours, its land and its coordinates."""
    own = tables()
    strange: set[str] = {"Iraq", "Syria", "Baghdad", "Damascus", "Euphrates", "Tigris", "IQ", "437370", "185940"}
    for name, columns in {
        "actors": ("actor_id", "name", "color"),
        "sides": ("side", "name"),
        "sources": ("source_id", "publisher", "url"),
        "places": ("place_id", "name", "admin1"),
    }.items():
        for column in columns:
            values = set(getattr(SHIPPED, name)[column].dropna()) - set(getattr(own, name)[column].dropna())
            strange |= {value for value in values if len(value) > len("usa")}
    known = " ".join(getattr(own, name).to_csv() for name in ("actors", "sides", "sources", "places"))
    strange = {value for value in strange if value not in known} - {"other", "geonames"}
    return re.compile(rf"(?<![\w/#-])(?:{'|'.join(map(re.escape, sorted(strange)))})(?![\w-])")


def asked(name: str) -> bool:
    """Whether a function is asked about the war in hand."""
    return name not in OF_THE_FIRST | every.READERS | {"compare_mappers"}


NAMES = [
    pytest.param(name, marks=pytest.mark.slow) if name in LONG else name
    for name in sorted({*every.FUNCTIONS, *every.QUESTIONS})
    if asked(name)
]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_first_war_shows(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers, or refuses in words; no name, id, colour, border or number of Iraq and Syria is in either."""
    monkeypatch.setattr(every, "VALUES", {**every.VALUES, **VALUES})
    function = every.FUNCTIONS[name] if name in every.FUNCTIONS else every.method(name, world())
    texts = []
    for _, call in every.calls(function, world(), every=False):
        try:
            texts.append(words_of(call(), tmp_path))
        except ck.ConflictkitError as refused:
            texts.append(str(refused))
        finally:
            plt.close("all")
    assert texts, "nothing was asked"
    assert sorted({found for text in texts for found in first_war().findall(text)}) == []


@pytest.mark.slow
def test_the_drawing_beside_the_places() -> None:
    """Two hands, one land: most of it is the same, and neither is the other."""
    frame = ck.compare_mappers(every.the(world()), drawn(), ["2022-04-25", "2022-11-20"])
    russia = frame[frame.actor_id == "russia"]
    assert russia.agreement.between(0.8, 0.95).all()
    assert (russia.km2_both < russia[["km2_a", "km2_b"]].min(axis=1)).all()
    assert not first_war().findall(words_of(frame, FOLDER))


def test_the_land_is_that_of_the_published_figures() -> None:
    """125,000 km2 in June 2022, by the President of Ukraine."""
    territory = every.the(world())
    area = territory.area("2022-06-02").query("scope == 'all'").set_index("actor_id").area_km2
    assert area[["russia", "dnr", "lnr"]].sum() == pytest.approx(125_000, rel=0.05)
    assert len(tables().places) >= 60
    assert set(tables().control_changes.to_actor) - {"contested"} == {"ukraine", "russia", "dnr", "lnr"}
    for name in ("places", "control_changes", "deployments", "fighter_estimates", "area_estimates"):
        assert getattr(tables(), name).source_id.notna().all(), name
    assert tables().rejected.empty


def test_every_row_says_what_it_rests_on() -> None:
    """Each change names a page; those that no page confirms say so, and there are few of them."""
    changes, sources = tables().control_changes, tables().sources.set_index("source_id")
    assert sources.url.str.startswith("http").all()
    assert not sources.note.fillna("").str.contains("general knowledge").any()
    moved = changes[changes.event != "initial"]
    unread = moved.note.fillna("").str.startswith("no page found")
    assert (unread == (moved.confidence == "unconfirmed")).all()
    assert unread.mean() < 0.1
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert f"{len(tables().places)} places, {moved.place_id.nunique()} of them" in readme
    for word, count in moved.confidence.value_counts().items():
        assert f"| `{word}` | {count} |" in readme


def strings(path: Path) -> list[tuple[int, str]]:
    """Return the strings of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)
    return [(node.lineno, node.value) for node in constants if isinstance(node.value, str)]


def test_no_code_of_the_package_names_the_first_war() -> None:
    """What the kit ships stands in its tables; words of files written before are read, and are the only ones."""
    actors = SHIPPED.actors[SHIPPED.actors.kind != "state_of_control"]
    columns = [actors.actor_id, actors.name, SHIPPED.sides.side, SHIPPED.places.name, SHIPPED.governorates.admin1]
    own = "|".join(
        sorted(map(re.escape, {value for cells in columns for value in cells} - COMMON), key=len, reverse=True)
    )
    theirs = re.compile(rf"(?<![\w-])(?:IQ|SY|iraq\w*|syria\w*|isis|kurd\w*|{own})(?![\w-])", re.IGNORECASE)
    package = Path(ck.__file__).parent
    found = {
        (str(path.relative_to(package)), match)
        for path in sorted(package.rglob("*.py"))
        for _, text in strings(path)
        for match in theirs.findall(text)
    }
    assert {file for file, _ in found} <= {"schema/_vocabulary.py"}
    assert {word for _, word in found} <= {"iraq", "syria", "iraq_syria", "IQ", "SY"}
