"""``{% load title_words %}``: where a title may break without breaking a word."""

from django import template

from themes import titles

register = template.Library()


@register.filter
def words_of(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase of a title (``titles.title_words``)."""
    return titles.title_words(phrase)
