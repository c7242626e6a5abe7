"""Whether a row came out as it must, and what about it did not."""

from collections import Counter

from tests.chaos.drill import Drilled


def problems(found: Drilled) -> list[str]:
    """Everything that must not be, in words; nothing where the row came out as it must."""
    ledger, row = found.ledger, found.row
    statuses = Counter(one.status for one in found.opt_outs())
    searched = Counter(one.status for one in ledger.searches)
    said = {
        f"{len(ledger.broken())} answers show a company that has opted out": found.confirmed and ledger.broken(),
        f"{len(ledger.strangers())} answers show a company of another region": found.confirmed and ledger.strangers(),
        f"{sum(one.doubles for one in ledger.searches)} suggestions came twice": any(
            s.doubles for s in ledger.searches
        ),
        f"opt-outs were answered {dict(statuses)}": set(statuses) - row.opt_outs,
        f"searches were answered {dict(searched)}": set(searched) - row.searches,
        f"index_confirmed was wrong for {len(found.probe.lied)}": found.probe.lied,
        f"{len(found.probe.returned)} came back into the index": found.probe.returned and not row.mends,
        f"drift while it went on: {dict(found.drifted)}": found.drifted,
        f"drift at the end: {found.calm.drift}": found.calm.drift,
        f"the outbox still holds {found.calm.waiting}": found.calm.waiting,
        f"{found.calm.shown} that are hidden are found in quiet": found.calm.shown,
        f"{found.calm.absent} that are visible are not found in quiet": found.calm.absent,
        f"{len(found.wrong_state)} are not what was answered last": found.wrong_state,
        f"commands ended with {dict(found.commands)}": found.unexpected,
        "nobody searched for a company that had opted out": not ledger.chances(),
        "no opt-out was answered": not statuses[200],
    }
    return [sentence for sentence, is_so in said.items() if is_so]
