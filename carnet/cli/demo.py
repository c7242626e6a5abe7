"""`carnet demo`: everything in one process, with nothing to start first."""

import dataclasses
import os
import secrets
import socket
import tempfile
import time
from pathlib import Path

import click

from carnet.cli.console import errors
from carnet.demo import load_sample
from carnet.settings import Settings, read_settings
from carnet.stores import open_engine, open_records, own_index
from indexer.drain import drain


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(host: str, port: int) -> None:
    """Load the bundled sample into a fresh embedded directory and serve it, with sign-in as any member."""
    from carnet.serving import OWNED, serve

    _check_free(host, port)
    with tempfile.TemporaryDirectory(prefix="carnet-demo-") as folder:
        settings = _fresh(Path(folder))
        started = time.monotonic()
        with errors.status("Loading 21,750 real company names, with invented contact data…"):
            records = open_records(settings)
            loaded = load_sample(records, Path(folder))
        with errors.status("Building the index of each region…"):
            ownership = own_index(settings, refusal=OWNED)
            engine = open_engine(settings, ownership)
            drain(records, engine)
            engine.close()
            if ownership:
                ownership.give_back()
            records.close()
        errors.print(f"{loaded.rows:,} companies are ready after {time.monotonic() - started:.1f} s.")

        def invite() -> None:
            errors.print(
                f"\n  Open [bold]http://{host}:{port}/sign-in[/] and sign in as any company;\n"
                f"  then type [bold]bitf[/], [bold]valdor[/] or [bold]heroux[/] into New customer.\n"
                f"  The API is described at http://{host}:{port}/openapi.json. Ctrl-C ends it, and leaves nothing behind.\n",
                markup=True,
            )

        serve(settings, host, port, on_ready=invite)


def _check_free(host: str, port: int) -> None:
    """Before the sample is loaded, which takes a while."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        said = f"Nothing can be served at {host}:{port}: {why}. Try another --port."
        raise click.ClickException(said) from None


def _fresh(folder: Path) -> Settings:
    settings = read_settings({"CARNET_HOME": str(folder), "CARNET_DEV_SIGN_IN": "on"})
    key = os.environ.get("CARNET_JWT_KEY") or secrets.token_urlsafe(32)
    return dataclasses.replace(settings, jwt_key=key)
