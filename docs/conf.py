"""How Sphinx makes pages of docs/: `make docs` builds them into site/. Opened, they fetch nothing from outside."""

project = "changji_sim"
html_title = "changji_sim · 昌吉州科技专项资金"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_copy_source = False
html_show_search_summary = False  # it would be fetched, which a page that was opened as a file may not
html_show_sphinx = False
html_show_copyright = False
exclude_patterns = ["pictures"]

myst_heading_anchors = 3  # links to headings, as GitHub makes them

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": False, "inherited-members": False}
autodoc_inherit_docstrings = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
default_role = "literal"  # `name` in a docstring
