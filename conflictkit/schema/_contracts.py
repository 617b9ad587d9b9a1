"""What each table must look like: one block a table, one line a column."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from conflictkit.schema import _rules as rules
from conflictkit.schema import _vocabulary as words

if TYPE_CHECKING:
    from conflictkit.schema._rules import Fill, Rule, RuleBeside

Kind = Literal["text", "list", "date", "number", "whole"]


@dataclass(frozen=True)
class Column:
    """One column: its type, and what its cells may hold. A list is text joined with ``;``."""

    name: str
    kind: Kind = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    refers: str = ""  # the table whose key the cells name
    within: tuple[float, float] | None = None
    of_lands: str = ""  # the field of ``Lands`` that says what is allowed besides, or within what
    form: words.Form | None = None
    derived: bool = False  # cells that are empty are filled from another table, where that tells
    old_words: tuple[tuple[str, str], ...] = ()  # how files of before wrote some values


@dataclass(frozen=True)
class Contract:
    """One table: its key, its columns in order, and the rules between them."""

    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    beside: tuple[tuple[str, RuleBeside], ...] = ()  # rules between this table and another one, by the other's name
    fills: tuple[tuple[str, Fill], ...] = ()  # what another table tells of cells that are empty, by its name

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns whose cells name rows of a table."""
        return tuple(column for column in self.columns if column.refers)

    @property
    def optional(self) -> tuple[str, ...]:
        """The names of the columns that a table may come without: it is then read as if their cells were empty."""
        return tuple(column.name for column in self.columns if column.derived or not column.required)


may = Column  # a column whose cells may be empty
must = partial(Column, required=True)

COUNT = (0.0, float("inf"))
YEARS = (1900.0, 2100.0)

LAT = partial(Column, "latitude", "number", of_lands="latitude")
LON = partial(Column, "longitude", "number", of_lands="longitude")
SOURCE = may("source_id", refers="sources")

CONTRACTS: dict[str, Contract] = {
    "places": Contract(
        key=("place_id",),
        columns=(
            must("place_id", form=words.SLUG),
            must("name"),
            may("name_ar"),
            may("aliases", "list"),
            must("country", "list", of_lands="countries"),
            may("admin1", of_lands="admin1"),
            LAT(),
            LON(),
            must("where_prec", allowed=words.WHERE_PREC),
            must("kind", allowed=words.PLACE_KIND),
            may("population", "whole", within=COUNT),
            may("geonameid", "whole", within=COUNT),
            SOURCE,
            may("coord_source"),
        ),
        rules=(rules.point_unless_area,),
    ),
    "settlements": Contract(
        key=("geonameid",),
        columns=(
            must("geonameid", "whole", within=COUNT),
            must("name"),
            may("name_ar"),
            may("aliases", "list"),
            must("country", of_lands="countries"),
            must("admin1", of_lands="admin1"),
            LAT(required=True),
            LON(required=True),
            may("population", "whole", within=COUNT),
            may("feature_code"),
        ),
    ),
    "control_changes": Contract(
        key=("place_id", "valid_from"),
        columns=(
            must("place_id", refers="places"),
            must("valid_from", "date"),
            must("date_prec", allowed=words.DATE_PREC),
            must("from_actor", refers="actors"),
            must("to_actor", refers="actors"),
            must("control_status", allowed=words.CONTROL_STATUS),
            must("event", allowed=words.CONTROL_EVENT),
            SOURCE,
            must("confidence", allowed=words.CONFIDENCE),
            may("note"),
        ),
        rules=(rules.contested_is_a_state, rules.chain),
    ),
    "reports": Contract(
        key=("report_id",),
        columns=(
            must("report_id"),
            must("place_id", refers="places"),
            must("valid_from", "date"),
            must("reporter"),
            may("reporter_actor_id", refers="actors"),
            must("verb", allowed=words.REPORT_VERB),
            must("reported_holder", refers="actors"),
            must("event_date", "date"),
            must("date_prec", allowed=words.DATE_PREC),
            must("extent", allowed=words.EXTENT),
            must("interest", allowed=words.INTEREST),
            SOURCE,
            may("note"),
        ),
        beside=(("control_changes", rules.about_a_change),),
    ),
    "actors": Contract(
        key=("actor_id",),
        columns=(
            must("actor_id", form=words.SLUG),
            must("name"),
            may("aliases", "list"),
            must("kind", allowed=words.ACTOR_KIND),
            may("parent_id", refers="actors"),
            may("country", "list"),
            may("side"),
            may("backed_by", "list", refers="actors"),
            must("color", form=words.COLOR),
            may("hatch", form=words.HATCH),
            may("sidc", form=words.SYMBOL),
            may("ucdp_ids", "list", form=words.UCDP_IDS),
            may("acled_names", "list"),
            may("gw_code", "whole", within=COUNT),
            may("wikidata", form=words.WIKIDATA),
            SOURCE,
        ),
        rules=(rules.no_cycle,),
    ),
    "sides": Contract(
        key=("side",),
        columns=(
            must("side", form=words.SLUG),
            must("name"),
            may("open_to", "list", refers="sides"),  # sides that it does not fight; on either of the two rows
            may("closed_to", "list", form=words.SPANS),  # but on these days it does
        ),
    ),
    "deployments": Contract(
        key=("deployment_id",),
        columns=(
            must("deployment_id", form=words.SLUG),
            must("actor_id", refers="actors"),
            may("place_id", refers="places"),
            must("host_country", "list", of_lands="countries", derived=True),
            LAT(),
            LON(),
            may("near_place_id", refers="places"),
            may("near_km", "number", within=COUNT),
            must("valid_from", "date"),
            may("valid_to", "date"),
            must("date_prec", allowed=words.DATE_PREC),
            may("strength_low", "number", within=COUNT),
            may("strength_best", "number", within=COUNT),
            may("strength_high", "number", within=COUNT),
            may("unit", allowed=words.STRENGTH_UNIT),
            must("measure", allowed=words.MEASURE),
            may("basis", allowed=words.BASIS),
            may("role"),
            may("backers", "list", refers="actors"),
            SOURCE,
            may("second_source_id", refers="sources"),
            may("note"),
        ),
        rules=(
            *(rules.whole_point, rules.whole_distance, rules.from_before_to),
            *(rules.low_best_high, rules.strength_has_unit),
        ),
        beside=(("places", rules.point_near_its_place),),
        fills=(("places", rules.country_of_place),),
    ),
    "fighter_estimates": Contract(
        key=("estimate_id",),
        columns=(
            must("estimate_id", form=words.SLUG),
            must("as_of", "date"),
            must("date_prec", allowed=words.DATE_PREC),
            may("published_date", "date"),
            must("actor_id", refers="actors"),
            must("scope", "list", allowed=words.FIGHTER_SCOPE, of_lands="countries", old_words=words.OLD_SCOPES),
            may("place_id", refers="places"),
            may("low", "number", within=COUNT),
            may("best", "number", within=COUNT),
            may("high", "number", within=COUNT),
            must("bound_type", allowed=words.BOUND_TYPE),
            must("quantity", allowed=words.QUANTITY),
            may("origin"),
            must("estimator"),
            may("estimator_actor_id", refers="actors"),
            SOURCE,
            may("quote"),
            may("note"),
        ),
        rules=(rules.told_after, rules.place_when_scope, rules.low_best_high, rules.bounds_as_named),
    ),
    "area_estimates": Contract(
        key=("estimate_id",),
        columns=(
            must("estimate_id", form=words.SLUG),
            must("as_of", "date"),
            must("date_prec", allowed=words.DATE_PREC),
            may("published_date", "date"),
            must("actor_id", refers="actors"),
            must("scope", "list", allowed=words.AREA_SCOPE, of_lands="countries", old_words=words.OLD_SCOPES),
            must("metric", allowed=tuple(words.AREA_METRIC)),
            may("low", "number", within=COUNT),
            may("best", "number", within=COUNT),
            may("high", "number", within=COUNT),
            must("bound_type", allowed=words.BOUND_TYPE),
            must("unit", allowed=words.AREA_UNIT),
            may("baseline_date", "date"),
            must("control_definition", allowed=words.CONTROL_DEFINITION),
            must("estimator"),
            may("estimator_actor_id", refers="actors"),
            SOURCE,
            may("quote"),
            may("note"),
        ),
        rules=(
            *(rules.told_after, rules.unit_of_metric, rules.baseline_of_loss),
            *(rules.low_best_high, rules.bounds_as_named),
        ),
    ),
    "governorate_population": Contract(
        key=("country", "admin1", "year", "definition"),
        columns=(
            must("country", of_lands="countries"),
            may("admin1", of_lands="admin1"),
            must("year", "whole", within=YEARS),
            must("definition"),
            must("value", "number", within=COUNT),
            must("unit", allowed=("persons", "percent")),
            SOURCE,
            may("note"),
        ),
    ),
    "governorates": Contract(
        key=("country", "admin1"),
        columns=(
            must("country", of_lands="countries"),
            must("admin1", of_lands="admin1"),
            may("iso_3166_2", form=words.SUBDIVISION),
            may("pcode"),
            may("geonameid", "whole", within=COUNT),
            may("gw_code", "whole", within=COUNT),
            may("fips"),
            may("aliases", "list"),
        ),
    ),
    "quantity_words": Contract(
        key=("phrase",),
        columns=(
            must("phrase", form=words.PHRASE),
            must("kind", allowed=words.QUANTITY_WORD),
            may("low", "number", within=COUNT),
            may("high", "number", within=COUNT),
            must("convention"),
        ),
        rules=(rules.low_best_high, rules.numbers_of_words),
    ),
    "seed_claims": Contract(
        key=("claim_id",),
        columns=(
            must("claim_id"),
            must("as_of", form=words.SOME_DATE),
            must("kind", allowed=words.CLAIM_KIND),
            may("subject", refers="actors"),
            may("place"),
            may("place_id", "list", refers="places"),
            may("value", "number", within=COUNT),
            may("low", "number", within=COUNT),
            may("high", "number", within=COUNT),
            may("unit"),
            must("attributed_to"),
            must("exact_words"),
            may("wording"),
            may("supported_by", "list", refers="events"),
            may("supported_in_part_by", "list", refers="events"),
            may("contradicted_by", "list", refers="events"),
            SOURCE,
        ),
        rules=(rules.low_best_high, rules.claim_has_a_day),
    ),
    "sources": Contract(
        key=("source_id",),
        columns=(
            must("source_id", form=words.SLUG),
            must("publisher"),
            may("title"),
            must("url", form=words.ADDRESS),
            may("published_date", "date"),
            must("source_type", allowed=words.SOURCE_TYPE),
            may("party", refers="actors"),
            must("reliability", allowed=words.RELIABILITY),
            may("note"),
        ),
    ),
    "tables": Contract(
        key=("covers_from",),
        columns=(
            must("covers_from", "date"),
            must("covers_to", "date"),
            may("story_actor_id", refers="actors"),
        ),
        rules=(rules.one_row, rules.covers_in_order),
    ),
    "events": Contract(
        key=("event_id",),
        columns=(
            must("event_id"),
            may("event_date", "date"),
            may("date_end", "date"),
            may("date_prec", allowed=words.EVENT_DATE_PREC),
            may("event_type"),
            may("sub_event_type"),
            may("actor1"),
            may("actor2"),
            may("actor1_id", refers="actors"),
            may("actor2_id", refers="actors"),
            may("low", "number", within=COUNT),
            may("best", "number", within=COUNT),
            may("high", "number", within=COUNT),
            may("country"),
            may("admin1"),
            may("admin2"),
            may("pcode"),
            may("admin1_id"),
            may("location"),
            may("latitude", "number"),
            may("longitude", "number"),
            may("where_prec", allowed=words.EVENT_WHERE_PREC),
            may("source"),
            may("notes"),
            may("dataset"),
            may("version"),
            may("flags", "list", allowed=tuple(words.EVENT_FLAGS)),
            SOURCE,
        ),
        rules=(rules.odd_is_flagged,),
    ),
}
