"""`carnet jobs`: what the workers could not do, and doing it again."""

import sys

import click
from rich.table import Table

from carnet.cli.console import errors, output
from carnet.cli.moments import moment
from carnet.settings import Settings, read_settings
from directory.errors import Message, Refused, Unavailable


@click.command()
@click.option("--retry", is_flag=True, help="Put them into the queue again.")
def jobs(retry: bool) -> None:
    """List the jobs that failed after all their tries, and why. Exit status 1 where there are any and none is retried.

    None of them holds any work: that is in the outbox, and the sweep does it with or without them.
    """
    settings = read_settings()
    url = _redis(settings)
    from carnet.wiring import check_redis

    check_redis(settings)
    from redis.exceptions import RedisError

    from indexer.doorbell import failed_jobs, retry_failed_jobs

    try:
        if retry:
            errors.print(f"{retry_failed_jobs(url)} jobs are in the queue again.")
            return
        failed = failed_jobs(url)
    except RedisError as error:
        raise Unavailable("queue", type(error).__name__) from None
    if not failed:
        output.print("No job has failed.")
        return
    table = Table("when (UTC)", "job", "reason", show_edge=False)
    for job in failed:
        table.add_row(moment(job.at), job.id, job.reason)
    output.print(table)
    sys.exit(1)


def _redis(settings: Settings) -> str:
    if settings.redis_url is None:
        raise Refused(Message("There is no queue: CARNET_REDIS_URL is not set, and the sweep does all work by itself."))
    return settings.redis_url
