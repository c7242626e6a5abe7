"""The command `carnet`. Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but rows were rejected, 4 refused."""

import sys

import click

from carnet import __version__
from carnet.cli.console import errors
from carnet.cli.lazily import LazyGroup
from carnet.files import BadFile
from carnet.settings import BadSetting, check_mappings
from directory.errors import CarnetError, Refused, Unavailable, Unfit

FAILED, WRONG_USAGE, ROWS_REJECTED, REFUSED = 1, 2, 3, 4


_COMMANDS = {
    "demo": "carnet.cli.demo:demo",
    "migrate": "carnet.cli.data:migrate",
    "import": "carnet.cli.data:import_file",
    "index": "carnet.cli.index:index",
    "jobs": "carnet.cli.jobs:jobs",
    "lookup": "carnet.cli.lookup:lookup",
    "tune": "carnet.cli.tune:tune",
    "serve": "carnet.cli.running:serve",
    "worker": "carnet.cli.running:worker",
    "token": "carnet.cli.token:token",
    "restore": "carnet.cli.restore:restore",
    "signals": "carnet.cli.signals:signals",
    "canary": "carnet.cli.signals:canary",
    "doctor": "carnet.cli.checks:doctor",
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="carnet")
def carnet() -> None:
    """An open business-network directory: find a member company while typing its name.

    Settings are environment variables named CARNET_…; `carnet doctor` lists them and says what is wrong.
    """
    check_mappings()


def main() -> None:
    try:
        carnet.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped.")
        sys.exit(FAILED)
    except (BadSetting, BadFile) as error:
        _say(str(error))
        sys.exit(WRONG_USAGE)
    except Refused as error:
        _say(str(error))
        sys.exit(REFUSED)
    except Unfit as error:
        _say(f"{error.part}: {error.reason}")
        sys.exit(REFUSED)
    except Unavailable as error:
        _say(f"{error} ({error.reason})" if error.reason else str(error))
        sys.exit(FAILED)
    except (CarnetError, OSError) as error:
        _say(str(error))
        sys.exit(FAILED)


def _say(sentence: str) -> None:
    errors.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)
