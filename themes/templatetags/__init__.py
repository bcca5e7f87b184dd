"""Template filters of the themes."""
