"""The server of the built pages: only files of the folder, the right form of each, a new build without a restart."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from stack.web import Site, answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "agent").mkdir()
    (root / "admin").mkdir()
    (root / "index.html").write_text("shop " * 100)
    (root / "admin" / "index.html").write_text("the app")
    (root / "agent" / "index.html").write_text("agents")
    (root / "assets" / "a-1.css").write_text("a{}")
    (tmp_path / "secret.txt").write_text("secret")
    return root


def status(response: bytes) -> int:
    return int(response.split(b" ", 2)[1])


def test_a_folder_is_its_index_page(folder: Path) -> None:
    site = Site(folder)
    for path in ("/agent", "/agent/", "/agent/index.html", "/agent?x=1"):
        assert answer(site, "GET", path, {}).endswith(b"agents"), path


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/", "/admin/team", "/admin/team/users/x.y", "/admin/a?b=/c", "/admin/../secret.txt", "/admin/%00"]
)
def test_every_path_below_an_app_is_the_app(folder: Path, path: str) -> None:
    response = answer(Site(folder), "GET", path, {})
    assert status(response) == 200
    assert response.endswith(b"the app")


@pytest.mark.parametrize("path", ["/administrator", "/admin.txt", "/agent/team", "/x/admin/team", "/assets/admin/team"])
def test_no_other_path_is_the_app(folder: Path, path: str) -> None:
    assert status(answer(Site(folder), "GET", path, {})) == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/agent/../../secret.txt", "//etc/passwd", "/%2e%2e/secret.txt", "", "\x00"]
)
def test_nothing_outside_of_the_folder_is_served(folder: Path, path: str) -> None:
    response = answer(Site(folder), "GET", path, {})
    assert b"secret" not in response
    assert b"root:" not in response
    assert status(response) in (200, 404)


def test_the_packed_form_goes_to_those_who_take_it(folder: Path) -> None:
    packed = answer(Site(folder), "GET", "/", {"accept-encoding": "gzip, br"})
    assert gzip.decompress(packed.partition(b"\r\n\r\n")[2]) == b"shop " * 100
    assert answer(Site(folder), "GET", "/", {}).endswith(b"shop ")


def test_head_returns_the_length_without_the_body(folder: Path) -> None:
    head, _, body = answer(Site(folder), "HEAD", "/", {}).partition(b"\r\n\r\n")
    assert b"content-length: 500" in head
    assert body == b""


def test_other_methods_are_refused(folder: Path) -> None:
    assert status(answer(Site(folder), "POST", "/", {})) == 405


def test_a_new_build_shows_without_a_restart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stack.web.LOOK_SECONDS", -1.0)
    site = Site(folder)
    old = answer(site, "GET", "/", {})
    (folder / "index.html").write_text("new page")
    assert answer(site, "GET", "/", {}).endswith(b"new page")
    assert answer(site, "GET", "/", {}) != old


def test_without_a_build_a_page_says_what_to_do(tmp_path: Path) -> None:
    assert b"make web" in answer(Site(tmp_path / "missing"), "GET", "/", {})


def test_without_the_demo_the_front_page_leads_to_the_admin_app(folder: Path) -> None:
    site = Site(folder, has_shop=False)
    for path in ("/", "/?a=b", "/index.html"):
        response = answer(site, "GET", path, {})
        assert response.startswith(b"HTTP/1.1 302 "), path
        assert b"location: /admin/\r\n" in response
    assert status(answer(site, "GET", "/agent/", {})) == 200
