"""What the rules need of the outside, stated small. `carnet.wiring` joins the real ones to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from mappings.reading import Typed


@dataclass(frozen=True, slots=True)
class Near:
    """Where the asker is, folded; empty where it does not say."""

    city: str = ""
    province: str = ""


class Reach(IntEnum):
    """How far from what was typed the index looks; further only where nothing nearer fits, since it costs more."""

    NEAR = 0  # each letter as it is, or one typo
    FAR = 1  # two typos; names that were typed with more before or behind; what begins alike
    FARTHEST = 2  # a typo in each of several words, of an engine that has not looked for that among what is far


class Proposer(Protocol):
    def propose(
        self, region: str, typed: Typed, near: Near, limit: int, *, reach: Reach = Reach.NEAR, spent_s: float = 0.0
    ) -> list[str]:
        """At most `limit` ids of companies of `region` that may fit, the best first.
        `spent_s`: seconds that the look-up has taken so far, of those that it has for all its questions.

        A proposal is not an answer: the records confirm it. Raises Unavailable("search").
        """
        ...


def nothing() -> None:
    """What is done meanwhile, where there is nothing to do."""


class Index(Proposer, Protocol):
    def propose(
        self,
        region: str,
        typed: Typed,
        near: Near,
        limit: int,
        *,
        reach: Reach = Reach.NEAR,
        spent_s: float = 0.0,
        meanwhile: Callable[[], None] = nothing,
        all_of: int = 0,
    ) -> list[str]:
        """As a Proposer. `meanwhile` is called once: while the engine works, where it works elsewhere. What it raises comes
        through, and then nothing is proposed. `all_of`: an engine may propose all of more than `limit` where they are no more
        than these.
        """
        ...

    def were_all(self, proposed: int, limit: int) -> bool:
        """Whether so many ids, for a question with this `limit`, are surely those of all companies that the question is about."""
        ...


class Publisher(Protocol):
    def publish(self, company_ids: Sequence[str], *, within: float) -> bool:
        """Bring the index up to the records for these companies, which are committed. Waits at most `within` seconds.

        True if the index was seen to agree. False is no failure: the outbox still holds the work. Never raises.
        """
        ...


class Journal(Protocol):
    def append(self, company_id: str, index_version: int, state: str) -> None:
        """Note outside the database that a company became `visible`, `hidden` or `erased`; returns once it is on disk.

        Raises Unavailable("journal").
        """
        ...


class Outcome(StrEnum):
    """What became of one message to a webhook."""

    DELIVERED = "delivered"
    GONE = "gone"  # it answered that it wants no more
    REFUSED = "refused"  # it answered anything else
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    ADDRESS = "address"  # it is not on the public internet, or no longer


@dataclass(frozen=True, slots=True)
class Delivery:
    outcome: Outcome
    status: int | None = None  # what it answered, where it answered


class Courier(Protocol):
    def may_call(self, url: str) -> bool:
        """Whether the host of this address is known, and public: every address that it has."""
        ...

    def deliver(self, url: str, secret: str, message_id: str, said: Mapping[str, Any]) -> Delivery:
        """Send one message, signed with the secret. Checks the host again. Never raises, and takes 5 s at most."""
        ...
