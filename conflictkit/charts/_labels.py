"""Labels that find their place when the figure is drawn: placing them before would leave them there after a resize."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.text import Annotation, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from conflictkit.tables import Tables

    Boxes = NDArray[np.float64]  # (N, 4) x0, y0, x1, y1 in pixels


class Spot(NamedTuple):
    """A place for a label: offset from its anchor in points, and the side of the text that goes there."""

    dx: float
    dy: float
    ha: str
    va: str


# Around a mark, best first: the order of cartographers (right before left, above before below).
AROUND = (
    Spot(6, 0, "left", "center"),
    Spot(5, 4, "left", "bottom"),
    Spot(5, -4, "left", "top"),
    Spot(0, 6, "center", "bottom"),
    Spot(0, -6, "center", "top"),
    Spot(-6, 0, "right", "center"),
    Spot(-5, 4, "right", "bottom"),
    Spot(-5, -4, "right", "top"),
)

SHARE_X = {"left": 0.0, "center": 0.5, "right": 1.0}
SHARE_Y = {"bottom": 0.0, "center": 0.5, "top": 1.0}
AIR = np.array([-3.0, -0.5, 3.0, 0.5])  # points kept free around a label: left, below, right, above
LEADER_FROM = 12.0  # points: a label farther than this from its mark gets a line to it
LETTER = (1.0, 0.9)  # of any text, at least: pixels across, and of the height of a line
MANY, CHUNK = 300, 256  # labels from which it pays to look first whether one can be placed; how many are looked at once
BRIEF = 15  # letters of a holder's name that is brief as it is
STEP = 4.0  # pixels between the points by which a line is avoided


def around(away: float) -> tuple[Spot, ...]:
    """Return the spots around a symbol that reaches so many points from its middle."""
    grow = away - AROUND[0].dx
    return tuple(Spot(s.dx + grow * np.sign(s.dx), s.dy + grow * np.sign(s.dy), s.ha, s.va) for s in AROUND)


def rings(*radii: float) -> tuple[Spot, ...]:
    """Return spots around a mark at growing distances, for labels that must find a place."""
    return AROUND + tuple(
        Spot(round(r * dx, 1), round(r * dy, 1), "left" if dx > 0 else "right" if dx < 0 else "center", "center")
        for r in radii
        for dx, dy in ((0.5, 0.9), (0.5, -0.9), (-0.5, 0.9), (-0.5, -0.9), (1, 0.4), (1, -0.4), (-1, 0.4), (-1, -0.4))
    )


class Labels(Artist):
    """Labels of one axes, placed one after the other: the first ones have the choice.

    No label covers another, a mark in `marks` or an artist in `keep_clear`; among the free spots the one that hides
    least of the `lines` is taken. An optional label without a free spot is not drawn.
    """

    def __init__(self, ax: Axes, *, inside: bool = True) -> None:
        super().__init__()
        self.items: list[tuple[Annotation, Sequence[Spot], bool]] = []
        self.keep_clear: list[Artist] = []
        self.marks: list[tuple[float, ...]] = []  # x0, y0, x1, y1 in data units; reach left, down, right, up in points
        self.lines: list[Line2D] = []
        self.named_by: dict[Annotation, Artist] = {}  # what is drawn only if its label has found a place
        self.inside = inside
        self.set_in_layout(False)
        self.set_zorder(-1)  # before the texts it places
        ax.add_artist(self)

    def add(self, text: Annotation, spots: Sequence[Spot] = AROUND, *, required: bool = False) -> None:
        """Add a label, after those already there in priority."""
        text.set_in_layout(not self.inside)
        self.items.append((text, spots, required))

    def first(self, names: Collection[str], *, away: float) -> None:
        """Let some labels choose first, at so many points from their anchors, which a symbol covers."""
        mine = [(text, around(away), required) for text, _, required in self.items if text.get_text() in names]
        self.items = mine + [item for item in self.items if item[0].get_text() not in names]

    def draw(self, renderer: RendererBase) -> None:
        """Place the labels; the axes draw them afterwards."""
        if self.axes is None or not self.items:
            return
        frame = self.axes.get_window_extent(renderer)
        limits = np.array(frame.extents) if self.inside else None
        taken = [self._marks(renderer), *(np.array([a.get_window_extent(renderer).extents]) for a in self.keep_clear)]
        boxes, lines = _Taken(np.vstack(taken)), self._lines()
        hopeless = self._hopeless(renderer, boxes) if len(self.items) > MANY else frozenset()
        for number, (text, spots, required) in enumerate(self.items):
            placed = None
            if number not in hopeless:
                placed = _place(text, spots, renderer, boxes=boxes, lines=lines, limits=limits, required=required)
            text.set_visible(placed is not None)
            if text in self.named_by:
                self.named_by[text].set_visible(placed is not None)
            if placed is not None:
                boxes.add(placed + _pixels(renderer) * AIR)

    def _hopeless(self, renderer: RendererBase, boxes: _Taken) -> frozenset[int]:
        """Return the optional labels that cannot be placed whatever they say, without measuring them one by one.

        The least that a text fills, the height of a line beside its mark, is covered in each of its spots.
        """
        if self.axes is None:
            return frozenset()
        asked = [
            number
            for number, (text, _, required) in enumerate(self.items)
            if not required and text.xycoords == "data" and text.get_text().strip()
        ]
        unit, found = _pixels(renderer), set[int]()
        heights: dict[object, float] = {}
        for start in range(0, len(asked), CHUNK):
            chunk = asked[start : start + CHUNK]
            anchors = self._anchors([self.items[number][0] for number in chunk])
            least = []
            for number, anchor in zip(chunk, anchors, strict=True):
                text, spots, _ = self.items[number]
                if text.get_fontsize() not in heights:
                    font = text.get_fontproperties()
                    heights[text.get_fontsize()] = renderer.get_text_width_height_descent("lp", font, ismath=False)[1]
                size = np.array([LETTER[0], LETTER[1] * heights[text.get_fontsize()]])
                least.append(_boxes_at(anchor, size, spots, unit))
            owner = np.repeat(chunk, [len(spots) for spots in least])
            free = ~boxes.covered(np.vstack(least))
            found |= set(chunk) - set(owner[free].tolist())
        return frozenset(found)

    def _anchors(self, texts: Sequence[Annotation]) -> NDArray[np.float64]:
        """Return the pixels of the points that texts belong to."""
        axes: Any = self.axes
        xy = [(axes.convert_xunits(x), axes.convert_yunits(y)) for x, y in (text.xy for text in texts)]
        return np.asarray(axes.transData.transform(xy), dtype=np.float64)

    def _marks(self, renderer: RendererBase) -> Boxes:
        if not self.marks or self.axes is None:
            return np.empty((0, 4))
        marks = np.array(self.marks)
        corners = np.hstack([self.axes.transData.transform(marks[:, i : i + 2]) for i in (0, 2)])
        return np.asarray(corners + _pixels(renderer) * marks[:, 4:] * np.array([-1, -1, 1, 1]))

    def _lines(self) -> Boxes:
        points = [_along(line.get_transform().transform(_vertices(line))) for line in self.lines]
        return np.vstack([np.empty((0, 2)), *points])


class _Taken:
    """What labels must not cover: boxes that stand, found by where they are, and the labels placed since."""

    def __init__(self, standing: Boxes) -> None:
        self._standing = standing[np.isfinite(standing).all(axis=1)]  # what is not drawn has no box
        self._tree = shapely.STRtree(np.asarray(shapely.box(*self._standing.T)))
        self._labels = np.empty((0, 4))

    def add(self, box: NDArray[np.float64]) -> None:
        """Add the box of a label."""
        self._labels = np.vstack([self._labels, box])

    def near(self, boxes: Boxes) -> Boxes:
        """Return what some boxes can meet: a few of those that stand, and all labels."""
        hull = shapely.box(*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
        return np.vstack([self._standing[np.sort(self._tree.query(hull))], self._labels])

    def covered(self, boxes: Boxes) -> NDArray[np.bool_]:
        """Return which boxes are covered, at least in part, by one that stands."""
        one, other = self._tree.query(shapely.box(*boxes.T))
        low = np.maximum(boxes[one, :2], self._standing[other, :2])
        high = np.minimum(boxes[one, 2:], self._standing[other, 2:])
        met = np.zeros(len(boxes), dtype=bool)
        met[one[(high > low).all(axis=1)]] = True
        return met


class EndLabels(Artist):
    """Labels to the right of the axes, one per line that ends there: in the order of the ends, never overlapping."""

    def __init__(self, ax: Axes, texts: Iterable[Annotation]) -> None:
        super().__init__()
        self.texts = list(texts)
        self.set_in_layout(False)
        self.set_zorder(-1)
        ax.add_artist(self)

    def draw(self, renderer: RendererBase) -> None:
        """Spread the labels upwards and downwards from the ends of their lines."""
        if self.axes is None or not self.texts:
            return
        unit = _pixels(renderer)
        ends = np.array([self.axes.transData.transform((0, text.xy[1]))[1] for text in self.texts])
        heights = [Text.get_window_extent(text, renderer).height for text in self.texts]
        frame = self.axes.get_window_extent(renderer)
        centres = spread(ends, max(heights) + unit, frame.y0, frame.y1)
        for text, end, centre in zip(self.texts, ends, centres, strict=True):
            text.set_position((text.get_position()[0], (centre - end) / unit))


def spread(targets: NDArray[np.float64], gap: float, low: float, high: float) -> NDArray[np.float64]:
    """Return positions at least `gap` apart, in the order of the targets and near them, inside [low, high] if they fit.

    Each pass moves neighbours that are too close apart by half of what is missing; what is left is pushed up.
    """
    order = np.argsort(targets, kind="stable")
    places, steps = targets[order].astype(float), gap * np.arange(len(targets))
    for _ in range(2 * len(places)):
        missing = gap - np.diff(places)
        if (missing <= 1e-6).all():  # noqa: PLR2004 - pixels
            break
        push = np.maximum(missing, 0) / 2
        places[:-1] -= push
        places[1:] += push
    starts = np.maximum.accumulate(places - steps)  # ascending starts are positions a gap apart
    places = np.clip(starts, low, max(low, high - steps[-1])) + steps
    out: NDArray[np.float64] = np.empty_like(places)
    out[order] = places
    return out


def _place(
    text: Annotation,
    spots: Sequence[Spot],
    renderer: RendererBase,
    *,
    boxes: _Taken,
    lines: Boxes,
    limits: NDArray[np.float64] | None,
    required: bool,
) -> NDArray[np.float64] | None:
    """Move one label to its best spot and return its box, or None if it may be left out and has no free spot."""
    unit = _pixels(renderer)
    text.set(position=(0, 0), ha="left", va="bottom")
    text.update_positions(renderer)
    extent = Text.get_window_extent(text, renderer)  # its lower left corner is the anchor now
    anchor, size = np.array(extent.min, dtype=float), np.array([extent.width, extent.height])
    placed = _boxes_at(anchor, size, spots, unit)
    taken = boxes.near(np.vstack([placed, [*anchor, *anchor]]))
    costs = []
    for rank, (spot, box) in enumerate(zip(spots, placed, strict=True)):
        covered = _overlap(box, taken) + (0.0 if limits is None else _beyond(box, limits) * extent.height)
        hits = _hits(lines, box[np.newaxis])
        if text.arrow_patch is not None and _is_far(spot):
            hits += _hits(_leader(anchor, box), taken)
        costs.append((covered, hits, rank, spot, box))
    covered, _, _, spot, box = min(costs, key=lambda cost: cost[:3])
    if covered > 0 and not required:
        return None
    text.set(position=(spot.dx, spot.dy), ha=spot.ha, va=spot.va)
    if text.arrow_patch is not None:
        text.arrow_patch.set_visible(_is_far(spot))
    return np.asarray(box)


def _boxes_at(anchor: NDArray[np.float64], size: NDArray[np.float64], spots: Sequence[Spot], unit: float) -> Boxes:
    """Return the box of a text of some size in each of its spots."""
    shift = np.array([(spot.dx, spot.dy) for spot in spots])
    share = np.array([(SHARE_X[spot.ha], SHARE_Y[spot.va]) for spot in spots])
    corner = anchor + shift * unit - share * size
    return np.hstack([corner, corner + size])


def _pixels(renderer: RendererBase) -> float:
    """Return the pixels in a point."""
    return float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]


def _is_far(spot: Spot) -> bool:
    return float(np.hypot(spot.dx, spot.dy)) > LEADER_FROM


def _leader(anchor: NDArray[np.float64], box: NDArray[np.float64]) -> Boxes:
    """Return points of the line from a mark to its label, without its ends."""
    centre = (box[:2] + box[2:]) / 2
    points = np.linspace(anchor, centre, 40)[4:]
    return points[((points < box[:2]) | (points > box[2:])).any(axis=1)]


def _hits(points: Boxes, boxes: Boxes) -> int:
    """Return how many points lie in boxes."""
    inside = (points[:, np.newaxis] > boxes[:, :2]) & (points[:, np.newaxis] < boxes[:, 2:])
    return int(inside.all(axis=2).sum())


def _overlap(box: NDArray[np.float64], boxes: Boxes) -> float:
    """Return the area of a box, in square pixels, that others cover."""
    width = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    height = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
    return float((np.maximum(width, 0) * np.maximum(height, 0)).sum())


def _beyond(box: NDArray[np.float64], limits: NDArray[np.float64]) -> float:
    """Return by how many pixels a box leaves the limits."""
    return float(np.maximum(limits[:2] - box[:2], 0).sum() + np.maximum(box[2:] - limits[2:], 0).sum())


def _vertices(line: Line2D) -> NDArray[np.float64]:
    """Return the corners of a line as it is drawn, steps included."""
    return np.asarray(line.get_path().cleaned(curves=False).vertices)[:-1]


def _along(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points along a line of pixels, close enough together that no label slips between them."""
    if len(corners) < 2:  # noqa: PLR2004 - a line has two ends
        return corners
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    position = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.arange(0.0, position[-1], STEP)
    return np.column_stack([np.interp(at, position, corners[:, i]) for i in (0, 1)])


def briefly(actor_id: str, tables: Tables) -> str:
    """Return a holder in as few letters as can be: a state by its country, a long name by its initials."""
    row = tables.actors.set_index("actor_id").loc[actor_id]
    country = tables.country_name(row["country"]) if isinstance(row["country"], str) else ""
    if row["kind"] == "state" and country not in ("", row["country"]):  # a country without a border has no name here
        return country
    aliases = str(row["aliases"]).split(";") if isinstance(row["aliases"], str) else []
    initials = (alias for alias in aliases if alias.isupper() and len(alias) > 2)  # noqa: PLR2004 - IS is a word
    return str(row["name"]) if len(row["name"]) <= BRIEF else next(initials, str(row["name"]))
