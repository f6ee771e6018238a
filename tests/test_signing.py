"""The signature of a manifest in the format of minisign."""

import base64
import json
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kgraph.errors import BadData, NotFound
from kgraph.publish.release import signing
from tests.command import kgraph

NUMBER, DAY = b"kgraph!!", date(2026, 11, 23)


def keys(folder: Path, number: bytes = NUMBER, password: bytes = b"\0\0") -> tuple[Path, Path]:
    """The files of a new secret key and its public one."""
    secret = Ed25519PrivateKey.generate()
    seed, public = secret.private_bytes_raw(), secret.public_key().public_bytes_raw()
    raw = b"Ed" + password + b"B2" + bytes(48) + number + seed + public + bytes(32)
    files = folder / "minisign.key", folder / "minisign.pub"
    for path, content in zip(files, (raw, b"Ed" + number + public), strict=True):
        path.write_bytes(b"untrusted comment: an invented key\n" + base64.b64encode(content) + b"\n")
    return files


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with a manifest, its signature, and the keys beside it."""
    (tmp_path / "release").mkdir()
    secret, _ = keys(tmp_path)
    content = json.dumps({"version": "1.0.0"}).encode()
    (tmp_path / "release/manifest.json").write_bytes(content)
    (tmp_path / "release" / signing.FILE).write_bytes(signing.signed(content, signing.key(secret), DAY))
    return tmp_path / "release"


def codes(release: Path, public: Path) -> list[str]:
    return [problem.code for problem in signing.problems(release, public)]


def test_a_signature_is_that_of_its_manifest_and_comment_alone(release: Path, tmp_path: Path) -> None:
    public, signature = tmp_path / "minisign.pub", release / signing.FILE
    assert codes(release, public) == []
    text = signature.read_text(encoding="utf-8")
    assert "trusted comment: timestamp:1795392000\tfile:manifest.json\thashed\n" in text
    assert text.encode() == signing.signed(
        (release / "manifest.json").read_bytes(), signing.key(tmp_path / "minisign.key"), DAY
    )
    signature.write_text(text.replace("timestamp:1", "timestamp:2"), encoding="utf-8")
    assert codes(release, public) == ["wrong-signature"]
    signature.write_text(text.replace("\n", "\n\n"), encoding="utf-8")
    assert codes(release, public) == ["no-signature"]
    signature.write_text(text, encoding="utf-8")
    (release / "manifest.json").write_text("{}")
    assert codes(release, public) == ["wrong-signature"]
    signature.unlink()
    assert codes(release, public) == ["missing"]


def test_a_signature_of_another_key_is_told(release: Path, tmp_path: Path) -> None:
    (tmp_path / "same").mkdir()
    (tmp_path / "other").mkdir()
    assert codes(release, keys(tmp_path / "same")[1]) == ["wrong-signature"]
    assert codes(release, keys(tmp_path / "other", b"another!")[1]) == ["other-key"]


def test_what_is_no_key_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    secret, public = keys(tmp_path, password=b"Sc")
    with pytest.raises(BadData, match="has a password"):
        signing.key(secret)
    with pytest.raises(BadData, match="is not such a key"):
        signing.key(public)
    with pytest.raises(NotFound, match="there is no key"):
        signing.key(tmp_path / "nowhere")
    options = ("--base-url", "https://example.org/", "--contact", "a@example.org", "--lang", "pl")
    refused = kgraph("release", "1.0.0", "--out", tmp_path / "out", *options, "--sign", secret)
    assert refused.returncode == 3 and "ma hasło" in refused.stderr and not (tmp_path / "out").exists()
    alone = kgraph("check", "--public-key", public)
    assert alone.returncode == 2 and "--public-key goes with --release" in alone.stderr
