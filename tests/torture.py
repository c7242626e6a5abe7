"""How wide a test goes: `make test` looks at a part, `make torture` (CARNET_TORTURE=on) at all there is, for hours if need be.

A test that is widened bears `@pytest.mark.torture`, which is how `make torture` finds it.
"""

import os

TORTURE = os.environ.get("CARNET_TORTURE") == "on"


def many(usually: int, in_torture: int) -> int:
    return in_torture if TORTURE else usually
