"""Themes: templates, style sheets and display modes of the public pages.

A theme knows nothing of tenants, pages or the database: it is given the plain
values declared in ``themes.contract`` and turns them into HTML.
"""
