"""How Sphinx turns docs and docstrings into pages that need no network; run by docs/build/website.py."""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "conflictkit"
author = "The conflictkit developers"
version = release = version_of(project)
language = "en"

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
myst_heading_anchors = 4  # links lead to headings, as they do where the pages are read as Markdown
autosummary_generate = False  # the pages of the reference list what they hold
autodoc_member_order = "bysource"
numpydoc_show_class_members = False  # a class has its methods below it, once
python_maximum_signature_line_length = 88
add_module_names = False

html_theme = "furo"  # fonts of the reader's system, scripts of its own
html_title = f"{project} {version}"
html_static_path = ["static"]
html_css_files = ["kit.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_show_search_summary = False  # it would be fetched, which a page on a disk may not
html_theme_options = {"light_css_variables": {"color-brand-primary": "#222222", "color-brand-content": "#0072B2"}}


def without_the_inside_of_a_class(
    _app: Sphinx, what: str, _name: str, _value: object, _options: object, signature: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """Return the signature of a function; an empty one of a class or error, which the kit or its methods build."""
    inside = what == "class" or (what == "exception" and signature)  # most errors have none of their own
    return ("()", None) if inside else (signature, returned)


def setup(app: Sphinx) -> None:
    """Show rows of a table as they are: Pygments has no word for them."""
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-signature", without_the_inside_of_a_class)
