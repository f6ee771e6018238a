"""Work that several processes share."""

import os
import signal
from pathlib import Path

import pytest

from kgraph.errors import BadData, LimitExceeded
from kgraph.publish.release.workers import sharing


def _scaled(factor: int, number: int) -> int:
    return factor * number


def _refused(_: int, number: int) -> int:
    raise BadData(f"{number} is refused")


def _process(_: int, number: int) -> int:
    return os.getpid()


def _killed(_: int, number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


PROCESSORS = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) == 1, reason="TWO PROCESSORS are missing"
)


@PROCESSORS
def test_processes_give_what_one_process_gives_in_the_order_of_what_was_given() -> None:
    with sharing(10) as each:
        assert [*each(_scaled, range(50))] == [10 * number for number in range(50)]
        assert os.getpid() not in {*each(_process, range(50))}


@PROCESSORS
def test_on_one_processor_one_process_does_all() -> None:
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_of_them)})
    try:
        with sharing(10) as each:
            assert [*each(_scaled, range(50))] == [10 * number for number in range(50)]
            assert {*each(_process, range(50))} == {os.getpid()}
    finally:
        os.sched_setaffinity(0, all_of_them)


@PROCESSORS
def test_an_error_of_a_process_is_that_of_the_work() -> None:
    with pytest.raises(BadData, match="7 is refused"), sharing(10) as each:
        [*each(_refused, [7])]


@PROCESSORS
def test_a_killed_process_is_an_error_that_says_so() -> None:
    with pytest.raises(LimitExceeded) as caught, sharing(10) as each:
        [*each(_killed, [7])]
    assert caught.value.args[0].code == "killed"


@PROCESSORS
def test_processes_end_with_the_work() -> None:
    with sharing(10) as each:
        processes = {*each(_process, range(50))}
    assert not any(Path(f"/proc/{process}").exists() for process in processes)
