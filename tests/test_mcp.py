"""The MCP server as programs that are not ours use it: the official client lists and calls each tool.

mcp takes a second to import, in every worker of a test run, so it is imported when a client starts.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pyoxigraph as ox
import pytest

import kgraph.server.mcp
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.publish.pages.book import book_of
from kgraph.server.mcp import answers
from tests.command import kgraph as command

if TYPE_CHECKING:
    from mcp import ClientSession

if find_spec("mcp") is None:
    pytest.skip("MCP is not installed; say pip install 'kgraph-social-economy[mcp]'", allow_module_level=True)

STATED = term("status:stated").value


@asynccontextmanager
async def session(built: Path, *options: str) -> AsyncIterator[ClientSession]:
    """The official client beside `kgraph mcp`, which it starts itself."""
    from mcp import ClientSession, StdioServerParameters, stdio_client

    started = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from kgraph.cli import main; main()", "mcp", "--graph", str(built), *options],
    )
    async with stdio_client(started) as streams, ClientSession(*streams) as client:
        await client.initialize()
        yield client


async def told(client: ClientSession, tool: str, /, **arguments: Any) -> tuple[Any, str]:
    """The structured content, which the client has held against the schema, and the text of an answer."""
    result = await client.call_tool(tool, arguments)
    [content] = result.content
    assert content.type == "text" and not result.is_error, content
    return result.structured_content, content.text


async def refused(client: ClientSession, tool: str, /, **arguments: Any) -> str:
    """The sentence of a result that is an error."""
    result = await client.call_tool(tool, arguments)
    [content] = result.content
    assert content.type == "text" and result.is_error
    assert "Traceback" not in content.text and len(content.text) < 400
    return content.text


def quotes(evidence: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The words and statuses in the reasons of facts."""
    for reason in evidence:
        yield from ((place["words"], place["status"]) for place in reason["places"])
        yield from quotes(reason["premises"])


def test_the_official_client_lists_and_calls_each_tool(built: Path) -> None:
    async def story() -> None:
        async with session(built) as client:
            listed = (await client.list_tools()).tools
            assert [tool.name for tool in listed] == ["search", "card", "why", "questions", "ask", "sparql"]
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)

            found, text = await told(client, "search", words="kto założył klaster", lang="pl")
            assert found["questions"][0]["name"] == "founders"
            assert ("założycieli", STATED) in {*quotes(found["evidence"])}
            assert "Kto założył klaster" in text and "Na czym opiera się odpowiedź" in text
            assert [
                hit["thing"] for hit in (await told(client, "search", words="siedlce", kind="cluster"))[0]["things"]
            ]

            card, text = await told(client, "card", thing="Zioła Siedleckie")
            assert card["thing"].endswith("/ziola-siedleckie") and card["unknowns"]
            assert all(place["source"] in {source["source"] for source in card["sources"]} for place in places(card))
            assert "Founded by: Polish Association of the Deaf" in text and "Sources:" in text

            why, text = await told(
                client, "why", subject="Relaksownia", relation="founding member of", object="id:cluster-siedlce"
            )
            assert why["reason"]["rule"] == "rules/founding" and ("Powstał", STATED) in {*quotes([why["reason"]])}
            assert "inferred by rules/founding" in text

            prepared, text = await told(client, "questions")
            assert {"name", "title", "meaning", "parameters", "takes_day"} == prepared["questions"][0].keys()
            assert "founders" in text

            answer, text = await told(client, "ask", question="founders", parameters={"cluster": "Siedlce cluster"})
            assert len(answer["answer"]["results"]["bindings"]) == 5 and not answer["is_cut"]
            assert ("założycieli", STATED) in {*quotes(answer["evidence"])}
            assert "Zioła Siedleckie Social Co-operative" in text
            assert (await told(client, "ask", question="members-on-a-day", as_of="2020-01-01"))[0][
                "day"
            ] == "2020-01-01"

            rows, text = await told(client, "sparql", query="SELECT ?who ?at { ?who se:representedAt ?at }")
            assert rows["answer"]["head"]["vars"] == ["who", "at"]
            assert ("Ośrodka Wsparcia", STATED) in {*quotes(rows["evidence"])} and "“Ośrodka Wsparcia”" in text
            assert (await told(client, "sparql", query="ASK { id:mcps a se:Cluster }"))[1] == "false"
            doubtful, _ = await told(client, "sparql", query="SELECT ?a { ?a se:signatoryOff ?b }")
            assert "se:signatoryOf" in doubtful["doubts"][0]
            triples, _ = await told(client, "sparql", query="CONSTRUCT WHERE { id:cluster-siedlce se:foundedBy ?o }")
            assert len(triples["evidence"]) == 5 and "se:foundedBy" in triples["answer"]["ttl"]
            await nonsense(client)

    asyncio.run(story())


def places(card: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for fact in card["facts"]:
        yield from fact["places"]


async def nonsense(client: ClientSession) -> None:
    from mcp.shared.exceptions import MCPError

    """What is refused with one sentence; after each the server goes on."""
    with pytest.raises(MCPError, match=r"there is no tool “x+”; there are search"):
        await client.call_tool("x" * 100_000)
    assert await refused(client, "search") == "search needs the argument words"
    assert await refused(client, "search", words=5) == "words must be a text"
    assert await refused(client, "search", words="") == "words is empty"
    assert await refused(client, "search", words="x" * 1_000_000) == "words has at most 500 characters"
    assert await refused(client, "search", words="a", limit=51, lang="pl") == "limit wynosi najwyżej 50"
    assert await refused(client, "search", words="a", lang="de") == "lang takes pl or en"
    assert await refused(client, "card", thing="id:mcps", also=1) == "card has no argument “also”; it takes lang, thing"
    assert "is not the name of anything" in await refused(client, "card", thing="\N{RIGHT-TO-LEFT OVERRIDE}nobody")
    assert "no source says so" in await refused(
        client, "why", subject="id:mcps", relation="a", object="id:cluster-siedlce"
    )
    assert "did you mean founders?" in await refused(client, "ask", question="foundrs")
    assert "it has cluster" in await refused(client, "ask", question="founders", parameters={"club": "x"})
    assert "the language is" in await refused(client, "ask", question="founders", parameters={"lang": "pl"})
    assert "parameters.cluster" in await refused(client, "ask", question="founders", parameters={"cluster": [1]})
    assert "takes no day" in await refused(client, "ask", question="founders", as_of="2020-01-01")
    assert "not valid SPARQL 1.1" in await refused(client, "sparql", query="SELECT nothing")
    assert "this is an update" in await refused(client, "sparql", query="DELETE WHERE { ?a ?b ?c }")
    assert "SERVICE" in await refused(client, "sparql", query="SELECT * { SERVICE <http://localhost/> { ?a ?b ?c } }")
    assert "nested too deeply" in await refused(client, "sparql", query="(" * 300)
    assert "at most 65536" in await refused(client, "sparql", query="#" * 1_000_000)
    cut, text = await told(client, "sparql", query="SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000")
    assert cut["is_cut"] and "Rows or facts are left out" in text


@pytest.mark.slow
def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_answered(built: Path) -> None:
    async def story() -> None:
        async with session(built, "--timeout", "0.5") as client:
            slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
            assert "stopped after 0.5 s" in await refused(client, "sparql", query=slow)
            assert (await told(client, "sparql", query="ASK {}"))[1] == "true"

    asyncio.run(story())


@pytest.mark.slow
def test_lines_that_are_no_messages_do_not_end_the_server_and_a_signal_does(built: Path) -> None:
    """Written by hand, because the official client sends no such lines."""
    process = subprocess.Popen(
        ["kgraph", "mcp", "--graph", str(built)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "1"}}
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "nothing"},
        {"id": 2, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 3, "method": "tools/call", "params": {"name": "sparql", "arguments": "ASK {}"}},
        {"id": 4, "method": "tools/call", "params": {"name": "sparql", "arguments": {"query": "ASK {}"}}},
    ]
    try:
        process.stdin.write("nonsense\n" + "[" * 1_000_000 + "\n{}\n")
        found = {}
        for message in messages:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
            process.stdin.flush()
            if "id" in message:
                found[message["id"]] = json.loads(process.stdout.readline())
        assert [found[number]["error"]["code"] for number in (1, 3)] == [-32601, -32602]
        assert found[4]["result"]["structuredContent"]["answer"]["boolean"] is True
    finally:
        process.terminate()
        assert process.wait(10) == 0
        process.stdin.close()
        process.stdout.close()


@pytest.mark.slow
def test_clients_over_http_get_the_same_tools_and_pages_of_other_sites_are_refused(built: Path) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    process = subprocess.Popen(
        ["kgraph", "mcp", "--http", "0", "--graph", str(built), "--lang", "pl"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None

    async def story(address: str) -> None:
        async with streamable_http_client(address) as streams, ClientSession(*streams) as client:
            await client.initialize()
            assert len((await client.list_tools()).tools) == 6
            assert "Mazowieckie Centrum Polityki Społecznej" in (await told(client, "card", thing="id:mcps"))[1]
            assert await refused(client, "search", words="") == "argument words jest pusty"

    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/mcp", process.stderr.readline())
        assert found
        asked = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        assert httpx.post(found[0], content=b"nonsense", headers=asked).status_code == 400
        assert httpx.post(found[0], content=b"[" * 1_000_000, headers=asked).status_code == 413
        assert httpx.post(found[0], json={}, headers=asked | {"Host": "example.org"}).status_code == 421
        assert httpx.post(found[0], json={}, headers=asked | {"Origin": "https://example.org"}).status_code == 403
        asyncio.run(story(found[0]))
        taken = command("mcp", "--http", found[1])
        assert taken.returncode == 3 and "choose another with --http" in taken.stderr
    finally:
        process.terminate()
        assert process.wait(10) == 0
        process.stderr.close()


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "kgraph.server.mcp.serving", raising=False)
    monkeypatch.delattr(kgraph.server.mcp, "serving", raising=False)
    ended = command("mcp", "--lang", "pl")
    assert ended.returncode == 3 and "Traceback" not in ended.stderr
    assert ended.stderr.strip().endswith("pip install 'kgraph-social-economy[mcp]'")


def test_a_card_of_part_of_the_facts_says_how_many_are_left(
    graph: ox.Store, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = book_of(graph, folders)
    whole = answers.card(book, "pl", "Polska")
    assert whole.content["left"] == {} and "Pominięto" not in whole.text
    monkeypatch.setattr(answers, "STATEMENTS", 90)  # more than have Poland as their subject, which come first
    part = answers.card(book, "pl", "Polska")
    left = part.content["left"]
    assert isinstance(left, dict) and sum(left.values()) > 10
    assert f"Pominięto {sum(left.values())} " in part.text


@pytest.mark.slow
def test_every_prepared_question_is_answered_in_both_languages(graph: ox.Store, folders: Folders) -> None:
    book = book_of(graph, folders)
    for name in book.questions:
        for lang in ("pl", "en"):
            answer = answers.asked(book, lang, name)
            assert json.dumps(answer.content) and answer.text.startswith(book.questions[name].title[lang])
