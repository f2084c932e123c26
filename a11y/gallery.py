"""Photographs of every page, to be looked at: narrow and wide, light and dark, right to left.

`make gallery` walks the main job in Chromium against a real server, then visits every page of
`pages.toml`, and writes PNGs and an index to `a11y/gallery/`. Nothing is compared; eyes decide.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys.browser import Blocking, chromium
from tests.journeys.clients import build_package, upload
from tests.journeys.person import Person
from tests.support.serving import CHEAP_HASHES, Doorward

HERE = Path(__file__).resolve().parent
UUID = re.compile(r"/tokens/([0-9a-f-]{36})/")
PRINTS = (
    ("narrow-light", 320, "light", "ltr"),
    ("narrow-dark", 320, "dark", "ltr"),
    ("narrow-rtl", 320, "light", "rtl"),
    ("wide-light", 1280, "light", "ltr"),
    ("wide-dark", 1280, "dark", "ltr"),
    ("wide-rtl", 1280, "light", "rtl"),
)


@dataclass
class Album:
    """Where the photographs go. A page is photographed as it stands, so answers to a POST are taken too."""

    folder: Path
    taken: dict[str, str] = field(default_factory=dict)
    too_wide: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str = "") -> None:
        """All prints of one page; a page of the same name is taken once."""
        heading = page.locator("h1").first.inner_text()
        name = name or re.sub(r"\W+", "-", heading.lower()).strip("-")
        if name in self.taken:
            return
        self.taken[name] = heading
        for kind, width, scheme, direction in PRINTS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.too_wide.append(f"{name}, {kind}")
            page.screenshot(path=self.folder / f"{name}.{kind}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.evaluate("document.documentElement.dir = 'ltr'")

    def bind(self) -> Path:
        """Write a page that shows all photographs."""
        parts = ["<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Gallery</title><h1>Gallery</h1>"]
        for name, heading in self.taken.items():
            parts.append(f"<h2>{html.escape(heading)} <small>{html.escape(name)}</small></h2>")
            parts += [f'<img src="{name}.{kind}.png" alt="{name}, {kind}" height=500>' for kind, *_ in PRINTS]
        index = self.folder / "index.html"
        index.write_text("\n".join(parts))
        return index


@dataclass
class Photographer(Person):
    """A person who photographs each page that they come to."""

    album: Album = field(default_factory=lambda: Album(HERE / "gallery"))

    def shoot(self) -> None:
        """Take the page that is shown now."""
        self.album.take(self.page)

    def open(self, path: str) -> None:
        """Type an address."""
        super().open(path)
        self.shoot()

    def press(self, name: str) -> None:
        """Press a button."""
        super().press(name)
        self.shoot()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow a link."""
        super().follow(name)
        self.shoot()


def walk(ada: Photographer, folder: Path) -> str:
    """The main job; the id of a token that is left."""
    ada.register(ada.doorward.first_link(), "Make this account")
    ada.confirm_address()
    ada.sign_in()
    ada.add_authenticator()
    ada.sign_out()
    ada.sign_in()
    text = ada.create_token("laptop, for everything")
    package = build_package(folder)
    upload(ada.doorward.url, text, [package.wheel, package.sdist], folder)
    ada.create_token("build server")
    ada.revoke_token("build server")
    ada.follow("API tokens")
    ada.follow("laptop, for everything")
    found = UUID.search(ada.page.url)
    return found[1] if found else ""


def mistake(ada: Photographer, path: str, button: str) -> None:
    """A form as it comes back when nothing was filled in."""
    ada.page.goto(ada.doorward.url + path)
    ada.press(button)
    ada.album.take(ada.page, f"mistake{path.replace('/', '-')}".rstrip("-"))


def visit(ada: Photographer, who: str, **values: str) -> None:
    """Every page for "anyone" or for a "person" that has an address of its own."""
    pages = tomllib.loads((HERE / "pages.toml").read_text())["pages"]
    for name, page in pages.items():
        # What hangs on a ticket that the walk has used up was photographed on the way.
        needs = set(re.findall(r"{(\w+)}", page["path"]))
        if page["as"] == who and needs <= values.keys():
            ada.page.goto(ada.doorward.url + page["path"].format(**values))
            ada.album.take(ada.page, name)


def archived(ada: Photographer, project: str) -> None:
    """What an archived project shows in place of its forms; afterwards it is active as before."""
    manage = f"{ada.doorward.url}/manage/project/{project}/"
    for status in ("Archived", "Active"):
        ada.page.goto(f"{manage}status/")
        ada.page.get_by_label(re.compile(f"^{status}:")).check()
        ada.confirm()
        ada.press("Save")
        ada.page.goto(f"{manage}upload/")
        ada.album.take(ada.page, f"uploads.add-{status.lower()}")


def tour(ada: Photographer, folder: Path) -> None:
    """The main job, then every page, signed in and signed out."""
    token = walk(ada, folder)
    values = {"token": token, "project": "doorward-greeting", "version": "1.0", "user": "ada"}
    values["file"] = "doorward_greeting-1.0-py3-none-any.whl"
    mistake(ada, "/manage/account/tokens/add/", "Create token")
    mistake(ada, "/manage/project/doorward-greeting/upload/", "Upload the file")
    visit(ada, "person", **values)
    archived(ada, values["project"])
    ada.sign_out()
    mistake(ada, "/account/login/", "Sign in")
    visit(ada, "anyone", **values)


def main() -> None:
    """Walk, visit, bind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "gallery")
    folder = parser.parse_args().folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    album = Album(folder)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        doorward = Doorward(Path(scratch), **CHEAP_HASHES).start()
        try:
            with chromium(playwright, Path(scratch), Blocking(scripts=True, cookies=True)) as page:
                ada = Photographer(page, doorward, "ada", "ada@example.org", album=album)
                tour(ada, Path(scratch))
            with chromium(playwright, Path(scratch) / "limited", Blocking(scripts=True, cookies=False)) as page:
                again = Photographer(page, doorward, "ada", "ada@example.org", ada.password, ada.app, album=album)
                again.sign_in()
                again.go_on_without_cookies()
                album.take(page, "limited-overview")
        finally:
            doorward.close()
            print(doorward.log() if "Traceback" in doorward.log() else "")
    print(f"{len(album.taken)} pages: {album.bind()}")
    for wide in album.too_wide:
        print(f"too wide: {wide}")


if __name__ == "__main__":
    main()
