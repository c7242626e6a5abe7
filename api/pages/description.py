"""The API's own description, as a page reads it: the operations of /openapi.json, by subject."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    """`parameters`: (name, where it stands, whether it is needed); `answers`: (status, what it means)."""

    method: str
    path: str
    summary: str
    more: str
    parameters: tuple[tuple[str, str, bool], ...]
    answers: tuple[tuple[str, str], ...]

    @property
    def anchor(self) -> str:
        return f"{self.method}-{self.path.strip('/').translate(str.maketrans('/{}', '---'))}"


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    about: str
    operations: tuple[Operation, ...]


def subjects() -> list[Subject]:
    """Every operation of the description, in its order."""
    described = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    about = {tag["name"]: tag.get("description", "") for tag in described.get("tags", ())}
    found: dict[str, list[Operation]] = {name: [] for name in about}
    for tag, operation in _operations(described):
        found.setdefault(tag, []).append(operation)
    return [Subject(name, about.get(name, ""), tuple(some)) for name, some in found.items() if some]


def _operations(described: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, item in described["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            said = item[method]
            parameters = [
                _resolved(described, one) for one in (*item.get("parameters", ()), *said.get("parameters", ()))
            ]
            answers = {
                status: _resolved(described, answer).get("description", "")
                for status, answer in said["responses"].items()
            }
            yield (
                said.get("tags", [""])[0],
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=said.get("summary", ""),
                    more=said.get("description", ""),
                    parameters=tuple((one["name"], one["in"], bool(one.get("required"))) for one in parameters),
                    answers=tuple(
                        sorted((str(status), text) for status, text in answers.items() if status != "default")
                    ),
                ),
            )


def _resolved(described: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in value:
        return value
    found: Mapping[str, Any] = described
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found
