"""The words and the forms of cells. A word is added here, once, and every check and chart knows it."""

from __future__ import annotations

import re
from typing import NamedTuple


class Form(NamedTuple):
    """A pattern for the whole of a cell, and the words that explain it."""

    pattern: str
    words: str

    def fits(self, cell: str) -> bool:
        """Whether the whole of a cell has the form."""
        return re.fullmatch(self.pattern, cell, re.ASCII) is not None


SLUG = Form(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", "an id: lower-case letters and digits, joined by single - or _")
HATCH = Form(r"[-+|/\\xoO.*]{1,9}", "what a hatch is drawn with, such as // or ..: up to nine of / \\ | - + x o O . *")
COLOR = Form(r"#[0-9A-Fa-f]{6}", "a colour such as #0072B2")
SYMBOL = Form(r"\d{20}", "an APP-6D symbol code of 20 digits, such as 10011000211211000000")
ADDRESS = Form(r"https?://\S+", "an address that begins with https:// or http://")
PHRASE = Form(r"[a-z%+<>~]+(?: [a-z]+)*", "lower-case words with single spaces between them")
SUBDIVISION = Form(r"[A-Z]{2}-[A-Z0-9]{1,3}", "a code such as IQ-AN; X01 and on for one of your own")
UCDP_IDS = Form(
    r"[1-9]\d{0,5}\??(?:;[1-9]\d{0,5}\??)*", "ids of UCDP joined with ;, with ? behind one that others share: 234;4163?"
)
WIKIDATA = Form(r"Q[1-9]\d{0,9}", "an item of Wikidata such as Q2429253")
_SPAN = r"[a-z0-9]+(?:[-_][a-z0-9]+)*:\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}"
SPANS = Form(
    rf"{_SPAN}(?:;{_SPAN})*",
    "a side, its first day and the day after its last, joined with ;: north:2017-10-13/2017-10-27",
)
SOME_DATE = Form(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", "a year, a month or a day such as 2017, 2017-11 or 2017-11-03")

WHERE_PREC = ("geonames", "map_mark", "map_mark_low", "estimated", "area_point", "area")
# area_point: a point that stands for an area or a stretch of road; area: a place that has no point
PLACE_KIND = ("town", "village", "base", "crossing", "dam", "field", "site", "area")

DATE_PREC = ("day", "month", "year")
CONTROL_STATUS = ("control", "contested", "besieged", "mixed", "claimed", "unknown")
CONTROL_EVENT = ("initial", "captured", "recaptured", "surrendered", "withdrawn")
CONFIDENCE = ("confirmed", "area-wide", "inferred", "unconfirmed")  # strongest first

# What a report of a change says, how much of the place it speaks of, and whose side gains by it.
REPORT_VERB = ("declared", "said", "entered", "captured", "denied", "reported")
EXTENT = ("whole", "part", "outskirts")
INTEREST = ("own", "against", "neutral")

ACTOR_KIND = ("state", "state_force", "militia", "non_state", "all_groups", "coalition", "state_of_control")
MEASURE = ("present", "total", "ceiling", "cumulative")  # never added to one another
# What a strength rests on: an official number held under a cap, a count by the administration, what an official said,
# somebody's estimate, or a figure made from others.
BASIS = ("cap", "count", "statement", "estimate", "derived")
STRENGTH_UNIT = ("personnel", "fighters", "caesar_guns", "divisions")

BOUND_TYPE = ("range", "point", "at_least", "at_most", "verbal")
QUANTITY = (
    *("fighters", "foreign_fighters", "killed", "captured", "casualties", "fighters_and_families"),
    "inflow_per_month",
)
# Counted over a time; the other quantities are stocks, at a time.
FLOWS = ("killed", "captured", "casualties", "inflow_per_month")
# Beside the codes of the borders, alone or joined with ``;``.
FIGHTER_SCOPE = ("all", "place")
AREA_SCOPE = ("all", "global", "global_other")
OLD_SCOPES = (("iraq", "IQ"), ("syria", "SY"), ("iraq_syria", "IQ;SY"))  # words of files written before
CONTROL_DEFINITION = ("core", "claimed", "unstated")

# What an area figure measures, and in which units.
AREA_METRIC = {
    "area_held": ("km2",),
    "area_freed": ("km2",),
    "share_of_country_held": ("percent",),
    "share_of_peak_lost": ("percent",),
    "share_lost_since_baseline": ("percent",),
    "population_held": ("people",),
    "population_freed": ("people", "percent"),
}
SINCE_BASELINE = ("area_freed", "share_of_peak_lost", "share_lost_since_baseline", "population_freed")
AREA_UNIT = ("km2", "percent", "people")

# What a phrase of data/quantity_words.csv does: stands for numbers, multiplies, is a part of 1, widens an exact number,
# makes a bound, or names what is counted.
QUANTITY_WORD = ("number", "scale", "share", "margin", "at_least", "at_most", "noun")

# Of events: what a day and a point stand for, and what is odd, said beside the event and never mended.
EVENT_DATE_PREC = ("day", "days", "week", "month", "year")
EVENT_WHERE_PREC = ("exact", "near", "admin2", "admin1", "region", "country", "international")
CROWD = 100  # events on one point: more of them stand for an area, not for a street
EVENT_FLAGS = {
    "undated": "the file's date cannot be read",
    "unplaced": "no position on the globe",
    "repeat": "an earlier row has the same day, point and actors (strikes: the same cells)",
    "repeat_id": "an earlier row has the same id",
    "best_above_high": "best is above high, as in the file",
    "best_below_low": "best is below low, as in the file",
    "ends_before_start": "date_end is before event_date",
    "month_as_date": "the day stands for a month or a year",
    "spans_months": "the event begins in one month and ends in another",
    "crowded_point": f"more than {CROWD} events of the file on this point",
    "composite_actor": "an actor is an alliance of several, or has allies beside it",
}

CLAIM_KIND = (
    *("control", "estimate", "deployment", "loss", "distance", "fact", "forecast", "geography", "last", "duration"),
    *("trend", "siege", "statement"),
)
SOURCE_TYPE = ("official", "state_media", "news", "monitor", "think_tank", "wiki", "social")
RELIABILITY = ("A", "B", "C", "D", "E", "F")  # F: cannot be judged
