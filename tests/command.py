"""Runs the `kgraph` command in the test process, which is faster than a subprocess."""

import shlex
from collections.abc import Mapping, Sequence
from subprocess import CompletedProcess

from click.testing import CliRunner, Result

from kgraph.cli import main


def kgraph(*arguments: object, stdin: str | None = None, **environment: str) -> CompletedProcess[str]:
    """The output and exit code of a command run with these environment variables; an unexpected exception is raised."""
    ended = run([*map(str, arguments)], stdin, environment)
    return CompletedProcess(["kgraph", *map(str, arguments)], ended.exit_code, ended.stdout, ended.stderr)


def printed(*arguments: str) -> bytes:
    """The bytes that a command prints, line endings included; its exit code must be 0."""
    ended = run(arguments)
    assert ended.exit_code == 0, ended.stderr
    return ended.stdout_bytes


def run(command: Sequence[str], stdin: str | None = None, environment: Mapping[str, str] | None = None) -> Result:
    ended = CliRunner().invoke(main, command, input=stdin, env=environment, prog_name="kgraph")
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended


def is_plain(line: str) -> bool:
    """Whether a shell line is a single `kgraph` command without shell syntax."""
    if set("$`*~") & set(line):
        return False
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = [*lexer]
    return words[:1] == ["kgraph"] and not any(set(word) <= set("();<>|&") for word in words)
