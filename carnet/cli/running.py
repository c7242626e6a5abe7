"""`carnet serve` and `carnet worker`."""

import click

from carnet.settings import BadSetting, read_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes; 16 threads in each."
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the API and the pages. With the embedded index, one server at a time, with one worker process."""
    from carnet.serving import serve as run

    settings = read_settings()
    if not (settings.jwt_key or settings.jwks_url or settings.dev_sign_in):
        raise BadSetting("Nobody could sign in: set CARNET_JWT_KEY or CARNET_JWKS_URL.")
    run(settings, host, port, workers=workers)


@click.command()
def worker() -> None:
    """Keep the index equal to the records: answer the bell, and sweep every second. Any number may run."""
    from carnet.working import work

    work(read_settings())
