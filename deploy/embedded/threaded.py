"""A plain threaded web server for Windows, where gunicorn cannot run: for trying out only."""

import os
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server


class ThreadedServer(ThreadingMixIn, WSGIServer):
    """One thread per request."""

    daemon_threads = True


def main(host: str, port: int) -> None:
    """Serve the software on ``host`` and ``port`` until the process is ended."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.wsgi import application  # noqa: PLC0415 - needs the path set above

    with make_server(host, port, application, server_class=ThreadedServer) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
