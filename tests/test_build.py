"""The pipeline on real and on faulty data: every fault is named, and nothing is half-written."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph import build, publish, resources, sources, store
from kgraph.errors import BadData, CannotWrite, NotFound
from kgraph.resources import Folders
from kgraph.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH, TURTLE_PREFIXES
from tests.conftest import holds

HEAD = 'source:x a se:Source ; dcterms:title "X"@pl , "X"@en ; dcterms:publisher "X" ; se:textUnavailable true .\n'


def add_source(copied: Folders, body: str, head: str = HEAD) -> None:
    text = 'VERSION "1.2"\n' + TURTLE_PREFIXES + head + body
    (copied.data / "sources" / "x.ttl").write_text(text, encoding="utf-8")


def faults(copied: Folders, lang: str = "en") -> str:
    built = build.build(copied.data.parent / "out", copied, lang=lang)
    assert (copied.data.parent / "out").exists() is (not built.problems)
    return "\n".join(map(str, built.problems))


def test_the_real_data_builds_without_problems(copied: Folders, graph: ox.Store) -> None:
    assert faults(copied) == ""
    built = store.open_built(copied.data.parent / "out")
    assert publish.export(built, "trig") == publish.export(graph, "trig")


IDENTIFIER = (
    'id:number a adms:Identifier ~ ; adms:schemaAgency "{}" ~ ; skos:notation "{}" ~ ; skos:prefLabel "N"@pl , "N"@en .'
)


@pytest.mark.parametrize(
    ("body", "node", "message"),
    [
        ("id:siedlce se:wihtin id:poland ~ .", "id:siedlce", "se:wihtin is not defined in the ontology"),
        ("id:siedlce a se:Citty ~ .", "id:siedlce", "se:Citty is not defined in the ontology"),
        ("id:poland se:within id:siedlce ~ .", "id:", "within"),
        ("id:agreement-2018 a se:Event ~ .", "id:agreement-2018", "is a se:Agreement and a se:Event"),
        ("id:new se:within id:poland ~ .", "id:new", "has no name"),
        ('id:siedlce skos:altLabel "Sedlec" .', "id:siedlce", "language"),
        ("id:siedlce se:within id:poland .", "id:siedlce", "has no evidence"),
        (
            "id:agreement-2018 se:involvesKind standing:social-enterprise-2022 ~ .",
            "id:agreement-2018",
            "before the law",
        ),
        (IDENTIFIER.format("NIP", "1234567890"), "id:number", "1234567890 is not a NIP number"),
        (IDENTIFIER.format("KRS", "123"), "id:number", "123 is not a KRS number"),
    ],
)
def test_a_fault_names_file_and_node(copied: Folders, body: str, node: str, message: str) -> None:
    add_source(copied, body)
    found = [line for line in faults(copied).splitlines() if message in line]
    assert found
    assert node in found[0]
    assert ".ttl · " in found[0]


def test_the_file_that_is_wrong_is_blamed_and_not_the_first_that_knows_the_thing(copied: Folders) -> None:
    add_source(copied, 'id:signing-2018 se:date "2018-02-30"^^xsd:date ~ .')
    assert [line.partition(" · ")[0] for line in faults(copied).splitlines() if "id:signing-2018" in line] == ["x.ttl"]


def test_a_message_may_be_polish(copied: Folders) -> None:
    add_source(copied, 'id:siedlce skos:altLabel "Sedlec" .')
    assert faults(copied, "pl") != faults(copied, "en")


def test_a_failed_validation_leaves_the_old_build(copied: Folders) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied)
    add_source(copied, "id:siedlce se:within id:poland .")
    assert build.build(out, copied).problems
    assert len(store.open_built(out)) > 1000


def test_broken_turtle_ends_the_build(copied: Folders) -> None:
    add_source(copied, "id:siedlce se:within")
    with pytest.raises(BadData, match=r"x\.ttl:\d+:\d+: "):
        build.build(copied.data.parent / "out", copied)
    assert not (copied.data.parent / "out").exists()


def test_an_unwritable_place(copied: Folders) -> None:
    (copied.data.parent / "file").write_text("")
    with pytest.raises(CannotWrite, match="nothing was changed"):
        build.build(copied.data.parent / "file" / "out", copied)


def test_a_folder_without_the_data(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"places\.ttl is missing"):
        resources.folders(data=tmp_path)


def test_a_removed_source_takes_exactly_its_contribution_along(copied: Folders) -> None:
    path = copied.data / "sources" / "wodynie-2022-serwis-komunalny.ttl"
    removed = set(sources.quads(sources.read(path)))
    others = {quad for other in copied.sources() if other != path for quad in sources.quads(sources.read(other))}
    whole = _named(copied)
    path.unlink()
    rest = _named(copied)
    assert whole - rest == removed - others
    assert rest - whole == set()


def test_what_was_inferred_from_a_removed_source_goes_with_it(copied: Folders) -> None:
    assert holds(build.graph(copied), "id:relaksownia se:foundingMemberOf id:cluster-siedlce")
    for name in ("mcps-2018-klaster", "cis-siedlce-2018-klaster"):
        (copied.data / "sources" / f"{name}.ttl").unlink()
    assert not holds(build.graph(copied), "id:relaksownia se:foundingMemberOf id:cluster-siedlce")


def _named(folders: Folders) -> set[ox.Quad]:
    """What the sources and curators say, in its graphs."""
    return {q for q in build.graph(folders) if q.graph_name not in (ox.DefaultGraph(), INFERRED_GRAPH, ONTOLOGY_GRAPH)}
