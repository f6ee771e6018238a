"""Updates: true reports of success and failure, and readers that keep working during any failure."""

import concurrent.futures
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.errors import CannotWrite, LimitExceeded, Timeout
from kgraph.rdf.store import STORE
from kgraph.server.pool.frames import GONE, HELLO, OPEN, OPENED, frame, receive
from kgraph.server.pool.holding import Holding
from kgraph.server.pool.limits import Limits
from kgraph.server.pool.workers import Workers
from kgraph.server.update.process import Write
from kgraph.server.update.writer import Writer
from tests.serving import serving

TOKEN = "a-token-for-tests"
UPDATE = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
ENDLESS = "INSERT { ?a <a:x> ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build with a hundred triples."""
    made = tmp_path / "graph"
    made.mkdir()
    store = ox.Store(str(made / STORE))
    store.extend(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:p"), ox.Literal(str(n))) for n in range(100))
    store.flush()
    return made


@pytest.fixture
def writer(folder: Path) -> Iterator[Writer]:
    made = Writer(folder, Limits(seconds=1), TOKEN)
    yield made
    made.close()


def insert(number: int) -> Write:
    return Write(f"INSERT DATA {{ <a:a> <a:q> {number} }}")


def size(place: Path) -> int:
    return len(ox.Store.read_only(str(place)))


@pytest.mark.slow
def test_after_an_update_that_is_stopped_queries_are_answered(folder: Path) -> None:
    with serving("--graph", str(folder), "--writable", "--timeout", "1", env={"KGRAPH_TOKEN": TOKEN}) as server:
        stopped = server.client.post("/sparql", content=ENDLESS, headers=UPDATE)
        assert (stopped.status_code, "nothing was written" in stopped.json()["detail"]) == (503, True)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda n: server.ask(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {n}"), range(6)))
        assert [answer.status_code for answer in answers] == [200] * 6, answers[0].text
        written = server.client.post("/sparql", content="INSERT DATA { <a:a> <a:b> 1 }", headers=UPDATE)
        assert written.status_code == 204
        assert server.ask("ASK { <a:a> <a:b> 1 }").json()["boolean"]


def test_after_a_write_that_is_stopped_the_place_is_a_new_one(writer: Writer) -> None:
    before = writer.checkpoint
    with pytest.raises(Timeout, match="nothing was written"):
        writer.write(Write(ENDLESS))
    assert writer.checkpoint != before and size(writer.checkpoint) == 100


def test_nothing_was_written_where_that_is_said(writer: Writer) -> None:
    """A write stopped during its commit may be visible; its error must not say that nothing was written."""
    rows = " ".join(f"<a:{{0}}-{n}> <a:q> {n} ." for n in range(10_000))
    seconds = 0.5
    for number in range(6):
        before = size(writer.checkpoint)
        writer.limits = replace(writer.limits, seconds=seconds)
        began, is_said = time.perf_counter(), True
        try:
            writer.write(Write(f"INSERT DATA {{ {rows.format(number)} }}"))
            seconds = 0.7 * (time.perf_counter() - began)
        except Timeout as error:
            is_said = "look whether it is there" in str(error)
            seconds *= 1.2
        assert size(writer.checkpoint) in {before, before + 10_000}
        assert is_said or size(writer.checkpoint) == before


def test_what_is_read_stays_and_the_rest_goes(folder: Path, writer: Writer) -> None:
    read = writer.checkpoint
    writer.shown = (folder, folder)
    places = []
    for number in range(6):
        writer.write(insert(number), [read])
        places.append(writer.checkpoint)
    assert size(read) == 100 and size(writer.checkpoint) == 106
    assert {*folder.glob(".reading-*")} == {read, *places[-3:]}
    writer.write(insert(7))
    assert not read.exists()


def test_a_worker_that_cannot_open_a_place_is_told_another(folder: Path, writer: Writer) -> None:
    workers = Workers(Limits(), Holding(), folder=writer.checkpoint)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(workers.address)
            assert receive(connection)[0] == HELLO
            half = folder / "half"
            shutil.copytree(writer.checkpoint, half)
            next(half.glob("*.sst")).unlink()
            for place, said in ((folder / "nothing", GONE), (half, GONE), (writer.checkpoint, OPENED)):
                connection.sendall(frame(OPEN, str(place).encode()))
                assert receive(connection)[0] == said, place
    finally:
        workers.close()


def test_what_is_written_but_cannot_be_seen_yet_is_said_so(folder: Path, writer: Writer) -> None:
    """The folder is renamed: the write succeeds, but the checkpoint for readers fails."""
    away = folder.with_name("away")
    folder.rename(away)
    with pytest.raises(CannotWrite, match=r"^written, but not visible yet: "):
        writer.write(insert(1))
    writer.close()
    away.rename(folder)
    again = Writer(folder, Limits(), TOKEN)
    try:
        assert size(again.checkpoint) == 101
    finally:
        again.close()


def test_a_process_that_ends_before_it_writes_is_said_and_begins_anew(writer: Writer) -> None:
    writer.process.kill()
    writer.process.wait()
    with pytest.raises(CannotWrite, match="unexpected end; nothing was written; send it again"):
        writer.write(insert(1))
    writer.write(insert(2))
    assert size(writer.checkpoint) == 101


def test_the_process_says_why_it_cannot_begin(folder: Path, writer: Writer) -> None:
    with pytest.raises(CannotWrite, match="perhaps another process has it"):
        Writer(folder, Limits(), TOKEN)


@pytest.mark.slow
def test_a_write_without_memory_is_too_large(folder: Path) -> None:
    made = Writer(folder, Limits(memory=16 * 1024**2), TOKEN)
    try:
        with pytest.raises(LimitExceeded, match="may have; nothing was written; write less at once"):
            made.write(Write(f"INSERT DATA {{ <a:a> <a:b> '{'x' * 60_000_000}' }}"))
        made.write(insert(1))
        assert size(made.checkpoint) == 101
    finally:
        made.close()


def test_a_spoilt_store_is_said(folder: Path) -> None:
    (folder / STORE / "CURRENT").write_text("nonsense")
    with pytest.raises(CannotWrite, match=r"holds a spoilt store .*; restore a copy of it, or build it anew"):
        Writer(folder, Limits(), TOKEN)
