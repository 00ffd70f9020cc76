"""Work in a child process, so that what kills the process kills the child alone.

A child begins as a copy of its parent (fork): it starts in milliseconds and needs no imports. It shares nothing with
its parent afterwards but the messages that it sends. It must not write to the screen: what it logs is logged by the
parent.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import logging
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection, Pipe, wait
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar, cast

import psutil

Send = Callable[[Any], None]
T = TypeVar("T")

PR_SET_PDEATHSIG = 1
STANDSTILL_SECONDS = 600.0
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Signals by which a person or a service manager stops a process."""


class ChildDied(Exception):
    """A child ended without having finished its work. The message says how."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.signal = signal.Signals(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None
        how = f"was killed by {self.signal.name}" if self.signal else f"ended with exit code {os.WEXITSTATUS(status)}"
        super().__init__(how)

    def __reduce__(self) -> tuple[type[ChildDied], tuple[int]]:
        """How it is sent from a child to its parent, when a child of that child died."""
        return ChildDied, (self.status,)

    @property
    def is_stopped(self) -> bool:
        """Whether somebody stopped it, so that its work is not at fault."""
        return self.signal in STOPPING


class ChildStoodStill(Exception):
    """A child waited for something that did not come: a disk or network that hangs, or a lock."""


class _Raised(NamedTuple):
    """What the work raised."""

    error: BaseException


class _Result(NamedTuple):
    """What the work gave."""

    value: Any


class _Logged(NamedTuple):
    record: logging.LogRecord


def in_child(work: Callable[[Send], None], memory_bytes: int) -> Iterator[Any]:
    """Do the work in a child that may take `memory_bytes` more than its parent has; yield what it sends.

    Raises what the work raises, ChildDied when the child ends without having finished, and ChildStoodStill.
    """
    child, receiver = _begun(work, memory_bytes)
    try:
        while (message := _received(receiver, child)) is not None:
            match message:
                case _Raised(error):
                    raise error
                case _Logged(record):
                    logging.getLogger(record.name).handle(record)
                case _:
                    yield message
        _, status = os.waitpid(child, 0)
        child = 0
        if status:
            raise ChildDied(status)
    finally:
        receiver.close()
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def each_in_child(works: Sequence[Callable[[], T]], at_once: int) -> Iterator[tuple[int, T | Exception]]:
    """Do pieces of work, each in a child of its own, so many at once; yield what each gives or raises, by its place.

    They come as they end. One whose child ended without having finished gives ChildDied.
    """
    waiting = iter(enumerate(works))
    running: dict[Connection, tuple[int, int]] = {}
    try:
        while True:
            for place, work in islice(waiting, at_once - len(running)):
                child, receiver = _begun(partial(_send_result, work), None)
                running[receiver] = (place, child)
            if not running:
                return
            for ready in wait(list(running)):
                receiver = cast(Connection, ready)
                match _message(receiver):
                    case _Logged(record):
                        logging.getLogger(record.name).handle(record)
                    case None:
                        place, child = running.pop(receiver)
                        receiver.close()
                        yield place, ChildDied(os.waitpid(child, 0)[1])
                    case _Raised(error) if not isinstance(error, Exception):
                        raise error
                    case _Raised() | _Result() as message:
                        place, child = running.pop(receiver)
                        receiver.close()
                        os.waitpid(child, 0)
                        yield place, cast(Exception, message.error) if isinstance(message, _Raised) else message.value
    finally:
        for receiver, (_, child) in running.items():
            receiver.close()
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _send_result(work: Callable[[], Any], send: Send) -> None:
    send(_Result(work()))


def _begun(work: Callable[[Send], None], memory_bytes: int | None) -> tuple[int, Connection]:
    """Begin the work in a child. Returns its process and what receives its messages."""
    receiver, sender = Pipe(duplex=False)
    parent = os.getpid()
    child = os.fork()
    if not child:
        receiver.close()
        _live(work, sender, parent, memory_bytes)
    sender.close()
    return child, receiver


def _received(receiver: Connection, child: int) -> Any:
    """The next message; None at the end. Raises ChildStoodStill when nothing comes and nothing is done."""
    seconds = None
    while not receiver.poll(STANDSTILL_SECONDS):
        before, seconds = seconds, psutil.Process(child).cpu_times()
        if seconds == before:
            raise ChildStoodStill(f"did nothing for {STANDSTILL_SECONDS / 60:.0f} minutes")
    return _message(receiver)


def _message(receiver: Connection) -> Any:
    """The next message, waited for; None at the end."""
    try:
        return receiver.recv()
    except (EOFError, OSError):  # perhaps in the middle of a message
        return None


def limit_cpu(seconds: float) -> None:
    """Have the system end this process with SIGXCPU once it has taken so much more processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1, most)


def without_signal_handlers() -> None:
    """Let a crash end the process. A handler in Python returns to the instruction that crashed, for ever."""
    faulthandler.disable()
    for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGABRT, signal.SIGILL):
        signal.signal(number, signal.SIG_DFL)


def _live(work: Callable[[Send], None], sender: Connection, parent: int, memory_bytes: int | None) -> None:
    """The whole life of a child. It ends here: nothing that the parent has open is flushed or closed a second time."""
    status = 1
    gc.freeze()  # what the parent made is not looked through again and again, which would also copy it
    try:
        _die_with(parent)
        without_signal_handlers()
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        logging.root.handlers = [_Sending(sender.send)]  # the parent's may wait for a lock that nobody releases here
        if memory_bytes is not None:
            _limit_memory(memory_bytes)
        work(sender.send)
        status = 0
    except BaseException as error:
        _send_error(sender, error)
        status = 0  # what ended it is known
    finally:
        os._exit(status)


def _send_error(sender: Connection, error: BaseException) -> None:
    error.add_note("".join(traceback.format_exception(error)))  # which is not sent otherwise
    try:
        sender.send(_Raised(error))
    except Exception:  # what it raised cannot be sent
        sender.send(_Raised(RuntimeError(f"{type(error).__name__}: {error}")))


def _die_with(parent: int) -> None:
    """End when the parent ends. Where the system cannot do that, the next message that is sent ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


class _Sending(QueueHandler):
    """Sends what is logged to the parent, whose handlers write it."""

    def __init__(self, send: Send) -> None:
        super().__init__(SimpleQueue())  # which stays empty
        self.send = send

    def enqueue(self, record: logging.LogRecord) -> None:
        self.send(_Logged(record))


def _limit_memory(more_bytes: int) -> None:
    """Limit what is allocated from now on, where the system tells what is allocated already (Linux).

    RLIMIT_DATA, because RLIMIT_AS also counts what is reserved and never used, such as gigabytes by allocators.
    """
    used = getattr(psutil.Process().memory_info(), "data", None)
    if used is not None:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        _lower(resource.RLIMIT_DATA, used + more_bytes, most)


def _lower(limit: int, wanted: int, most: int) -> None:
    """Set a soft limit, below the hard one that an operator may have set."""
    resource.setrlimit(limit, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
