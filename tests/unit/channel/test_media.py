"""Names of files, what their bytes show, and ranges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import OrganizationId
from kit.revocations import Revocations
from services.channel.adapters.links import SignedLinks
from services.channel.domain import media_types
from services.channel.domain.file_names import MAX_BYTES, clean, disposition
from services.channel.domain.media import FileKey, MediaId, Party, Purpose, Range, RangeNotSatisfiable, range_of
from services.channel.domain.media_types import HEAD_BYTES, INLINE, REJECTED, UNKNOWN, sniff
from tests.support.budgets import assert_quick
from tests.support.serving import Keys

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FTYP = b"\0\0\0\x18ftyp"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\bill.pdf", "bill.pdf"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("\u2066x\u2069\u200f.txt", "x.txt"),
        ("  ..  ", "file"),
        ("/", "file"),
        (".htaccess", "htaccess"),
        ('a"b<c>|d?.txt', "a_b_c__d_.txt"),
        ("e\u0301.txt", "é.txt"),
        ("Rechnung März 2026.pdf", "Rechnung März 2026.pdf"),
        ("👩\u200d💻.png", "👩\u200d💻.png"),
        ("\u200d", "file"),
    ],
)
def test_a_file_name_is_made_fit(written: str, kept: str) -> None:
    assert clean(written) == kept


def test_a_long_name_keeps_its_extension_and_whole_letters() -> None:
    name = clean("ä" * 255 + ".jpeg")
    assert name.endswith("ä.jpeg")
    assert MAX_BYTES - 2 < len(name.encode()) <= MAX_BYTES


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_is_short_and_stays_as_it_is(written: str) -> None:
    name = clean(written)
    assert 0 < len(name.encode()) <= MAX_BYTES
    assert not set(name) & set('/\\\0\r\n"\u202e')
    assert clean(name) == name
    value = disposition(name, inline=False)
    assert value.isascii()
    assert value.isprintable()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a b.png", 'inline; filename="a b.png"'),
        ("März.pdf", "inline; filename=\"Marz.pdf\"; filename*=UTF-8''M%C3%A4rz.pdf"),
        ("日本.txt", "inline; filename=\"txt\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.txt"),
        ("a;b'c.txt", "inline; filename=\"a_b_c.txt\"; filename*=UTF-8''a%3Bb%27c.txt"),
    ],
)
def test_a_name_in_a_header_is_quoted_in_both_ways(name: str, value: str) -> None:
    assert disposition(name, inline=True) == value


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        (b"GIF89a\1\0", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\0\0\0XXXX\0", UNKNOWN),
        (FTYP + b"isom\0\0\2\0", "video/mp4"),
        (FTYP + b"M4A \0\0\2\0", "audio/mp4"),
        (FTYP + b"qt  \0\0\2\0", "video/quicktime"),
        (FTYP + b"3gp4\0\0\2\0", "video/3gpp"),
        (FTYP + b"avif\0\0\0\0", "image/avif"),
        (FTYP + b"heic\0\0\0\0", "image/heic"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\x82\x88matroska", UNKNOWN),
        (b"OggS\0\2" + b"\0" * 20 + b"\1\x13OpusHead", "audio/ogg"),
        (b"OggS\0\2" + b"\0" * 20 + b"\1\x1e\1vorbis", "audio/ogg"),
        (b"OggS\0\2" + b"\0" * 20 + b"\1\x2a\x80theora", "video/ogg"),
        (b"ID3\3\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0", "audio/mpeg"),
        (b"\xff\xf1\x50\x80\0", "audio/aac"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"PK\3\4\x14\0", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "application/x-ole-storage"),
        (b"MZ\x90\0\3\0", "application/vnd.microsoft.portable-executable"),
        (b"\x7fELF\2\1\1", "application/x-elf"),
        (b"\xcf\xfa\xed\xfe\7\0\0\1", "application/x-mach-binary"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<SVG >", "image/svg+xml"),
        (b" \n<!DOCTYPE html>", "text/html"),
        (b"<script>alert(1)</script>", "text/html"),
        (b"MZ is how this text begins", "text/plain"),
        ("Grüße".encode(), "text/plain"),
        (b"x" * (HEAD_BYTES - 1) + "ü".encode(), "text/plain"),
        ("Grüße".encode("latin-1"), UNKNOWN),
        (b"\0\1\2", UNKNOWN),
        (b"GIF87", "text/plain"),
        (b"", "text/plain"),
    ],
)
def test_bytes_show_what_a_file_is(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


def test_nothing_that_can_hold_a_script_is_shown_in_a_page() -> None:
    assert not INLINE & {"image/svg+xml", "text/html", "application/pdf", "text/xml", "text/plain", UNKNOWN, *REJECTED}
    assert {kind.partition("/")[0] for kind in INLINE} == {"image", "audio", "video"}


@given(st.binary(max_size=600))
def test_any_bytes_are_something(head: bytes) -> None:
    assert "/" in sniff(head)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes=0-9", Range(0, 10)),
        ("bytes=90-", Range(90, 100)),
        ("bytes=-10", Range(90, 100)),
        ("bytes=-1000", Range(0, 100)),
        ("bytes=50-5000", Range(50, 100)),
        ("Bytes= 0-0 ", Range(0, 1)),
        ("items=0-9", None),
        ("nonsense", None),
    ],
)
def test_a_range_of_a_hundred_bytes(header: str, found: Range | None) -> None:
    assert range_of(header, 100) == found


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=9-1", "bytes=-0", "bytes=-", "bytes=", "bytes=0-1,2-3", "bytes=a-b"])
def test_ranges_that_cannot_be_given(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        range_of(header, 100)


@pytest.mark.parametrize("head", [b"<!---->" * 73 + b"x", b"\xef\xbb\xbf" + b"<!-- a -->" * 60, b" <?xml >" + b"<!--" * 120])
def test_no_head_takes_long_to_look_at(head: bytes) -> None:
    assert_quick(0.1, lambda: sniff(head))


def test_comments_before_a_page_hide_nothing() -> None:
    assert sniff(b"<!-- a --> <!--b--><svg >") == "image/svg+xml"
    assert sniff(b"<!-- a --> <!--b--><html>") == "text/html"


@pytest.mark.parametrize(("purpose", "minutes"), [(Purpose.UPLOAD, 10), (Purpose.DOWNLOAD, 5), (Purpose.DELIVERY, 60)])
def test_a_link_lasts_for_minutes_and_a_providers_for_an_hour(tmp_path: Path, purpose: Purpose, minutes: int) -> None:
    links = SignedLinks(Keys(tmp_path).signer("channel"), Revocations(), lambda: NOW)
    party = Party(OrganizationId("acme"), "services/channel")
    link = links.issue(purpose, party, FileKey(OrganizationId("acme"), MediaId("m1")), "image/png")
    assert link.expires - NOW == timedelta(minutes=minutes)
    assert links.read(purpose, link.token).media_type == "image/png"


@pytest.mark.parametrize(
    ("media_type", "name", "refined"),
    [
        ("application/zip", "Offer.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("application/zip", "photos.zip", "application/zip"),
        ("text/plain", "sam.vcf", "text/vcard"),
        ("image/png", "page.docx", "image/png"),
        ("text/html", "sam.vcf", "text/html"),
    ],
)
def test_a_name_makes_a_type_more_exact_only_where_the_bytes_allow_it(media_type: str, name: str, refined: str) -> None:
    assert media_types.refined(media_type, name) == refined
