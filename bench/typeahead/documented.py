"""The route that a user would write from the documentation: Flask, opensearch-py, `search_as_you_type`.

    python -m bench.typeahead.documented PORT SEARCH_URL INDEX

No sign-in, no limits, no confirmation, no log. The same server as Carnet's, with the same settings.
"""

import sys
from typing import Any

from flask import Flask, request
from gunicorn.app.base import BaseApplication
from opensearchpy import OpenSearch

from bench.baselines import as_documented
from carnet.running import THREADS
from directory.lookup import MOST_SUGGESTIONS


def question(text: str) -> dict[str, Any]:
    """As documented, for as many suggestions as Carnet shows."""
    return {**as_documented(text), "size": MOST_SUGGESTIONS}


def make_app(url: str, index: str) -> Flask:
    app = Flask("documented")
    client = OpenSearch(url, pool_maxsize=THREADS)

    @app.get("/typeahead")
    def typeahead() -> dict[str, Any]:
        found = client.search(index=index, body=question(request.args["q"]))
        return {"suggestions": [hit["_source"]["name"] for hit in found["hits"]["hits"]]}

    return app


class _Server(BaseApplication):
    def __init__(self, port: int, url: str, index: str) -> None:
        self._port, self._url, self._index = port, url, index
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"127.0.0.1:{self._port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 75,
            "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return make_app(self._url, self._index)


if __name__ == "__main__":
    _Server(int(sys.argv[1]), sys.argv[2], sys.argv[3]).run()
