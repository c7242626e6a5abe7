"""For whoever runs this: is it alive, can it keep its promises, what has it counted."""

from flask import Blueprint, Response, jsonify

from api import metrics
from api.services import services

running = Blueprint("running", __name__)


@running.get("/livez")
def livez() -> Response:
    """The process answers. Asks nothing else, so that a broken database does not get it restarted."""
    return jsonify(status="alive")


@running.get("/readyz")
def readyz() -> Response:
    """Every part that an answer depends on works; else 503, naming the part."""
    services().check_ready()
    return jsonify(status="ready")


@running.get("/metrics")
def read_metrics() -> Response:
    return Response(metrics.exposition(services().gauges()), content_type="text/plain; version=0.0.4; charset=utf-8")
