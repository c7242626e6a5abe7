"""What kind of file system a path is on, as Linux says it."""

from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")


def filesystem_of(path: Path, mounts: str | None = None) -> str:
    """`ext4`, `nfs4` … ; "" where the system does not say. `mounts`: as /proc/self/mountinfo writes them."""
    if mounts is None:
        mounts = _MOUNTS.read_text("utf-8", "surrogateescape") if _MOUNTS.exists() else ""
    target = path.resolve()
    found, depth = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(_unescaped(before.split(" ")[4]))
        # Of two on one place the later covers the earlier.
        if target.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = after.split(" ")[0], len(point.parts)
    return found


def _unescaped(point: str) -> str:
    """A space stands as \\040, and the like."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, character)
    return point
