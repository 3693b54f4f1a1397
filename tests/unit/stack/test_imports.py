"""Sources of an import: what is read, and what hostile folders, ZIP files and sheets get."""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from stack import cli
from stack.imports import sources, team
from stack.imports.sites import site_id
from stack.imports.sources import LeftOut, Refused, SourceFile, entries
from stack.problems import Problem

ROLES = {"owner", "admin", "agent", "viewer"}


def write(root: Path, path: str, content: str | bytes = "# Returns\n") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def told(source: Path) -> dict[str, str]:
    """For each file why it isn't read; empty: it is."""
    found = {}
    for entry in entries(source):
        if isinstance(entry, SourceFile):
            try:
                entry.read()
                found[entry.path] = ""
            except Refused as refused:
                found[entry.path] = str(refused)
        else:
            found[entry.path] = entry.why
    return found


def pack(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def test_a_folder_is_read_without_the_systems_own_files(tmp_path: Path) -> None:
    for path in ("b/returns.md", "a.html", ".git/config", "__MACOSX/x.md", ".DS_Store", "picture.png"):
        write(tmp_path, path)
    found = told(tmp_path)
    assert {path for path, why in found.items() if not why} == {"a.html", "b/returns.md"}
    assert "save it as" in found["picture.png"]
    assert len(found) == 3


def test_a_name_that_macos_writes_in_form_d_is_the_same_one(tmp_path: Path) -> None:
    composed = "Über/größe.md"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    write(tmp_path / "mac", decomposed)
    write(tmp_path / "linux", composed)
    (mac,), (linux,) = list(entries(tmp_path / "mac")), list(entries(tmp_path / "linux"))
    assert isinstance(mac, SourceFile)
    assert isinstance(linux, SourceFile)
    assert (mac.path, mac.id, mac.read()) == (composed, linux.id, linux.read())
    found = list(entries(pack(tmp_path / "both.zip", **{decomposed: b"x", composed: b"y"})))
    assert [entry.path for entry in found if isinstance(entry, SourceFile)] == [composed]
    assert told(tmp_path / "both.zip")[composed] == "its name is in the ZIP file twice; rename one of them."


def test_an_id_comes_from_the_path_and_is_a_name(tmp_path: Path) -> None:
    paths = ["a b/Ré turns!.md", "a b/re-turns.md", "问题.md", "x" * 300 + ".md", "A.md", "a.md"]
    ids = [SourceFile(path, bytes).id for path in paths]
    assert len(set(ids)) == len(ids)
    assert ids == [SourceFile(path, bytes).id for path in paths]
    for id in ids:
        assert len(id) <= 63
        assert id.replace("-", "").isalnum()
        assert id.isascii()
    assert ids[0].startswith("a-b-re-turns-md-")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.md", "secret")
    folder = tmp_path / "help"
    write(folder, "a.md")
    (folder / "b.md").symlink_to(secret)
    (folder / "c.md").symlink_to(folder / "a.md")
    (folder / "d.md").symlink_to(folder / "gone.md")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "e.md")
    found = told(folder)
    assert "outside of the folder" in found["b.md"]
    assert "can't be read" in found["d.md"]
    assert "no ordinary file" in found["e.md"]
    assert {path for path, why in found.items() if not why} == {"a.md", "c.md"}


def test_a_file_that_is_empty_or_too_large_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 100)
    write(tmp_path, "empty.md", " \n")
    write(tmp_path, "large.md", "x" * 101)
    write(tmp_path, "full.md", "x" * 100)
    found = told(tmp_path)
    assert (found["empty.md"], found["full.md"]) == ("it is empty.", "")
    assert "split it" in found["large.md"]


def test_names_in_a_zip_file_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "help.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../etc/passwd.md", "/etc/passwd.md", "a\\..\\b.md", "C:/x.md", "ok/../../x.md", "fine.md"):
            archive.writestr(name, "# Text")
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("fine.md", "# Other")
    found = list(entries(path))
    read = [entry.path for entry in found if isinstance(entry, SourceFile)]
    assert read == ["fine.md"]
    why = {entry.path: entry.why for entry in found if isinstance(entry, LeftOut)}
    assert {"../../etc/passwd.md", "/etc/passwd.md", "C:/x.md", "ok/../../x.md", "link.md", "fine.md"} <= set(why)
    assert any("b.md" in path for path in why)
    assert "pack the file itself" in why["link.md"]
    assert "twice" in why["fine.md"]
    assert not any(tmp_path.glob("*.md"))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 1 << 20)
    path = pack(tmp_path / "bomb.zip", **{"a.md": b"0" * (4 << 20), "b.md": b"fine"})
    assert told(path) == {"a.md": "it has more than 1 MiB; split it into several files.", "b.md": ""}
    lying = tmp_path / "lying.zip"  # whose directory says that the member has ten bytes
    lying.write_bytes(path.read_bytes().replace((4 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert told(lying)["a.md"] != ""
    monkeypatch.setattr(sources, "MAX_TOTAL", 3 << 20)
    with pytest.raises(Problem, match="unpacks to more than"):
        told(path)


def test_too_many_files_and_a_damaged_zip_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILES", 2)
    for number in range(3):
        write(tmp_path, f"{number}.md")
    with pytest.raises(Problem, match="more than 2 files"):
        told(tmp_path)
    with pytest.raises(Problem, match="neither a folder"):
        told(tmp_path / "gone")
    path = pack(tmp_path / "d.zip", **{"a.md": os.urandom(5000)})
    broken = bytearray(path.read_bytes())
    broken[100:200] = bytes(100)
    path.write_bytes(bytes(broken))
    assert "damaged" in told(path)["a.md"]


def test_a_docx_file_is_a_file_though_it_is_a_zip_file(tmp_path: Path) -> None:
    assert told(pack(tmp_path / "a.docx", **{"word__document.xml": b"<x/>"})) == {"a.docx": ""}


@pytest.mark.parametrize(
    "text",
    [
        "e-mail,name,roles\nAda@shop.example,Ada Lovelace,agent\nbob@shop.example,,admin agent\n",
        "\ufeffroles;name;email\nagent;Ada Lovelace;ada@shop.example\nadmin,agent;;bob@shop.example\n".lstrip("\ufeff"),
        'ada@shop.example,"Ada Lovelace",agent\n\n bob@shop.example , , "admin;agent"\n',
    ],
)
def test_sheets_are_read_with_and_without_a_heading(text: str) -> None:
    people, wrong = team.parse(text, ROLES)
    assert not wrong
    assert [(person.email, person.name, person.roles) for person in people] == [
        ("ada@shop.example", "Ada Lovelace", ("agent",)),
        ("bob@shop.example", "", ("admin", "agent")),
    ]


def test_each_wrong_line_is_named() -> None:
    text = "\n".join(
        [
            "email,name,roles",
            "ada@shop.example,Ada,agent",
            "bob,Bob,agent",
            "ADA@shop.example,Ada,agent",
            "carl@shop.example,Carl,boss",
            "dora@shop.example,Dora,",
            f"eve@shop.example,{'E' * 101},agent",
            "fay@shop.example\x07,E,agent",
        ]
    )
    people, wrong = team.parse(text, ROLES)
    assert [person.line for person in people] == [2]
    assert [each.line for each in wrong] == [3, 4, 5, 6, 7, 8]
    assert "line 2" in wrong[1].why
    assert "there is no role boss; use one of admin, agent, owner, viewer" in wrong[2].why


def test_a_sheet_is_bounded(tmp_path: Path) -> None:
    text = "".join(f"u{number}@shop.example,,agent\n" for number in range(1001))
    people, wrong = team.parse(text, ROLES)
    assert (len(people), wrong[0].line) == (1000, 1001)
    with pytest.raises(Problem, match="more than 1 MiB"):
        team.read(write(tmp_path, "a.csv", "x" * (1 << 20) + "x"))
    with pytest.raises(Problem, match="no CSV file"):
        team.read(write(tmp_path, "b.csv", "PK\x03\x04\0"))
    with pytest.raises(Problem, match="line 1"):
        team.parse('ada@shop.example,"Ada', ROLES)
    assert team.read(write(tmp_path, "c.csv", "Zoë".encode("cp1252"))) == "Zoë"


def test_a_site_has_one_id_for_one_address() -> None:
    assert site_id("https://Shop.example/help/") != site_id("https://shop.example/")
    assert site_id("https://shop.example/help/") == site_id("https://shop.example/help")
    assert site_id("https://shop.example/").startswith("shop-example-")


def test_the_help_shows_both_uses(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["import", "--help"])
    said = capsys.readouterr().out
    assert "frontdesk import users FILE.csv" in said
    assert "FRONTDESK_API_KEY" in said


def test_a_use_that_is_neither_gets_an_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    for words in (["import", "a", "b"], ["import", "users"]):
        assert cli.main(words) == 1
        assert "frontdesk import users team.csv" in capsys.readouterr().err


def test_one_damaged_member_of_each_packing_keeps_no_other_from_being_read(tmp_path: Path) -> None:
    path, text = tmp_path / "help.zip", b"# Returns\n" + bytes(range(256)) * 40
    kinds = {"a.md": zipfile.ZIP_LZMA, "b.md": zipfile.ZIP_BZIP2, "c.md": zipfile.ZIP_DEFLATED, "d.md": zipfile.ZIP_STORED}
    with zipfile.ZipFile(path, "w") as archive:
        for name, kind in kinds.items():
            archive.writestr(name, text, kind)
        archive.writestr("whole.md", text)
        places = [archive.getinfo(name).header_offset + 30 + len(name) for name in kinds]
    damaged = bytearray(path.read_bytes())
    for place in places:
        damaged[place : place + 40] = b"\xff" * 40
    path.write_bytes(damaged)
    found = told(path)
    assert found.pop("whole.md") == ""
    assert set(found) == set(kinds)
    assert all("it is damaged" in why for why in found.values())


@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n"])
def test_a_name_in_a_zip_file_that_is_no_utf_8_is_named_and_the_others_are_read(tmp_path: Path, before: bytes) -> None:
    path = pack(tmp_path / "help.zip", **{"größe.md": b"one", "a__b.md": b"two", "é.md": b"three"})
    path.write_bytes(before + path.read_bytes().replace("größe".encode(), b"gr\xff\xfe\xc3\x9fe"))
    found = told(path)
    assert (found.pop("a/b.md"), found.pop("é.md")) == ("", "")
    assert found == {r"gr\xff\xfeße.md": "its name isn't valid UTF-8; rename it."}


def test_a_directory_of_a_zip_file_of_any_bytes_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    path = pack(tmp_path / "help.zip", **{"ü.md": b"one", "b.md": b"two"})
    whole = path.read_bytes()
    for place in range(whole.index(b"PK\x01\x02"), len(whole)):
        for value in (0x00, 0xFF):
            path.write_bytes(whole[:place] + bytes([value]) + whole[place + 1 :])
            with suppress(Problem):
                told(path)


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX alone")
def test_a_name_in_a_folder_that_is_no_utf_8_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    for place in (tmp_path, tmp_path / os.fsdecode(b"sub\xfe")):
        place.mkdir(exist_ok=True)
        try:
            (place / os.fsdecode(b"caf\xe9.md")).write_text("# One")
        except OSError:
            pytest.skip("this file system takes UTF-8 alone")
    found = told(tmp_path)
    assert found.pop("a.md") == ""
    assert set(found.values()) == {"its name isn't valid UTF-8; rename it."}
    assert len(found) == 2
