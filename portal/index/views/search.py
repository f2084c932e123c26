"""Search, and the list of all projects."""

from __future__ import annotations

from typing import Any

from portal.index.search.port import QUERY_LIMIT, WORD_LIMIT, SearchTooLong, fits, words_of
from portal.index.search.service import LAST_PAGE, PAGE_SIZE, find, reserve_search
from portal.kernel.errors import NotFound, Throttled
from portal.kernel.words import TranslationString, _, filled
from portal.web.errors import answer
from portal.web.options import PageView, page
from portal.web.problems import Problem

PAGE_DIGITS = 4
TOO_MANY = Problem(
    429,
    _("Too many searches"),
    _("More searches came from your network in a minute than this index takes."),
    _("Wait a moment, then load this page again. Until then, search without words to go through all projects by name."),
)
TOO_LONG = Problem(
    422,
    _("This search takes too long"),
    _("These words are in so many projects that looking through all of them would keep others waiting."),
    _("Search for fewer words, or for longer ones, such as the name of the project."),
)

TOO_MUCH = Problem(
    422,
    _("Shorten your search"),
    filled(
        _("A search has at most ${characters} characters and ${words} words. Yours has more, so nothing was searched."),
        {"characters": str(QUERY_LIMIT), "words": str(WORD_LIMIT)},
    ),
    _("Shorten it in the search field of this page, then search again."),
)


def searched(request: Any) -> str:
    """The words that the reader of this page is searching for, to stand in the search field of the page too."""
    route = getattr(request, "matched_route", None)
    if route is None or route.name != "index.search":
        return ""
    words: str = request.GET.get("q", "")
    return words.strip()


def headline(query: str, number: int, *, something: bool) -> TranslationString:
    """What the page says first: what was looked for, and whether it was found."""
    given = {"query": query, "number": str(number)}
    if query and not words_of(query):
        return _("Type letters or digits to search")
    if query and not something:
        return filled(_("Nothing found for ${query}"), given)
    if query:
        found = _("Search results for ${query}") if number == 1 else _("Search results for ${query}, page ${number}")
        return filled(found, given)
    return _("All projects") if number == 1 else filled(_("All projects, page ${number}"), given)


@page("index.search", access="anyone", reading=True)
class Search(PageView):
    """A form that is sent by GET, so that a result has an address to share; without words, all projects by name."""

    def __call__(self) -> Any:
        """One page of results, or why there is none now."""
        query, number = self.request.searched, self.number()
        if not fits(query):
            return answer(self.request, TOO_MUCH)
        try:
            if words_of(query):
                self.work.settle()
                reserve_search(self.work)
            return self.shown(query, number)
        except Throttled as throttled:
            return answer(self.request, TOO_MANY, until=throttled.until)
        except SearchTooLong:
            return answer(self.request, TOO_LONG)

    def shown(self, query: str, number: int) -> dict[str, Any]:
        """The variables of the template."""
        found = find(self.work, query, number)
        return {
            "query": query,
            "wordless": bool(query) and not words_of(query),
            "found": found,
            "headline": headline(query, number, something=bool(found.rows)),
            "first": (number - 1) * PAGE_SIZE + 1,
            "before": self.address(query, number - 1) if number > 1 else None,
            "following": self.address(query, number + 1) if found.more and number < LAST_PAGE else None,
        }

    def number(self) -> int:
        """The page that is asked for. Raises NotFound for anything but a number."""
        text = self.request.GET.get("page", "1")
        if not text.isascii() or not text.isdigit() or len(text) > PAGE_DIGITS or not 1 <= int(text) <= LAST_PAGE:
            raise NotFound
        return int(text)

    def address(self, query: str, number: int) -> str:
        """Another page of the same results."""
        asked = {"q": query} if query else {}
        path: str = self.request.page_path("index.search", _query=asked | {"page": number})
        return path
