"""Drafts: built and shown as drafts, and not published."""

from kgraph.base.paths import Folders
from kgraph.build import drafts, pipeline
from kgraph.build.pipeline import Recipe
from tests.command import kgraph


def test_a_draft_is_shown_and_not_published(copied: Folders, out: object) -> None:
    path = copied.data / "sources" / "swr-2013-klaster.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("a se:Source ;", "a se:Source ; se:draft true ;", 1))
    data = ("--data", str(copied.data), "--ontology", str(copied.ontology))
    built = pipeline.build(copied.data.parent / "out", Recipe(copied))
    assert built.problems == ()
    shown = kgraph("show", "id:cluster-kps", "--graph", str(copied.data.parent / "out"), "--lang", "pl").stdout
    assert "Stowarzyszenie Współpracy Regionalnej [szkic]" in " ".join(shown.split())
    refused = kgraph("site", "--out", str(copied.data.parent / "site"), "--base-url", "https://example.org/", *data)
    assert refused.returncode == 1
    named = "swr-2013-klaster.ttl · source:swr-2013-klaster · is a draft, which is not published; remove"
    assert refused.stdout.startswith(named) and len(refused.stdout.splitlines()) == 1
    made = ("--out", str(copied.data.parent / "r"), "--base-url", "https://example.org/r/", "--lang", "pl")
    refused = kgraph("release", "1.0.0", *made, "--contact", "office@example.org", *data)
    assert (refused.returncode, "jest szkicem" in refused.stdout) == (1, True)
    left = drafts.without(copied)
    assert path not in left.sources() and drafts.problems(left) == []
    assert pipeline.validated(left)[1] == []
