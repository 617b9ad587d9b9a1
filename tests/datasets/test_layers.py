"""The layers that ship, and those of a folder of one's own."""

from __future__ import annotations

import inspect
import json
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely import box

import conflictkit as ck
from conflictkit.datasets import layers
from conflictkit.errors import TableError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def sheet_columns(doc: str) -> list[tuple[str, str]]:
    """Return (name, dtype) of each line of the sheet's block of columns."""
    block = doc.split("**Columns** (name, dtype, meaning or unit)::\n\n")[1].split("\n\n", maxsplit=1)[0]
    return [(line.split()[0], line.split()[1]) for line in block.splitlines()]


def doc_of(loader: Callable[..., object]) -> str:
    """Return the cleaned docstring."""
    return inspect.getdoc(loader) or ""


@pytest.mark.parametrize(
    ("frames", "loader"),
    [((ck.load_borders(level=0), ck.load_borders(level=1)), ck.load_borders), ((ck.load_basemap(),), ck.load_basemap)],
    ids=["borders", "basemap"],
)
def test_data_sheet_of_a_layer_is_true(frames: tuple[gpd.GeoDataFrame, ...], loader: Callable[..., object]) -> None:
    """Rows, columns, dtypes, CRS and kinds of geometry of the sheet are those of the layers."""
    doc = doc_of(loader)
    size = next(line for line in doc.splitlines() if line.startswith("**Rows x columns**"))
    assert re.findall(r"(\d+) x (\d+)", size) == [(str(len(frame)), str(len(frame.columns))) for frame in frames]
    found = dict(pair for frame in frames for pair in ((str(n), str(d)) for n, d in frame.dtypes.items()))
    assert dict(sheet_columns(doc)) == found
    crs, kinds = re.findall(r"geometry +geometry +(EPSG:\d+); (.+)", doc)[0]
    assert all(frame.crs == crs for frame in frames)
    assert set(kinds.split(", ")) == {kind for frame in frames for kind in frame.geom_type}
    assert all(frame.geometry.is_valid.all() for frame in frames)


def test_unknown_level_of_borders() -> None:
    """The error names what is allowed."""
    with pytest.raises(UnknownNameError, match="Allowed: 0"):
        ck.load_borders(level=2)  # type: ignore[arg-type]


def test_a_caller_cannot_change_the_layers() -> None:
    """Borders and base map are copies too."""
    for load in (ck.load_borders, ck.load_basemap):
        first = load()
        expected = first.copy()
        first["name"] = "mine"
        first.geometry = first.geometry.envelope
        assert load().equals(expected)


def test_a_folder_without_layers(tmp_path: Path) -> None:
    """No rows, with the columns and the CRS of the shipped ones."""
    for found, like in (
        (layers.read_borders(tmp_path, 0), ck.load_borders()),
        (layers.read_borders(tmp_path, 1), ck.load_borders(level=1)),
        (layers.read_basemap(tmp_path), ck.load_basemap()),
    ):
        assert found.empty
        assert list(found.columns) == list(like.columns)
        assert found.crs == like.crs


def test_layers_of_ones_own(tmp_path: Path) -> None:
    """In degrees, with the columns of the shipped ones, missing where the file has none."""
    square = gpd.GeoDataFrame({"country": ["XX"], "mine": [1]}, geometry=[box(0, 0, 1, 1)], crs=4326)
    square.to_file(tmp_path / "borders_0.geojson")
    square.assign(name="the long river").to_file(tmp_path / "rivers.geojson")
    borders, basemap = layers.read_borders(tmp_path, 0), layers.read_basemap(tmp_path)
    assert list(borders.columns) == list(ck.load_borders().columns)
    assert borders.country.tolist() == ["XX"]
    assert borders.name_ar.isna().all()
    assert basemap[["kind", "name"]].to_numpy().tolist() == [["river", "the long river"]]
    assert basemap.dtypes.equals(ck.load_basemap().dtypes)


def test_a_layer_that_is_none(tmp_path: Path) -> None:
    """The file is named, and what it should be."""
    (tmp_path / "borders_0.geojson").write_text("country,name", encoding="utf-8")
    with pytest.raises(TableError, match=r"borders_0\.geojson' cannot be read as GeoJSON"):
        layers.read_borders(tmp_path, 0)


def collection(**more: object) -> str:
    """Return a GeoJSON of one square, with what else its file is to hold."""
    square = gpd.GeoDataFrame({"country": ["XX"], "name": ["Xland"]}, geometry=[box(40, 34, 41, 35)], crs=4326)
    return json.dumps({**json.loads(square.to_json(drop_id=True)), **more})


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """Return the address of a server on this machine, and what it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_layer_leads_nowhere_else(tmp_path: Path, asked: tuple[str, list[str]]) -> None:
    """No file beside it is read and nothing is asked, whatever the text of a layer says: GDAL would follow it."""
    address, paths = asked
    secret = tmp_path / "secret.geojson"
    secret.write_text(collection(), encoding="utf-8")
    source = f"<OGRVRTLayer name='x'><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>"
    to_file = f"<OGRVRTDataSource>{source}</OGRVRTDataSource>"
    texts = [
        collection(crs={"type": "link", "properties": {"href": f"{address}/crs", "type": "ogcwkt"}}),
        collection(crs={"type": "url", "properties": {"url": f"{address}/crs"}}),
        collection(crs={"type": "name", "properties": {"name": f"{address}/crs"}}),
        collection(crs={"type": "name", "properties": {"name": "EPSG:3857"}}),
        to_file,
        to_file.replace(str(secret), f"/vsicurl/{address}/x.geojson"),
        json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret} ! filter"}),
        f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
    ]
    for text in texts:
        (tmp_path / "borders_0.geojson").write_text(text, encoding="utf-8")
        with pytest.raises(TableError, match=r"borders_0\.geojson"):
            layers.read_borders(tmp_path, 0)
    assert paths == []


OUTLINES = ("[0, 1]", "[0, 0], [NaN, 1], [1, 1], [0, 0]", "[0, 0], [1e999, 1], [1, 1], [0, 0]", "5", "")
NO_LAYERS = (
    *("", "null", "[]", "5", '{"features": 5}', '{"features": [5]}', '{"features": [{"geometry": 5}]}', "[" * 100_000),
    *(f'{{"features": [{{"geometry": {{"type": "Polygon", "coordinates": [[{one}]]}}}}]}}' for one in OUTLINES),
    *(collection().replace('"XX"', code) for code in ("5e400", "[1]", '""', '"\\ud83d"')),
    *(collection().replace("Polygon", kind) for kind in ("Point", "Sphere")),
    collection()[:200],
)


@pytest.mark.parametrize("text", NO_LAYERS, ids=range(len(NO_LAYERS)))
def test_files_that_are_no_layer(tmp_path: Path, text: str) -> None:
    """An error of the kit that names the file, for whatever stands in it."""
    (tmp_path / "borders_0.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"borders_0\.geojson") as refused:
        layers.read_borders(tmp_path, 0)
    assert len(str(refused.value)) < 500


def test_a_pipe_for_a_layer(tmp_path: Path) -> None:
    """An error, not a wait."""
    os.mkfifo(tmp_path / "lakes.geojson")
    with pytest.raises(TableError, match="is a pipe or a device"):
        layers.read_basemap(tmp_path)
