"""The database restored to before opt-outs that were answered: nothing serves until `carnet restore` has replayed them."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.chaos.faults_index import wait
from tests.chaos.site import Site
from tests.services import packages
from tests.services.given import plain

REFUSED = 4


def database_restored(site: Site, _rng: random.Random, until: float) -> None:
    """A backup early on, and late it is put back. The clients go on all the while, and find nobody at home for a time."""
    wait(1.0, until)
    with_backup(site, until, _as_the_handbook_says)


def served_as_it_is(site: Site, _rng: random.Random, until: float) -> None:
    """Without the replay: only where what refuses that was taken out."""
    wait(1.0, until)
    with_backup(site, until, lambda _site: None)


def with_backup(site: Site, until: float, afterwards: Callable[[Site], None]) -> None:
    backup = site.home.folder / "backup"
    _run("pg_dump", "--format=custom", f"--file={backup}", plain(site.settings.database_url))
    wait(1e9, until)
    site.stop()
    _put_back(site, backup)
    afterwards(site)
    site.serve()
    site.work()


def _as_the_handbook_says(site: Site) -> None:
    for command in ("serve", "worker"):
        refused = site.carnet(command)
        assert refused == REFUSED, f"carnet {command} ended with {refused} on a database that has forgotten opt-outs"
        site.ended.pop()
    assert site.carnet("restore") == 0, site.log()[-3_000:]


def _put_back(site: Site, backup: Path) -> None:
    url = make_url(site.settings.database_url)
    name = sql.Identifier(url.database or "")
    with psycopg.connect(plain(site.ground.database.address), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
    _run("pg_restore", "--dbname", plain(site.settings.database_url), str(backup))
    site.records.close()  # its connections are to the database that was dropped


def _run(program: str, *arguments: str) -> None:
    subprocess.run([packages.postgresql() / program, *arguments], check=True, timeout=60)
