"""A server behind nginx and Caddy, and the rules for the addresses that a proxy names."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kgraph.errors import BadQuery
from kgraph.server.http.proxies import proxies, scheme
from tests.programs import needs
from tests.serving import Serving, free_port, serving

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("fields", "client"),
    [
        ({"x-forwarded-for": "192.0.2.7"}, "192.0.2.7"),
        ({"x-forwarded-for": "203.0.113.9, 192.0.2.7"}, "192.0.2.7"),
        ({"x-forwarded-for": "192.0.2.7, 10.1.2.3"}, "192.0.2.7"),
        ({"x-forwarded-for": "10.9.9.9, 10.1.2.3"}, "10.9.9.9"),
        ({"x-forwarded-for": "nonsense"}, "10.0.0.1"),
        ({"x-forwarded-for": "192.0.2.7, "}, "10.0.0.1"),
        ({"x-forwarded-for": "[2001:db8::1]:4711"}, "2001:db8::1"),
        ({"x-forwarded-for": "2001:db8::1"}, "2001:db8::1"),
        ({"x-forwarded-for": "::ffff:192.0.2.7"}, "192.0.2.7"),
        ({"forwarded": "for=192.0.2.7;proto=https"}, "192.0.2.7"),
        ({"forwarded": 'for="[2001:db8::1]:4711", for=10.1.2.3'}, "2001:db8::1"),
        ({"forwarded": "for=_hidden"}, "10.0.0.1"),
        ({"forwarded": "for=203.0.113.9", "x-forwarded-for": "192.0.2.7"}, "10.0.0.1"),
        ({"forwarded": "for=192.0.2.7", "x-forwarded-for": "192.0.2.7"}, "192.0.2.7"),
        ({}, "10.0.0.1"),
    ],
)
def test_the_client_is_the_last_address_that_no_proxy_has(fields: dict[str, str], client: str) -> None:
    given = [(name.encode(), value.encode()) for name, value in fields.items()]
    assert proxies(["10.0.0.0/8"]).client("10.0.0.1", given) == client


def test_only_given_addresses_are_proxies() -> None:
    known = proxies(["10.0.0.0/8", "::1"])
    assert [known.trust(at) for at in ("10.2.3.4", "::1", "::ffff:10.0.0.1", "192.0.2.1", None)] == [
        *(True, True, True),
        *(False, False),
    ]
    with pytest.raises(BadQuery, match="--proxy takes an IP address or a network"):
        proxies(["proxy.example.org"])


def test_the_scheme_is_that_of_the_last_proxy() -> None:
    assert scheme([(b"x-forwarded-proto", b"https")]) == "https"
    assert scheme([(b"forwarded", b"for=a;proto=http, for=b; proto=https")]) == "https"
    assert scheme([(b"x-forwarded-proto", b"javascript")]) is None


@pytest.mark.parametrize("trusted", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_forwarded_address_counts_from_a_trusted_proxy_only(trusted: bool) -> None:
    options = ("--access-log", *(("--proxy", "127.0.0.1") if trusted else ()))
    with serving(*options) as server:
        server.client.get("/about", headers={"X-Forwarded-For": "192.0.2.7"})
        assert logged(server)["client"] == ("192.0.2.7" if trusted else "127.0.0.1")


def logged(server: Serving) -> dict[str, object]:
    """The next line of the access log."""
    assert server.process.stderr is not None
    while not (line := server.process.stderr.readline()).startswith("{"):
        assert line, "the server has ended"
    found: dict[str, object] = json.loads(line)
    return found


@pytest.fixture(scope="module")
def served() -> Iterator[Serving]:
    with serving("--proxy", "127.0.0.1", "--access-log", "--base-url", "https://graph.example.org/") as server:
        yield server


PORT = "127.0.0.1:8000"


def guide(language: str, program: str) -> str:
    """The lines for a proxy in the guide."""
    sections = (ROOT / "docs" / "endpoint.md").read_text(encoding="utf-8").split(f"```{language}\n")[1:]
    return next(lines for lines in (section.partition("```")[0] for section in sections) if program in lines)


def changed(lines: str, **changes: str) -> str:
    for given, here in changes.items():
        assert given in lines
        lines = lines.replace(given, here)
    return lines


def nginx(folder: Path, server: str, port: int) -> list[str]:
    """The command of nginx with the lines of the guide."""
    lines = changed(guide("nginx", "proxy_pass"), **{PORT: server, "listen 443 ssl;": f"listen 127.0.0.1:{port};"})
    lines = "\n".join(line for line in lines.splitlines() if "ssl_certificate" not in line)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};\n"
        f"fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n{lines}\n}}\n",
        encoding="utf-8",
    )
    return [needs("nginx"), "-p", str(folder), "-c", "nginx.conf"]


def caddy(folder: Path, server: str, port: int) -> list[str]:
    """The command of Caddy with the lines of the guide, without TLS."""
    site = {PORT: server, "graph.example.org {": f"http://graph.example.org:{port} {{\n    bind 127.0.0.1"}
    settings = f"{{\n    admin off\n    auto_https off\n    storage file_system {folder}\n}}\n"
    (folder / "Caddyfile").write_text(settings + changed(guide("text", "reverse_proxy"), **site), encoding="utf-8")
    return [needs("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy])
def proxy(request: pytest.FixtureRequest, served: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a proxy with the lines that the guide gives, before the server."""
    port, folder = free_port(), tmp_path_factory.mktemp("proxy")
    command = request.param(folder, served.url.removeprefix("http://"), port)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder)})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(f"{address}/healthz", headers={"Host": "graph.example.org"})
                break
            except httpx.ConnectError:
                assert process.poll() is None, "the proxy has ended"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.slow
def test_a_proxy_passes_the_client_and_not_what_he_forges(proxy: str, served: Serving) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "Host": "graph.example.org"}
    absent = f"/absent-{httpx.URL(proxy).port}"
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.5"), base_url=proxy) as client:
        answer = client.get("/sparql", params={"query": "ASK {}"}, headers=forged)
        assert (answer.status_code, answer.json()["boolean"]) == (200, True)
        assert client.get(absent, headers=forged).status_code == 404
    while (line := logged(served))["path"] != absent:
        pass
    assert line["client"] == "127.0.0.5"


@pytest.mark.slow
def test_links_behind_a_proxy_have_the_public_address(proxy: str) -> None:
    headers = {"Host": "graph.example.org", "Accept": "text/turtle"}
    assert "<https://graph.example.org/sparql>" in httpx.get(f"{proxy}/sparql", headers=headers).text


@pytest.mark.slow
def test_a_long_query_and_a_long_answer_pass_a_proxy(proxy: str) -> None:
    headers = {"Host": "graph.example.org"}
    text = "SELECT * { ?s ?p ?o } LIMIT 5000 #" + "x" * 60_000
    answer = httpx.post(f"{proxy}/sparql", data={"query": text}, headers=headers, timeout=30)
    assert len(answer.json()["results"]["bindings"]) == 5000


@pytest.mark.slow
def test_metrics_stay_behind_a_proxy(proxy: str) -> None:
    assert httpx.get(f"{proxy}/metrics", headers={"Host": "graph.example.org"}).status_code == 404
