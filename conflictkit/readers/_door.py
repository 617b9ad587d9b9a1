"""The one door for files that somebody else made: their bytes, and never more of them than was asked for.

A reader gets the bytes of one file at a time, whether it lies in a folder, in an archive or in an archive inside one.
It never opens a path that it found in a file, so that no file can point at another or at an address. What is large is
measured by what is read, not by what a file says of itself.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import stat
import struct
import sys
import zipfile
import zlib
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from conflictkit.errors import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import IO

    from conflictkit.readers._log import Log

ARCHIVES = (".zip", ".kmz")
PACKED = (".7z", ".rar", ".tar", ".tgz", ".tbz", ".txz", ".bz2", ".xz", ".zst")  # what Python cannot search in place
BUNDLES = (".gdb",)  # folders that are one file: read as a zip of what is in them
FAMILIES = (".shp", ".gpkg")  # that are read with files beside them
CHUNK = 1 << 20
NESTED_BYTES = 400_000_000
BROKEN = (
    *(OSError, EOFError, RuntimeError, NotImplementedError, ValueError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, IndexError, MemoryError),
)  # what the unpacking of a damaged, locked or foreign archive raises; RuntimeError asks for a password


class NotRead(Exception):  # noqa: N818 - a file that is set aside with this reason; no error of the caller
    """Why one file is set aside."""


class TooMuch(Exception):  # noqa: N818 - the reader says it in its own error
    """Why the whole of what was brought is refused."""


class Limits(NamedTuple):
    """How much is read of what somebody else made.

    Attributes
    ----------
    file_bytes
        Bytes of one file, unpacked.
    all_bytes
        Bytes of all files, unpacked.
    files
        Files of any kind, in folders and archives.
    depth
        Folders and archives within one another.
    features
        Shapes or rows of all files.
    """

    file_bytes: int = 200_000_000
    all_bytes: int = 4_000_000_000
    files: int = 20_000
    depth: int = 8
    features: int = 1_000_000

    @classmethod
    def of(cls, given: Mapping[str, int] | None, usual: Limits | None = None) -> Limits:
        """Return the limits of a reader, or those above, with what a caller changed."""
        for name in given or ():
            known("limit", name, cls._fields)
        return (usual or cls())._replace(**(given or {}))


class Piece(NamedTuple):
    """One file, not yet read.

    Attributes
    ----------
    name
        Where it stands below the path that was given; folders and archives on the way are parted by ``/``.
    suffix
        What its name ends in, in small letters: ``.shp``.
    names
        Names that can tell its date: its own, then those of the archives that hold nothing else.
    read
        Returns its bytes, or raises ``NotRead``.
    beside
        Returns the bytes of the file of the same name with another suffix; None if there is none.
    open
        Opens it, for what is too large to be held; reading raises ``NotRead`` for what is broken or too large.
    again
        The same wherever it is called: in another process, or when the archive around it is closed.
    """

    name: str
    suffix: str
    names: tuple[str, ...]
    read: Callable[[], bytes]
    beside: Callable[[str], bytes | None]
    open: Callable[[], IO[bytes]]
    again: Callable[[], IO[bytes]]


class Entry(NamedTuple):
    """A file of a folder or an archive: its name there, how it is opened, and how when the archive is closed again."""

    name: str
    open: Callable[[], IO[bytes]]
    again: Callable[[], IO[bytes]]


class Around(NamedTuple):
    """What a list of files lies in: how its names begin, the archives that hold nothing else, how deep it lies."""

    prefix: str = ""
    names: tuple[str, ...] = ()
    depth: int = 1


@dataclass
class Door:
    """What a reader reads through: it counts what was read, and notes what was not.

    Attributes
    ----------
    kinds
        Suffixes of the files that the reader takes.
    others
        Suffixes of files that hold the like and are not taken -> what they are and what to do.
    limits
        How much is read.
    log
        Where files that are not read are noted.
    rest
        Why files of any other kind are set aside; None where they are none of the reader's business.
    links
        Whether a link to a file inside the folder is followed: what counts must not be read twice.
    """

    kinds: Sequence[str]
    others: Mapping[str, str]
    limits: Limits
    log: Log
    rest: str | None = None
    links: bool = True
    files: int = field(default=0, init=False)
    size: int = field(default=0, init=False)
    features: int = field(default=0, init=False)

    def pieces(self, path: Path, *, prefix: str = "") -> Iterator[Piece]:
        """Yield the files of a folder, an archive or a single file, in order of name.

        What stands before the names tells the files of one folder from those of another. Raises ``NotRead`` if the path
        itself cannot be opened, ``TooMuch`` if it holds more than is read.
        """
        if _is_folder(path):
            inside = self._folder(path, prefix)
            if self._bundled(path.name):
                inside = [entry._replace(name=f"{path.name}/{entry.name}") for entry in inside]
            yield from self._among(inside, Around(prefix))
        elif path.suffix.lower() in ARCHIVES:
            whole = Entry(path.name, partial(opened, path), partial(opened, path))
            yield from self._packed(whole, Around(prefix, (printable(path.name),), 0))
        else:
            beside = _family(path) if _kind(path.name) in FAMILIES else [path]
            family = [Entry(other.name, partial(opened, other), partial(opened, other)) for other in beside]
            yield from self._among(family, Around(), only=path.name)

    def count_features(self, number: int) -> None:
        """Note how many features a file has; raise ``TooMuch`` beyond the limit."""
        self.features += number
        if self.features > self.limits.features:
            raise TooMuch(_more("features", self.limits.features, "features"))

    def count_bytes(self, number: int) -> None:
        """Note how many bytes were read; raise ``TooMuch`` beyond the limit."""
        self.size += number
        if self.size > self.limits.all_bytes:
            raise TooMuch(_more("all_bytes", self.limits.all_bytes, "bytes in all"))

    def _among(self, entries: Sequence[Entry], around: Around, *, only: str | None = None) -> Iterator[Piece]:
        """Yield what is read of some files, with their companions; note those of a kind that is not."""
        entries, bundles = self._parted(entries)
        shown = [entry for entry in entries if not _hidden(entry.name) or entry.name == only]
        by_name = {entry.name.lower(): entry for entry in shown} | {entry.name: entry for entry in shown}
        taken = [entry for entry in shown if _kind(entry.name) in (*self.kinds, *ARCHIVES)]
        names = around.names if len(taken) == 1 else ()
        for bundle, within in sorted(bundles.items()):
            yield self._bundle(around.prefix + printable(bundle), within)
        for entry in sorted(shown, key=lambda entry: entry.name):
            if only is not None and entry.name != only:
                continue
            name, kind = around.prefix + printable(entry.name), _kind(entry.name)
            if kind in ARCHIVES:
                yield from self._archive(entry, Around(f"{name}/", (*names, PurePosixPath(name).name), around.depth))
            elif kind in BUNDLES and kind in self.kinds:
                self.log.reject(name, None, f"cannot be read: a {kind} is a folder, and this is a file")
            elif kind in self.kinds:
                own = (PurePosixPath(name).name, *reversed(names))
                unzipped = entry.name.lower().endswith(".gz")
                read = partial(self._bytes, entry.open, unzipped=unzipped)
                most = self.limits.file_bytes
                ways = [partial(_streamed, way, most, unzipped=unzipped) for way in (entry.open, entry.again)]
                yield Piece(name, kind, own, read, partial(self._beside, by_name, entry.name), *ways)
            elif kind in PACKED:
                self.log.reject(name, None, "packed in a way that is not opened: unpack it first")
            elif kind in self.others:
                self.log.reject(name, None, self.others[kind])
            elif self.rest is not None:
                self.log.reject(name, None, self.rest)

    def _bundled(self, name: str) -> bool:
        """Whether a folder of such a name is one file for the reader."""
        return _kind(name) in BUNDLES and _kind(name) in self.kinds

    def _parted(self, entries: Sequence[Entry]) -> tuple[list[Entry], dict[str, list[Entry]]]:
        """Return files, and those of each folder that is one file; what lies in a hidden folder is hidden there too."""
        alone: list[Entry] = []
        bundles: dict[str, list[Entry]] = {}
        for entry in entries:
            path = PurePosixPath(entry.name)
            folder = next((str(up) for up in reversed(path.parents) if self._bundled(up.name)), None)
            if folder is None or _hidden(folder):
                alone.append(entry)
            else:
                bundles.setdefault(folder, []).append(entry._replace(name=path.name))
        return alone, bundles

    def _bundle(self, name: str, within: Sequence[Entry]) -> Piece:
        """Return a folder that is one file, as a zip of the files in it."""

        def read() -> bytes:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
                for entry in within:
                    archive.writestr(entry.name, self._bytes(entry.open))
                    if packed.tell() > self.limits.file_bytes:  # it is one file, and held whole
                        raise NotRead(_more("file_bytes", self.limits.file_bytes, "bytes of one file"))
            return packed.getvalue()

        def opened_again() -> IO[bytes]:
            return io.BytesIO(read())

        path = PurePosixPath(name)
        return Piece(name, path.suffix.lower(), (path.name,), read, lambda _: None, opened_again, opened_again)

    def _archive(self, entry: Entry, around: Around) -> Iterator[Piece]:
        """Yield what is read of an archive among other files, or note why it cannot be opened."""
        name = around.prefix.rstrip("/")
        if around.depth >= self.limits.depth:
            told = f"lies deeper than {self.limits.depth} folders and archives: unpack it, or give limits="
            self.log.reject(name, None, told + repr({"depth": self.limits.depth + 2}))
            return
        try:
            yield from self._packed(entry, around)
        except NotRead as reason:
            self.log.reject(name, None, str(reason))

    def _packed(self, whole: Entry, around: Around) -> Iterator[Piece]:
        """Yield what is read of an archive; it is searched in place, and nothing is unpacked to disk."""
        with ExitStack() as stack:
            try:
                file = stack.enter_context(whole.open())
                if isinstance(file, zipfile.ZipExtFile):  # going back in one would unpack it from its beginning
                    file = io.BytesIO(self._nested(whole))
                archive = stack.enter_context(zipfile.ZipFile(file))
                within = [(member, partial(archive.open, member)) for member in archive.infolist()]
                entries = [
                    Entry(member.filename.replace("\\", "/"), way, partial(_member, whole.again, member))
                    for member, way in within
                    if member.filename and not member.is_dir()
                ]
            except BROKEN as error:
                msg = f"cannot be read as a zip: {_first_line(error)}"
                raise NotRead(msg) from None
            self._count_files(len(entries))
            yield from self._among(entries, around._replace(depth=around.depth + 1))

    def _nested(self, archive: Entry) -> bytes:
        """Return the bytes of an archive inside an archive, or raise NotRead: it is held whole."""
        with _streamed(archive.open, self.limits.file_bytes, unzipped=False) as file:
            data = file.read(NESTED_BYTES + 1)
        if len(data) > NESTED_BYTES:
            msg = f"more than {NESTED_BYTES:,} bytes in an archive inside an archive: unpack the outer one"
            raise NotRead(msg)
        self.count_bytes(len(data))
        return data

    def _folder(self, root: Path, before: str) -> list[Entry]:
        """Return the files of a folder and of those inside it, by their names in it; links that lead out are noted.

        What stands before the names is for the notes only: a folder that was named is no hidden one.
        """
        found: list[Entry] = []
        waiting, home = [(root, "", 1)], root.resolve()
        while waiting:
            folder, prefix, depth = waiting.pop()
            try:
                within = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                self.log.reject(before + printable(prefix) or ".", None, f"cannot be opened: {error.strerror}")
                continue
            self._count_files(len(within))
            for entry in within:
                name, path = prefix + entry.name, Path(entry.path)
                if not _is_folder(entry):
                    if entry.is_symlink() and self._takes(name) and (told := self._not_followed(path, home)):
                        self.log.reject(before + printable(name), None, told)
                        continue
                    found.append(Entry(name, partial(opened, path), partial(opened, path)))
                elif told := self._not_searched(entry, depth):
                    self.log.reject(before + printable(name), None, told)
                elif not _hidden(name):
                    waiting.append((path, f"{name}/", depth + 1))
        return found

    def _not_followed(self, link: Path, home: Path) -> str | None:
        """Return why a link in a folder is not followed."""
        return _leads_away(link, home) if self.links else "links are not followed"

    def _takes(self, name: str) -> bool:
        """Whether a file of such a name would be opened."""
        return _kind(name) in (*self.kinds, *ARCHIVES)

    def _not_searched(self, folder: os.DirEntry[str], depth: int) -> str | None:
        """Return why a folder is not searched."""
        if _hidden(folder.name):
            return None
        if folder.is_symlink():
            return "a link to a folder is not followed"
        if self._takes(folder.name) and not self._bundled(folder.name):
            return "cannot be read: it is a folder"
        if (kind := _kind(folder.name)) in self.others:
            return self.others[kind]
        if depth >= self.limits.depth:
            return f"lies deeper than {self.limits.depth} folders: give limits={{'depth': {depth + 1}}}"
        return None

    def _beside(self, by_name: Mapping[str, Entry], name: str, suffix: str) -> bytes | None:
        """Return the bytes of a companion, None if there is none."""
        other = str(PurePosixPath(name).with_suffix(suffix))
        entry = by_name.get(other) or by_name.get(other.lower())
        return None if entry is None else self._bytes(entry.open)

    def _bytes(self, source: Callable[[], IO[bytes]], *, unzipped: bool = False) -> bytes:
        """Return all bytes of a file, or raise NotRead at the limit, whatever size the file declares."""
        try:
            with source() as file:
                before = state_of(file)
                with gzip.GzipFile(fileobj=file) if unzipped else nullcontext(file) as stream:
                    data = self._all_of(stream)
                changed = state_of(file) != before
        except BROKEN as error:
            raise NotRead(_first_line(error)) from None
        if changed:
            msg = "it changed while it was read: read it again"
            raise NotRead(msg)
        return data

    def _all_of(self, stream: IO[bytes] | gzip.GzipFile) -> bytes:
        """Return the bytes of a stream up to its end; raise at a limit."""
        chunks: list[bytes] = []
        size = 0
        while chunk := stream.read(CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > self.limits.file_bytes:
                raise NotRead(_more("file_bytes", self.limits.file_bytes, "bytes of one file"))
            self.count_bytes(len(chunk))
        return b"".join(chunks)

    def _count_files(self, number: int) -> None:
        """Note how many files were seen; raise TooMuch beyond the limit."""
        self.files += number
        if self.files > self.limits.files:
            raise TooMuch(_more("files", self.limits.files, "files"))


def opened(path: Path) -> IO[bytes]:
    """Return an ordinary file, open; raise NotRead for a pipe, a device or a socket, without waiting for it."""
    strange = "it is a pipe, a device or a socket, not a file"
    if not stat.S_ISREG(path.stat().st_mode):
        raise NotRead(strange)
    # what was a file a moment ago may be a pipe now: opened so, it does not wait for a writer
    ways = ("O_NONBLOCK", "O_NOCTTY", "O_BINARY")
    file = os.fdopen(os.open(path, sum(getattr(os, way, 0) for way in ways) | os.O_RDONLY), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotRead(strange)
    return file


class Stream(io.RawIOBase):
    """A packed file that is read in pieces, up to a limit; what is broken in it comes as ``NotRead``."""

    def __init__(self, most: int, file: IO[bytes] | gzip.GzipFile, *beneath: IO[bytes] | zipfile.ZipFile) -> None:
        """Take the most that is read, a file, and what is closed with it."""
        super().__init__()
        self._most, self._size, self._file, self._beneath = most, 0, file, beneath

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def fileno(self) -> int:
        """Return the number of the file that it is packed in: that tells whether somebody writes to it."""
        return self._file.fileno()

    def readinto(self, into: Any, /) -> int:  # noqa: ANN401 - any buffer
        """Read as much as there is room for."""
        try:
            data = self._file.read(len(into))
        except BROKEN as error:
            raise NotRead(_first_line(error)) from None
        self._size += len(data)
        if self._size > self._most:
            raise NotRead(_more("file_bytes", self._most, "bytes of one file"))
        into[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close it, and what it is packed in."""
        if not self.closed:
            for one in (self._file, *self._beneath):
                one.close()
        super().close()


def _streamed(way: Callable[[], IO[bytes]], most: int, *, unzipped: bool) -> IO[bytes]:
    """Return a file that is read in pieces: one that is not packed as it is, so that any place of it is reached."""
    try:
        file = way()
        if unzipped:
            return io.BufferedReader(Stream(most, gzip.GzipFile(fileobj=file), file), CHUNK)
    except BROKEN as error:
        raise NotRead(_first_line(error)) from None
    return file if isinstance(file, io.BufferedReader) else io.BufferedReader(Stream(most, file), CHUNK)


def _member(archive: Callable[[], IO[bytes]], member: zipfile.ZipInfo) -> IO[bytes]:
    """Return a file of an archive that is opened for it, and closed with it."""
    with ExitStack() as stack:
        file = stack.enter_context(archive())
        if not file.seekable():
            file = io.BytesIO(file.read())
        whole = stack.enter_context(zipfile.ZipFile(file))
        inner = whole.open(member)
        stack.pop_all()
    return cast("IO[bytes]", Stream(sys.maxsize, inner, whole, file))


def printable(text: str) -> str:
    """Return a text in one line, without what cannot be written: a file's name can hold anything."""
    return "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in text)


def _kind(name: str) -> str:
    """Return the suffix that says what a file is, in small letters: that before .gz."""
    path = PurePosixPath(name.lower())
    if path.suffix != ".gz":
        return path.suffix
    inner = path.with_suffix("").suffix
    return inner if inner not in ("", ".tar", *ARCHIVES) else ".tgz"


def _is_folder(path: Path | os.DirEntry[str]) -> bool:
    """Whether a path is a folder; a link in a circle, or a name that the system does not take, is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _hidden(name: str) -> bool:
    """Whether a file is one that systems leave beside others, such as ``._a.shp`` or ``__MACOSX``."""
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts if part != "..")


def _family(path: Path) -> list[Path]:
    """Return a file and those that differ from it by their suffix."""
    try:
        return [other for other in path.parent.iterdir() if other == path or other.stem == path.stem]
    except OSError:
        return [path]


def _leads_away(link: Path, home: Path) -> str | None:
    """Return why a link in a folder is not followed, None if it stays inside."""
    try:
        return None if link.resolve(strict=True).is_relative_to(home) else "a link that leads out of the folder"
    except (OSError, RuntimeError):
        return "a link to nothing"


def state_of(file: IO[bytes]) -> tuple[int, int] | None:
    """Return what changes when somebody writes to a file; None of what is no file of the system."""
    try:
        found = os.fstat(file.fileno())
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _first_line(error: BaseException) -> str:
    """Return the reason of an error, in one line."""
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return printable(told.splitlines()[0]) if told.strip() else type(error).__name__


def _more(limit: str, most: int, of_what: str) -> str:
    """Return what a limit says where it is passed."""
    return f"more than {most:,} {of_what}: that is the most that is read, unless you give limits={{{limit!r}: ...}}"
