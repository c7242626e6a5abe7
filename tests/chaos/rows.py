"""protocol.md's table of faults, as data: what is done, and what must come out."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.chaos import faults_around as around
from tests.chaos import faults_index as index
from tests.chaos import faults_records as records
from tests.chaos import faults_stopped as stopped
from tests.chaos.faults_restore import database_restored
from tests.chaos.owners import Habits
from tests.chaos.site import Site

Fault = Callable[[Site, random.Random, float], None]
OK, OR_503 = frozenset({200}), frozenset({200, 503})
OR_NONE = frozenset({200, 503, 0})  # 0: the process died, or was cut off, before it answered


@dataclass(frozen=True)
class Row:
    """`opt_outs`, `searches`: the statuses that may come. `commands`: those that rebuilds and imports may end with. `mends`:
    drift is left to `carnet index reconcile`. `long`: restarts OpenSearch, for the long run alone. `least_s`: what the fault
    needs at least. `lined`: it cuts lines. `alone`: also run with confirmation off, where the index alone must come right.
    """

    name: str
    fault: Fault
    opt_outs: frozenset[int] = OK
    searches: frozenset[int] = OR_503  # a look-up that takes longer than its 300 ms is an error, never a guess
    habits: Habits = field(default_factory=Habits)
    mends: bool = False
    long: bool = False
    least_s: float = 2.0
    commands: frozenset[int] = frozenset({0})
    alone: bool = True
    lined: bool = False


_STILL = Habits(move=0)
_MOVING = Habits(move=8, switch=8)
_QUICK = Habits(move=0, edit=0, rest_s=0, stay_hidden=0.1)
_RESTORED = Row(
    "database restored to before the opt-out",
    database_restored,
    opt_outs=OR_NONE,
    searches=OR_NONE,
    habits=_STILL,
    least_s=6,
)

ROWS = (
    Row("nothing: everything is well", around.nothing),
    Row("rebuild and swap in a loop", index.rebuilds),
    Row("two rebuilders of one region", index.two_rebuilders, commands=frozenset({0, 4})),
    Row("swap answer lost", index.swap_answers_lost, commands=frozenset({0, 1}), lined=True),
    Row("rebuild killed at each step, between swap and row too", index.rebuilder_killed, commands=frozenset({0, -9})),
    Row("rollback in the middle", index.rollbacks),
    Row("drains delayed, then all at once", around.drains_delayed),
    Row("drains doubled and reordered by three workers", around.drains_doubled),
    Row(
        "worker stopped between read and write, across a swap",
        stopped.stopped_across_a_swap,
        least_s=6,
        commands=frozenset({0, 1}),
    ),
    Row(
        "API stopped before it commits, across a swap",
        stopped.stopped_before_the_commit,
        OR_NONE,  # whoever asks a process that stands still waits no longer than 10 s
        OR_NONE,
        least_s=6,
    ),
    Row("worker killed between read, write and settling", around.workers_killed),
    Row("OpenSearch cut off", index.search_cut, lined=True),
    Row("OpenSearch frozen", index.search_frozen),
    Row("OpenSearch 30 s slow", index.search_slow, lined=True),
    Row("OpenSearch write-blocked, as by a full disk", index.disk_full),
    Row("OpenSearch killed and restarted", index.search_restarted, long=True),
    Row("an old index folder put back", index.old_folder_put_back, mends=True, long=True, habits=_STILL, least_s=20),
    Row("Redis killed, without AOF", around.redis_killed),
    Row("Redis flushed", around.redis_flushed),
    Row("Redis frozen", around.redis_frozen),
    Row("records locked", records.records_locked, opt_outs=OR_503, alone=False),
    Row("records frozen", records.records_frozen, opt_outs=OR_503, alone=False, lined=True),
    Row("records gone", records.records_gone, opt_outs=OR_503, alone=False, lined=True),
    Row("API killed after commit", around.api_killed_after_commit, opt_outs=OR_NONE, searches=OR_NONE),
    Row("API killed at any moment", around.api_killed, opt_outs=OR_NONE, searches=OR_NONE),
    Row("region moves with opt-outs, either order", index.rebuilds, habits=_MOVING),
    Row("off, on, off quickly", around.nothing, habits=_QUICK),
    Row("clocks an hour off", around.clocks_ahead),
    Row("the same companies imported again", around.imported_again, habits=_STILL),
    _RESTORED,
)
