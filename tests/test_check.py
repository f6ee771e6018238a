"""What a curator runs: quotes against texts, and generated files that are out of date."""

from pathlib import Path

import pytest

from kgraph import check
from kgraph.errors import BadData
from kgraph.resources import Folders


def test_the_real_data_is_clean_and_up_to_date(folders: Folders) -> None:
    assert check.problems(folders) == []


def test_a_forgotten_export_is_noticed(copied: Folders) -> None:
    copied.published().write_bytes(copied.published().read_bytes() + b"\n")
    copied.context().unlink()
    found = [str(problem) for problem in check.problems(copied)]
    assert len(found) == 2
    assert f"run “kgraph export turtle --data {copied.data} -o {copied.published()}”" in found[1]


def test_a_changed_label_makes_the_published_file_old(copied: Folders) -> None:
    path = copied.data / "places.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"Warsaw"@en', '"Warszawa"@en'), encoding="utf-8")
    assert [problem.file for problem in check.problems(copied)] == ["sekg.ttl"]


def test_a_text_of_nobody_is_refused(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("Nothing of ours.")
    with pytest.raises(BadData, match="no source has a text with this SHA-256"):
        check.problems(folders, [tmp_path / "text.txt"])
