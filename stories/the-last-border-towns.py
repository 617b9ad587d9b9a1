"""The last border towns: 3 November 2017 and the weeks around it, in eight steps.

Writes build/stories/the-last-border-towns.html, or the file that is given. Every number and every day in the words is
computed from the tables, so that a row that is corrected there is corrected here.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

import conflictkit as ck
from conflictkit.dates import in_words

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build" / "stories" / "the-last-border-towns.html"
TITLE = "The last border towns"

REPORT = "reuters-2017-11-03"  # the page that the story begins from: its day is the middle of it
STATE = "isis"
WGS84, AREAS = "EPSG:4326", "EPSG:6933"  # degrees, and an equal-area projection
VALLEY = (39.6, 33.7, 42.6, 36.0)  # degrees: the Euphrates from Deir ez-Zor to Anah, and the desert on both sides
TOWNS = (40.2, 33.9, 42.2, 35.3)  # degrees: from Mayadin to Rawa


@dataclass(frozen=True)
class Turn:
    """A place that changed hands: when, to whom, by which page."""

    place: str
    place_id: str
    day: pd.Timestamp
    holder: str
    page: str

    @property
    def on(self) -> str:
        """The day, without its year."""
        return in_words(self.day).rpartition(" ")[0]


class Facts:
    """What the tables say of the weeks around the report: each question once."""

    def __init__(self, territory: ck.Territory) -> None:
        self.land, self.tables = territory, territory.tables
        self.places = self.tables.places.set_index("place_id")
        self.names = self.tables.actors.set_index("actor_id")["name"]
        self.sources = self.tables.sources.set_index("source_id")
        self.day: pd.Timestamp = self.sources["published_date"][REPORT]

    def page(self, source_id: str) -> str:
        """Return a link to a page."""
        page = self.sources.loc[source_id]
        return f"[{page['publisher']}]({str(page['url']).replace('(', '%28').replace(')', '%29')})"

    def turn(self, row: pd.Series) -> Turn:
        """Return a row of control as a change."""
        place = str(row["place_id"])
        holder = self.names[row["to_actor"]]
        return Turn(self.places["name"][place], place, row["valid_from"], holder, self.page(row["source_id"]))

    def turns(self, place_id: str) -> list[Turn]:
        """Return the changes of a place in the year of the report, in order."""
        rows = self.land.control_changes
        rows = rows[(rows["place_id"] == place_id) & (rows["valid_from"].dt.year == self.day.year)]
        return [self.turn(row) for _, row in rows.sort_values("valid_from").iterrows()]

    def end(self) -> Turn:
        """Return the last change that took a place from it, be it by way of a fight for the place."""
        rows = self.land.control_changes.sort_values("valid_from", kind="stable")
        before = rows.groupby("place_id")["from_actor"].shift()
        taken = rows["from_actor"].eq(STATE) | rows["from_actor"].eq("contested") & before.eq(STATE)
        return self.turn(rows[taken & ~rows["to_actor"].isin([STATE, "contested"])].iloc[-1])

    def last(self, place_id: str) -> Turn:
        """Return the last of them."""
        return self.turns(place_id)[-1]

    @cached_property
    def core(self) -> pd.Series:
        """The core of the Islamic State in both countries on every day of a change, by day."""
        rows = self.land.area(level="core").query("actor_id == @STATE and scope == 'all'")
        return rows.set_index("date")["area_km2"]

    def km2(self, day: pd.Timestamp) -> str:
        """Return that core on a day, in words."""
        return f"{round(float(self.core.asof(day)), -2):,.0f} km²"  # type: ignore[arg-type] # a number

    def share_within(self, box: tuple[float, float, float, float], day: pd.Timestamp) -> float:
        """Return how much of that core lies in a box of degrees."""
        core = self.land.at(day, level="core").query("actor_id == @STATE").to_crs(AREAS)
        inside = gpd.GeoSeries([shapely.box(*box)], crs=WGS84).to_crs(AREAS).union_all()
        return float(core.intersection(inside).area.sum() / core.area.sum())

    def claimed(self, day: pd.Timestamp, country: str) -> str:
        """Return what it claimed of a country on a day, in words."""
        row = self.land.area(day).query("actor_id == @STATE and scope == @country").iloc[0]
        return f"{round(row['area_km2'], -2):,.0f} km²"

    def pocket(self, day: pd.Timestamp) -> str:
        """Return the claimed land that is one with Hajin, which it held throughout."""
        return f"{round(ck.pocket_at('hajin', day, territory=self.land).attrs['area_km2'], -2):,.0f} km²"

    def fighters(self, place_id: str) -> pd.Series:
        """Return the figure of the report for a town."""
        rows = self.tables.fighter_estimates
        return rows[(rows["source_id"] == REPORT) & (rows["place_id"] == place_id)].iloc[0]

    def earlier_figure(self) -> pd.Series:
        """Return the last figure before the report that its spokesman gave for both countries."""
        rows = self.tables.fighter_estimates
        same = rows["estimator"].eq(self.fighters("al-qaim")["estimator"]) & rows["scope"].eq("IQ;SY")
        return rows[same & rows["quantity"].eq("fighters") & (rows["as_of"] < self.day)].sort_values("as_of").iloc[-1]

    def towns(self, day: pd.Timestamp, country: str) -> list[str]:
        """Return the listed towns of a country that it holds at the end of a day."""
        held = self.land.holders(day).query("actor_id == @STATE")["place_id"]
        rows = self.places.loc[held].query("kind == 'town' and country == @country")
        return sorted(rows["name"])


def steps_of(facts: Facts) -> list[dict[str, Any]]:
    """Return the steps."""
    raqqa, pump, qaim, city = (facts.last(place) for place in ("raqqa", "t2-pumping-station", "al-qaim", "deir-ez-zor"))
    mayadin, rumana, rawa = (facts.last(place) for place in ("mayadin", "rumana", "rawa"))
    taken, lost, again = facts.turns("abu-kamal")[-3:]
    peak: Any = facts.core.idxmax()
    left = facts.core.asof(raqqa.day) / facts.core.max()
    here, there, before = facts.fighters("al-qaim"), facts.fighters("abu-kamal"), facts.earlier_figure()
    low, high = here["low"] + there["low"], here["high"] + there["high"]
    reported = ck.distance_km("abu-kamal", "saa", date=facts.day)
    iraq, syria = facts.towns(facts.day, "IQ"), facts.towns(facts.day, "SY")
    after = facts.towns(again.day, "SY")
    end = facts.end()
    moved = facts.land.transitions(raqqa.day, again.day).query("from_actor == @STATE and to_actor != @STATE")
    gains = moved.groupby("to_actor")["core_km2"].sum().nlargest(3).rename(index=facts.names.to_dict())
    return [
        {
            "text": f"# Raqqa falls\n\nOn {raqqa.on} the {raqqa.holder} held all of Raqqa ({raqqa.page}). The Islamic "
            f"State was left with {facts.km2(raqqa.day)} near settlements: {100 * left:.0f} % of what it had at its largest, "
            f"in {in_words(peak, precision='month')}. Of that, {100 * facts.share_within(VALLEY, raqqa.day):.0f} % lay along one valley, on both "
            "sides of a border.",
            "date": raqqa.day,
            "actor_ids": [STATE],
            "level": "core",
        },
        {
            "text": f"# Two roads to one valley\n\nOn {pump.on} the army of the {pump.holder} had the {pump.place} in the "
            f"desert, {ck.distance_km(pump.place_id, 'abu-kamal').km:.0f} km from Abu Kamal ({pump.page}). Iraqi "
            "forces came up the river from the east. The Syrian Democratic Forces held the ground north of it.",
            "date": pump.day,
            "extent": VALLEY,
            "place": pump.place_id,
        },
        {
            "text": f"# Al-Qaim\n\nOn {qaim.on} Iraqi forces entered the town and took the crossing beside it "
            f"({qaim.page}). That day a spokesman of the Coalition put the fighters left in it at {here['low']:,.0f} to "
            f"{here['high']:,.0f} ({facts.page(REPORT)}). The report calls it the last bastion in Iraq. The tables still "
            f"list {' and '.join(iraq)} as held.",
            "date": qaim.day,
            "extent": TOWNS,
            "place": qaim.place_id,
        },
        {
            "text": f"# Deir ez-Zor\n\nOn the same day the {city.holder} declared the city taken ({city.page}). It lies "
            f"{ck.distance_km(city.place_id, 'abu-kamal').km:.0f} km from Abu Kamal, up the river. Between the two, "
            f"{mayadin.place} had been the government's since {mayadin.on} ({mayadin.page}); below it the Islamic State "
            "kept the towns of the valley.",
            "date": city.day,
            "extent": VALLEY,
            "place": city.place_id,
        },
        {
            "text": f"# What was left\n\nAbu Kamal was said to hold {there['low']:,.0f} to {there['high']:,.0f} fighters. "
            f"If both figures err the same way, the two towns come to {low:,.0f} to {high:,.0f}, against "
            f"{before['best']:,.0f} that the same spokesman gave for both countries "
            f"{(facts.day - before['as_of']).days} days before ({facts.page(before['source_id'])}).\n\n"
            f"Government forces were reported {reported.km:.0f} km away. The land that hung together with the town's "
            f"was {facts.pocket(facts.day)}, most of it desert; near settlements the Islamic State held "
            f"{facts.km2(facts.day)}. Listed towns still held in Syria: {len(syria)}.",
            "date": facts.day,
            "extent": TOWNS,
            "place": "abu-kamal",
            "level": "claimed",
        },
        {
            "text": f"# Taken, and lost again\n\nThe {taken.holder} had Abu Kamal on {taken.on} ({taken.page}). "
            f"It held for {(lost.day - taken.day).days} days: on {lost.on} the {lost.holder} was back in the town "
            f"({lost.page}). That day "
            f"Iraqi forces had {rumana.place}, on the north bank ({rumana.page}).",
            "date": lost.day,
            "extent": TOWNS,
            "place": lost.place_id,
        },
        {
            "text": f"# The last town in Iraq\n\nOn {rawa.on} Iraqi forces entered {rawa.place} ({rawa.page}), "
            f"{(rawa.day - qaim.day).days} days after Al-Qaim. No listed town in Iraq was held by the Islamic State "
            f"from then on. The map still gives it {facts.claimed(rawa.day, 'IQ')} of Iraq, nearly all of it desert."
            if not facts.towns(rawa.day, "IQ")
            else f"# A town in Iraq\n\nOn {rawa.on} Iraqi forces entered {rawa.place} ({rawa.page}).",
            "date": rawa.day,
            "extent": TOWNS,
            "place": rawa.place_id,
        },
        {
            "text": f"# Abu Kamal, a second time\n\nOn {again.on} the {again.holder} had the town again ({again.page}). "
            f"Since Raqqa the core had shrunk from {facts.km2(raqqa.day)} to {facts.km2(again.day)}; most of what "
            f"changed hands went to:\n\n"
            + "\n".join(f"- {holder}, {round(km2, -2):,.0f} km²" for holder, km2 in gains.items())
            + f"\n\nListed towns still held in Syria: {len(after)}, among them Hajin. The last place that the tables "
            f"take from the Islamic State is {end.place}, on {in_words(end.day)} ({end.page}).",
            "date": again.day,
            "extent": VALLEY,
            "place": again.place_id,
            "level": "core",
        },
    ]


def main() -> None:
    """Write the story."""
    path = Path(sys.argv[1]) if sys.argv[1:] else OUT
    path.parent.mkdir(parents=True, exist_ok=True)
    territory = ck.Territory.from_places()
    ck.save_story(steps_of(Facts(territory)), path, territory=territory, title=TITLE)


if __name__ == "__main__":
    main()
