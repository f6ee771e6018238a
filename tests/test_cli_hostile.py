"""Bad input to the command line: one clear sentence with its exit code, in both languages, and nothing left behind."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from kgraph.base.paths import Folders
from kgraph.rdf import bounds
from kgraph.rdf.store import STORE
from tests import command
from tests.serving import descendants, free_port, serving, until

pytestmark = pytest.mark.usefixtures("from_build")

MEMORY = 1536 * 1024**2
"""The most bytes of addresses of a command that asks for too many."""

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 8))
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SITE = ("--base-url", "https://example.org/")
CONTACT = ("--contact", "office@example.org")


def kgraph(*arguments: str | Path, stdin: str | None = None, memory: int | None = None) -> tuple[int, str]:
    """The exit code of a command, and what it says on stderr, which is never a traceback."""
    limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))) if memory else None
    command = ["kgraph", *map(str, arguments)]
    ended = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120, preexec_fn=limit)
    for trace in ("Traceback", "panicked", "memory allocation", "stack backtrace"):
        assert trace not in ended.stderr
    return ended.returncode, ended.stderr


def refused(*arguments: str | Path) -> tuple[int, str]:
    """The exit code and stderr of a command that refuses its input before the engine sees it; no process is needed."""
    ended = command.kgraph(*arguments)
    return ended.returncode, ended.stderr


def concatenated(times: int) -> str:
    """A query whose last value has ten to the power of `times` characters."""
    steps = " ".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 10)}) AS ?x{n + 1})" for n in range(times))
    return f'SELECT (STRLEN(?x{times}) AS ?n) {{ BIND("a" AS ?x0) {steps} }}'


@pytest.mark.parametrize("kind", ["{}", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("()", "[]"))])
def test_a_query_nested_too_deeply_is_refused(kind: str) -> None:
    code, said = kgraph("query", f"ASK {kind[0] * 3000}{kind[1] * 3000}")
    assert (code, said) == (
        2,
        f"kgraph: nested too deeply at line 1: at most {bounds.DEPTH} brackets may be open at once\n",
    )


def test_a_crash_of_the_engine_is_one_sentence() -> None:
    code, said = kgraph("query", f"ASK {{ FILTER({'!' * 120_000}1) }}")
    assert (code, said) == (6, "kgraph: the text is nested too deeply, or too long, to be processed\n")


@pytest.mark.slow
def test_a_query_that_needs_all_memory_is_stopped() -> None:
    code, said = kgraph("query", concatenated(10), memory=MEMORY)
    assert (code, said) == (6, "kgraph: the command needs more memory than is free; ask for less\n")


@pytest.mark.slow
def test_a_file_that_needs_all_memory_is_said_in_polish(tmp_path: Path) -> None:
    (tmp_path / "big.nt").write_bytes(b'<a:a> <a:b> "%s" .\n' % (b"x" * 100_000_000) * 12)
    code, said = kgraph("questions", "seats", "--lang", "pl", "--graph", tmp_path / "big.nt", memory=MEMORY)
    assert (code, said) == (6, "kgraph: polecenie potrzebuje więcej pamięci, niż jest wolnej; zapytaj o mniej\n")


def test_a_query_that_is_too_long_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.rq").write_text(f'ASK {{ ?s ?p "{"x" * 16_000_000}" }}')
    code, said = kgraph("query", "-f", tmp_path / "long.rq")
    assert (code, said) == (6, f"kgraph: the query has 16000016 characters; at most {bounds.LENGTH} are taken\n")


@pytest.mark.slow
def test_of_an_endless_stdin_no_more_is_read_than_a_query_may_have() -> None:
    with open("/dev/zero") as endless:
        ended = subprocess.run(["kgraph", "query", "-"], stdin=endless, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr.count("\n")) == (6, 1)
    assert "the query on stdin has more than" in ended.stderr


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "-1", "0"])
@pytest.mark.parametrize("asking", [["query", "ASK {}"], ["serve", "--get", "/"]])
def test_a_timeout_is_a_number_of_seconds(asking: list[str], seconds: str) -> None:
    code, said = refused(*asking, f"--timeout={seconds}")
    assert code == 2 and "Invalid value for '--timeout'" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "ASK {}", "--graph", "loop"),
        ("query", "ASK {}", "--graph", "loop.ttl"),
        ("query", "-f", "loop"),
        ("check", "--data", "loop"),
        ("check", "--ontology", "loop"),
        ("check", "--text", "loop"),
        ("diff", "loop", "loop", "--lang", "pl"),
        ("build", "--out", "loop", "--lang", "pl"),
        ("export", "-o", "loop"),
        ("picture", "-o", "loop"),
        ("new-source", "https://example.org/a", "--text", "loop", "--data", "DATA"),
        ("release", "1.0.0", "--out", "loop", *SITE, *CONTACT),
        ("serve", "--graph", "loop", "--get", "/"),
    ],
)
def test_a_circle_of_links_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: Folders, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("loop", "loop.ttl"):
        Path(name).symlink_to(name)
    code, said = refused(*(argument.replace("DATA", str(folders.data)) for argument in arguments))
    assert code == 3
    assert said.startswith("kgraph: ") and "loop" in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("query", "-f", "/dev/zero"), "/dev/zero: not a regular file; give a file"),
        (("query", "ASK {}", "--graph", "/dev/zero"), "/dev/zero: not a regular file; give a file"),
        (("check", "--text", "/dev/zero", "--lang", "pl"), "/dev/zero: to nie jest zwykły plik; podaj plik"),
        (("diff", "/dev/zero", "/dev/null"), "/dev/zero: not a regular file; give a file"),
        (("new-source", "https://example.org/a", "--text", "/dev/zero", "--data", "data"), "/dev/zero: not a regular"),
    ],
)
def test_a_device_is_not_read(arguments: tuple[str, ...], sentence: str) -> None:
    code, said = refused(*arguments)
    assert code == 3
    assert sentence in said and said.count("\n") == 1


def test_a_query_is_read_from_a_pipe(tmp_path: Path) -> None:
    asked = subprocess.run(["bash", "-c", "kgraph query -f <(echo 'ASK {}')"], capture_output=True, text=True)
    assert (asked.returncode, asked.stdout) == (0, "true\n")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.rq").open("wb") as file:
        file.truncate(100 * 1024**3)
    code, said = refused("query", "-f", tmp_path / "huge.rq")
    assert (code, said) == (3, f"kgraph: {tmp_path / 'huge.rq'}: larger than 256 MB; divide it\n")


def folder(path: Path) -> None:
    path.mkdir()


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize("make", [os.mkfifo, folder, bound_socket])
@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "is not read: it is no regular file"), ("pl", "to nie jest zwykły plik")]
)
def test_what_is_no_file_among_the_sources_is_named(
    copied: Folders, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], lang: str, sentence: str
) -> None:
    monkeypatch.chdir(copied.data / "sources")  # the path of a socket has at most 108 bytes
    make(Path("strange.ttl"))
    ended = command.kgraph("check", "--data", copied.data, "--lang", lang)
    assert ended.returncode == 1
    [line] = [line for line in ended.stdout.splitlines() if "strange" in line]
    assert line.startswith("sources/strange.ttl · ") and sentence in line


@pytest.mark.parametrize("name", ["dataset.ttl", "places.ttl"])
def test_a_pipe_in_the_place_of_a_file_is_refused(copied: Folders, name: str) -> None:
    (copied.data / name).unlink()
    os.mkfifo(copied.data / name)
    code, said = refused("check", "--data", copied.data)
    assert code == 3 and name in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "english", "polish"),
    [
        ("a.rdf", f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>{RDF.format("&l7;")}', "with a DOCTYPE", "z deklaracją"),
        ("b.xml", f'<!doctype x SYSTEM "file:///etc/passwd">{RDF.format("")}', "with a DOCTYPE", "z deklaracją"),
        ("c.jsonld", "[" * 50_000 + "]" * 50_000, "more than 500 brackets", "więcej niż 500 otwartych nawiasów"),
        ("d.jsonld", '{"a":' * 50_000, "more than 500 brackets", "więcej niż 500 otwartych nawiasów"),
    ],
)
def test_a_file_that_expands_or_nests_beyond_measure_is_refused(
    tmp_path: Path, name: str, content: str, english: str, polish: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    for asking, sentence in (
        (("query", "ASK {}", "--graph", file), english),
        (("diff", file, file), english),
        (("questions", "seats", "--graph", file, "--lang", "pl"), polish),
    ):
        code, said = refused(*asking)
        assert code == 3
        assert said.startswith(f"kgraph: {file}: ") and sentence in said and said.count("\n") == 1


def test_brackets_in_strings_of_json_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.jsonld").write_text('{"@id": "a:a", "a:b": "%s \\" ["}' % ("[{" * 1000))
    assert kgraph("query", "ASK { ?s ?p ?o }", "--graph", tmp_path / "a.jsonld") == (0, "")


@pytest.mark.slow
def test_triples_nested_too_deeply_in_a_file_are_said(tmp_path: Path) -> None:
    depth = 1_000_000
    (tmp_path / "a.nt").write_text("<a:a> <a:b> " + "<<( <a:a> <a:b> " * depth + "<a:c>" + " )>>" * depth + " .")
    code, said = kgraph("query", "ASK {}", "--graph", tmp_path / "a.nt")
    assert (code, said) == (6, "kgraph: the text is nested too deeply, or too long, to be processed\n")


WRITING = [
    ("build", "--out", "out"),
    ("release", "1.0.0", "--out", "out", *SITE, *CONTACT),
    ("site", "--out", "out", *SITE),
]


@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, *(pytest.param(number, marks=pytest.mark.slow) for number in (signal.SIGINT, signal.SIGHUP))],
)
@pytest.mark.parametrize(
    "command",
    [pytest.param(each, marks=() if each[0] == "build" else pytest.mark.slow, id=each[0]) for each in WRITING],
)
def test_a_signal_leaves_no_temporary_folder(
    tmp_path: Path, small: Folders, command: tuple[str, ...], number: signal.Signals
) -> None:
    data = () if command[0] == "build" else ("--data", str(small.data))
    whole = ["kgraph", *command, *data]
    process = subprocess.Popen(whole, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until(lambda: [*tmp_path.glob(".out.new-*/*")], seconds=60)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (-number, b"")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_a_signal_to_all_processes_of_a_terminal_leaves_no_temporary_folder(tmp_path: Path, small: Folders) -> None:
    command = ["kgraph", "site", "--out", "out", *SITE, "--data", str(small.data)]
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    until(lambda: [*tmp_path.glob(".out.new-*/*")], seconds=60)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == -signal.SIGINT
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_query_ends_at_once(number: signal.Signals) -> None:
    process = subprocess.Popen(["kgraph", "query", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2)
    started = time.monotonic()
    process.send_signal(number)
    said = process.communicate(timeout=20)
    assert time.monotonic() - started < 1
    assert (process.returncode, said) == (-number, (b"", b""))


def test_a_child_that_the_system_kills_is_said() -> None:
    """The kernel sends SIGKILL to a process when memory runs out."""
    process = subprocess.Popen(
        ["kgraph", "questions", "--lang", "pl", "founders"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until(lambda: children.read_text().strip())
    os.kill(int(children.read_text()), signal.SIGKILL)
    said = process.communicate(timeout=20)[1]
    assert process.returncode == 6
    assert said == "kgraph: polecenie zostało zabite sygnałem SIGKILL, być może z braku pamięci\n"


def test_a_command_ends_with_its_parent(tmp_path: Path) -> None:
    """After kill -9 of the process that a person began, no other goes on."""
    process = subprocess.Popen(["kgraph", "query", SLOW, "--timeout", "50"])
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until(lambda: children.read_text().strip())
    [child] = children.read_text().split()
    time.sleep(0.5)
    process.kill()
    process.wait()
    until(lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2])


@pytest.fixture
def writable(unchanged: Path, tmp_path: Path) -> Path:
    """A build folder that a server may write to."""
    return shutil.copytree(unchanged, tmp_path / "graph")


def test_a_spoilt_store_is_said_by_a_writable_server(tmp_path: Path) -> None:
    (tmp_path / STORE).mkdir()
    (tmp_path / STORE / "CURRENT").write_text("nonsense")
    code, said = kgraph("serve", "--graph", tmp_path, "--writable", "--port", "0")
    assert code == 3
    assert f"kgraph: {tmp_path} holds a spoilt store (" in said.splitlines()[-1]


@pytest.mark.slow
def test_a_writable_server_outlives_its_terminal(writable: Path) -> None:
    with serving("--graph", str(writable), "--writable", env={"KGRAPH_TOKEN": "a-token"}) as server:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert server.ask("ASK {}").json()["boolean"] is True


@pytest.mark.slow
def test_no_process_that_reads_a_clients_text_has_the_token(writable: Path) -> None:
    with serving("--graph", str(writable), "--writable", env={"KGRAPH_TOKEN": "a-token-for-tests"}) as server:
        assert server.ask("ASK {}").status_code == 200
        children = descendants(server.process.pid)
        assert len(children) >= 3
        for child in children:
            assert b"a-token-for-tests" not in Path(f"/proc/{child}/environ").read_bytes()


@pytest.mark.slow
def test_a_killed_writer_is_said_and_replaced(writable: Path) -> None:
    headers = {"Content-Type": "application/sparql-update", "Authorization": "Bearer a-token"}
    with serving("--graph", str(writable), "--writable", env={"KGRAPH_TOKEN": "a-token"}) as server:
        commands = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in descendants(server.process.pid)}
        [writer] = [child for child, command in commands.items() if b"kgraph.server.update.process" in command]
        os.kill(writer, signal.SIGKILL)
        answers = [
            server.client.post("/sparql", content=f"INSERT DATA {{ <a:a> <a:b> {number} }}", headers=headers)
            for number in range(2)
        ]
        assert [answer.status_code for answer in answers] == [503, 204]
        assert answers[0].json()["detail"].endswith("unexpected end; nothing was written; send it again")
        assert server.ask("ASK { <a:a> <a:b> 0 }").json()["boolean"] is False
        assert server.ask("ASK { <a:a> <a:b> 1 }").json()["boolean"] is True


@pytest.mark.slow
def test_a_server_with_running_queries_ends_within_a_second(built: Path, tmp_path: Path) -> None:
    with serving("--graph", str(built), env={"TMPDIR": str(tmp_path)}) as server, ThreadPoolExecutor() as pool:
        for number in range(3):
            query = {"query": f"{SLOW} #{number}"}
            pool.submit(httpx.get, f"{server.url}/sparql", params=query, timeout=30)
        until(lambda: len(descendants(server.process.pid)) >= 4)
        assert [*tmp_path.iterdir()] != []
        started = time.monotonic()
        server.process.terminate()
        assert server.process.wait(10) == 0
        assert time.monotonic() - started < 1
    assert [*tmp_path.iterdir()] == []


BUSY = """
import asyncio, pathlib, signal, sys, time, uvicorn
from kgraph.server.run import PromptServer
kept = pathlib.Path(sys.argv[1])
async def app(scope, receive, send):
    print("asked", flush=True)
    await asyncio.to_thread(time.sleep, 60)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
config = uvicorn.Config(app, port=int(sys.argv[2]), lifespan="off", log_level="critical")
PromptServer(config, kept.rmdir).run()
"""


def test_a_forced_end_leaves_no_temporary_folder(tmp_path: Path) -> None:
    kept, port = tmp_path / "kept", free_port()
    kept.mkdir()
    with (
        subprocess.Popen([sys.executable, "-c", BUSY, kept, str(port)], stdout=subprocess.PIPE, text=True) as process,
        ThreadPoolExecutor() as pool,
    ):
        until(lambda: is_open(port))
        pool.submit(httpx.get, f"http://127.0.0.1:{port}/", timeout=30)
        assert process.stdout and process.stdout.readline() == "asked\n"
        process.terminate()
        assert process.wait(10) == 0
    assert not kept.exists()


def is_open(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
