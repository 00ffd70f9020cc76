"""What happens in a child process happens to the child alone."""

from __future__ import annotations

import logging
import os
import signal
import time

import pytest

from etl.processes.children import ChildDied, Send, in_child, limit_cpu

ROOM = 200_000_000


def all_of(work) -> list[object]:
    return list(in_child(work, ROOM))


def test_what_a_child_sends_arrives_in_order() -> None:
    def work(send: Send) -> None:
        for number in range(3):
            send(number)

    assert all_of(work) == [0, 1, 2]


def test_what_a_child_raises_is_raised_here_with_its_traceback() -> None:
    def work(_: Send) -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing") as raised:
        all_of(work)
    assert "in work" in raised.value.__notes__[0]


def test_an_exception_that_cannot_be_sent_is_named() -> None:
    class Local(Exception):
        """Of a class that no other process can find."""

    def work(_: Send) -> None:
        raise Local("odd")

    with pytest.raises(RuntimeError, match="Local: odd"):
        all_of(work)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT, signal.SIGTERM])
def test_a_killed_child_is_told_by_its_signal(number: signal.Signals) -> None:
    with pytest.raises(ChildDied, match=f"was killed by {number.name}") as died:
        all_of(lambda send: os.kill(os.getpid(), number))
    assert died.value.is_stopped == (number == signal.SIGTERM)


def test_how_a_child_of_a_child_died_arrives_here() -> None:
    def work(_: Send) -> None:
        all_of(lambda send: os.kill(os.getpid(), signal.SIGKILL))

    with pytest.raises(ChildDied, match="was killed by SIGKILL"):
        all_of(work)


def test_a_child_dies_of_a_signal_that_its_parent_handles() -> None:
    before = signal.signal(signal.SIGSEGV, lambda *_: None)
    try:
        with pytest.raises(ChildDied, match="SIGSEGV"):
            all_of(lambda send: os.kill(os.getpid(), signal.SIGSEGV))
    finally:
        signal.signal(signal.SIGSEGV, before)


def test_a_child_that_takes_too_much_memory_gets_no_more() -> None:
    with pytest.raises(MemoryError):
        all_of(lambda send: send(len(bytearray(2 * ROOM))))


def test_a_child_that_takes_too_much_processor_time_is_ended() -> None:
    def work(_: Send) -> None:
        limit_cpu(0)
        while True:
            pass

    with pytest.raises(ChildDied, match="SIGXCPU"):
        all_of(work)


def test_what_a_child_logs_is_logged_here(caplog: pytest.LogCaptureFixture) -> None:
    all_of(lambda send: logging.getLogger("reader").warning("read %s", "a.txt"))
    assert [record.getMessage() for record in caplog.records] == ["read a.txt"]


def test_a_child_that_is_waited_for_no_more_is_ended() -> None:
    def work(send: Send) -> None:
        send(os.getpid())
        time.sleep(60)

    messages = in_child(work, ROOM)
    child = next(messages)
    messages.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_an_end_of_file_in_a_child_is_not_the_end_of_the_child() -> None:
    def work(_: Send) -> None:
        raise EOFError("the dump is truncated")

    with pytest.raises(EOFError, match="truncated"):
        all_of(work)
