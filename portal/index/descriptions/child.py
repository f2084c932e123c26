"""The program that renders one description, and nothing else: it is started anew for each, and may be killed.

It takes ``{"text": …, "content_type": …}`` on its standard input and gives HTML on its standard output, or
nothing where the text can't be rendered. What it gives is still a stranger's: `clean` makes it harmless.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from email.message import EmailMessage
from html import escape
from html.parser import HTMLParser

MEMORY = 768 * 1024 * 1024
SECONDS = 10
OUTPUT = 4 * 1024 * 1024
DEEPER = 2
DEPTH_LIMIT = 50
"""Elements inside each other; what makes HTML harmless takes time by the square of that."""
VOID = frozenset({"br", "hr", "col", "img", "input"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def limit() -> None:
    """Take from this process what it does not need: memory, time and room, all for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def rendered(text: str, content_type: str) -> str | None:
    """HTML, or None where the text can't be rendered, or shall be shown as it is."""
    from readme_renderer import markdown, rst  # noqa: PLC0415 - only when the limits hold

    message = EmailMessage()
    message["content-type"] = content_type or "text/x-rst"
    match message.get_content_type():
        case "text/markdown":
            return markdown.render(text, variant=message["content-type"].params.get("variant", "GFM"))
        case "text/x-rst":
            return rst.render(text, stream=io.StringIO())
    return None


class Fitting(HTMLParser):
    """Rendered HTML as it fits into a page of ours: headings below our own, signs for boxes, texts for images."""

    def __init__(self, images: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.images = images
        self.out: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An image is its text where images are off; a box of a task list is a sign."""
        self.depth += tag not in VOID
        if self.depth > DEPTH_LIMIT:
            return
        values = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.out.append("☑ " if "checked" in values else "☐ ")
        elif tag == "img" and not self.images:
            self.out.append(escape(values.get("alt", "")))
        else:
            told = "".join(f' {name}="{escape(value)}"' for name, value in values.items())
            self.out.append(f"<{deeper(tag)}{told}>")

    def handle_endtag(self, tag: str) -> None:
        """A link without text is no link: screen readers would read its address."""
        self.depth -= tag not in VOID
        if self.depth >= DEPTH_LIMIT:
            return
        if tag == "a" and self.out and self.out[-1].startswith("<a"):
            self.out.pop()
        elif tag not in VOID:
            self.out.append(f"</{deeper(tag)}>")

    def handle_data(self, data: str) -> None:
        """Text."""
        if data:
            self.out.append(escape(data))


def deeper(tag: str) -> str:
    """The tag; of a heading that which is two levels below, for it stands under a heading of ours."""
    return f"h{min(6, int(tag[1]) + DEEPER)}" if tag in HEADINGS else tag


def main() -> None:
    """One description from standard input to standard output."""
    limit()
    asked = json.load(sys.stdin)
    html = rendered(asked["text"], asked["content_type"])
    if html:
        fitting = Fitting(asked["images"])
        fitting.feed(html)
        fitting.close()
        sys.stdout.write("".join(fitting.out))


if __name__ == "__main__":
    main()
