"""The command line of ``./run``."""

import argparse
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from deploy.embedded.say import Trouble

_PORTS_TRIED = 20


@dataclass(frozen=True)
class Options:
    """What the person asked for; ``sample`` None means: decide by where the data live."""

    host: str
    port: int
    sample: bool | None
    services_only: bool
    reset: bool
    yes: bool


def parse(arguments: Sequence[str]) -> Options:
    """Return the options of the command line; argparse explains mistakes and exits."""
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Start the software on this machine: web, worker, scheduler and, unless "
        "DATABASE_URL and REDIS_URL name others, its own PostgreSQL and Valkey. "
        "Ctrl-C stops all of it; the data stay in var/.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    sample = parser.add_mutually_exclusive_group()
    sample.add_argument(
        "--sample",
        action="store_true",
        default=None,
        help="load the invented district even into a database given by DATABASE_URL",
    )
    sample.add_argument(
        "--no-sample", dest="sample", action="store_false", help="begin with an empty database"
    )
    parser.add_argument(
        "--services-only",
        action="store_true",
        help="start PostgreSQL and Valkey alone and print their addresses",
    )
    parser.add_argument(
        "--reset", action="store_true", help="delete the data in var/ first (asks before)"
    )
    parser.add_argument("--yes", action="store_true", help="answer the question of --reset")
    return Options(**vars(parser.parse_args(arguments)))


def open_port(host: str, port: int) -> int:
    """Return ``port``, or the next one that is free on ``host``; raises ``Trouble`` if none is."""
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as opened:
            if os.name != "nt":
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                opened.bind((host, candidate))
            except PermissionError:
                raise Trouble(
                    f"Port {candidate} needs administrator rights.",
                    "Choose one above 1024: ./run --port 8000",
                ) from None
            except socket.gaierror:
                raise Trouble(
                    f"{host} is not an address of this machine.",
                    "Use --host 127.0.0.1 (this machine only) or --host 0.0.0.0 (the network).",
                ) from None
            except OSError as problem:
                if _not_mine(problem):
                    raise Trouble(
                        f"{host} is not an address of this machine.",
                        "Use --host 127.0.0.1 (this machine only) or --host 0.0.0.0.",
                    ) from None
                continue
            return candidate
    raise Trouble(
        f"The ports {port} to {port + _PORTS_TRIED - 1} are all taken.",
        "Name a free one: ./run --port 9000",
    )


def _not_mine(problem: OSError) -> bool:
    # EADDRNOTAVAIL on Linux, macOS, Windows
    return problem.errno in {99, 49, 10049}


def addresses(host: str) -> list[str]:
    """Return the names under which a browser may call a server that listens on ``host``."""
    names = ["127.0.0.1", "localhost", "[::1]"]
    if host in {"0.0.0.0", "::"}:
        names += [socket.gethostname(), *_outward()]
    elif host not in names:
        names.append(f"[{host}]" if ":" in host else host)
    return names


def _outward() -> list[str]:
    """Return the address this machine has in its network (no packet is sent for that)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        try:
            opened.connect(("192.0.2.1", 9))
        except OSError:
            return []
        return [str(opened.getsockname()[0])]
