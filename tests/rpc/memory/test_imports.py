"""`frontdesk import` at a real memory service: repeated, interrupted, and with files that can't be read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from frontdesk.memory import v1 as pb

from kit.caller import Signer
from stack.console import Console
from stack.imports import command, sites
from stack.imports.access import Access
from stack.imports.knowledge import Brought, Importer
from stack.imports.sources import Entry, entries
from tests.contract.memory.crawled import page, serving
from tests.rpc.memory.library import Shelf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


class Desk:
    """An operator's command line."""

    def __init__(self, shelf: Shelf, folder: Path) -> None:
        self.shelf = shelf
        self.home = folder / "home"
        self.source = folder / "help"
        self.source.mkdir()
        signer = Signer.load(shelf.library.keys.folder, "stack")
        self.access = Access(shelf.library.channel, shelf.library.channel, shelf.organization, signer)

    def write(self, path: str, content: str | bytes) -> None:
        file = self.source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    async def run(self, source: Path | None = None, dry_run: bool = False) -> tuple[int, str]:
        """The exit code, and what was printed."""
        said = io.StringIO()
        code = await command.files(self.access, Console(said), source or self.source, self.home, dry_run)
        return code, said.getvalue()

    async def documents(self) -> dict[str, pb.Document]:
        """By title."""
        request = pb.ListDocumentsRequest(parent=self.shelf.parent, page_size=100)
        answer = await self.shelf.call(self.shelf.library.documents.ListDocuments, request)
        return {document.title: document for document in answer.documents}


@pytest.fixture
def desk(shelf: Shelf, tmp_path: Path) -> Desk:
    return Desk(shelf, tmp_path)


async def test_a_folder_is_imported_once_and_again_only_what_changed(desk: Desk) -> None:
    desk.write("returns.md", "# Returns\n\nReturn a parcel within 60 days.")
    desk.write("pay/cards.html", "<title>Cards</title><p>We take all cards.</p>")
    desk.write("pay/broken.pdf", b"%PDF-1.4 nothing more")
    desk.write("logo.png", b"\x89PNG")
    code, said = await desk.run(dry_run=True)
    assert "(nothing was sent)" in said
    assert not await desk.documents()
    code, said = await desk.run()
    assert code == 1
    assert "3 new, 0 changed, 0 unchanged, 2 not imported." in said
    assert "logo.png: its kind isn't read; save it as Markdown" in said
    assert "pay/broken.pdf: " in said
    found = await desk.documents()
    assert (found["Returns"].state, found["Cards"].state) == (pb.DOCUMENT_STATE_READY, pb.DOCUMENT_STATE_READY)

    (desk.source / "logo.png").unlink()
    (desk.source / "pay/broken.pdf").unlink()
    desk.write("returns.md", "# Returns\n\nReturn a parcel within 30 days.")
    code, said = await desk.run()
    assert (code, "0 new, 1 changed, 1 unchanged, 0 not imported." in said) == (0, True)
    again = await desk.documents()
    assert again["Returns"].name == found["Returns"].name
    assert again["Returns"].revision == 2
    assert again["Cards"].revision == 1


async def test_an_import_without_its_notes_makes_no_second_document(desk: Desk) -> None:
    desk.write("a.md", "# One\n\nText.")
    await desk.run()
    for note in desk.home.rglob("*.json"):
        note.write_text("{damaged")
    code, said = await desk.run()
    assert (code, "0 new, 1 changed" in said) == (0, True)
    assert len(await desk.documents()) == 1


async def test_a_document_that_someone_changed_is_brought_again(desk: Desk) -> None:
    desk.write("a.md", "# One\n\nText.")
    await desk.run()
    (document,) = (await desk.documents()).values()
    change = pb.UpdateDocumentRequest(document=pb.Document(name=document.name, text=pb.TextSource(content="# Two")))
    await desk.shelf.call(desk.shelf.library.documents.UpdateDocument, change)
    assert "1 changed" in (await desk.run())[1]
    assert "1 unchanged" in (await desk.run())[1]


async def test_an_import_that_was_interrupted_continues(desk: Desk) -> None:
    for number in range(4):
        desk.write(f"{number}.md", f"# Page {number}\n\nText.")

    def interrupted() -> Iterator[Entry]:
        for number, entry in enumerate(entries(desk.source)):
            if number == 2:
                raise KeyboardInterrupt
            yield entry

    note = desk.home / "imports" / f"{desk.shelf.organization}.json"
    importer = Importer(desk.access, Console(io.StringIO()), Brought.load(note))
    with pytest.raises(KeyboardInterrupt):
        await importer.run(interrupted())
    code, said = await desk.run()
    assert (code, "2 new, 0 changed, 2 unchanged" in said) == (0, True)


async def test_a_zip_file_is_imported_with_a_large_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "help.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("help/one.md", "# One\n\nText.")
        archive.writestr("help/large.html", f"<title>Large</title><!-- {'x' * 1_100_000} --><p>Text about parcels.</p>")
        archive.writestr("../evil.md", "# Evil")
    code, said = await desk.run(path)
    assert code == 1
    assert "../evil.md: its name leads out of the ZIP file" in said
    found = await desk.documents()
    assert set(found) == {"One", "Large"}
    assert found["Large"].size_bytes > 1_000_000


async def test_a_site_is_crawled_and_crawled_again(desk: Desk) -> None:
    pages = {"/": page("Welcome to the shop.", "/returns"), "/returns": page("Returns are free.", "/gone")}
    async with serving(pages) as served:
        for new, unchanged in ((2, 0), (0, 2)):
            said = io.StringIO()
            assert await sites.run(desk.access, Console(said), f"{served.url}/") == 1
            assert f"{new} new, 0 changed, {unchanged} unchanged" in said.getvalue()
            assert f"{served.url}/gone: " in said.getvalue()
