"""Wagtail's page actions, replaced where a mutation must happen whole (through its own registry)."""

def register_actions() -> None:
    """Called once when the apps are ready, after Wagtail registered its defaults."""
