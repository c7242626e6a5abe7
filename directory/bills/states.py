"""What may become of a bill.

    for_review ──approve──▶ approved ──schedule──▶ scheduled
        │                     │  ▲                   │  │
      reject                  │  └────unschedule─────┘  │
        ▼          reject     │                         │
    rejected ◀────────────────┴────────pay──▶ paid ◀────┘

Paid and rejected are final. Nothing approves a bill but a person who may decide; one that is held is released first.
"""

from enum import StrEnum

from directory.errors import Held, IllegalMove, Message


class State(StrEnum):
    FOR_REVIEW = "for_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PAID = "paid"
    REJECTED = "rejected"


class Move(StrEnum):
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PAY = "pay"
    REJECT = "reject"
    RELEASE = "release"


RECEIVED = "received"  # the first event of every bill: the sender's doing, and nobody's move
OPEN = (State.FOR_REVIEW, State.APPROVED, State.SCHEDULED)

LEADS_TO = {
    Move.APPROVE: State.APPROVED,
    Move.SCHEDULE: State.SCHEDULED,
    Move.UNSCHEDULE: State.APPROVED,
    Move.PAY: State.PAID,
    Move.REJECT: State.REJECTED,
}

LEGAL = frozenset(
    {
        (State.FOR_REVIEW, Move.APPROVE),
        (State.FOR_REVIEW, Move.REJECT),
        (State.APPROVED, Move.SCHEDULE),
        (State.APPROVED, Move.PAY),
        (State.APPROVED, Move.REJECT),
        (State.SCHEDULED, Move.UNSCHEDULE),
        (State.SCHEDULED, Move.PAY),
    }
)

_NAMES = {
    State.FOR_REVIEW: Message("for review"),
    State.APPROVED: Message("approved"),
    State.SCHEDULED: Message("scheduled"),
    State.PAID: Message("paid"),
    State.REJECTED: Message("rejected"),
}


def moves(state: State, held: str | None) -> tuple[Move, ...]:
    """The legal ones, in the order in which they are offered."""
    return tuple(move for move in Move if _is_legal(state, held, move))


def after(state: State, held: str | None, move: Move) -> State:
    """Raises IllegalMove, and Held for approving a bill that is to be released first."""
    if move is Move.RELEASE:
        if not held or state is not State.FOR_REVIEW:
            raise IllegalMove(Message("This bill is not held: there is nothing to release it from."))
        return state
    if (state, move) not in LEGAL:
        raise IllegalMove(
            Message("This bill is %(state)s: it cannot become %(wanted)s.", state=_NAMES[state], wanted=_wanted(move))
        )
    if held and move is Move.APPROVE:
        raise Held
    return LEADS_TO[move]


def _is_legal(state: State, held: str | None, move: Move) -> bool:
    if move is Move.RELEASE:
        return bool(held) and state is State.FOR_REVIEW
    return (state, move) in LEGAL and not (held and move is Move.APPROVE)


def _wanted(move: Move) -> Message:
    return _NAMES[LEADS_TO[move]]
