"""Whatever frame is given for a table: it is taken, or refused in words; nothing else comes out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = ck.Tables.shipped()
LAYERS = ("borders", "governorates", "layers")
TABLES = (
    *("places", "control_changes", "actors", "sides", "sources", "deployments", "fighter_estimates", "area_estimates"),
    *("settlements", "population", "seed_claims", "quantity_words"),
)


def filled(cell: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what puts the same thing into every cell."""

    def fill(frame: pd.DataFrame) -> pd.DataFrame:
        cells = np.empty(len(frame), dtype="object")
        for row in range(len(frame)):
            cells[row] = cell
        return pd.DataFrame({name: pd.Series(cells, index=frame.index, dtype="object") for name in frame.columns})

    return fill


CELLS = (
    *(np.nan, pd.NA, None, "", [1], np.array([1, 2]), {}, "\ud83d", 10**400, b"x", 1j, object, "x"),
    *(pd.Timestamp("2017-11-03 12:00", tz="UTC"), pd.Timedelta(days=1)),
)
FRAMES: dict[str, Callable[[pd.DataFrame], object]] = {
    "number": lambda _: 5,
    "text": lambda _: "places.csv",
    "list": lambda frame: [frame],
    "column": lambda frame: frame.iloc[:, 0],
    "nothing": lambda _: pd.DataFrame(),
    "no rows": lambda frame: frame.head(0),
    "one row": lambda frame: frame.head(1),
    "last row": lambda frame: frame.tail(1),
    "twice": lambda frame: pd.concat([frame, frame]),
    "objects": lambda frame: frame.astype("object"),
    "categories": lambda frame: frame.astype("category"),
    "turned": lambda frame: frame.T,
    "numbered columns": lambda frame: frame.set_axis(range(frame.shape[1]), axis=1),
    "levels": lambda frame: frame.set_axis(pd.MultiIndex.from_product([frame.columns, ["x"]]), axis=1),
    "levels of rows": lambda frame: pd.concat({"a": frame}, names=[frame.columns[0], "b"]),
    "column twice": lambda frame: pd.concat([frame, frame.iloc[:, :1]], axis=1),
    "own column twice": lambda frame: pd.concat(
        [frame, pd.DataFrame(1, index=frame.index, columns=["x", "x"])], axis=1
    ),
    "key for index": lambda frame: frame.set_index(frame.columns[0]),
    "key for index too": lambda frame: frame.set_index(frame.columns[0], drop=False),
    **{f"all {cell!r}": filled(cell) for cell in CELLS},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_frames_for_tables(name: str) -> None:
    """The tables that come out are whole; what cannot be taken is a TableError, never another."""
    frame = getattr(SHIPPED, name)
    for what, bent in FRAMES.items():
        with suppress(ck.TableError):
            mine = SHIPPED.replace(**{name: bent(frame)})  # type: ignore[arg-type]
            found = getattr(mine, name)
            assert found.dtypes.head(len(frame.columns)).equals(frame.dtypes), what
            assert not found.index.name, what


SHAPES = {
    "point": shapely.Point(41, 34),
    "line": shapely.LineString([(41, 34), (42, 35)]),
    "missing": None,
    "empty": shapely.Polygon(),
    "endless": shapely.box(41, 34, np.inf, 35),
    "no number": shapely.Point(np.nan, 34),
    "beyond the pole": shapely.box(41, 80, 42, 95),
    "collection": shapely.GeometryCollection([shapely.box(40, 34, 41, 35)]),
}


def everywhere(shape: object, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer with one shape in every row."""
    return frame.set_geometry(gpd.GeoSeries([shape] * len(frame), index=frame.index, crs=4326))


@pytest.mark.parametrize("name", ["borders", "governorates"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_shapes_for_borders(name: str, shape: object) -> None:
    """Borders are land on the earth: all else is refused, row by row."""
    with pytest.raises(ck.TableError, match=rf"^{name}: \d+ problems\.\n  row 2, geometry") as refused:
        SHIPPED.replace(**{name: everywhere(shape, getattr(SHIPPED, name))})
    assert refused.value.problems is not None
    assert len(refused.value.problems) == len(getattr(SHIPPED, name))


def test_shapes_for_the_background() -> None:
    """Rivers are lines: only what cannot be drawn is refused."""
    for what in ("missing", "empty", "endless", "no number", "beyond the pole"):
        with pytest.raises(ck.TableError, match="row 2, geometry"):
            SHIPPED.replace(layers=everywhere(SHAPES[what], SHIPPED.layers))
    for what in ("point", "line", "collection"):
        assert len(SHIPPED.replace(layers=everywhere(SHAPES[what], SHIPPED.layers)).layers) == len(SHIPPED.layers)


@pytest.mark.parametrize("name", LAYERS)
def test_frames_for_layers(name: str) -> None:
    """As for tables; a frame without a CRS or with one that is not on the earth is told too."""
    frame = getattr(SHIPPED, name)
    plain = pd.DataFrame(frame.drop(columns="geometry"))
    bent = {
        **{what: bend(plain) for what, bend in FRAMES.items()},
        "no CRS": frame.set_crs(None, allow_override=True),
        "local": frame.set_crs('LOCAL_CS["mine",UNIT["metre",1]]', allow_override=True),
        "no shape": gpd.GeoDataFrame(plain),
    }
    for what, mine in bent.items():
        with pytest.raises(ck.TableError) as refused:
            SHIPPED.replace(**{name: mine})
        assert len(str(refused.value)) < 4000, what
    with pytest.raises(ck.TableError, match="row 2, kind: 'road' is not allowed: use one of neighbour, lake, river"):
        SHIPPED.replace(layers=SHIPPED.layers.assign(kind="road"))
    with pytest.raises(ck.TableError, match="row 2, country: empty, but a value is required"):
        SHIPPED.replace(borders=SHIPPED.borders.assign(country=None))
    assert SHIPPED.replace(**{name: frame.rename_geometry("land")}).borders.geometry.name == "geometry"


@pytest.mark.parametrize(
    "covers",
    [5, "2017", ("2017-01-01",), ("2018-01-01", "2017-01-01"), (None, None), ("x", "y"), ("2017-01-01", "2500-01-01")],
    ids=repr,
)
def test_days_for_what_is_covered(covers: object) -> None:
    """Two days in order, or an error with what was given."""
    with pytest.raises(ck.DateError):
        SHIPPED.replace(covers=covers)  # type: ignore[arg-type]


@pytest.mark.parametrize("actor", [5, "", [], ["isis"], np.array(["isis"])], ids=repr)
def test_names_for_the_story(actor: object) -> None:
    """One of the actors."""
    with pytest.raises(ck.UnknownNameError, match="Unknown story_actor"):
        SHIPPED.replace(story_actor=actor)  # type: ignore[arg-type]
