"""The statements that every look-up makes: compiled once, and then given to the driver as they stand.

Through SQLAlchemy's execution each cost several times what the database needs for it, and a look-up is little else than two
of them. What a statement is, and what its columns hold, is still SQLAlchemy's to say.
"""

import json
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import Select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import NullType


class one_of(FunctionElement[Any]):  # noqa: N801 - reads as a function in a statement, like those of SQLAlchemy
    """One parameter for any number of values, so that the text stays the same."""

    type = NullType()  # of a Boolean, SQLite would be asked whether it equals 1, and could not use its index
    inherit_cache = True


@compiles(one_of, "postgresql")
def _any(element: Any, compiler: Any, **_: Any) -> str:
    """Where PostgreSQL sees how many values there are, it plans anew each time that they are few, which takes longer than to
    answer. What a query within the statement gives it counts as ten, and the plan is kept.
    """
    column, values = (compiler.process(clause) for clause in element.clauses)
    return f"{column} = ANY(ARRAY(SELECT json_array_elements_text(CAST({values} AS json))))"


@compiles(one_of, "sqlite")
def _each(element: Any, compiler: Any, **_: Any) -> str:
    column, values = (compiler.process(clause) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - a column and a parameter


class Prepared:
    """A statement whose parameters are named by `bindparam`. Its rows are named tuples of the columns."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def rows(self, dialect: Dialect, connection: Any, values: dict[str, Any]) -> list[Any]:
        """Ask on a connection of the driver's own. Raises what the driver raises."""
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._statement, dialect)
        return form.rows(connection, values)


class _Form:
    """The statement as one kind of database is asked it."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        columns = statement.selected_columns
        self._text = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self._order: list[str] | None = compiled.positiontup  # None where they are named
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        self._processors: list[tuple[int, Callable[[Any], Any]]] = [
            (at, processor)
            for at, column in enumerate(columns)
            if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def rows(self, connection: Any, values: dict[str, Any]) -> list[Any]:
        given = {name: orjson.dumps(one).decode() if isinstance(one, list) else one for name, one in values.items()}
        values = {**self._constants, **given}
        found = connection.execute(self._text, [values[name] for name in self._order] if self._order else values)
        rows = found.fetchall()
        found.close()
        make = self._row._make
        if not self._processors:
            return [make(row) for row in rows]
        return [make(self._processed(list(row))) for row in rows]

    def _processed(self, row: list[Any]) -> list[Any]:
        for at, processor in self._processors:
            row[at] = processor(row[at])
        return row


def read_json(text: str | bytes) -> Any:
    """In a tenth of the time that the standard library takes for the few names of a company."""
    try:
        return orjson.loads(text)
    except ValueError:  # half a character, escaped, which the standard library reads
        return json.loads(text)
