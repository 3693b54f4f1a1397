"""The Debian FAQ, of the Debian package `debian-faq`: one manual as HTML, a page for each chapter, and as PDF."""

import gzip
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "debian-faq"
CHAPTERS = (
    *("basic-defs", "getting-debian", "choosing", "compatibility", "software", "ftparchives", "pkg-basics", "pkgtools"),
    *("uptodate", "kernel", "customizing", "support", "contributing", "redistributing", "nextrelease", "faqinfo"),
)
"""The chapters, by the names of their files, in the manual's order."""
_PLACE = "usr/share/doc/debian/FAQ"


class ManualUnavailable(Exception):
    """The package can't be fetched."""


class Manual:
    """The manual's files in `folder`, fetched there if they are not there yet. Raises ManualUnavailable."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / PACKAGE
        if not self._files.is_dir():
            _unpack(folder, self._files)
        self.version = (self._files / "version").read_text()

    def html(self) -> Iterator[tuple[str, bytes]]:
        """Each chapter's name and page."""
        for chapter in CHAPTERS:
            yield chapter, (self._files / _PLACE / f"{chapter}.en.html").read_bytes()

    def pdf(self) -> bytes:
        """The whole manual."""
        return gzip.decompress((self._files / _PLACE / "debian-faq.en.pdf.gz").read_bytes())


def _unpack(folder: Path, to: Path) -> None:
    partial = to.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        _run("apt-get", "download", PACKAGE, folder=partial)
        (package,) = partial.glob("*.deb")
        _run("dpkg-deb", "--extract", str(package), str(partial), folder=partial)
        (partial / "version").write_text(_run("dpkg-deb", "--field", str(package), "Version", folder=partial).strip())
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ManualUnavailable(f"{PACKAGE} can't be fetched with apt-get: {error}") from None
    package.unlink()
    partial.rename(to)


def _run(*command: str, folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=120).stdout
