"""Opens the records and the search index that the settings name."""

from typing import Any

from carnet.settings import BadSetting, Settings
from directory.errors import Message, Refused
from directory.records import Records
from directory.records.schema import migrate, require_current
from directory.records.sqlite import create_sqlite_file
from indexer.engines.ownership import Ownership, owner_of
from indexer.engines.port import Engine

_PATIENCE_S = 20.0


def open_records(settings: Settings, *, answer_within_s: float | None = None) -> Records:
    """The records, with the tables of this release. SQLite is created and upgraded by itself. `answer_within_s`: see
    Records.

    Raises Refused where another database lacks them, Unavailable where nothing answers.
    """
    if settings.sqlite_path:
        create_sqlite_file(settings.sqlite_path)
    quotas = settings.quotas if settings.limits else None
    records = connect(settings, quotas=quotas, answer_within_s=answer_within_s)
    try:
        (migrate if settings.sqlite_path else require_current)(records)
    except BaseException:
        records.close()
        raise
    return records


def connect(settings: Settings, **options: Any) -> Records:
    """The records as they are. Raises BadSetting where the driver of such a database is not installed."""
    try:
        return Records(settings.database_url, **options)
    except ImportError as error:
        raise BadSetting(
            "CARNET_DATABASE_URL: PostgreSQL needs the extra: pip install 'carnet[postgresql]'."
        ) from error


def open_engine(
    settings: Settings, ownership: Ownership | None = None, *, threads: int = 8, patient: bool = False
) -> Engine:
    """The search engine, for this many threads at once. Only the process with `ownership` may write the embedded one.

    `patient`: a look-up waits for a cluster as long as it takes, for those who judge the answer and not the clock.

    What follows a # in the address of OpenSearch stands before every index name, so that one cluster can serve several.
    """
    if settings.embedded_path:
        from indexer.engines.embedded import EmbeddedEngine

        return EmbeddedEngine(settings.embedded_path, ownership)
    try:
        from indexer.engines.opensearch import OpenSearchEngine
    except ImportError as error:
        raise BadSetting("CARNET_SEARCH_URL: OpenSearch needs the extra: pip install 'carnet[opensearch]'.") from error
    url, _, prefix = settings.search_url.partition("#")
    more = {"look_up_s": _PATIENCE_S} if patient else {}
    return OpenSearchEngine(url, connections=threads, prefix=prefix, **more)


def own_index(settings: Settings, *, refusal: str) -> Ownership | None:
    """Become the embedded index's one owner; None where the index is shared by design.

    Raises Refused, with the sentence `refusal`, where another process owns it.
    """
    if settings.embedded_path is None:
        return None
    ownership = Ownership.take(settings.embedded_path)
    if ownership is None:
        raise Refused(Message("%(refusal)s (process %(process)s)", refusal=refusal, process=index_owner(settings)))
    return ownership


def index_owner(settings: Settings) -> int | None:
    """The process that owns the embedded index, None where nobody does."""
    return owner_of(settings.embedded_path) if settings.embedded_path else None
