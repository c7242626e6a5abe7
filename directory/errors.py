"""Every error that the rules raise, drawn once. Who is not signed in, or comes from another site, never gets to them: those
errors are in `api.bearer` and `api.sign_in`.

CarnetError
 ├─ InvalidInput      what was sent is not acceptable; says which field and why            422
 ├─ NotFound          hidden, elsewhere, expired, another company's or absent: all the same 404
 ├─ CursorExpired     the feed cannot be gone on from there: read everything again      410
 ├─ NotAMember        the asker is not a member of the network, or no longer                403
 ├─ NotAllowed        a member, but its role may not do this                               403
 ├─ PreconditionMissing, Stale   a lost update that did not happen                     428, 412
 ├─ KeyReused         an idempotency key that came with another request before             422
 ├─ TooMany           more than anybody needs; says when to come back                      429
 │   ├─ TooManyRequests   look-ups
 │   └─ QuotaReached      cards seen
 ├─ AutomationOff     invoices are not sent while one's own company is hidden              409
 ├─ NotDeliverable    an invoice that the receiver does not take, whatever the reason      409
 ├─ IllegalMove, Held a bill that may not become that, or not yet                          409
 ├─ Erased            the accounting product means a company that was erased               409
 ├─ Unavailable       a part that truth depends on did not answer                          503
 │   └─ Unfit         it answers, and is not set up so that the promise could be kept
 └─ Refused           not in this state; the sentence says which                        exit 4
     └─ LeaseLost         another process has taken over the work meanwhile

Messages are English and are the keys of the catalog; the API says them in the asker's language.
"""

import math
from collections.abc import Mapping
from datetime import timedelta


class Message(str):
    """An English sentence with named parameters, kept apart so that it can be said in another language.

    The text itself is the sentence filled in, so that a log or a terminal can print it as it is.
    """

    template: str
    params: Mapping[str, object]

    def __new__(cls, template: str, **params: object) -> "Message":
        made = super().__new__(cls, template % params if params else template)
        made.template, made.params = template, params
        return made


class CarnetError(Exception):
    code = "error"

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(CarnetError):
    code = "invalid"

    def __init__(self, fields: Mapping[str, Message]) -> None:
        super().__init__(Message("Some of what was sent is not valid."))
        self.fields = dict(fields)

    def __str__(self) -> str:
        return "; ".join(f"{field}: {reason}" for field, reason in self.fields.items())


class NotFound(CarnetError):
    code = "not_found"

    def __init__(self) -> None:
        super().__init__(Message("There is nothing here for you under that name."))


class CursorExpired(CarnetError):
    code = "cursor_expired"

    def __init__(self) -> None:
        super().__init__(
            Message("The feed cannot go on from there. Take a new cursor, read your contacts again, and go on from it.")
        )


class NotAMember(CarnetError):
    code = "not_a_member"

    def __init__(self) -> None:
        super().__init__(Message("Only companies with an active subscription take part in the network."))


class NotAllowed(CarnetError):
    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__(Message("Your role does not allow this."))


class PreconditionMissing(CarnetError):
    code = "precondition_required"

    def __init__(self) -> None:
        super().__init__(Message("Say which version you are changing: send the ETag that you read as If-Match."))


class Stale(CarnetError):
    code = "stale"

    def __init__(self) -> None:
        super().__init__(Message("Somebody changed this in the meantime. Read it again, then repeat your change."))


class KeyReused(CarnetError):
    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(Message("This Idempotency-Key came with a different request before."))


class TooMany(CarnetError):
    """`wait_s`: whole seconds, at least one, after which the same would be answered."""

    sentence = ""

    def __init__(self, wait_s: float, sentence: str = "") -> None:
        self.wait_s = max(1, math.ceil(wait_s))
        super().__init__(Message(sentence or self.sentence, wait=timedelta(seconds=self.wait_s)))


class TooManyRequests(TooMany):
    code = "too_many_requests"
    sentence = Message("You have looked up as often as a person may. Please go on in %(wait)s.")


class QuotaReached(TooMany):
    code = "quota_reached"


class AutomationOff(CarnetError):
    code = "automation_off"

    def __init__(self) -> None:
        super().__init__(Message("Invoices are not sent while your company is hidden. Turn visibility on first."))


class NotDeliverable(CarnetError):
    """One refusal for all that concerns the receiver: it must tell nothing about it."""

    code = "not_deliverable"

    def __init__(self) -> None:
        super().__init__(Message("This customer cannot be sent invoices through the network."))


class IllegalMove(CarnetError):
    """The sentence names the state that the bill is in and the one that it cannot have."""

    code = "illegal_move"


class Held(CarnetError):
    code = "held"

    def __init__(self) -> None:
        super().__init__(Message("This bill is held: look at why, then release it before you approve it."))


class Erased(CarnetError):
    code = "erased"

    def __init__(self) -> None:
        super().__init__(Message("This company was erased. Its id is never used again."))


class Unavailable(CarnetError):
    """`part` is the name an operator knows: records, search, journal or queue."""

    code = "unavailable"

    def __init__(self, part: str, reason: str = "") -> None:
        super().__init__(Message("Not available right now: %(part)s. Please try again in a moment.", part=part))
        self.part, self.reason = part, reason
        if reason:  # the sentence is for whoever asks, who need not know it; a traceback ends with this
            self.add_note(f"{type(self).__name__}: {part}, {reason}")


class Unfit(Unavailable):
    """`reason` says what is wrong and how to mend it. Who starts stops there: waiting would not help."""


class Refused(CarnetError):
    code = "refused"


class LeaseLost(Refused):
    """Stop at once, and clean nothing up: it belongs to whoever holds the lease now."""
