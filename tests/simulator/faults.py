"""The faults that the harness must catch, each planted in the real code for one block of a test and nowhere else.

Each is what a well-known design does, whole: where the protocol would refuse it at another place, that place is taken out
too, so that what catches it is what members see.
"""

import json
import math
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, registry

import directory.importing
import directory.lookup
import directory.outbox
import directory.typists
import directory.visibility
import indexer.backfill
import indexer.builds
import indexer.compare
import indexer.rebuild
import indexer.reconcile
import indexer.rollback
import indexer.sync
import indexer.verify
from directory.records import Records
from directory.records.tables import companies, outbox
from directory.standing import SHOWN
from indexer.build_names import BuildName
from indexer.builds import State, family
from indexer.engines.port import Tombstone
from tests.simulator.cluster import Cluster
from tests.simulator.process import Pool

Plant = Callable[[pytest.MonkeyPatch], None]
_STANDING = ("region", "visible", "status", "kind", "erased")


def confirmation_removed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(directory.lookup, "why_not_shown", lambda *_: "")


def confirmation_through_a_used_session(patch: pytest.MonkeyPatch) -> None:
    """An ORM session that has seen a row answers with what it saw then."""

    class Company:
        pass

    mapped, sessions = registry(), WeakKeyDictionary[Any, Session]()
    mapped.map_imperatively(Company, companies)
    confirm = directory.typists._confirm_for

    def through_session(records: Any, proposed: Any, who: Any, meanwhile: Any) -> Any:
        asker, rows = confirm(records, proposed, who, meanwhile)
        session = sessions.setdefault(records, Session(records._reader, autobegin=True))
        seen = {one.id: one for one in session.scalars(select(Company).where(Company.id.in_(proposed)))}
        return asker, [as_seen(row, seen[row.id]) for row in rows if row.id in seen]

    def as_seen(row: Any, company: Company) -> Any:
        return SimpleNamespace(**{**row._asdict(), **{what: getattr(company, what) for what in _STANDING}})

    patch.setattr(directory.typists, "_confirm_for", through_session)


def what_was_confirmed_is_kept_while_one_types_on(patch: pytest.MonkeyPatch) -> None:
    """Five seconds long, since those that fit more letters are among those that fitted fewer."""
    kept: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()
    confirm = directory.typists._confirm_for

    def once(records: Any, proposed: Any, who: Any, meanwhile: Any) -> Any:
        since, ids, confirmed = kept.setdefault(records, {}).get(who, (math.inf, (), None))
        if not (set(proposed) <= set(ids) and 0 <= time.monotonic() - since <= 5):
            confirmed = confirm(records, proposed, who, meanwhile)
            kept[records][who] = time.monotonic(), proposed, confirmed
        return confirmed

    patch.setattr(directory.typists, "_confirm_for", once)


def hard_delete(patch: pytest.MonkeyPatch) -> None:
    """A company that must not be found is deleted, under its version."""
    _tombstones_need_not_be_there(patch)

    def deletes(action: Any, source: Any) -> list[Any]:
        return [action, source] if source["visible"] else [{"delete": action["index"]}]

    _writes_otherwise(patch, deletes)


def no_version(patch: pytest.MonkeyPatch) -> None:
    """The last to write wins."""
    _writes_otherwise(patch, lambda action, source: [{"index": {"_id": action["index"]["_id"]}}, source])


def _writes_otherwise(patch: pytest.MonkeyPatch, otherwise: Callable[[Any, Any], list[Any]]) -> None:
    ask = Cluster.ask

    def asked(cluster: Cluster, method: str, path: str, params: Any = None, body: Any = None) -> Any:
        if not path.endswith("/_bulk"):
            return ask(cluster, method, path, params, body)
        lines = [json.loads(line) for line in body.splitlines()]
        said = [line for at in range(0, len(lines), 2) for line in otherwise(lines[at], lines[at + 1])]
        status, answer = ask(
            cluster, method, path, params, b"".join(json.dumps(line).encode() + b"\n" for line in said)
        )
        return status, {
            "items": [{"index": _done(kind, one)} for item in answer["items"] for kind, one in item.items()]
        }

    patch.setattr(Cluster, "ask", asked)


def _done(kind: str, item: Any) -> Any:
    """What was not there is deleted, too."""
    return {"status": 200} if kind == "delete" and item["status"] == 404 and "error" not in item else item


def reindex_backfill(patch: pytest.MonkeyPatch) -> None:
    real = indexer.rebuild.backfill

    def copied(records: Any, engine: Any, name: str, region: str, progress: Any) -> None:
        live = engine.serving(region)
        if live is None:
            real(records, engine, name, region, progress)
            return
        engine._client.ask("POST", "/_reindex", body={"source": {"index": live}, "dest": {"index": name}}, within=30)

    patch.setattr(indexer.rebuild, "backfill", copied)


def hidden_rows_left_out_of_the_backfill(patch: pytest.MonkeyPatch) -> None:
    _tombstones_need_not_be_there(patch)
    to_item, write = indexer.backfill.to_item, indexer.backfill._write_page

    def visible_only(engine: Any, name: str, region: str, rows: list[Any]) -> int:
        return write(engine, name, region, [row for row in rows if not isinstance(to_item(row), Tombstone)])

    patch.setattr(indexer.backfill, "_write_page", visible_only)


def _tombstones_need_not_be_there(patch: pytest.MonkeyPatch) -> None:
    """Who knows no tombstones does not ask for them when a build is compared."""
    kind = indexer.compare._kind
    patch.setattr(
        indexer.compare, "_kind", lambda row, held: None if row and not row[1] and held is None else kind(row, held)
    )


def family_read_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    switch, sync = directory.visibility.switch, indexer.publisher.sync_companies

    def reads_first(records: Any, journal: Any, asker: Any, visible: bool) -> Any:
        with records.reading() as connection:
            Pool.hub.current.family = family(connection)
        return switch(records, journal, asker, visible)

    def sync_those(records: Any, engine: Any, company_ids: Any) -> Any:
        caller = Pool.hub.current.started_by
        Pool.hub.current.family = getattr(caller, "family", None)
        return sync(records, engine, company_ids)

    def as_read(connection: Any, regions: Any = None) -> Any:
        task = Pool.hub.current
        early = getattr(task, "family", None) if regions is None and task and task.started_by else None
        return family(connection, regions) if early is None else early

    patch.setattr(directory.visibility, "switch", reads_first)
    patch.setattr("indexer.publisher.sync_companies", sync_those)
    patch.setattr(indexer.builds, "family", as_read)


def swap_without_read_back(patch: pytest.MonkeyPatch) -> None:
    """Whose answer is lost has failed, it thinks, and cleans up."""

    def swap(records: Any, engine: Any, lease: Any, name: str, *, instead_of: str | None, **more: Any) -> None:
        engine.serve(BuildName.parse(name).region, name, instead_of=instead_of)
        with records.writing() as connection:
            indexer.builds.make_live(connection, lease, BuildName.parse(name).region, name)

    def give_up(records: Any, engine: Any, lease: Any, name: Any) -> None:
        with records.writing() as connection:
            indexer.builds.give_up(connection, lease, [str(name)])
        engine._client.ask("DELETE", engine._at(str(name)), {"ignore_unavailable": "true"}, within=30)

    patch.setattr(indexer.rebuild, "swap", swap)
    patch.setattr(indexer.rebuild, "_give_up", give_up)


def one_unique_job_per_company(patch: pytest.MonkeyPatch) -> None:
    """A change that arrives while the job runs is swallowed: when it ends, the company has no work."""

    def all_of_it(connection: Any, done: Any) -> None:
        ids = [company_id for company_id, _ in done]
        connection.execute(delete(outbox).where(outbox.c.company_id.in_(ids)))

    patch.setattr(directory.outbox, "settle", all_of_it)


def written_only_through_the_alias(patch: pytest.MonkeyPatch) -> None:
    write = indexer.sync._write

    def live_only(to: Any, rows: Any, former: Any, builds: Any) -> Any:
        return write(to, rows, former, [build for build in builds if build.state is State.LIVE])

    patch.setattr(indexer.sync, "_write", live_only)


def import_that_writes_visible(patch: pytest.MonkeyPatch) -> None:
    apply = directory.importing._apply

    def shows(connection: Any, batch: Any, found: Any, row: Any) -> Any:
        if not found.erased:
            connection.execute(update(companies).where(companies.c.id == row.id).values(visible=row.visible))
        return apply(connection, batch, found, row)

    patch.setattr(directory.importing, "_apply", shows)


def streaming_on_the_connections_of_look_ups(patch: pytest.MonkeyPatch) -> None:
    """Who is given one whose answer was left half read sees the records as they were."""
    streaming = Records.streaming

    def on_the_same(records: Any) -> Any:
        patch.setattr(records, "_streamer", records._reader)
        return streaming(records)

    def half_read(records: Any, engine: Any, build: str) -> Any:
        region = BuildName.parse(build).region
        with records.streaming() as connection:
            query = select(companies.c.id, companies.c.index_version, SHOWN.label("shown"))
            rows = iter(connection.execute(query.where(companies.c.region == region).order_by(companies.c.id)))
            yield from _pages(indexer.compare._merged(rows, engine.scan(build)))

    patch.setattr(Records, "streaming", on_the_same)
    for module in (indexer.reconcile, indexer.verify, indexer.rollback):
        patch.setattr(module, "compare", half_read)


def _pages(merged: Any) -> Any:
    found = list(merged)
    yield indexer.compare.Page(len(found), [company_id for company_id, kind in found if kind])


FAULTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        confirmation_removed,
        confirmation_through_a_used_session,
        what_was_confirmed_is_kept_while_one_types_on,
        hard_delete,
        no_version,
        reindex_backfill,
        hidden_rows_left_out_of_the_backfill,
        family_read_before_the_commit,
        swap_without_read_back,
        one_unique_job_per_company,
        written_only_through_the_alias,
        import_that_writes_visible,
        streaming_on_the_connections_of_look_ups,
    )
}
