"""Files of registers from the web: downloads that can be resumed, extracts by number, politely, from public hosts only.

A file is written to the cache, and reaches the data folder when it is whole and was read.
"""

import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from kgraph._version import __version__
from kgraph.base import addresses, paths
from kgraph.base.media import JSON
from kgraph.base.problems import fault, reason
from kgraph.errors import BadData, EndpointError, Forbidden, LimitExceeded, NotFound
from kgraph.evidence.registers import Step
from kgraph.evidence.registers.kept import LARGEST
from kgraph.evidence.registers.readers import MARKUP
from kgraph.rdf.csvw import VARIABLE, Description
from kgraph.rdf.endpoint import TRIES, is_address, pause

if TYPE_CHECKING:
    import httpx

Made = TypeVar("Made")

AGENT = f"kgraph/{__version__} (registers of the social economy; one request at a time)"
"""The User-Agent (RFC 9110, section 10.1.5)."""

SECONDS, REDIRECTS, BUSY = 60.0, 5, (429, 500, 502, 503, 504)
"""Seconds without a byte that end a request; the most redirects; statuses after which a request is repeated."""

EXTRACT = 16 * 1024**2
"""The most bytes of one extract."""


@dataclass(frozen=True)
class Network:
    """How files are fetched: hosts allowed on private networks, seconds between requests, and a folder for parts."""

    private: tuple[str, ...] = ()
    between: float = 1.0
    cache: Path | None = None
    most: int = LARGEST


@contextmanager
def cache(network: Network) -> Iterator[Path]:
    """The folder of what is not whole yet: in the user's cache, or a temporary one where there is none."""
    folder = network.cache or paths.cache_folder()
    if folder:
        (folder / "registers").mkdir(parents=True, exist_ok=True)
        yield folder / "registers"
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)


@contextmanager
def downloaded(url: str, network: Network, step: Step) -> Iterator[Path]:
    """A file from the web, removed afterwards. What broke off stays in the cache, and the next call goes on from it."""
    with cache(network) as kept:
        folder = kept / hashlib.sha256(url.encode()).hexdigest()[:16]
        folder.mkdir(exist_ok=True)
        part = Part(folder / "part", folder / "validator")
        try:
            name = _whole(url, part, network, step)
            yield part.content.replace(folder / name)
        except (EndpointError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Part:
    """What is there of a file, and the validator of the server's version (RFC 9110, section 8.8)."""

    content: Path
    validator: Path

    @property
    def size(self) -> int:
        return self.content.stat().st_size if self.content.is_file() and self.validator.is_file() else 0

    def range(self) -> dict[str, str]:
        """The headers that ask for the rest, if the version is the one of the part (RFC 9110, section 13.1.5)."""
        if not self.size:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator.read_text(encoding="utf-8")}


def _whole(url: str, part: Part, network: Network, step: Step) -> str:
    """Fetch a file until it is whole; the name that it has."""
    import httpx

    def read(answer: "httpx.Response") -> str:
        if answer.status_code == 416:  # there is nothing after the part
            part.content.unlink()
            raise httpx.ReadError("the part is not the beginning of the file")
        _refuse(url, answer)
        _write(answer, part, network.most, step)
        return _name(answer)

    return _tried(url, network, part.range, read)


def _tried(
    url: str,
    network: Network,
    headers: Callable[[], Mapping[str, str]],
    read: "Callable[[httpx.Response], Made]",
) -> Made:
    """What is read of an answer; asked for again when the server is busy or the connection breaks off."""
    import httpx

    for tries in range(TRIES):
        is_last = tries == TRIES - 1
        wait = network.between * 2**tries
        try:
            with _answered(url, network, headers()) as answer:
                if is_last or answer.status_code not in BUSY:
                    return read(answer)
                asked = answer.headers.get("retry-after", "")
                wait = pause(asked) if asked else wait
        except httpx.HTTPError as error:
            if is_last:
                raise EndpointError(fault("fetch-broken", url=url, reason=reason(error))) from error
        time.sleep(wait)
    raise AssertionError("the last try returns or raises")


def _write(answer: "httpx.Response", part: Part, most: int, step: Step) -> None:
    """Write the body of an answer after what is there, or anew when the server sends the file from its beginning."""
    rest = re.fullmatch(rf"bytes {part.size}-\d+/(\d+|\*)", answer.headers.get("content-range", ""))
    goes_on = answer.status_code == 206 and rest is not None
    done = part.size if goes_on else 0
    total = done + int(answer.headers.get("content-length", "0"))
    _bounded(answer, total, most)
    etag = answer.headers.get("etag", "")
    validator = etag if etag and not etag.startswith("W/") else answer.headers.get("last-modified", "")
    if validator:
        part.validator.write_text(validator, encoding="utf-8")
    else:
        part.validator.unlink(missing_ok=True)
    with part.content.open("ab" if goes_on else "wb") as out:
        for content in answer.iter_raw():
            out.write(content)
            done += len(content)
            _bounded(answer, done, most)
            step(done, total)


def _bounded(answer: "httpx.Response", size: int, most: int) -> None:
    if size > most:
        raise LimitExceeded(fault("table-too-large", file=str(answer.url), bytes=most))


def _refuse(url: str, answer: "httpx.Response") -> None:
    if answer.status_code == 404:
        raise NotFound(fault("fetch-missing", url=url))
    if answer.status_code not in (200, 206):
        raise EndpointError(fault("fetch-status", url=url, status=answer.status_code))


def _name(answer: "httpx.Response") -> str:
    """The name of a file, from its address: letters, digits, dots, hyphens and underscores."""
    last = unquote(urlsplit(str(answer.request.extensions["asked"])).path).rpartition("/")[2]
    name = re.sub(r"[^\w.-]+", "-", last).strip(".-")[-80:]
    return name if name not in ("", "part", "validator") else "register.csv"


@contextmanager
def _answered(url: str, network: Network, headers: Mapping[str, str]) -> "Iterator[httpx.Response]":
    """The answer of a server after redirects, none of which may lead to a private address."""
    import httpx

    sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
    with httpx.Client(trust_env=False, timeout=SECONDS) as client:
        for _ in range(REDIRECTS + 1):
            request = client.build_request("GET", url, headers=sent)
            request.extensions["asked"] = url
            answer = client.send(addresses.pinned(request, _address(url, network)), stream=True)
            try:
                if not answer.is_redirect:
                    yield answer
                    return
                url = urljoin(url, answer.headers["location"])
            finally:
                answer.close()
    raise EndpointError(fault("fetch-redirects", url=url))


def _address(url: str, network: Network) -> str:
    """The IP address of the host of a URL; Forbidden for one on a private network that is not allowed."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError) as error:
        raise Forbidden(fault("fetch-scheme", url=url)) from error
    try:
        found = addresses.addresses_of(host, port)
    except OSError as error:
        raise EndpointError(fault("fetch-host", host=host)) from error
    is_allowed = host in network.private or f"{host}:{port}" in network.private
    if not found or not (is_allowed or all(map(addresses.is_public, found))):
        raise Forbidden(fault("fetch-private", host=host))
    return min(found, key=lambda address: ":" in address)  # IPv4, which more networks have


@dataclass(frozen=True)
class Fetched:
    """The files of a register, and the numbers of which it has no extract."""

    files: tuple[Path, ...]
    missing: tuple[str, ...]


def extracts(description: Description, numbers: Sequence[str], folder: Path, network: Network, step: Step) -> Fetched:
    """The extract of each number, taken from the folder where an earlier call has left it.

    The addresses of the description are asked in turn, until one has an extract.
    """
    folder.mkdir(parents=True, exist_ok=True)
    last = 0.0
    files = {number: folder / f"{number}.json" for number in numbers}
    for done, (number, file) in enumerate(files.items(), 1):
        for template in description.fetch if not file.is_file() else ():
            time.sleep(max(0.0, last + network.between - time.monotonic()))
            content = _extract(VARIABLE.sub(number, template), network)
            last = time.monotonic()
            if content:
                _keep(file, content)
                break
        step(done, len(numbers))
    there = {number: file for number, file in files.items() if file.is_file()}
    return Fetched(tuple(there.values()), tuple(number for number in numbers if number not in there))


def _keep(file: Path, content: bytes) -> None:
    """Write a file at once, so that a killed process leaves none that is cut."""
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.replace(file)


def _extract(url: str, network: Network) -> bytes:
    """An extract; nothing for an empty answer and for 404, by which a register says that it has none."""

    def read(answer: "httpx.Response") -> bytes:
        if answer.status_code in (204, 404):
            return b""
        _refuse(url, answer)
        return _json(url, _read(answer))

    return _tried(url, network, lambda: {"Accept": JSON.media}, read)


def _read(answer: "httpx.Response") -> bytes:
    content = bytearray()
    for part in answer.iter_raw():
        content += part
        _bounded(answer, len(content), EXTRACT)
    return bytes(content)


def _json(url: str, content: bytes) -> bytes:
    """The content of an answer; BadData for a page, which a server may send in place of JSON."""
    begins = content[:64].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    if begins.startswith(MARKUP):
        raise BadData(fault("table-is-page", file=url))
    return content if content.strip() else b""


def numbers_of(description: Description, given: Sequence[str], where: str) -> list[str]:
    """The numbers of a register, each once, with the zeros at their beginning; BadData for one of another form."""
    pattern = next((column.pattern for column in description.read if column.name == description.key), "")
    digits = re.fullmatch(r"\\d\{(\d+)\}", pattern)
    found: dict[str, None] = {}
    for text in filter(None, map(str.strip, given)):
        number = text.zfill(int(digits[1])) if digits and text.isdecimal() else text
        if not re.fullmatch(pattern or r"\w+", number):
            raise BadData(fault("number-odd", number=text, file=where))
        found[number] = None
    return list(found)


def listed(file: Path) -> list[str]:
    """The first cell of each line of a file of numbers, without comments, which `#` begins, and without a heading."""
    lines = paths.read_text(file).removeprefix("\ufeff").splitlines()
    cells = [re.split(r"[,;\t#]", line, maxsplit=1)[0].strip(' "') for line in lines]
    return cells[1:] if cells and not any(map(str.isdigit, cells[0])) else cells


@dataclass(frozen=True)
class Wanted:
    """What a register is read of: files, addresses of files, and numbers of which it gives extracts on a day."""

    files: tuple[Path, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    day: str = ""
    skips_missing: bool = False


def sorted_out(given: Sequence[str], numbers: Path | None, description: Description) -> Wanted:
    """What the arguments of a command name; a number is one where the register is fetched by numbers."""
    addresses_ = [text for text in given if is_address(text)]
    plain = [text for text in given if text not in addresses_]
    digits = [text for text in plain if description.fetch and text.isdecimal() and not Path(text).exists()]
    if numbers and not description.fetch:
        raise NotFound(fault("fetch-not", name=description.name))
    found = numbers_of(description, digits, "")
    found += numbers_of(description, listed(numbers), numbers.name) if numbers else []
    files = tuple(Path(text) for text in plain if text not in digits)
    return Wanted(files, tuple(addresses_), tuple(dict.fromkeys(found)))


@contextmanager
def gathered(wanted: Wanted, description: Description, network: Network, step: Step) -> Iterator[Fetched]:
    """The files of what is wanted, fetched where they are not on this machine."""
    with ExitStack() as stack:
        files = [*wanted.files]
        files += [stack.enter_context(downloaded(url, network, step)) for url in wanted.addresses]
        if not wanted.numbers:
            yield Fetched(tuple(files), ())
            return
        folder = stack.enter_context(cache(network)) / f"{description.name}-{wanted.day}"
        fetched = extracts(description, wanted.numbers, folder, network, step)
        if fetched.missing and not (wanted.skips_missing and fetched.files):
            few = ", ".join(fetched.missing[:MOST_NAMED]) + (" …" if fetched.missing[MOST_NAMED:] else "")
            raise NotFound(fault("numbers-missing", n=len(fetched.missing), numbers=few))
        yield Fetched((*files, *fetched.files), fetched.missing)
        for other in folder.parent.glob(
            f"{description.name}-*"
        ):  # this day's extracts serve a dry run and what follows
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)


MOST_NAMED = 5
"""Missing numbers that are named."""
