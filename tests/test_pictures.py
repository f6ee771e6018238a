"""The pictures that links to pages show: which things have one, what it shows, and how pages name it."""

import re
import struct
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.words import LANGUAGES
from kgraph.publish.pages import UNPUBLISHED, Site, writers
from kgraph.publish.pages.book import Book, book_of
from kgraph.publish.pages.head import head
from kgraph.publish.pages.pictures import HEIGHT, WIDTH, drawing, painted, pictures, png

SITE = Site("https://example.org/sekg", is_static=True)


@pytest.fixture(scope="module")
def book(graph: ox.Store, folders: Folders) -> Book:
    return book_of(graph, folders, SITE)


def image(book: Book, path: str, lang: str) -> str | None:
    found = re.search(r'property="og:image" content="([^"]+)"', writers.written(book, path, lang)[0])
    return found and found[1]


@pytest.mark.slow
def test_a_leading_thing_has_a_picture_of_its_own_and_all_others_that_of_the_site(book: Book) -> None:
    assert book.pictured[0] == "id/cluster-siedlce"  # what the first question asks about
    assert image(book, "id/cluster-siedlce", "pl") == "https://example.org/sekg/pictures/id/cluster-siedlce.pl.png"
    assert image(book, "id/powiat-siedlecki", "en") == "https://example.org/sekg/pictures/site.en.png"


def test_a_page_without_a_site_that_has_pictures_names_none(book: Book) -> None:
    page = book.page("page/questions", "pl")
    assert head(page, "Pytania", "").picture == "https://example.org/sekg/pictures/site.pl.png"
    for site in (Site("https://example.org/sekg"), Site(is_static=True), UNPUBLISHED):
        assert head(replace(page, site=site), "Pytania", "").picture is None


@pytest.mark.whole
def test_pictures_are_few_of_one_size_and_equal_for_equal_data(
    graph: ox.Store, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.CACHE, "")
    book = book_of(graph, folders, SITE)
    book.pictured = ["id/cluster-siedlce"]
    found = dict(pictures(book))
    assert set(found) == {f"pictures/{path}.{lang}.png" for path in ("site", *book.pictured) for lang in LANGUAGES}
    assert {struct.unpack(">II", content[16:24]) for content in found.values()} == {(WIDTH, HEIGHT)}
    assert all(len(content) < 300_000 for content in found.values())
    assert dict(pictures(book)) == found


def test_a_picture_is_painted_once_and_kept_for_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    small = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="1"></svg>'
    first = png(small.format(1))
    [kept] = (tmp_path / "cache").iterdir()
    assert first == kept.read_bytes() == painted(small.format(1))
    kept.write_bytes(first[:-1])
    assert png(small.format(1)) == first
    kept.write_bytes(other := painted(small.format(2)))
    assert png(small.format(1)) == other != png(small.format(3))
    assert len([*kept.parent.iterdir()]) == 2


def test_the_drawing_has_the_founders_the_licence_and_no_markup_of_others(book: Book) -> None:
    drawn = drawing(book, "id/cluster-siedlce", "pl", "<script> & Co", "what it is")
    for text in ("„Relaksownia”", "&lt;script&gt; &amp; Co", "what it is", "https://example.org/sekg", "CC BY 4.0"):
        assert text in drawn
    assert "<script>" not in drawn


def test_letters_of_both_languages_are_drawn() -> None:
    """A letter that the typeface lacks would leave no trace."""
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" font-family="Figtree">{}</svg>'
    letters = ("", *"ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–…q")
    drawn = {png(frame.format(f'<text font-size="20" x="5" y="25">{letter}</text>')) for letter in letters}
    assert len(drawn) == len(letters)
