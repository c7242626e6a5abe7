"""Every error that Carnet answers with, drawn once.

CarnetError
 ├─ InvalidInput      what was sent is not acceptable; says which field and why            422
 ├─ NotFound          hidden, elsewhere, expired, another company's or absent: all the same 404
 ├─ NotAMember        the asker is not a member of the network, or no longer                403
 ├─ NotAllowed        a member, but its role may not do this                               403
 ├─ PreconditionMissing, Stale   a lost update that did not happen                     428, 412
 ├─ KeyReused         an idempotency key that came with another request before             409
 ├─ Erased            the accounting product means a company that was erased               409
 ├─ Unavailable       a part that truth depends on did not answer                          503
 └─ Refused           not in this state; the sentence says which                        exit 4

Messages are English and are the keys of the catalog; the API says them in the asker's language.
"""

from collections.abc import Mapping


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


class Erased(CarnetError):
    code = "erased"

    def __init__(self) -> None:
        super().__init__(Message("This company was erased. Its id is never used again."))


class Unavailable(CarnetError):
    """`part` is the name an operator knows: records, search or journal."""

    code = "unavailable"

    def __init__(self, part: str, reason: str = "") -> None:
        super().__init__(Message("Not available right now: %(part)s. Please try again in a moment.", part=part))
        self.part, self.reason = part, reason


class Refused(CarnetError):
    code = "refused"
