"""The MCP server over stdin and stdout, or over HTTP on this machine.

A call is checked by the arguments of its tool and answered by a worker, so that nothing a client sends ends the server.
"""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

import uvicorn
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as Offered
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kgraph._version import __version__
from kgraph.base import words
from kgraph.base.problems import worded
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadQuery, KgraphError
from kgraph.server import federation, guards
from kgraph.server.federation import Federation
from kgraph.server.mcp.tools import TOOLS, Tool
from kgraph.server.pool.evaluator import Evaluator
from kgraph.server.pool.frames import Fault
from kgraph.server.pool.jobs import Query, ToolCall

ANSWER = 256 * 1024
"""The most bytes of the answer to a query: a client reads it whole."""

BODY = 256 * 1024
"""The most bytes of a request over HTTP, which are those of the longest query with escapes."""

CONNECTIONS = 64
"""The most requests over HTTP at once."""

CUT = ',"kgraph:truncated":true}'
"""The end of an answer in JSON that was cut, which parsers of SPARQL results do not expect."""

SHOWN = 100
"""The most characters of what a client sent that an error repeats."""


def server(evaluator: Evaluator, lang: str) -> Server[Any]:
    """The server of the tools, described in a language, which is that of answers unless a call names another."""
    offered = [_offered(tool, lang) for tool in TOOLS.values()]

    async def tools(_: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=offered)

    async def call(_: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        return await answered(evaluator, params.name, params.arguments or {}, lang)

    return Server(
        "kgraph",
        version=__version__,
        title=words.text(lang, "common.site"),
        instructions=words.text(lang, "mcp.instructions"),
        on_list_tools=tools,
        on_call_tool=call,
    )


def _offered(tool: Tool, lang: str) -> Offered:
    return Offered(
        name=tool.name,
        title=words.text(lang, f"mcp.titles.{tool.name}"),
        description=words.text(lang, f"mcp.tools.{tool.name}"),
        input_schema=tool.takes.schema_in(lang),
        output_schema=tool.output_schema(),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


async def answered(evaluator: Evaluator, name: str, arguments: Mapping[str, Any], lang: str) -> CallToolResult:
    """The result of a call; an expected error is one sentence in it, and an unknown tool an error of the protocol."""
    tool = TOOLS.get(name)
    if tool is None:
        known = ", ".join(TOOLS)
        raise MCPError(INVALID_PARAMS, words.text(lang, "mcp.faults.tool", name=name[:SHOWN], known=known))
    lang = chosen if (chosen := arguments.get("lang")) in LANGUAGES else lang
    try:
        told = await _told(evaluator, tool.name, _checked(tool, arguments, lang), lang)
    except KgraphError as error:
        return CallToolResult(content=[TextContent(text=worded(error, lang))], is_error=True)
    except Fault as fault:
        logging.getLogger("uvicorn.error").error("%s", fault)
        return CallToolResult(content=[TextContent(text=words.text(lang, "mcp.faults.fault"))], is_error=True)
    return CallToolResult(content=[TextContent(text=told["text"])], structured_content=told["content"])


def _checked(tool: Tool, arguments: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The given arguments of a call but for the language; BadQuery for those that the tool does not take."""
    try:
        return tool.takes.model_validate(arguments).model_dump(exclude_unset=True, exclude={"lang"})
    except ValidationError as error:
        raise BadQuery(_misfit(tool, error.errors(include_url=False)[0], lang)) from error


def _misfit(tool: Tool, error: ErrorDetails, lang: str) -> str:
    """What is wrong with an argument; what a client sent is not repeated whole."""
    name = ".".join(map(str, error["loc"]))[:SHOWN]
    known, limits = ", ".join(tool.takes.model_fields), [*error.get("ctx", {}).values(), ""]
    key = error["type"] if error["type"] in words.section(lang, "mcp")["misfits"] else "other"
    return words.text(lang, f"mcp.misfits.{key}", tool=tool.name, name=name, known=known, wanted=limits[0])


async def _told(evaluator: Evaluator, tool: str, arguments: dict[str, Any], lang: str) -> dict[str, Any]:
    """The content and the text of an answer."""
    if tool == "sparql":
        arguments = await _queried(evaluator, arguments["query"])
    answer = await evaluator.evaluate(ToolCall(tool, arguments, lang))
    told: dict[str, Any] = json.loads(await answer.whole())
    return told


async def _queried(evaluator: Evaluator, query: str) -> dict[str, Any]:
    """The answer to a query, as the call that explains it takes it; it may ask no other endpoint."""
    plain = guards.sized(query, evaluator.limits)
    if guards.federates(plain):
        plain = await federation.resolved(plain, Federation())
    answer = await evaluator.evaluate(Query(plain))
    content = (await answer.whole()).decode()
    is_cut = content.endswith(CUT)
    return {
        "answer": f"{content.removesuffix(CUT)}}}" if is_cut else content,
        "form": answer.form,
        "query": plain,
        "is_cut": is_cut,
    }


def over_stdio(evaluator: Evaluator, lang: str) -> None:
    """Serve the client at stdin and stdout until it closes them; a signal ends the process.

    The thread that waits for stdin cannot be woken, so that the process ends without it.
    """

    def end(*_: object) -> None:
        evaluator.close()
        os._exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)

    async def serve() -> None:
        mine = server(evaluator, lang)
        async with stdio_server() as (received, sent):
            await mine.run(received, sent, mine.create_initialization_options())

    asyncio.run(serve())


def over_http(evaluator: Evaluator, lang: str, listener: socket.socket) -> None:
    """Serve clients at `/mcp` of an address of this machine, until interrupted."""
    host, port = listener.getsockname()[:2]
    app = server(evaluator, lang).streamable_http_app(
        json_response=True, stateless_http=True, max_request_body_size=BODY, host=host
    )
    print(f"kgraph serves http://{host}:{port}/mcp (Ctrl-C ends it)", file=sys.stderr, flush=True)
    config = uvicorn.Config(app, log_level="warning", limit_concurrency=CONNECTIONS, timeout_graceful_shutdown=1)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
