"""Whole jobs in a real browser, against the product's own web server."""
