"""`kartoteka serve`: the server, and a worker beside it, as one thing that starts and stops together.

One process loads everything and forks two children that share its memory: gunicorn (one process, several
threads) and the worker. It starts again whichever dies, and on SIGTERM or Ctrl-C lets both finish what they do.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication

from kartoteka.kit.jobs import work_forever
from kartoteka.kit.logs import logging_config
from kartoteka.trust.actor import SHELL
from kartoteka.trust.signin import first_link

logger = logging.getLogger("kartoteka.serve")
PATIENCE = 30  # seconds a child has to finish what it does
PAUSE = 2  # seconds between a child's death and its next life, so that a fault does not eat the machine


class CannotServe(Exception):
    """The server cannot start; the message says why and what to do."""


def serve(*, host: str | None = None, port: int | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; what is not given is KARTOTEKA_LISTEN's. Raises CannotServe."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists() and not settings.DEBUG:
        raise CannotServe("The parts of the pages are missing. Build them with: make assets")
    usual_host, usual_port = settings.KARTOTEKA.address
    host = host or usual_host
    listener = _listen(host, usual_port if port is None else port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    link = first_link(by=SHELL)  # opens the base: a locked key is asked for before anybody is told to come
    print(f"Kartoteka is at {address} (Ctrl-C stops it)")
    if link:
        print(f"Sign in as the owner, once, within a day: {address}{link}")
    sys.stdout.flush()
    application = _loaded()
    connections.close_all()  # a connection must not be used on both sides of a fork
    gc.freeze()  # what is loaded stays; leaving it untouched keeps its memory shared
    return _Family({"web": lambda: _web(application, listener), "worker": _worker}, listener).live()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=256)
    except (OSError, OverflowError) as error:
        raise CannotServe(
            f"Port {port} at {host} cannot be used ({getattr(error, 'strerror', None) or error}). "
            "Choose another: kartoteka serve --port 8001, or make run PORT=8001"
        ) from error
    listener.set_inheritable(True)
    return listener


def _loaded() -> WSGIHandler:
    """The application with every page's code in memory, before the fork."""
    application = get_wsgi_application()
    _ = get_resolver().url_patterns
    return application


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, set up here and not by its command line."""

    def __init__(self, application: WSGIHandler, choices: dict[str, Any]) -> None:
        self._application, self._choices = application, choices
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._choices.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        return self._application


def _web(application: WSGIHandler, listener: socket.socket) -> None:
    logs = logging_config(settings.KARTOTEKA.log)
    quiet = {"handlers": [], "level": "WARNING", "propagate": True}
    logs["loggers"] |= {"gunicorn.error": quiet, "gunicorn.access": quiet}
    choices = {
        "bind": f"fd://{listener.fileno()}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": settings.KARTOTEKA.threads,
        "timeout": 120,
        "graceful_timeout": PATIENCE - 5,
        "keepalive": 15,
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 - a heartbeat
        "control_socket_disable": True,
        "logconfig_dict": logs,
    }
    _Server(application, choices).run()


def _worker() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work_forever(stop=stop)


class _Family:
    """Keeps its children alive until it is told to stop, then lets them finish."""

    def __init__(self, callings: dict[str, Callable[[], None]], listener: socket.socket) -> None:
        self._callings, self._listener = callings, listener
        self._alive: dict[int, str] = {}
        self._stopping = False

    def live(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        for name in self._callings:
            self._bear(name)
        while not self._stopping:
            died = self._wait()
            if died and not self._stopping:
                logger.error("a process ended and is started again", extra={"job": died})
                time.sleep(PAUSE)
                if not self._stopping:
                    self._bear(died)
        return self._part()

    def _bear(self, name: str) -> None:
        parent = os.getpid()
        child = os.fork()
        if child:
            self._alive[child] = name
            return
        code = 1
        try:
            # A group of its own: Ctrl-C in the shell reaches the parent only, who asks for a calm end.
            os.setpgid(0, 0)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            _die_with(parent)
            self._callings[name]()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            logger.exception("a process failed", extra={"job": name})
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _wait(self) -> str:
        try:
            child, _status = os.wait()
        except ChildProcessError:
            return ""
        return self._alive.pop(child, "")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            self._tell(signal.SIGTERM)

    def _tell(self, number: signal.Signals) -> None:
        for child in list(self._alive):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)

    def _part(self) -> int:
        self._listener.close()
        latest = time.monotonic() + PATIENCE
        while self._alive and time.monotonic() < latest:
            try:
                child, _status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if child:
                self._alive.pop(child, None)
            else:
                time.sleep(0.05)
        self._tell(signal.SIGKILL)
        return 0


def _die_with(parent: int) -> None:
    """Ask Linux to stop this process when its parent dies, even by kill -9; elsewhere nothing is lost, only left."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(0)
