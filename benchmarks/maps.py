"""The kit's page over time beside the three plugins of folium for areas over time, on the same cells and dates.

Each plugin needs scripts from other machines, so without a network its page is blank: what it would draw is worked out
here from the data it was given, by the rule of its script. The kit's page is opened in Chromium, where there is one.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pandas as pd
import shapely
from folium import plugins
from uncertainty import synthetic

from conflictkit import Territory, load_actors, map_territory, save_html
from conflictkit.geometry import WGS84, transformation
from conflictkit.look import palette
from conflictkit.maps import _land, _payload

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Areas = dict[tuple[int, str], float]  # number of the date, holder -> km2 drawn

COUNTS = (60, 300)  # dates: a month apart, and a week
MANY_PLACES, REPEATS, STEPS = 1_500, 5, 100
SIZE_GOAL_MB, BUILD_GOAL_S, STEP_GOAL_MS, MANY_GOAL_MS = 1.0, 0.3, 17.0, 50.0
COLORS = {actor: paint.color for actor, paint in palette(load_actors()).items()}
CENTRE = 40.0, 35.0  # of the synthetic front: where the land was taken first and freed last
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# A date at every frame, as when the slider is dragged: the work from the start of a frame to its paint. The first few
# are not counted: a browser compiles what it runs often.
STEP = """async count => {
    const kit = document.querySelector('main').kit, dates = kit.state.days.length, work = [];
    for (let i = 0; i < count; i += 1) await new Promise(done => requestAnimationFrame(() => {
        const start = performance.now(), { port1, port2 } = new MessageChannel();
        kit.show((dates >> 2) + i % (dates >> 1));
        port1.onmessage = () => { if (i >= 10) work.push(performance.now() - start); done(); };
        port2.postMessage(0);
    }));
    const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
    return { work, paint };
}"""


@dataclass
class World:
    """What is drawn: cells as the kit draws them, their holders at each date, and the exact areas."""

    territory: Territory
    days: pd.DatetimeIndex
    shapes: NDArray[np.object_]  # one per cell and country, in degrees on the grid of the page
    held: list[list[str]]  # by date: the holder of each shape

    @classmethod
    def of(cls, territory: Territory, days: pd.DatetimeIndex) -> World:
        """Return the world of a territory at some dates, its cells simplified as in the kit's page."""
        land, ids = territory.pieces, territory.actor_ids
        place = pd.Index(territory.places["place_id"]).get_indexer(pd.Index(land["place_id"]))
        calm = shapely.coverage_simplify(land.geometry.to_numpy(), _land.CALM_M)
        shapes = _payload.snapped(shapely.transform(calm, transformation(territory.crs, WGS84)))
        held = [[ids[h] for h in state[place]] for state in territory.holder_numbers(territory.states(days))]
        return cls(territory, days, shapes, held)

    def km2(self, shapes: NDArray[np.object_]) -> NDArray[np.float64]:
        """Return the area of shapes as drawn."""
        return _payload.area_km2(shapes, self.territory.crs)

    def off(self, drawn: Areas) -> float:
        """Return by how many km2 the land drawn for a holder is off at most."""
        area = self.territory.area(self.days, level="claimed").query("scope == 'all'")
        exact = dict(zip(zip(area.date, area.actor_id, strict=True), area.area_km2, strict=True))
        found = {(self.days[step], actor): km2 for (step, actor), km2 in drawn.items()}
        return float(max(abs(found.get(key, 0.0) - exact.get(key, 0.0)) for key in {*exact, *found}))

    def summed(self, held: list[list[str | None]]) -> Areas:
        """Return the land drawn where each shape has the colour of a holder, or none."""
        km2, found = self.km2(self.shapes), defaultdict[tuple[int, str], float](float)
        for step, holders in enumerate(held):
            for holder, land in zip(holders, km2, strict=True):
                if holder is not None:
                    found[step, holder] += float(land)
        return dict(found)


def blank() -> folium.Map:
    """Return folium's map without tiles."""
    return folium.Map([34, 41], zoom_start=6, tiles=None)


def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    """Return features as GeoJSON."""
    return {"type": "FeatureCollection", "features": features}


def feature(shape: shapely.Geometry, **properties: object) -> dict[str, Any]:
    """Return one feature of GeoJSON, with coordinates as written on the grid."""
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "id": properties.get("id"), "properties": properties, "geometry": geometry}


def rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table of the page by the names of its columns."""
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def kit(world: World) -> tuple[folium.Map, Areas]:
    """Return the kit's map, and what it draws by its rows."""
    m = map_territory(world.territory, world.days, level="claimed")
    actors, events, pieces = (rows(m.data[name]) for name in ("actors", "events", "pieces"))
    held: list[list[str | None]] = []
    for day in m.data["dates"]:
        last = {event["place"]: actors[event["actor"]]["id"] for event in events if event["day"] <= day}
        held.append([last.get(piece["place"], "unknown") for piece in pieces])
    return m, world.summed(held)


def timestamped(world: World) -> tuple[folium.Map, Areas]:
    """Return TimestampedGeoJson of the land of each holder at each date.

    Its script cuts the coordinates of a feature as if they were points of a track: of ``geometry.coordinates`` it takes
    as many as the feature has times (``_getFeatureBetweenDates`` in Leaflet.TimeDimension). With one time, a
    MultiPolygon keeps its first part, and a Polygon loses its holes.
    """
    features: list[dict[str, Any]] = []
    drawn: Areas = {}
    for step, (day, held) in enumerate(zip(world.days, world.held, strict=True)):
        for holder in sorted(set(held)):
            land = shapely.coverage_union_all(world.shapes[np.array(held) == holder])
            look = {"color": COLORS[holder], "fillOpacity": 1}
            features.append(feature(land, time=f"{day:%Y-%m-%d}", style=look))
            first = shapely.get_geometry(land, 0)
            kept = first if land.geom_type == "MultiPolygon" else shapely.Polygon(shapely.get_exterior_ring(land))
            drawn[step, holder] = float(world.km2(np.array([kept]))[0])
    m = blank()
    layer: Any = plugins.TimestampedGeoJson
    layer(collection(features), period="P1D", duration="P1D", auto_play=False).add_to(m)
    return m, drawn


def choropleth(world: World) -> tuple[folium.Map, Areas]:
    """Return TimeSliderChoropleth: every cell with its colour at every date."""
    features = [feature(shape, id=str(number)) for number, shape in enumerate(world.shapes)]
    stamps = [str(int(day.timestamp())) for day in world.days]
    colors = [[COLORS[holder] for holder in held] for held in world.held]
    looks = {
        str(cell): {stamp: {"color": color[cell], "opacity": 1} for stamp, color in zip(stamps, colors, strict=True)}
        for cell in range(len(world.shapes))
    }
    m = blank()
    plugins.TimeSliderChoropleth(collection(features), styledict=looks).add_to(m)
    return m, world.summed([list(held) for held in world.held])


def timeline(world: World) -> tuple[folium.Map, Areas]:
    """Return Timeline: every cell once for each holder, with the first and the last day."""
    features = []
    end = f"{world.days[-1] + pd.Timedelta(days=1):%Y-%m-%d}"
    for cell, shape in enumerate(world.shapes):
        holders = [held[cell] for held in world.held]
        starts = [step for step, holder in enumerate(holders) if step == 0 or holder != holders[step - 1]]
        dates = [*(f"{world.days[step]:%Y-%m-%d}" for step in starts), end]
        for step, start, stop in zip(starts, dates[:-1], dates[1:], strict=True):
            features.append(feature(shape, start=start, end=stop, color=COLORS[holders[step]]))
    m = blank()
    line = plugins.Timeline(
        collection(features),
        style=folium.JsCode("shape => ({ stroke: false, fillOpacity: 1, fillColor: shape.properties.color })"),
    ).add_to(m)
    slider: Any = plugins.TimelineSlider(auto_play=False, playback=0)
    slider.add_timelines(line).add_to(m)
    return m, world.summed([list(held) for held in world.held])


WAYS: dict[str, Callable[[World], tuple[folium.Map, Areas]]] = {
    "conflictkit": kit,
    "TimestampedGeoJson": timestamped,
    "TimeSliderChoropleth": choropleth,
    "Timeline + TimelineSlider": timeline,
}


def chromium() -> str | None:
    """Return the path of a browser, if there is one and a driver for it."""
    try:
        import playwright  # noqa: F401 - only whether it is there
    except ImportError:
        return None
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def opened(path: Path, program: str, *, own: bool) -> dict[str, Any]:
    """Return what a page without a network asks for and draws; of the kit's, paint and steps in milliseconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route("http*://**/*", lambda route: route.abort())
        page.goto(path.as_uri())
        page.wait_for_timeout(500)
        drawn = page.locator("path.leaflet-interactive").count()
        found = page.evaluate(STEP, STEPS) if own else {}
        browser.close()
    return found | {"asked": sum(address.startswith("http") for address in asked), "drawn": drawn}


def measured(way: str, world: World, folder: Path) -> dict[str, Any]:
    """Return size, seconds and correctness of one way, and what a browser says of its page."""
    seconds = []
    for _ in range(REPEATS if way == "conflictkit" else 1):
        start = perf_counter()
        m, drawn = WAYS[way](world)
        seconds.append(perf_counter() - start)
    if way == "conflictkit":  # without the reading of its rows, which the page does
        seconds = [timed(lambda: map_territory(world.territory, world.days)) for _ in range(REPEATS)]
    path = folder / f"{way.replace(' ', '')}{len(world.days)}.html"
    save = save_html if way == "conflictkit" else folium.Map.save
    found = {"write": timed(lambda: save(m, path)), "build": float(np.median(seconds)), "off": world.off(drawn)}
    found["mb"] = path.stat().st_size / 1e6
    program = chromium()
    return found | (opened(path, program, own=way == "conflictkit") if program else {})


def timed(call: Callable[[], object]) -> float:
    """Return the seconds of a call."""
    start = perf_counter()
    call()
    return perf_counter() - start


def many_places(count: int) -> Territory:
    """Return a territory of many places whose front grows out from one point and back, as fronts do."""
    changes, places = synthetic(count)
    away = np.hypot(places.longitude.to_numpy() - CENTRE[0], places.latitude.to_numpy() - CENTRE[1])
    days = changes.place_id.map(pd.Series(away, places.place_id).rank(pct=True)) * 800
    days = days.where(changes.event == "captured", 1_800 - days).where(changes.event != "initial", 0)
    moved = changes.assign(
        valid_from=pd.Timestamp("2014-01-01") + pd.to_timedelta(days.round(), unit="D"), date_prec="day"
    )
    return Territory.from_places(moved, places)


def line(name: str, row: dict[str, Any], first: dict[str, Any]) -> str:
    """Return a row of the table, with the ratio to the kit's page."""
    seen = "no browser" if "asked" not in row else f"{row['asked']:3} asked, {row['drawn']:4} drawn"
    steps = ""
    if "work" in row:
        half, most = np.percentile(row["work"], [50, 95])
        steps = f", paint {row['paint']:.0f} ms, step {half:.1f} ms (95 %: {most:.1f})"
    ratio = f"{row['mb'] / first['mb']:5.1f} x"
    numbers = f"{row['mb']:7.2f} MB {ratio} {row['build']:7.2f} s {row['write']:6.2f} s {row['off']:11,.0f} km2"
    return f"{name:26} {numbers}   {seen}{steps}"


def main() -> int:
    """Print the four ways side by side at both numbers of dates, then 1,500 places; return 1 if a goal is missed."""
    territory, missed = Territory.from_places(), []
    header = f"{'':26} {'file':>10} {'':7} {'build':>9} {'write':>8} {'off by':>15}   without a network"
    with tempfile.TemporaryDirectory() as name:
        for count in COUNTS:
            world = World.of(territory, pd.date_range("2014-01-01", "2019-03-31", periods=count).normalize())
            print(f"{len(territory.places)} places, {count} dates\n{header}")
            rows = {way: measured(way, world, Path(name)) for way in WAYS}
            for way, row in rows.items():
                print(line(way, row, rows["conflictkit"]))
        own = rows["conflictkit"]
        missed += ["size"] if own["mb"] > SIZE_GOAL_MB else []
        missed += ["build"] if own["build"] > BUILD_GOAL_S else []
        missed += ["step"] if np.median(own.get("work", 0)) > STEP_GOAL_MS else []
        large = World.of(many_places(MANY_PLACES), world.days)
        print(f"{MANY_PLACES:,} places, {count} dates")
        print(line("conflictkit", row := measured("conflictkit", large, Path(name)), own))
        missed += ["step of many places"] if np.median(row.get("work", 0)) > MANY_GOAL_MS else []
    print("The plugins' pages leave their libraries outside; off by: the holder and date drawn worst, claimed land.")
    steps = f"a step in {STEP_GOAL_MS:.0f} ms, of many places in {MANY_GOAL_MS:.0f} ms"
    goals = f"{SIZE_GOAL_MB} MB, built in {BUILD_GOAL_S} s, {steps}"
    print(f"goals: {goals}; missed: {', '.join(missed) or 'none'}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
