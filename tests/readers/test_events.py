"""Events of each layout, with its quirks, in files written here; the real files where they are beside the project."""

from __future__ import annotations

import csv
import gzip
import json
import os
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.files import data_folder
from conflictkit.readers import _gdelt, _ucdp
from conflictkit.readers._layout import COLUMNS

FORMATS = Path(__file__).parents[3] / "shared" / "formats"
if not FORMATS.exists():
    FORMATS = Path(__file__).parents[4] / "shared" / "formats"  # a worktree lies one folder deeper
REAL = ("UCDP GED", "GDELT 1.0 events", "GDELT 2.0 events", "Dutch")

GED = (
    *("id", "type_of_violence", "conflict_name", "side_a_new_id", "side_a", "side_b_new_id", "side_b"),
    *("number_of_sources", "source_office", "source_headline", "where_prec", "where_coordinates", "adm_1", "adm_2"),
    *("latitude", "longitude", "country", "date_prec", "date_start", "date_end", "low", "best", "high"),
)


def ged(**cells: object) -> dict[str, object]:
    """Return a row of UCDP GED."""
    row = {
        "id": 1, "type_of_violence": 1, "conflict_name": "Syria: Government", "side_a_new_id": 118,
        "side_a": "Government of Syria", "side_b_new_id": 234, "side_b": "IS", "number_of_sources": -1,
        "source_office": "SOHR", "source_headline": "a\nb\tc", "where_prec": 1, "where_coordinates": "Raqqa town",
        "adm_1": "Raqqa", "adm_2": "Raqqa", "latitude": 35.95, "longitude": 39.01, "country": "Syria", "date_prec": 1,
        "date_start": "2017-06-06", "date_end": "2017-06-06", "low": 2, "best": 3, "high": 5,
    }  # fmt: skip
    return row | cells


def written(path: Path, rows: list[dict[str, object]], *, columns: tuple[str, ...] = GED) -> Path:
    """Write rows under their header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def real_files() -> list[dict[str, str]]:
    """Return the rows of the counts of files beside the project."""
    counts = FORMATS / "counts.csv"
    if not counts.exists():
        return []
    rows = csv.DictReader(counts.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row["layout"].startswith(REAL)]


@pytest.mark.skipif(not FORMATS.exists(), reason="the real files are not beside the project")
@pytest.mark.parametrize("row", real_files(), ids=lambda row: row["file"])
def test_real_files_lose_nothing(row: dict[str, str]) -> None:
    """Rows of the file = events + rejected, with the dead of the file, in the table of events."""
    events = ck.read_events(FORMATS / row["file"])
    assert len(events) == int(row["events"])
    assert len(events) + len(events.attrs["rejected"]) == int(row["rows_csv"])
    assert tuple(events.columns) == COLUMNS
    for bound in ("best", "low", "high"):
        if row[f"sum_{bound}"]:
            assert events[bound].sum() == int(row[f"sum_{bound}"])


@pytest.mark.skipif(not FORMATS.exists(), reason="the real files are not beside the project")
def test_real_oddities_are_flagged() -> None:
    """The Syria release has as many of each as were counted without this reader."""
    events = ck.read_events(FORMATS / "ucdp" / "ged_syria_2016_2019.csv")
    counts = events["flags"].dropna().str.split(";").explode().value_counts()
    told = ["repeat", "spans_months", "best_above_high", "best_below_low", "composite_actor"]
    assert counts[told].tolist() == [1409, 143, 71, 30, 833]
    strikes = ck.read_events(FORMATS / "strikes" / "oir_nl_airstrikes.csv")
    assert strikes["flags"].eq("repeat").sum() == 789
    assert strikes["event_date"].agg(["min", "max"]).astype(str).tolist() == ["2014-10-07", "2018-12-31"]


def test_ucdp_is_read_by_name(tmp_path: Path) -> None:
    """Order of the columns and newlines in cells change nothing; the version comes from the name of the file."""
    path = written(tmp_path / "ged191_mine.csv", [ged()], columns=tuple(reversed(GED)))
    events = ck.read_events(path)
    assert events.iloc[0][["event_id", "actor1", "actor2", "date_prec", "where_prec"]].tolist() == [
        *("1", "Government of Syria", "IS", "day", "exact")
    ]
    assert events.iloc[0][["low", "best", "high", "latitude"]].tolist() == [2, 3, 5, 35.95]
    assert events["event_date"].dtype == "datetime64[us]"
    assert {key: events.attrs[key] for key in ("layout", "version", "encoding", "rejected")} == {
        "layout": "ucdp", "version": "19.1", "encoding": "utf-8", "rejected": []
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "flag"),
    [
        ({"best": 9}, "best_above_high"),
        ({"best": 1}, "best_below_low"),
        ({"date_end": "2017-07-01", "date_prec": 4}, "month_as_date;spans_months"),
        ({"date_start": "06/06/2017", "date_end": ""}, "undated"),
        ({"date_end": "2017-06-01"}, "ends_before_start"),
        ({"latitude": ""}, "unplaced"),
        ({"longitude": 999}, "unplaced"),
        ({"side_a": "HTS, Southern Front"}, "composite_actor"),
    ],
)
def test_odd_events_are_flagged_and_kept(tmp_path: Path, cells: dict[str, object], flag: str) -> None:
    """Nothing is dropped and nothing mended."""
    events = ck.read_events(written(tmp_path / "a.csv", [ged(**cells)]))
    assert events["flags"].tolist() == [flag]
    if "best" in cells:
        assert events["best"].tolist() == [cells["best"]]


def test_repeats_are_separate_events(tmp_path: Path) -> None:
    """Place, day and actors again under another id; an id again; more than a hundred on one point."""
    rows = [ged(), ged(id=2), ged(id=1, date_start="2017-06-07", date_end="2017-06-07"), ged(id=4, side_b="SDF")]
    events = ck.read_events(written(tmp_path / "a.csv", rows))
    assert events["flags"].fillna("").tolist() == ["", "repeat", "repeat_id", ""]
    crowd = [ged(id=n, side_b=f"band {n}") for n in range(101)]
    assert ck.read_events(written(tmp_path / "b.csv", crowd))["flags"].eq("crowded_point").all()


def test_what_is_no_event_is_set_aside_with_its_line(tmp_path: Path) -> None:
    """HXL tags, a header in the middle, a blank row, a record of too many cells; lines count newlines in cells."""
    path = written(tmp_path / "a.csv", [ged(id=1)])
    header, *rest = path.read_bytes().decode().split("\r\n")
    body = "\r\n".join(rest)
    tags = ",".join(["", "#a", *[""] * (len(GED) - 2)])
    blank = "," * (len(GED) - 1)
    path.write_text("\r\n".join([header, tags, body + header, body.rstrip() + ",9,9", blank, body]), encoding="utf-8")
    with pytest.warns(UserWarning, match="2 set aside"):
        events = ck.read_events(path)
    assert len(events) == 2
    aside = [(entry["line"], entry["reason"]) for entry in events.attrs["rejected"]]
    assert aside == [
        (2, "HXL tags, not an event"),
        (5, "the header again"),
        (6, f"more cells than the {len(GED)} of the header"),
        (8, "blank: no cell says anything"),
    ]


def test_candidate_files_without_header(tmp_path: Path) -> None:
    """Told by the number of cells and the point among them."""
    cells = ged(geom_wkt="POINT (39.01 35.95)")
    path = tmp_path / "GEDEvent_v23_0_5.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([cells.get(name, "") for name in _ucdp.CANDIDATE])
    events = ck.read_events(path)
    assert events[["event_id", "actor2", "best"]].to_numpy().tolist() == [["1", "IS", 3.0]]
    assert events.attrs["how"].startswith("no header; 49 cells")


def test_later_versions_come_with_a_notice(tmp_path: Path) -> None:
    """Read by name, and said."""
    with pytest.warns(UserWarning, match=r"UCDP GED 27\.1 is newer than 26\.1"):
        assert len(ck.read_events(written(tmp_path / "ged271.csv", [ged()]))) == 1


OLD = (
    "GWNO,EVENT_ID_CNTY,EVENT_ID_NO_CNTY,EVENT_DATE,YEAR,TIME_PRECISION,EVENT_TYPE,ACTOR1,ALLY_ACTOR_1,ACTOR2,COUNTRY,"
)
OLD += "ADMIN1,LOCATION,LATITUDE,LONGITUDE,GEO_PRECISION,SOURCE,NOTES,FATALITIES,,,,,,,"


def test_acled_of_2016(tmp_path: Path) -> None:
    """Capitals, cp1252, CRLF with bare LF in cells, day first, unnamed columns, a no-break space before a number."""
    row = (
        '625,1NIG,9,03/11/2016,2016,2,"Battle","Boko\nHaram",Allies,Police,Nigeria,Borno,Maïduguri,11.8,\xa013.1,1,'
        "Le Monde,“note”,7,,,,,,,"
    )
    path = tmp_path / "acled.csv"
    path.write_bytes(f"{OLD}\r\n{row}\r\n".encode("cp1252"))
    events = ck.read_events(path)
    row_read = events.iloc[0]
    assert row_read[["event_id", "event_type", "actor1", "location", "date_prec"]].tolist() == [
        *("1NIG", "Battle", "Boko\nHaram", "Maïduguri", "week")
    ]
    assert (str(row_read["event_date"].date()), row_read["longitude"], row_read["best"]) == ("2016-11-03", 13.1, 7.0)
    assert row_read["flags"] == "composite_actor"
    assert events.attrs["encoding"] == "cp1252"
    assert events.attrs["version"] == "2016, names in capitals"


@pytest.mark.parametrize(
    ("inter", "version"), [("1", "API, inter as numbers"), ("State forces", "2024 or later, inter as text")]
)
def test_acled_of_the_api(tmp_path: Path, inter: str, version: str) -> None:
    """One figure of deaths is its own low and high; months in words or ISO; the rest is kept on request."""
    header = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,inter1,actor2,country,latitude,"
    header += "longitude,geo_precision,fatalities,tags,timestamp\n"
    line = f"SYR1,05 March 2019,1,Battles,Non-state actor overtakes territory,SDF,{inter},IS,Syria,"
    line += "34.45,40.93,2,4,a; b,1\n"
    path = tmp_path / "acled.csv"
    path.write_text(header + line, encoding="utf-8")
    events = ck.read_events(path, keep=["tags", "event_type"])
    assert events[["low", "best", "high"]].to_numpy().tolist() == [[4.0, 4.0, 4.0]]
    assert events.iloc[0][["where_prec", "tags", "event_type (file)"]].tolist() == ["near", "a; b", "Battles"]
    assert events.attrs["version"] == version
    assert "timestamp" in ck.read_events(path, keep="all").columns


def test_counts_are_refused_as_events(tmp_path: Path) -> None:
    """HDX aggregates: with what to do instead, in CSV and on the second sheet."""
    path = tmp_path / "counts.csv"
    path.write_text("Country,Admin2 Pcode,Month,Year,Events,Fatalities\nSyria,nan,May,2019,3,4\n", encoding="utf-8-sig")
    with pytest.raises(ck.TableError, match="counts by month, year, not events"):
        ck.read_events(path)


def gdelt(names: tuple[str, ...], **cells: str) -> str:
    """Return a row of GDELT."""
    row = {
        "globaleventid": "1", "sqldate": "20171103", "actor1name": "SYRIA", "eventcode": "0190", "eventrootcode": "01",
        "actiongeo_type": "4", "actiongeo_fullname": 'Al "Qaim, Al Anbar, Iraq', "actiongeo_countrycode": "IZ",
        "actiongeo_lat": "34.37", "actiongeo_long": "41.09", "sourceurl": "http://example.org/a",
    }  # fmt: skip
    return "\t".join((row | cells).get(name, "") for name in names)


@pytest.mark.parametrize("count", [58, 61])
def test_gdelt_keeps_zeros_and_quotes(tmp_path: Path, count: int) -> None:
    """Codes are text, a lone quote is a letter, the country is the name: IS would be Israel; no place is no place."""
    version, names = _gdelt.NAMES[count]
    path = tmp_path / "20171103.export.CSV"
    path.write_text(f"{gdelt(names)}\n{gdelt(names, globaleventid='2', actiongeo_lat='')}\n", encoding="utf-8")
    events = ck.read_events(path)
    assert len(names) == count
    told = events.iloc[0][["event_type", "sub_event_type", "country", "admin1", "location", "where_prec"]].tolist()
    assert told == ["01", "0190", "Iraq", "Al Anbar", 'Al "Qaim, Al Anbar, Iraq', "near"]
    assert events["flags"].fillna("").tolist() == ["", "unplaced"]
    assert events["event_date"].astype(str).unique().tolist() == ["2017-11-03"]
    assert (events.attrs["version"], events["best"].isna().all()) == (version, True)


def test_gdelt_mentions_are_refused(tmp_path: Path) -> None:
    """They have neither day nor place of an event."""
    path = tmp_path / "a.tsv"
    path.write_text("\t".join(["1"] * 16) + "\n", encoding="utf-8")
    with pytest.raises(ck.TableError, match="mentions of GDELT, not its events"):
        ck.read_events(path)


STRIKES = (
    *("Employment date (UNCLASS)", "Time begin (Z) (UNCLASS)", "Time end (Z) (UNCLASS)", "Position MGRS (UNCLASS)"),
    *("Position LAT (UNCLASS)", "Position LONG (UNCLASS)", "Mission (UNCLASS)", "Town (UNCLASS)"),
    *("Province (UNCLASS)", "Country (UNCLASS)"),
)


def test_dutch_strikes(tmp_path: Path) -> None:
    """Decimal commas, short dates in both cases, ND, blanks at the ends; a row again is another weapon."""
    lines = [
        ";".join(STRIKES),
        "7-Oct-14;06:20;06:35;38SKF 703 698;36,74615732;42,42718297; CAS;ND;Ninawah ;Iraq ",
        "7-Oct-14;06:20;06:35;38SKF 703 698;36,74615732;42,42718297; CAS;ND;Ninawah ;Iraq ",
        "4-jul-15;06:20;06:35;38SKF 703 698;36,74615732;42,42718297;AI;Mosul;Ninewa;Iraq",
    ]
    path = tmp_path / "strikes.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    events = ck.read_events(path)
    assert events["event_date"].astype(str).tolist() == ["2014-10-07", "2014-10-07", "2015-07-04"]
    assert events["event_id"].is_unique
    assert events["flags"].fillna("").tolist() == ["", "repeat", ""]
    assert events.iloc[0][["sub_event_type", "admin1", "country"]].tolist() == ["close air support", "Ninawah", "Iraq"]
    assert events["location"].isna().tolist() == [True, True, False]
    assert events["latitude"].iloc[0] == pytest.approx(36.74615732)


def test_own_columns(tmp_path: Path) -> None:
    """A mapping names columns of the file; a wrong name is refused with the nearest."""
    path = tmp_path / "mine.csv"
    path.write_text("Datum;Breite;Laenge;Tote\n2017-11-03;34,5;41;2\n3 Nov 2017;34.5;41;x\n", encoding="utf-8")
    columns = {"event_date": "Datum", "latitude": "breite", "longitude": "Laenge", "best": "Tote"}
    events = ck.read_events(path, columns=columns)
    assert events["event_date"].astype(str).tolist() == ["2017-11-03"] * 2
    assert events["best"].fillna(-1).tolist() == [2, -1]
    assert events["latitude"].fillna(-1).tolist() == [34.5, 34.5]
    assert events["event_id"].tolist() == ["mine-2", "mine-3"]
    with pytest.raises(ck.TableError, match=r"no column 'Dattum'.*Did you mean 'Datum'"):
        ck.read_events(path, columns={"event_date": "Dattum"})
    with pytest.raises(ck.UnknownNameError, match="'day'"):
        ck.read_events(path, columns={"day": "Datum"})


def test_unknown_layouts_are_refused_with_what_they_begin_with(tmp_path: Path) -> None:
    """And with how to name the columns."""
    path = tmp_path / "mine.csv"
    path.write_text("when,what\n2017-11-03,a\n", encoding="utf-8")
    with pytest.raises(ck.TableError, match=r"It begins with: when, what\. Give columns="):
        ck.read_events(path)
    with pytest.raises(ck.UnknownNameError, match="Did you mean 'ucdp'"):
        ck.read_events(path, layout="ucpd")
    with pytest.raises(ck.UnknownNameError, match="engine"):
        ck.read_events(path, engine="spark")
    with pytest.raises(ck.TableError, match="does not exist"):
        ck.read_events(tmp_path / "nothing.csv")
    (tmp_path / "empty.csv").touch()
    with pytest.raises(ck.TableError, match="empty"):
        ck.read_events(tmp_path / "empty.csv")


def test_what_was_read_is_read_again(tmp_path: Path) -> None:
    """A table of events that was written as CSV is a layout too."""
    events = ck.read_events(written(tmp_path / "a.csv", [ged(), ged(id=2, best=9)]))
    events.to_csv(tmp_path / "b.csv", index=False)
    again = ck.read_events(tmp_path / "b.csv")
    assert again.attrs["layout"] == "own"
    same = [name for name in COLUMNS if name not in ("dataset", "version")]
    pd.testing.assert_frame_equal(again[same], events[same], check_column_type=False)


def test_archives_and_folders(tmp_path: Path) -> None:
    """Each file by its own layout; what is passed over is listed."""
    path = written(tmp_path / "ged191.csv", [ged()])
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "inside.csv")
        archive.writestr("20171103.export.CSV", gdelt(_gdelt.NAMES[58][1]))
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.warns(UserWarning, match="2 set aside"):
        events = ck.read_events(tmp_path)
    assert len(events) == 4
    assert events.attrs["layout"] == "gdelt; ucdp"
    assert [entry["file"] for entry in events.attrs["rejected"]] == ["notes.pdf", "other.csv"]
    assert [file["file"] for file in events.attrs["files"]] == [
        *("a.zip/20171103.export.CSV", "a.zip/inside.csv", "deep/b.csv.gz", "ged191.csv")
    ]


def test_what_is_no_file_is_listed(tmp_path: Path) -> None:
    """Links are not followed, pipes not waited for, a broken zip is set aside; alone it is refused."""
    path = written(tmp_path / "a.csv", [ged()])
    (tmp_path / "b.csv").symlink_to(path)
    os.mkfifo(tmp_path / "c.csv")
    (tmp_path / "d.zip").write_bytes(b"PK")
    with pytest.warns(UserWarning, match="3 set aside"):
        events = ck.read_events(tmp_path)
    assert len(events) == 1
    reasons = [str(entry["reason"]) for entry in events.attrs["rejected"]]
    assert [reason.split(":")[-1].strip()[:9] for reason in reasons] == ["links are", "it is a p", "File is n"]
    with pytest.raises(ck.TableError, match="cannot be read as a zip"):
        ck.read_events(tmp_path / "d.zip")
    with pytest.raises(ck.TableError, match="a pipe, a device or a socket"):
        ck.read_events(tmp_path / "c.csv")


def test_geojson(tmp_path: Path) -> None:
    """The point of a feature is its latitude and longitude."""
    features = [
        {"type": "Feature", "properties": ged() | {"latitude": None}, "geometry": None},
        {"type": "Feature", "properties": {"id": 2}, "geometry": {"type": "Point", "coordinates": [39, 35]}},
    ]
    for feature in features:
        for name in ("latitude", "longitude"):
            feature["properties"].pop(name, None)
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    events = ck.read_events(path)
    assert events["latitude"].fillna(-1).tolist() == [-1, 35]
    assert events["event_id"].tolist() == ["1", "2"]
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(ck.TableError, match="a collection of features is expected"):
        ck.read_events(path)


def test_sheets(tmp_path: Path) -> None:
    """The licence on the first sheet is passed over; a sheet by name or number."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Terms of use"])
    sheet = book.create_sheet("Data")
    sheet.append(list(GED))
    sheet.append([pd.Timestamp("2017-06-06") if name.startswith("date_s") else ged()[name] for name in GED])
    path = tmp_path / "a.xlsx"
    book.save(path)
    for which in (None, "Data", 1):
        events = ck.read_events(path, sheet=which)
        assert events[["event_id", "best"]].to_numpy().tolist() == [["1", 3.0]]
        assert events["event_date"].astype(str).tolist() == ["2017-06-06"]
    with pytest.raises(ck.TableError, match="no sheet 'data'; sheets: Sheet, Data"):
        ck.read_events(path, sheet="data")


def test_blocks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file read in blocks of two rows is the same table."""
    path = written(tmp_path / "a.csv", [ged(id=n, best=n % 7, side_b=f"{n % 3}") for n in range(9)])
    whole = ck.read_events(path)
    monkeypatch.setattr("conflictkit.readers._records.BLOCK", 2)
    pd.testing.assert_frame_equal(ck.read_events(path), whole)


def test_numbers_are_the_same_beside_words(tmp_path: Path) -> None:
    """One cell that is no number, far down, changes no other, without a warning: a column is parsed in parts."""
    rows = 70_000  # of so few columns pandas parses 65,536 rows at once
    lines = [f"{n},1,a,b,2017-11-03,2017-11-03,{n % 7},1,{30 + n / 9973:.6f}" for n in range(rows)]
    header = "id,type_of_violence,side_a,side_b,date_start,date_end,best,where_prec,latitude"
    path = tmp_path / "ged231.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    whole = ck.read_events(path)
    lines[-1] = lines[-1].rpartition(",")[0] + ",north"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        events = ck.read_events(path)
    assert np.isnan(events["latitude"].iloc[-1])
    pd.testing.assert_frame_equal(events[:-1], whole[:-1], check_exact=True)


def test_actors_are_those_of_the_table(tmp_path: Path) -> None:
    """UCDP's ids name one actor, one that others share, or nobody; without a table nobody is looked up."""
    rows = [
        ged(id=1), ged(id=2, side_a_new_id=6288, side_a="SDF"), ged(id=3, side_a_new_id="4163.0", side_a="PYD"),
        ged(id=4, side_a_new_id=7128, side_a="NFL", side_b_new_id="", side_b=""),
    ]  # fmt: skip
    path = written(tmp_path / "ged.csv", rows)
    events = ck.read_events(path, actors=ck.load_actors())
    assert events["actor1_id"].fillna("-").tolist() == ["syria_gov", "sdf", "-", "-"]
    assert events["actor2_id"].tolist()[:3] == ["isis"] * 3
    assert events.attrs["actors"] == {
        "actor1": {"matched": 2, "ambiguous": 1, "unmatched": 1, "unnamed": 0},
        "actor2": {"matched": 3, "ambiguous": 0, "unmatched": 0, "unnamed": 1},
        "without_id": {"NFL": 1, "PYD": 1},
    }
    ck.validate(events, "events")
    plain = ck.read_events(path)
    assert plain[["actor1_id", "actor2_id"]].isna().all(axis=None)
    assert "actors" not in plain.attrs


def test_actors_by_name(tmp_path: Path) -> None:
    """Names of ACLED with their years, names, aliases and ids; other years, or two actors, are nobody for sure."""
    names = {
        "Military Forces of Syria (2000-2024)": "syria_gov", "military forces of  syria (2000-)": "syria_gov",
        "Military Forces of Syria (2024-)": None,
        "Military Forces of Iraq (2014-2022) Popular Mobilization Forces": None,
        "Daesh": "isis", "Islamic State": "isis", "sdf": "sdf", "Turkish-backed Free Syrian Army": "turkey_rebels",
        "Nobody": None, "contested": None,
    }  # fmt: skip
    path = tmp_path / "own.csv"
    lines = ["event_date,latitude,longitude,actor1,actor2_id", *(f"2017-11-03,34,40,{name},sdf" for name in names)]
    path.write_text("\n".join(lines), encoding="utf-8")
    events = ck.read_events(path, actors=ck.load_actors())
    assert events["actor1_id"].fillna("-").tolist() == [actor or "-" for actor in names.values()]
    assert events.attrs["actors"]["actor1"] == {"matched": 6, "ambiguous": 2, "unmatched": 2, "unnamed": 0}
    assert events["actor2_id"].unique().tolist() == ["sdf"]
    assert ck.read_events(path)["actor2_id"].unique().tolist() == ["sdf"]


def test_two_actors_of_one_name_are_nobody(tmp_path: Path) -> None:
    """A name that two rows of the table have is counted as ambiguous."""
    path = tmp_path / "own.csv"
    path.write_text("event_date,latitude,longitude,actor1\n2017-11-03,34,40,The Reds\n", encoding="utf-8")
    mine = pd.DataFrame({"actor_id": ["reds", "others"], "name": ["The Reds", "Others"], "aliases": [None, "the reds"]})
    events = ck.read_events(path, actors=mine)
    assert events["actor1_id"].isna().all()
    assert events.attrs["actors"]["actor1"] == {"matched": 0, "ambiguous": 1, "unmatched": 0, "unnamed": 0}
    assert events.attrs["actors"]["without_id"] == {"The Reds": 1}


def test_governorates_are_those_of_the_table(tmp_path: Path) -> None:
    """By P-code, of a district too, before the name; by name or alias however spelled; by a code that is one thing."""
    rows = {
        "Al-Hasakeh,": "SY-HA", "NINAWAH,": "IQ-NI", "IQ-TS,": "IQ-KI", "IZ01,": "IQ-AN",
        "Deir ez Zor governorate,": "SY-DY", "anything,SY0901": "SY-DY", "Aleppo,iqg15": "IQ-NI", "Aleppo,TR01": None,
        "SY02,": None, "Kandahar,": None, ",": None,
    }  # fmt: skip
    path = tmp_path / "own.csv"
    lines = ["event_date,latitude,longitude,admin1,pcode", *(f"2017-11-03,34,40,{cells}" for cells in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    events = ck.read_events(path, governorates=ck.load_governorates())
    assert events["admin1_id"].fillna("-").tolist() == [iso or "-" for iso in rows.values()]
    assert events.attrs["governorates"] == {
        "admin1": {"matched": 7, "ambiguous": 1, "unmatched": 2, "unnamed": 1},
        "without_id": {"Kandahar": 1, "SY02": 1, "TR01": 1},
    }
    ck.validate(events, "events")
    plain = ck.read_events(path)
    assert plain["admin1_id"].isna().all()
    assert "governorates" not in plain.attrs
    with pytest.raises(ck.TableError, match="lacks iso_3166_2"):
        ck.read_events(path, governorates=ck.load_governorates()[["admin1"]])


JOINED = {
    "UCDP GED, the Syria release 2016-2019": ["ucdp/ged_syria_2016_2019.csv"],
    "UCDP GED 23.1, a sample of the world": ["ucdp/ged231_sample1000.csv"],
    "Dutch strikes 2014-2018": ["strikes/oir_nl_airstrikes.csv"],
    "GDELT 1.0 and 2.0, a sample of the world": ["gdelt/events1samp.export.tsv", "gdelt/events2samp.export.tsv"],
}


@pytest.mark.skipif(not FORMATS.exists(), reason="the real files are not beside the project")
@pytest.mark.parametrize("name", JOINED)
def test_account_of_real_joins_is_true(name: str) -> None:
    """The row of data/README.md is what the file gives."""
    tables = {"actors": ck.load_actors(), "governorates": ck.load_governorates()}
    files = [ck.read_events(FORMATS / path, **tables) for path in JOINED[name]]
    told = [{**events.attrs["actors"], **events.attrs["governorates"]} for events in files]
    cells = [
        ", ".join(f"{sum(one[column][state] for one in told):,}" for state in told[0][column])
        for column in ("actor1", "actor2", "admin1")
    ]
    row = f"| {name} | {sum(map(len, files)):,} | {' | '.join(cells)} |"
    assert row in (data_folder() / "README.md").read_text(encoding="utf-8")


def test_actors_of_another_war(tmp_path: Path) -> None:
    """The table that was given counts, and none of the shipped actors."""
    path = written(tmp_path / "ged.csv", [ged(side_a_new_id=9, side_b_new_id=234)])
    mine = pd.DataFrame({"actor_id": ["reds"], "name": ["The Reds"], "ucdp_ids": ["9"]})
    events = ck.read_events(path, actors=mine)
    assert events["actor1_id"].tolist() == ["reds"]
    assert events.attrs["actors"]["actor2"]["unmatched"] == 1
    with pytest.raises(ck.TableError, match="lacks name"):
        ck.read_events(path, actors=mine[["actor_id"]])
