"""python -m tests.simulator SEED          replay one run, print everything that happens in it, and what it broke
python -m tests.simulator FIRST LAST    run these seeds on all cores, print what each broke
"""

import sys

from tests.simulator.run import run
from tests.simulator.search import broken_by


def main(arguments: list[str]) -> None:
    match [int(one) for one in arguments]:
        case [seed]:
            ran = run(seed)
            print("\n".join(ran.trace))
            print(f"seed {seed}, {ran.odds}\n{ran.broken or 'nothing broken'}; digest {ran.digest}")
        case [first, last]:
            for found in broken_by(range(first, last)):
                print(f"seed {found.seed}: {found.broken}")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
