"""What screens of the practice site say about its reset."""

from datetime import datetime

from django import template
from django.utils import timezone

from cms_core.practice.rules import next_due

register = template.Library()


@register.simple_tag
def next_reset() -> datetime:
    """When what is written here will be gone."""
    return next_due(timezone.localtime())
