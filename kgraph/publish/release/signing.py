"""The signature of a manifest, in the format of minisign (https://jedisct1.github.io/minisign/), by `cryptography`.

The manifest has the hash of each file, so that its signature is one of the whole release. Equal releases that are
signed with one key have equal signatures: the time in the signature is the day of the release.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from kgraph.base.problems import Problem, fault, problem
from kgraph.errors import BadData, NotFound

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ed25519

FILE, SIGNED = "manifest.json.minisig", "manifest.json"
KEY, HASHED = b"Ed", b"ED"
"""The algorithms of keys, and of signatures of the hash of a file."""
UNTRUSTED, TRUSTED = "untrusted comment: ", "trusted comment: "
SECRET_SIZE, PUBLIC_SIZE, SIGNATURE_SIZE = 158, 42, 74
"""Bytes of a secret key, of a public key, and of a signature with its algorithm and the number of its key."""
NUMBER = slice(54, 62)
"""Where a secret key has its number; its seed and its public half follow."""


@dataclass(frozen=True)
class Key:
    """A secret key and the number by which its signatures name it."""

    number: bytes
    secret: "ed25519.Ed25519PrivateKey"


def key(path: Path) -> Key:
    """The secret key in a file; BadData for another file or a key with a password, NotFound for none."""
    raw = _decoded(path, SECRET_SIZE)
    if raw[2:4] != b"\0\0":
        raise BadData(fault("key-with-password", file=str(path)))
    seed = raw[NUMBER.stop : NUMBER.stop + 32]
    return Key(raw[NUMBER], _ed25519().Ed25519PrivateKey.from_private_bytes(seed))


def _ed25519() -> ModuleType:
    """The module of the algorithm; NotFound where it is not installed."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # optional
    except ImportError as error:
        raise NotFound(fault("cryptography-missing")) from error
    return ed25519


def _decoded(path: Path, size: int) -> bytes:
    """The bytes of a key in a file of minisign; a line before them is a comment."""
    if not path.is_file():
        raise NotFound(fault("key-not-there", file=str(path)))
    lines = path.read_bytes().strip().splitlines()
    raw = _bytes(lines[-1]) if lines else b""
    if len(raw) != size or raw[:2] != KEY:
        raise BadData(fault("no-key", file=str(path)))
    return raw


def _bytes(text: bytes) -> bytes:
    """The bytes of a text in Base64, none if it is not."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def signed(content: bytes, with_key: Key, day: date) -> bytes:
    """The signature of a manifest, as a file."""
    own = with_key.secret.sign(blake2b(content).digest())
    time = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    comment = f"timestamp:{time}\tfile:{SIGNED}\thashed"
    both = with_key.secret.sign(own + comment.encode())
    lines = (
        f"{UNTRUSTED}signature of a release of kgraph",
        base64.b64encode(HASHED + with_key.number + own).decode(),
        f"{TRUSTED}{comment}",
        base64.b64encode(both).decode(),
    )
    return "".join(f"{line}\n" for line in lines).encode()


def problems(folder: Path, public: Path) -> Iterator[Problem]:
    """Why the manifest of a release is not signed with a public key, given as a file of minisign."""
    raw, _ = _decoded(public, PUBLIC_SIZE), _ed25519()
    if not (folder / FILE).is_file():
        yield problem(FILE, "", "missing")
        return
    lines = (folder / FILE).read_bytes().splitlines()
    own, both = (_bytes(lines[number]) for number in (1, 3)) if len(lines) == 4 else (b"", b"")
    if len(own) != SIGNATURE_SIZE or own[:2] != HASHED or not lines[2].startswith(TRUSTED.encode()):
        yield problem(FILE, "", "no-signature")
    elif own[2:10] != raw[2:10]:
        yield problem(FILE, "", "other-key", key=str(public))
    else:
        digest = blake2b((folder / SIGNED).read_bytes()).digest()
        comment = lines[2].removeprefix(TRUSTED.encode())
        if not (_fits(raw[10:], own[10:], digest) and _fits(raw[10:], both, own[10:] + comment)):
            yield problem(FILE, "", "wrong-signature", file=SIGNED)


def _fits(public: bytes, signature: bytes, content: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # optional; its absence is told by `_ed25519`

    try:
        _ed25519().Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except InvalidSignature:
        return False
    return True
