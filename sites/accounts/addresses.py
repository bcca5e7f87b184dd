"""Where a request came from, behind the proxies that this installation trusts."""

from django.conf import settings
from django.http import HttpRequest

from . import rules
from .models import PlatformAddressRange


def is_from_trusted_proxy(request: HttpRequest) -> bool:
    """Whether the peer of the connection is one of ``settings.TRUSTED_PROXIES`` (CIDR)."""
    return rules.is_in_networks(request.META.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES)


def address_of(request: HttpRequest) -> str:
    """The client's IP address; ``0.0.0.0`` where the server gives none (a unix socket without proxy)."""
    remote = request.META.get("REMOTE_ADDR", "") or "0.0.0.0"  # noqa: S104 - not a listening address
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return rules.client_address(remote, forwarded, settings.TRUSTED_PROXIES)


def platform_may_work_from(address: str) -> bool:
    """Whether platform roles may work from ``address``.

    Asked in a system scope. Without any range the list is not in use, except where
    ``settings.PLATFORM_ADDRESSES_REQUIRED`` says that it must be.
    """
    networks = list(PlatformAddressRange.objects.values_list("network", flat=True))
    if not networks:
        return not settings.PLATFORM_ADDRESSES_REQUIRED
    return rules.is_in_networks(address, networks)
