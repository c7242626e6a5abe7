"""The web pages: a client of the JSON API like any other.

A view renders the shell of a page (language, navigation, labels, who is signed in); the modules in `api/static` then
call the JSON API with the visitor's session, so the pages have no rule of their own and can do nothing that the API
refuses.
"""

from api.pages import problem_page
from api.pages.language import select_locale
from api.pages.views import pages

__all__ = ["pages", "problem_page", "select_locale"]
