"""What each table must look like: one block a table, one line a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

COUNTRIES = ("IQ", "SY")
DATE_PREC = ("day", "month", "year")
WHERE_PREC = ("geonames", "map_mark", "map_mark_low", "estimated", "area")
PLACE_KIND = ("town", "village", "base", "crossing", "dam", "field", "site", "area")
CONTROL_STATUS = ("control", "contested", "besieged", "mixed", "claimed", "unknown")
CONTROL_EVENT = ("initial", "captured", "recaptured", "surrendered", "withdrawn")
CONFIDENCE = ("confirmed", "area-wide", "inferred", "unconfirmed")  # strongest first
MEASURE = ("present", "total", "ceiling", "cumulative")
BOUND_TYPE = ("range", "point", "at_least", "at_most", "verbal")
QUANTITY = ("fighters", "foreign_fighters", "killed", "casualties", "fighters_and_families", "inflow_per_month")
FIGHTER_SCOPE = ("iraq_syria", "iraq", "syria", "place")
AREA_SCOPE = ("iraq_syria", "iraq", "syria", "global", "global_other")
AREA_METRIC = (
    *("area_held", "area_freed", "share_of_country_held", "share_of_peak_lost", "share_lost_since_baseline"),
    *("population_held", "population_freed"),
)
CONTROL_DEFINITION = ("core", "claimed", "unstated")
SOURCE_TYPE = ("official", "state_media", "news", "monitor", "think_tank", "wiki", "social")
RELIABILITY = ("A", "B", "C", "D", "E", "F")

# The window of the shipped geography: Iraq and Syria with a margin, in degrees.
LONGITUDE, LATITUDE = (34.0, 49.5), (28.5, 38.5)
NOT_NEGATIVE = (0.0, float("inf"))

Kind = Literal["text", "list", "date", "number", "whole"]


@dataclass(frozen=True)
class Column:
    """One column: its type, and what its cells may hold."""

    name: str
    kind: Kind = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    refers: str = ""  # the table whose key the cells name
    within: tuple[float, float] | None = None
    pattern: str = ""


@dataclass(frozen=True)
class Contract:
    """One table: its key, its columns in order, and the rules between columns (named in ``checks``)."""

    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def must(name: str, kind: Kind = "text", **rest: object) -> Column:
    """Return a column without empty cells."""
    return Column(name, kind, required=True, **rest)  # type: ignore[arg-type]


SLUG = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
SOURCE = Column("source_id", refers="sources")
NOTE = Column("note")
DATED = (must("as_of", "date"), must("date_prec", allowed=DATE_PREC), Column("published_date", "date"))
FIGURE = tuple(Column(name, "number", within=NOT_NEGATIVE) for name in ("low", "best", "high"))
SAID_BY = (must("estimator"), Column("estimator_actor_id", refers="actors"), SOURCE, Column("quote"), NOTE)

CONTRACTS: dict[str, Contract] = {
    "places": Contract(
        key=("place_id",),
        columns=(
            *(must("place_id", pattern=SLUG), must("name"), Column("name_ar"), Column("aliases", "list")),
            *(must("country", "list", allowed=COUNTRIES), Column("admin1")),
            *(Column("latitude", "number", within=LATITUDE), Column("longitude", "number", within=LONGITUDE)),
            *(must("where_prec", allowed=WHERE_PREC), must("kind", allowed=PLACE_KIND)),
            *(Column("population", "whole", within=NOT_NEGATIVE), Column("geonameid", "whole"), SOURCE),
        ),
        rules=("point_unless_area",),
    ),
    "settlements": Contract(
        key=("geonameid",),
        columns=(
            *(must("geonameid", "whole"), must("name"), Column("name_ar"), Column("aliases", "list")),
            *(must("country", allowed=COUNTRIES), must("admin1")),
            *(must("latitude", "number", within=LATITUDE), must("longitude", "number", within=LONGITUDE)),
            *(Column("population", "whole", within=NOT_NEGATIVE), Column("feature_code")),
        ),
    ),
    "control_changes": Contract(
        key=("place_id", "valid_from"),
        columns=(
            *(must("place_id", refers="places"), must("valid_from", "date"), must("date_prec", allowed=DATE_PREC)),
            *(must("from_actor", refers="actors"), must("to_actor", refers="actors")),
            *(must("control_status", allowed=CONTROL_STATUS), must("event", allowed=CONTROL_EVENT)),
            *(SOURCE, must("confidence", allowed=CONFIDENCE), NOTE),
        ),
        rules=("contested_is_a_state", "chain"),
    ),
    "actors": Contract(
        key=("actor_id",),
        columns=(
            *(must("actor_id", pattern=SLUG), must("name"), Column("aliases", "list"), must("kind")),
            *(Column("parent_id", refers="actors"), Column("country", "list"), Column("side")),
            Column("backed_by", "list", refers="actors"),
            *(must("color", pattern="#[0-9A-Fa-f]{6}"), Column("hatch"), SOURCE),
        ),
        rules=("no_cycle",),
    ),
    "deployments": Contract(
        key=("deployment_id",),
        columns=(
            *(must("deployment_id"), must("actor_id", refers="actors"), Column("place_id", refers="places")),
            must("host_country", "list", allowed=COUNTRIES),
            *(Column("latitude", "number", within=LATITUDE), Column("longitude", "number", within=LONGITUDE)),
            *(must("valid_from", "date"), Column("valid_to", "date"), must("date_prec", allowed=DATE_PREC)),
            *(Column(f"strength_{end}", "number", within=NOT_NEGATIVE) for end in ("low", "best", "high")),
            *(Column("unit"), must("measure", allowed=MEASURE), Column("role")),
            *(Column("backers", "list", refers="actors"), SOURCE, NOTE),
        ),
        rules=("low_best_high", "from_before_to"),
    ),
    "fighter_estimates": Contract(
        key=("estimate_id",),
        columns=(
            *(must("estimate_id"), *DATED, must("actor_id", refers="actors")),
            *(must("scope", allowed=FIGHTER_SCOPE), Column("place_id", refers="places"), *FIGURE),
            *(must("bound_type", allowed=BOUND_TYPE), must("quantity", allowed=QUANTITY), *SAID_BY),
        ),
        rules=("low_best_high", "bounds_as_named", "place_when_scope"),
    ),
    "area_estimates": Contract(
        key=("estimate_id",),
        columns=(
            *(must("estimate_id"), *DATED, must("actor_id", refers="actors"), must("scope", allowed=AREA_SCOPE)),
            *(must("metric", allowed=AREA_METRIC), *FIGURE, must("bound_type", allowed=BOUND_TYPE)),
            *(must("unit", allowed=("km2", "percent", "people")), Column("baseline_date", "date")),
            *(must("control_definition", allowed=CONTROL_DEFINITION), *SAID_BY),
        ),
        rules=("low_best_high", "bounds_as_named", "baseline_before"),
    ),
    "governorate_population": Contract(
        key=("country", "admin1", "year", "definition"),
        columns=(
            *(must("country", allowed=COUNTRIES), Column("admin1"), must("year", "whole", within=(1900, 2014))),
            *(must("definition"), must("value", "number", within=NOT_NEGATIVE)),
            *(must("unit", allowed=("persons", "percent")), SOURCE, NOTE),
        ),
    ),
    "seed_claims": Contract(
        key=("claim_id",),
        columns=(
            *(must("claim_id"), must("as_of", pattern=r"\d{4}(-\d{2}(-\d{2})?)?"), must("kind")),
            *(Column("subject", refers="actors"), Column("place"), Column("place_id", "list", refers="places")),
            *(Column("value", "number"), Column("low", "number"), Column("high", "number"), Column("unit")),
            *(must("attributed_to"), must("exact_words")),
        ),
        rules=("low_best_high",),
    ),
    "sources": Contract(
        key=("source_id",),
        columns=(
            *(
                must("source_id", pattern=SLUG),
                must("publisher"),
                Column("title"),
                must("url", pattern=r"https?://\S+"),
            ),
            *(Column("published_date", "date"), must("source_type", allowed=SOURCE_TYPE)),
            *(Column("party", refers="actors"), must("reliability", allowed=RELIABILITY), NOTE),
        ),
    ),
}
