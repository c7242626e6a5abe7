"""A group whose commands are imported when they are asked for: one that opens the records need not wait for Flask."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from carnet.entry import imports


class LazyGroup(click.Group):
    """`commands_at`: name → "module:attribute", in the order in which help lists them."""

    def __init__(self, *args: Any, commands_at: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._commands_at:
            return None
        module, _, attribute = self._commands_at[cmd_name].partition(":")
        with imports():
            command: click.Command = getattr(import_module(module), attribute)
        return command
