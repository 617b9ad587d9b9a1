"""Where a place lies, from the layers and the borders in hand: the bank of a river, a border, a crossing, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point

from conflictkit.claims._evidence import AGREES, DIFFERS, NEAR_KM, OPEN, PARTLY, Finding
from conflictkit.geometry import project, project_points
from conflictkit.prose import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from conflictkit.claims._evidence import Claim, Evidence

REACH_KM = 25.0  # up and down a river: its course there, without the bends on which a bank would turn with each loop
SIDES = {"north": (0.0, 1.0), "south": (0.0, -1.0), "east": (1.0, 0.0), "west": (-1.0, 0.0)}
M_PER_KM = 1000.0


def geography(claim: Claim, evidence: Evidence) -> Finding:
    """Hold each thing that a claim says of where a place lies against the layers."""
    if not claim.place_ids or any(evidence.is_area(place) for place in claim.place_ids):
        return Finding(OPEN, f"{claim.place} has no point.")
    told = [_told(what, claim, evidence) for what in claim.unit.split(";")]
    verdicts = [finding.verdict for finding in told]
    text = " ".join(finding.text for finding in told)
    source_ids = evidence.places.loc[list(claim.place_ids), "source_id"]
    if OPEN in verdicts:
        return Finding(OPEN, text, source_ids)
    if len(set(verdicts)) == 1:
        return Finding(verdicts[0], text, source_ids)
    return Finding(PARTLY, text, source_ids)


def _told(what: str, claim: Claim, evidence: Evidence) -> Finding:
    """Return the verdict on one thing that is said."""
    side = what.removesuffix(" bank")
    if side in SIDES:
        return _bank(side, claim, evidence)
    if what in RULES:
        return RULES[what](claim, evidence)
    allowed = [*(f"{side} bank" for side in SIDES), *RULES]
    return Finding(OPEN, f"No rule for {what!r}: there are {', '.join(allowed)}.")


class _River:
    """The nearest named river, in metres around a place. Lines run from source to mouth."""

    def __init__(self, place_id: str, evidence: Evidence) -> None:
        """Find the river, and the stretch of it that is nearest."""
        self._evidence = evidence
        self.point = self.spot(place_id)
        layers = evidence.tables.layers
        rivers = layers[(layers["kind"] == "river") & layers["name"].notna()]
        shapes = project(rivers.geometry.to_numpy(), evidence.territory.crs)
        stretches: list[tuple[str, LineString]] = [
            (str(name), stretch)
            for name, shape in zip(rivers["name"], shapes, strict=True)
            for stretch in shapely.get_parts(shapely.line_merge(shape))
        ]
        self.name, self.line = min(
            stretches, key=lambda named: named[1].distance(self.point), default=("", LineString())
        )

    def spot(self, place_id: str) -> Point:
        """Return a place in metres."""
        row = self._evidence.places.loc[place_id, ["longitude", "latitude"]]
        return Point(project_points(row.to_numpy(dtype=float)[None], self._evidence.territory.crs)[0])

    @property
    def near(self) -> bool:
        """Whether the place lies at a river at all."""
        return not self.line.is_empty and self.km <= NEAR_KM

    @property
    def km(self) -> float:
        """How far the place is from the line of the river."""
        return float(self.line.distance(self.point)) / M_PER_KM

    def across(self) -> NDArray[np.float64]:
        """Return the way from the river's course to the place, square to the course, of length one."""
        at = self.line.project(self.point)
        up, here, down = (self.line.interpolate(max(at + km * M_PER_KM, 0.0)) for km in (-REACH_KM, 0.0, REACH_KM))
        course = np.array([down.x - up.x, down.y - up.y])
        square: NDArray[np.float64] = np.array([course[1], -course[0]]) / np.hypot(*course)
        offset = np.array([self.point.x - here.x, self.point.y - here.y])
        return square if offset @ square >= 0 else -square

    def km_down_from(self, place_id: str) -> float:
        """Return how many km along the line the place lies below another one."""
        return float(self.line.project(self.point) - self.line.project(self.spot(place_id))) / M_PER_KM


def _bank(side: str, claim: Claim, evidence: Evidence) -> Finding:
    """Tell on which side of the nearest named river a place lies."""
    place = claim.place_ids[0]
    river = _River(place, evidence)
    if not river.near:
        return Finding(OPEN, f"No named river within {NEAR_KM:.0f} km of {evidence.name(place)}.")
    across = river.across()
    on = [name for name, way in SIDES.items() if across @ np.array(way) > np.sin(np.pi / 8)]  # of eight directions
    told = (
        f"{evidence.name(place)} lies on the {'-'.join(on)} bank of the {river.name}, {river.km:.1f} km from its line."
    )
    return Finding(AGREES if side in on else DIFFERS, told)


def _down_river(claim: Claim, evidence: Evidence) -> Finding:
    """Tell whether the first place lies farther down the river than the others."""
    place, *others = claim.place_ids
    river = _River(place, evidence)
    if not river.near or not others:
        return Finding(OPEN, f"No named river within {NEAR_KM:.0f} km of {evidence.name(place)}.")
    km = {other: river.km_down_from(other) for other in others}
    told = " and ".join(
        f"{abs(value):.0f} km {'down' if value > 0 else 'up'} the {river.name} from {evidence.name(other)}"
        for other, value in km.items()
    )
    return Finding(AGREES if min(km.values()) > 0 else DIFFERS, f"{evidence.name(place)} lies {told}.")


def _to_border(place_id: str, evidence: Evidence) -> tuple[float, str]:
    """Return how far a place is from the nearest other country of the tables, in km, and its code."""
    row, borders, crs = evidence.places.loc[place_id], evidence.tables.borders, evidence.territory.crs
    point = Point(project_points(np.array([[row["longitude"], row["latitude"]]], dtype=float), crs)[0])
    others = borders[borders["country"] != row["country"]]
    km = shapely.distance(project(others.geometry.to_numpy(), crs), point) / M_PER_KM
    return min(zip(km.tolist(), others["country"], strict=True), default=(np.inf, ""))


def _inside_the_border(claim: Claim, evidence: Evidence) -> Finding:
    """Tell whether a place lies near the border of its country with another of the tables."""
    place = claim.place_ids[0]
    km, other = _to_border(place, evidence)
    if not other:
        return Finding(OPEN, "There is no border between the countries of the tables.")
    home = evidence.name(str(evidence.places.loc[place, "country"]))
    told = f"{evidence.name(place)} lies in {home}, {km:.0f} km from {evidence.name(other)}."
    return Finding(AGREES if km <= NEAR_KM else DIFFERS, told)


def _links(claim: Claim, evidence: Evidence) -> Finding:
    """Tell whether a crossing stands between places of two countries, near each."""
    crossing, *ends = claim.place_ids
    km = evidence.km(crossing, ends)
    country = {end: str(evidence.places.loc[end, "country"]) for end in ends}
    told = " and ".join(
        f"{evidence.name(end)} in {evidence.name(country[end])} is {km[end]:.0f} km away" for end in ends
    )
    border, other = _to_border(crossing, evidence)
    whole = len(set(country.values())) > 1 and max([border, *km.values()]) <= NEAR_KM
    ground = f"the border of {evidence.name(other)} {border:.0f} km" if other else "no border is known"
    return Finding(AGREES if whole else DIFFERS, f"From {evidence.name(crossing)} {told}, {ground}.")


def _oil_fields(claim: Claim, evidence: Evidence) -> Finding:
    """Tell how many of the country's listed fields lie in the governorate of a place, and how near."""
    place = claim.place_ids[0]
    home = evidence.places.loc[place]
    fields = evidence.places[(evidence.places["kind"] == "field") & (evidence.places["country"] == home["country"])]
    if fields.empty:
        return Finding(OPEN, f"The tables list no field in {evidence.name(str(home['country']))}.")
    counts = fields["admin1"].value_counts()
    own, most = int((fields["admin1"] == home["admin1"]).sum()), int(counts.max())
    km = evidence.km(place, fields.index)
    nearest = min(km, key=lambda other: km[other])
    most_of_all = ", more than in any other governorate" if own == most else ""
    told = (
        f"Of {counted(len(fields), 'listed field')} in {evidence.name(str(home['country']))} {own} lie in "
        f"{home['admin1']}{most_of_all}; the nearest to {evidence.name(place)} is {evidence.name(nearest)}, "
        f"{km[nearest]:.0f} km away."
    )
    if own < most:
        return Finding(PARTLY if own else DIFFERS, told)
    return Finding(AGREES if km[nearest] <= NEAR_KM else PARTLY, told)


RULES: dict[str, Callable[[Claim, Evidence], Finding]] = {
    "down-river": _down_river,
    "inside the border": _inside_the_border,
    "links": _links,
    "oil fields": _oil_fields,
}
