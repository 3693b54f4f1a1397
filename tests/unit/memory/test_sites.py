"""Addresses of sites, robots.txt, and scanning of pages and sitemaps."""

from __future__ import annotations

import gzip
from functools import partial

import pytest

from services.memory.adapters.scanning.__main__ import Order, scan, scan_page
from services.memory.domain import robots
from services.memory.domain.addresses import Scope, host, key, looks_endless, normalize
from services.memory.domain.sites import Listing
from tests.support.budgets import assert_quick

START = "https://example.com/help/"


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("HTTPS://Example.COM:443/a/../b/./c?utm_source=x&q=1&fbclid=2#top", "https://example.com/b/c?q=1"),
        ("http://example.com:80", "http://example.com/"),
        ("http://example.com:8080/x", "http://example.com:8080/x"),
        ("https://example.com/%7euser/%e4%bd/ä b?x=%2f&&y", "https://example.com/~user/%E4%BD/%C3%A4%20b?x=%2F&y"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.com/a;jsessionid=1AB?PHPSESSID=9", "https://example.com/a"),
        ("https://example.com/a/..", "https://example.com/"),
        ("https://example.com/article.php?sid=1", "https://example.com/article.php?sid=1"),
        ("https://example.com/?sid=how-to-return-2-boots", "https://example.com/?sid=how-to-return-2-boots"),
        ("https://example.com/?sid=0123456789abcdef&q=1", "https://example.com/?q=1"),
        ("https://example.com/?sessionid=AbC9/def+GHIjklM==", "https://example.com/"),
        ("https://example.com/caf\udce9", "https://example.com/caf%E9"),
        ("https://example.com/?b=2&a=1", "https://example.com/?b=2&a=1"),
        ("mailto:help@example.com", ""),
        ("javascript:void(0)", ""),
        ("https://user:secret@example.com/", ""),
        ("https://example.com:x/", ""),
        ("https://[::1", ""),
        ("https://" + "a" * 1000, ""),
    ],
)
def test_addresses_have_one_normal_form(address: str, normal: str) -> None:
    assert normalize(address) == normal
    assert normalize(normal) == normal


def test_links_are_relative_to_their_page() -> None:
    page = "https://example.com/help/returns?x=1"
    assert normalize("sizes#boots", page) == "https://example.com/help/sizes"
    assert normalize("?page=2", page) == "https://example.com/help/returns?page=2"
    assert normalize("//cdn.example.com/x", page) == "https://cdn.example.com/x"
    assert normalize("../..\\up", page) == "https://example.com/up"


def test_addresses_of_one_page_are_the_same() -> None:
    assert key("http://www.example.com/a/") == key("https://example.com/a")
    assert key("https://example.com/a?x=1") != key("https://example.com/a")
    assert host("https://www.example.com:8443/a?x") == "example.com:8443"


def test_a_scope_has_one_host_and_the_included_paths() -> None:
    scope = Scope(START, ("/help/", "/faq"), ("/help/internal",))
    assert scope.has("http://www.example.com/else")
    assert not scope.has("https://shop.example.com/help/")
    found = {
        "https://example.com/help/a": "",
        "https://example.com/faq?x=1": "",
        START: "",
        "https://example.com/blog": "EXCLUDED",
        "https://example.com/help/internal/x": "EXCLUDED",
        "https://example.com/help/photo.JPG": "MEDIA_TYPE",
        "https://example.com/help/manual.pdf": "",
        "https://example.com/help/v1.2": "",
        "https://example.com/help/a/a/a/a": "ENDLESS",
    }
    assert {address: scope.refusal(address) for address in found} == found


def test_endless_addresses_are_recognised() -> None:
    assert looks_endless("https://x.example/" + "/".join(f"d{n}" for n in range(21)))
    assert looks_endless("https://x.example/en/news/en/news/en/news/en/news")
    assert looks_endless("https://x.example/?" + "&".join(f"p{n}=1" for n in range(9)))
    assert looks_endless("https://x.example/?f=1&f=2&f=3&f=4")
    assert not looks_endless("https://x.example/2026/11/11/party?tag=a&tag=b")


ROBOTS = """\ufeff
User-agent: other
Disallow: /
User-agent: FrontDesk/1.0  # us
User-agent: third
Crawl-delay: 3
Disallow: /private
Allow: /private/help
Disallow: /*.php$
Disallow: /search?*q=
Disallow: /über
Disallow:
nonsense
Sitemap: /maps/a.xml
Sitemap: https://example.com/maps/b.xml

User-agent: *
Disallow: /help
Crawl-delay: 9
"""


def test_robots_are_read_by_the_standard() -> None:
    rules = robots.parse(ROBOTS, "https://example.com/robots.txt")
    assert rules.delay == 3
    assert rules.sitemaps == ("https://example.com/maps/a.xml", "https://example.com/maps/b.xml")
    permitted = {
        "/help": True,
        "/private": False,
        "/private/x": False,
        "/private/help/x": True,
        "/index.php": False,
        "/index.php?x=1": True,
        "/search?lang=en&q=boots": False,
        "/search?lang=en": True,
        "/%C3%BCber": False,
    }
    assert {path: rules.permits(f"https://example.com{path}") for path in permitted} == permitted
    others = robots.parse("User-agent: *\nDisallow: /help\nAllow: /help\nCrawl-delay: x\n\nUser-agent: bot\nDisallow: /")
    assert others.permits("https://example.com/help"), "of rules that are as long, the one that permits decides"
    assert others.delay == 0
    assert robots.parse("<html>not found</html>").permits("https://example.com/")
    assert not robots.parse("user-agent: *\ndisallow: *").permits("https://example.com/x")


@pytest.mark.parametrize("delay", ["nan", "inf", "-inf", "1e999", "-3", "x"])
def test_a_delay_that_is_no_time_is_none(delay: str) -> None:
    assert robots.parse(f"User-agent: *\nCrawl-delay: {delay}").delay == 0


def test_hostile_robots_take_little_time() -> None:
    asked = [f"https://example.com/{number}/" + "a" * 900 for number in range(20)]
    kinds = [  # the second is the most costly: the pieces between its stars are looked for in the whole address
        "/*a*a*a*a*a*a*ab",
        "/*" + "a" * 100 + "b" + "a" * 300,
        "/" + "*a" * 240 + "b",
        "/" + "a" * 400 + "b",
        "/*" * 200 + "b",
    ]
    for kind in kinds:
        rules = robots.parse("User-agent: *\n" + f"Disallow: {kind}\n" * 5000)
        assert len(rules.rules) <= robots.MAX_RULES
        assert sum(pattern.count("*") for pattern, _ in rules.rules) <= robots.MAX_ALL_STARS
        assert_quick(0.2, partial(_assert_permitted, rules, asked))
    assert not robots.parse("User-agent: *\nDisallow: /**/***x").permits("https://example.com/a/b/x")
    assert len(robots.parse("User-agent: *\n" + "Disallow: /x\n" * 40_000).rules) == robots.MAX_RULES


def _assert_permitted(rules: robots.Robots, asked: list[str]) -> None:
    assert all(map(rules.permits, asked))


PAGE = """<html><head><title>Boots</title><base href="/help/"><link rel="canonical" href="boots">
<meta name="robots" content="index, NOFOLLOW"></head><body>
<nav><a href="/help/">Home</a><a href="../blog#x">Blog</a><a href="https://other.example/">Other</a></nav>
<main><h1>Boots</h1><p>Boots run small.</p><a href="sizes?utm_source=x">Sizes</a><a rel="nofollow" href="login">Log in</a>
<a href="sizes">Sizes again</a><a href="mailto:a@example.com">Write</a><a>No target</a></main>%s</body></html>"""


def test_a_page_is_scanned_for_links_and_text() -> None:
    found = scan_page(PAGE % "", "https://example.com/help/boots?ref=1", START)
    assert found.title == "Boots"
    assert found.canonical == "https://example.com/help/boots"
    assert found.links == (
        "https://example.com/help/",
        "https://example.com/blog",
        "https://example.com/help/sizes",
    )
    assert (found.nofollow, found.noindex) == (True, False)
    again = scan_page(PAGE % "<script>nonce='8a7b'</script><footer>Seen 7 times</footer>", "https://example.com/x", START)
    assert again.digest == found.digest, "what is not indexed does not count as a change"
    assert scan_page((PAGE % "").replace("small", "large"), "https://example.com/x", START).digest != found.digest


@pytest.mark.parametrize(
    ("content", "noindex", "nofollow"),
    [
        ("index, follow, max-image-preview:none", False, False),
        ("max-image-preview: none, max-snippet:-1", False, False),
        ("unavailable_after: Thu, 25 Jun 2026 15:00:00 GMT", False, False),
        ("nonesuch, noindexing", False, False),
        ("none", True, True),
        ("max-snippet:20,NoIndex", True, False),
        ("noindex nofollow", True, True),
        ("", False, False),
    ],
)
def test_the_directives_of_a_page_are_words_between_commas(content: str, noindex: bool, nofollow: bool) -> None:
    found = scan_page(f'<meta name="robots" content="{content}"><p>Boots.</p>', START, START)
    assert (found.noindex, found.nofollow) == (noindex, nofollow)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("otherbot: noindex", set()),
        ("otherbot: noindex, nofollow", set()),
        ("otherbot: noindex, Frontdesk: nofollow", {"nofollow"}),
        ("noindex, otherbot: nofollow", {"noindex"}),
        ("*: none", {"none"}),
        ("otherbot: max-snippet: 3, noindex", set()),
        ("unavailable_after: 25 Jun 2026 15:00:00 PST, noarchive", {"noarchive"}),
    ],
)
def test_directives_for_another_crawler_are_not_for_us(header: str, words: set[str]) -> None:
    assert robots.directives(header) == words


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<body><svg><title>Cart</title></svg><p>Boots.</p>", ""),
        ("<body><svg><g><title>Cart</title></g></svg><title>Boots</title><p>Boots.</p>", "Boots"),
        ("<head><title>Boots</title></head><body><svg><title>Cart</title></svg><p>Boots.</p>", "Boots"),
    ],
)
def test_a_drawing_gives_a_page_no_title(page: str, title: str) -> None:
    assert scan_page(page, START, START).title == title


def sitemap(*entries: str, root: str = "urlset", entry: str = "url") -> bytes:
    body = "".join(f"<{entry}><loc>\n {address} </loc><lastmod>2026-01-01</lastmod></{entry}>" for address in entries)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</{root}>'.encode()


def listing(content: bytes, limit: int = 100) -> Listing:
    found = scan(Order(start=START, exclude=("/blog",), limit=limit), content).listing
    assert found is not None
    return found


def test_sitemaps_are_read_in_all_their_forms() -> None:
    wanted = ("https://example.com/a?x=1&y=2", "https://example.com/b")
    entries = ("https://example.com/a?x=1&amp;y=2", "http://www.example.com/a/?x=1&amp;y=2", "/b", "https://example.com/blog/1")
    assert listing(sitemap(*entries, "https://other.example/")).pages == wanted
    assert listing(gzip.compress(sitemap(*entries))).pages == wanted
    text = b"\xef\xbb\xbfhttps://example.com/a?x=1&y=2\r\nhttps://example.com/b\r\n\r\nno address"
    assert listing(text).pages == wanted
    index = listing(sitemap("/maps/1.xml", "/maps/1.xml", "/maps/2.xml.gz", root="sitemapindex", entry="sitemap"))
    assert index.sitemaps == ("https://example.com/maps/1.xml", "https://example.com/maps/2.xml.gz")


def test_sitemaps_are_bounded() -> None:
    many = sitemap(*(f"/p{number}" for number in range(5_000)))
    found = listing(many, limit=200)
    assert (len(found.pages), found.is_cut) == (200, True)
    assert not listing(sitemap("/a"), limit=1).is_cut
    bomb = gzip.compress(b"<urlset>" + b" " * 53_000_000, 1)
    assert listing(bomb).is_cut
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    assert "document type" in listing(entities).problem
    assert listing(sitemap("/a")[:-3] + b"<").pages == ("https://example.com/a",)
    assert "damaged" in listing(sitemap("/a")[:-3] + b"<").problem
    assert listing(b"\x1f\x8b broken").problem
    assert listing(b"x" * 200_000).problem == "it is no sitemap."
    assert "deeply" in listing(b"<urlset>" * 30).problem
    assert listing(b"") == Listing()
