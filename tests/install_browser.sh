#!/usr/bin/env bash
# The pages are tested in a real Chromium. Uses the one that is there, else installs the system's package.
set -euo pipefail
if [ -n "${CARNET_TEST_CHROMIUM:-}" ] || command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium from the system's packages, for the browser tests."
    apt-get update --quiet=2
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends --quiet=2 chromium >/dev/null
    exit 0
fi
echo "No Chromium: install your system's package chromium, or set CARNET_TEST_CHROMIUM to its path." >&2
exit 1
