"""The build step: templates and compiled catalogues go where the program finds them.

Setuptools loads this file by its path, in an environment that holds only setuptools and Babel.
So nothing here may import another module of the package the ordinary way.
"""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parents[2]
PSEUDO_LOCALE = "en_XA"
SOURCES = ("templates/**/*", "locale/**/*.po", "locale/*.pot")


def compile_catalogue(po: Path, mo: Path) -> None:
    """Write the compiled form of ``po`` to ``mo``; a malformed ``po`` stops the build with Babel's error."""
    mo.parent.mkdir(parents=True, exist_ok=True)
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parts[-3], domain=po.stem, abort_invalid=True)
    with mo.open("wb") as target:
        write_mo(target, catalogue)


def compile_catalogues(source: Path, target: Path) -> None:
    """Compile every catalogue below ``source`` into ``target``, the generated pseudo-locale included."""
    for po in sorted(source.glob("*/LC_MESSAGES/*.po")):
        compile_catalogue(po, target / po.relative_to(source).with_suffix(".mo"))
    if pseudo := load_pseudo():
        for pot in sorted(source.glob("*.pot")):
            mo = target / PSEUDO_LOCALE / "LC_MESSAGES" / f"{pot.stem}.mo"
            mo.parent.mkdir(parents=True, exist_ok=True)
            pseudo.write_pseudo(pot, mo)


def load_pseudo() -> ModuleType | None:
    """The pseudo-locale generator, loaded without its parent packages; None when there is none."""
    path = ROOT / "portal" / "language" / "pseudo.py"
    spec = importlib.util.spec_from_file_location("doorward_build_pseudo", path)
    if not path.is_file() or spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildPy(build_py):
    """``build_py`` that also carries the top-level ``templates`` and ``locale`` folders."""

    def get_source_files(self) -> list[str]:
        """Add templates and catalogues, so that a source distribution can build a whole wheel."""
        found = {path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file()}
        own: list[str] = super().get_source_files()  # type: ignore[no-untyped-call]
        return own + [str(path.relative_to(ROOT)) for path in sorted(found)]

    def run(self) -> None:
        """Compile in place for an editable install, into the package for a wheel."""
        super().run()
        if self.editable_mode:
            compile_catalogues(ROOT / "locale", ROOT / "locale")
            return
        package = Path(self.build_lib) / "portal"
        # A build folder left over from an earlier build would ship files that are gone by now.
        for name in ("templates", "locale"):
            shutil.rmtree(package / name, ignore_errors=True)
        shutil.copytree(ROOT / "templates", package / "templates", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        compile_catalogues(ROOT / "locale", package / "locale")


if __name__ == "__main__":
    compile_catalogues(ROOT / "locale", ROOT / "locale")
