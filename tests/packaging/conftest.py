"""A wheel built from what git knows, installed with the locked dependencies in an environment of its own."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    """Run a command and return what it printed; a failure shows all of it."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV_"))} | environ
    done = subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="session")
def wheelhouse() -> Path:
    """A folder with every locked dependency, fetched once for each state of the lock file."""
    state = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    folder = Path(sys.prefix) / "wheelhouse" / state
    if not folder.is_dir():
        folder.parent.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent))
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"]
        run(*pip, "-r", LOCK, "-d", part, cwd=ROOT)
        # Another worker may have been first: either folder holds the same files.
        with suppress(OSError):
            part.rename(folder)
    return folder


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files that git knows or would add: nothing compiled, nothing left over."""
    target = tmp_path_factory.mktemp("source")
    listing = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(scope="session")
def built(source: Path, wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source distribution, and with the wheel made from it in isolation."""
    folder = tmp_path_factory.mktemp("dist")
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheelhouse), "PYTHONDONTWRITEBYTECODE": "1"}
    run(sys.executable, "-m", "build", "--outdir", folder, source, cwd=folder, **offline)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The built wheel."""
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    """The built source distribution."""
    return next(built.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def installed(wheel: Path, wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment that holds the wheel and its locked dependencies, nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    pip = [folder / "bin" / "pip", "install", "--quiet", "--no-index", "--no-deps"]
    run(*pip, "--find-links", wheelhouse, "--require-hashes", "-r", LOCK, cwd=folder)
    run(*pip, wheel, cwd=folder)
    return folder / "bin"
