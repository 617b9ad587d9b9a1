"""Tables that belong together: validated once, carried as one, replaced without a row lost in silence."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from synthetic import FOLDER, write_other_war

import conflictkit as ck
from conflictkit.dates import in_words
from conflictkit.schema import CONTRACTS

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ck.Tables.shipped()
TABLES = [path.stem for path in FOLDER.glob("*.csv")]
# As attributes, where those differ.
NAMES = [
    {"governorate_population": "population", "governorates": "governorate_codes"}.get(name, name) for name in TABLES
]


class TestShipped:
    """The tables that come with the kit."""

    def test_they_are_those_of_the_loaders(self) -> None:
        """Same rows, same types; the same object at every call."""
        assert ck.Tables.shipped() is SHIPPED
        for name in ("places", "control_changes", "actors", "sources", "deployments", "settlements", "seed_claims"):
            pd.testing.assert_frame_equal(getattr(SHIPPED, name), getattr(ck, f"load_{name}")())
        pd.testing.assert_frame_equal(SHIPPED.population, ck.load_governorate_population())
        assert SHIPPED.borders.equals(ck.load_borders())
        assert SHIPPED.governorates.equals(ck.load_borders(level=1))
        assert SHIPPED.layers.equals(ck.load_basemap())
        assert SHIPPED.rejected.empty

    def test_what_they_are_about(self) -> None:
        """Six years, and the story of one actor."""
        assert [str(day.date()) for day in SHIPPED.covers] == ["2014-01-01", "2019-12-31"]
        assert SHIPPED.story_actor == "isis"

    def test_names(self) -> None:
        """Countries by the borders, sides by their table, strangers by their id."""
        assert SHIPPED.country_name("IQ;SY") == "Iraq and Syria"
        assert SHIPPED.country_name("TR") == "TR"
        assert SHIPPED.side_name("assad") == "Government of Syria and allies"
        assert SHIPPED.side_name("hts") == "Hayat Tahrir al-Sham"  # an actor that is its own side
        assert SHIPPED.side_name("mine") == "mine"
        assert SHIPPED.ordered_sides(["zulu", "other", "alfa", "isis", "isis"]) == ["isis", "other", "alfa", "zulu"]
        assert SHIPPED.hierarchy.within("badr", "iraq_gov")

    def test_they_travel_between_processes(self) -> None:
        """A copy by pickle has the same rows, and is equal to itself only."""
        copy = pickle.loads(pickle.dumps(SHIPPED))  # noqa: S301 - our own bytes
        pd.testing.assert_frame_equal(copy.places, SHIPPED.places)
        assert copy.covers == SHIPPED.covers
        assert copy != SHIPPED
        assert len({copy, SHIPPED}) == 2


class TestRead:
    """Tables of a folder."""

    def test_another_war(self, other_war: ck.Tables) -> None:
        """Own lands, sides and days; nothing of the shipped ones."""
        assert repr(other_war) == (
            "Tables: 9 places, 15 control changes, 8 actors, 6 deployments, 12 estimates; 1990-01-01 to 1995-12-31"
        )
        assert other_war.country_name("IQ;SY") == "Aland and Beland"
        assert other_war.side_name("far") == "Powers From Afar"
        assert other_war.story_actor == "reds"
        assert other_war.governorates.admin1.tolist() == ["Uplands", "Lowlands", "Coast", "Steppe"]
        nobody = {"none", "contested", "unknown"}
        for name, key in (("places", "place_id"), ("actors", "actor_id"), ("sources", "source_id")):
            assert not set(getattr(other_war, name)[key]) & (set(getattr(SHIPPED, name)[key]) - nobody)

    def test_what_is_not_there_is_empty_and_typed(self, tmp_path: Path) -> None:
        """No shipped row comes in for a table that is missing."""
        (tmp_path / "actors.csv").write_bytes((FOLDER / "actors.csv").read_bytes())
        places = (FOLDER / "places.csv").read_text(encoding="utf-8")
        for own, shipped in (("Uplands", "Anbar"), ("Lowlands", "Anbar"), ("Coast", "Homs"), ("Steppe", "Homs")):
            places = places.replace(own, shipped)  # without borders the words are the shipped ones
        (tmp_path / "places.csv").write_text(places, encoding="utf-8")
        tables = ck.Tables.read(tmp_path)
        assert len(tables.places) == 9
        for name in ("control_changes", "sources", "deployments", "fighter_estimates", "settlements", "population"):
            frame, like = getattr(tables, name), getattr(SHIPPED, name)
            assert frame.empty
            assert frame.dtypes.equals(like.dtypes)
        assert tables.borders.empty
        assert list(tables.borders.columns) == list(SHIPPED.borders.columns)
        assert tables.story_actor is None
        assert tables.sides.empty

    def test_without_a_word_about_the_days(self, tmp_path: Path) -> None:
        """From the first control row to the end of the last one's year, and nobody's story."""
        write_other_war(tmp_path)
        (tmp_path / "tables.csv").unlink()
        tables = ck.Tables.read(tmp_path)
        assert [str(day.date()) for day in tables.covers] == ["1990-01-01", "1995-12-31"]
        assert tables.story_actor is None

    def test_a_table_that_others_need_is_missing(self, tmp_path: Path) -> None:
        """The shipped actors do not fight in another war."""
        write_other_war(tmp_path)
        (tmp_path / "actors.csv").unlink()
        with pytest.raises(ck.TableError, match="to_actor: cannot be checked: there is no table of actors"):
            ck.Tables.read(tmp_path)

    def test_all_problems_at_once(self, tmp_path: Path) -> None:
        """Of every table."""
        write_other_war(tmp_path)
        for name, old, new in (("places", "alfa,", "alfaa,"), ("deployments", "overseas,courier", "overlord,courier")):
            path = tmp_path / f"{name}.csv"
            path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ck.TableError) as caught:
            ck.Tables.read(tmp_path)
        assert caught.value.problems is not None
        assert set(caught.value.problems.value) == {"alfa", "overlord"}


class TestReplace:
    """Tables of which some are one's own."""

    def test_nothing_replaced(self) -> None:
        """The same object."""
        assert SHIPPED.replace() is SHIPPED
        assert SHIPPED.replace(actors=None, places=SHIPPED.places) is SHIPPED

    def test_one_place_less(self) -> None:
        """What hangs on it is set aside and listed; nothing else is touched."""
        fewer = SHIPPED.replace(places=SHIPPED.places[SHIPPED.places.place_id != "raqqa"])
        changes = SHIPPED.control_changes
        assert "raqqa" not in set(fewer.control_changes.place_id)
        assert len(fewer.control_changes) == len(changes) - (changes.place_id == "raqqa").sum()
        assert fewer.rejected.query("table == 'control_changes'").row_key.str.startswith("raqqa, 20").all()
        lost = sum(len(getattr(SHIPPED, name)) - len(getattr(fewer, name)) for name in NAMES if hasattr(SHIPPED, name))
        assert lost == len(fewer.rejected) + 1
        assert fewer.sources is SHIPPED.sources
        assert SHIPPED.rejected.empty

    def test_one_actor_less(self) -> None:
        """Of the control changes all rows of its places go; a page of its press stays, without its party."""
        lost = SHIPPED.hierarchy.parts("syria_gov")
        actors = SHIPPED.actors[~SHIPPED.actors.actor_id.isin(lost)]
        fewer = SHIPPED.replace(actors=actors)
        changes = SHIPPED.control_changes
        held = changes.place_id[changes.to_actor.isin(lost) | changes.from_actor.isin(lost)]
        assert set(fewer.control_changes.place_id) == set(changes.place_id) - set(held)
        assert len(fewer.sources) == len(SHIPPED.sources)
        assert not set(fewer.sources.party) & set(lost)
        assert {"control_changes", "deployments", "sources"} <= set(fewer.rejected.table)
        assert fewer.story_actor == "isis"
        assert fewer.replace(actors=actors.query("actor_id != 'isis' and parent_id != 'isis'")).story_actor is None
        ck.validate(fewer.control_changes, "control_changes", others={"actors": fewer.actors, "places": fewer.places})

    def test_one_page_less(self) -> None:
        """Evidence that rests on it goes; a place that was found on it stays."""
        gone = "wikipedia-map-marks"
        fewer = SHIPPED.replace(sources=SHIPPED.sources[SHIPPED.sources.source_id != gone])
        assert len(fewer.places) == len(SHIPPED.places)
        assert gone not in {*fewer.places.source_id, *fewer.control_changes.source_id}

    def test_what_is_passed_must_be_whole(self) -> None:
        """A row of one's own that names nothing is an error, not set aside; all tables are told at once."""
        changes = SHIPPED.control_changes.assign(to_actor=SHIPPED.control_changes.to_actor.replace("ypg", "ypgg"))
        with pytest.raises(ck.TableError, match="'ypgg' is not in actors"):
            SHIPPED.replace(control_changes=changes)
        with pytest.raises(ck.TableError) as caught:
            SHIPPED.replace(control_changes=changes, deployments=SHIPPED.deployments.assign(measure="lots"))
        assert caught.value.problems is not None
        assert set(caught.value.problems.table) == {"control_changes", "deployments"}

    def test_own_pages(self) -> None:
        """A row may cite a page of one's own, with the page or without it."""
        changes = SHIPPED.control_changes.copy()
        changes.loc[5, "source_id"] = "my-page"
        assert "my-page" in set(SHIPPED.replace(control_changes=changes).control_changes.source_id)
        mine = SHIPPED.sources.head(1).assign(source_id="my-page", publisher="My Paper")
        sources = pd.concat([SHIPPED.sources, mine])
        both = SHIPPED.replace(control_changes=changes, sources=sources)
        assert both.sources.publisher.iloc[-1] == "My Paper"
        assert both.rejected.empty
        with pytest.raises(ck.TableError, match="'my-page' is not in sources"):
            SHIPPED.replace(control_changes=changes, sources=SHIPPED.sources.assign(note="mine"))

    def test_typed_once_from_cells_of_any_kind(self) -> None:
        """Text, and rows in any order with any index."""
        plain = SHIPPED.deployments.astype("object").sample(frac=1, random_state=1)
        plain["valid_from"] = [str(day.date()) for day in plain.valid_from]
        found = SHIPPED.replace(deployments=plain).deployments
        assert found.dtypes.equals(SHIPPED.deployments.dtypes)
        assert found.index.equals(pd.RangeIndex(len(plain)))
        assert found.deployment_id.tolist() == plain.deployment_id.tolist()

    def test_another_war_table_by_table(self, other_war: ck.Tables) -> None:
        """Every table replaced: nothing hangs."""
        names = [name for name in NAMES if hasattr(SHIPPED, name)]
        layers = {"borders": other_war.borders, "governorates": other_war.governorates}
        mine = SHIPPED.replace(**{name: getattr(other_war, name) for name in names}, **layers)
        assert mine.rejected.empty
        assert [str(day.date()) for day in mine.covers] == ["1990-01-01", "1995-12-31"]
        assert mine.story_actor is None
        assert mine.replace(story_actor="reds").story_actor == "reds"

    def test_days_and_story(self) -> None:
        """As told, or as the rows are."""
        later = SHIPPED.control_changes.query("place_id == 'raqqa'").tail(1)
        later = later.assign(valid_from="2021-05-01", from_actor=later.to_actor, to_actor="isis", event="captured")
        longer = SHIPPED.replace(control_changes=pd.concat([SHIPPED.control_changes, later]))
        assert [str(day.date()) for day in longer.covers] == ["2014-01-01", "2021-12-31"]
        day = pd.Timestamp("2017-01-01")
        assert SHIPPED.replace(covers=(day, day)).covers == (day, day)
        with pytest.raises(ck.UnknownNameError, match=r"Unknown story_actor 'isiss'.*Did you mean 'isis'"):
            SHIPPED.replace(story_actor="isiss")

    def test_a_place_that_moved(self) -> None:
        """A report whose own point is now far from its place is set aside."""
        places = SHIPPED.places.copy()
        places["latitude"] = places["latitude"].mask(places["place_id"] == "kirkuk", 36.5)
        moved = SHIPPED.replace(places=places)
        assert set(moved.rejected.table) == {"deployments"}
        assert moved.rejected.reason.str.contains("km from the point of place 'kirkuk'").all()

    def test_borders(self, other_war: ck.Tables) -> None:
        """Any CRS; the country by its code."""
        metres = other_war.borders.to_crs(3857)
        found = SHIPPED.replace(borders=metres).borders
        assert found.crs == "EPSG:4326"
        assert found.geometry.geom_equals_exact(other_war.borders.geometry, 1e-6).all()
        with pytest.raises(ck.TableError, match="borders must be a GeoDataFrame with a CRS and a geometry"):
            SHIPPED.replace(borders=pd.DataFrame(found.drop(columns="geometry")))

    def test_a_figure_of_countries(self, other_war: ck.Tables) -> None:
        """The scope of a figure is a code of the borders, several, or all."""
        figures = other_war.fighter_estimates.query("scope != 'place'").head(3)
        scopes = ["IQ", "SY;IQ", "all"]
        assert (
            other_war.replace(fighter_estimates=figures.assign(scope=scopes)).fighter_estimates.scope.tolist() == scopes
        )
        with pytest.raises(ck.TableError, match="scope: 'TR' is not allowed"):
            other_war.replace(fighter_estimates=figures.assign(scope="IQ;TR"))

    def test_narrower_borders(self) -> None:
        """They narrow the land, not the evidence: places beyond them stay, passed or not."""
        iraq = SHIPPED.borders.query("country == 'IQ'")
        narrow = SHIPPED.replace(borders=iraq, places=SHIPPED.places.copy())
        assert set(narrow.places.country) == set(SHIPPED.places.country)
        assert narrow.borders.country.tolist() == ["IQ"]
        with pytest.raises(ck.TableError, match="'XX' is not allowed: use one of IQ, SY"):
            SHIPPED.replace(borders=iraq, places=SHIPPED.places.assign(country="XX"))

    def test_an_unknown_table(self) -> None:
        """The nearest is named."""
        with pytest.raises(ck.UnknownNameError, match=r"No table 'place'.*Did you mean 'places'"):
            SHIPPED.replace(place=SHIPPED.places)


def test_every_contract_is_carried() -> None:
    """No table that is checked is left behind."""
    assert set(TABLES) == set(CONTRACTS)


SCOPES = {
    "IQ": ({"IQ"}, "Iraq"),
    "SY;IQ": ({"IQ", "SY"}, "Iraq and Syria"),
    "all": ({"IQ", "SY"}, "Iraq and Syria"),
    "IQ;SY": ({"IQ", "SY"}, "Iraq and Syria"),
    "SY": ({"SY"}, "Syria"),
    "global": ({"IQ", "SY", "elsewhere"}, "the world"),
    "global_other": ({"elsewhere"}, "the rest of the world"),
    "place": (set(), "single places"),
    "IQ;TR": (set(), "IQ;TR"),
    "iraq_siria": (set(), "iraq_siria"),
}


@pytest.mark.parametrize(("scope", "meant"), SCOPES.items(), ids=SCOPES)
def test_scopes_of_figures(scope: str, meant: tuple[set[str], str]) -> None:
    """One place for what the scope of a figure means, in codes and in words."""
    assert (SHIPPED.countries_of(scope), SHIPPED.scope_name(scope)) == meant


def test_scopes_are_those_of_the_borders_in_hand(other_war: ck.Tables) -> None:
    """All countries are its own, by its own names."""
    assert other_war.scope_name("all") == other_war.scope_name("IQ;SY") == "Aland and Beland"
    assert other_war.scope_name("SY") == "Beland"
    assert other_war.replace(borders=other_war.borders.query("country == 'SY'")).countries_of("all") == {"SY"}


class TestDays:
    """Days outside those covered are refused by name: the last thing that the tables say is no answer for them."""

    @pytest.mark.parametrize("date", ["2014-01-01", "31 Dec 2019", pd.Timestamp("2019-12-31 23:59", tz="Asia/Tokyo")])
    def test_days_that_are_covered(self, date: str | pd.Timestamp) -> None:
        """The first and the last are."""
        assert SHIPPED.day(date) in SHIPPED.covers
        assert SHIPPED.days([date]).tolist() == [SHIPPED.day(date)]

    @pytest.mark.parametrize("date", ["2013-12-31", "2020-01-01", "2031-01-01"])
    def test_days_that_are_not(self, date: str) -> None:
        """The message has the day, the days covered and what to do."""
        for call in (lambda: SHIPPED.day(date), lambda: SHIPPED.days(["2017-11-03", date])):
            with pytest.raises(ck.DateError, match="1 January 2014 to 31 December 2019, not for") as refused:
                call()
            assert in_words(pd.Timestamp(date)) in str(refused.value)
            assert "tables.replace(covers=(first, last))" in str(refused.value)

    def test_many_days_make_no_long_message(self) -> None:
        """The first are named, the others counted."""
        with pytest.raises(ck.DateError, match="3 January 2020 and 363 others") as refused:
            SHIPPED.days(pd.date_range("2020-01-01", "2020-12-31"))
        assert len(str(refused.value)) < 300

    def test_tables_of_ones_own_cover_their_own_days(self, other_war: ck.Tables) -> None:
        """And what is replaced says for how long it answers."""
        assert other_war.day("1993-05-01").year == 1993
        with pytest.raises(ck.DateError, match="1 January 1990 to 31 December 1995, not for 3 November 2017"):
            other_war.day("2017-11-03")
        longer = SHIPPED.replace(covers=(SHIPPED.covers[0], pd.Timestamp("2021-12-31")))
        assert longer.day("2020-06-01") == pd.Timestamp("2020-06-01")

    def test_what_is_no_day_is_refused_first(self) -> None:
        """As everywhere."""
        with pytest.raises(ck.DateError, match="Not a date: 'today'"):
            SHIPPED.day("today")
