"""The authentication backend: accounts are found platform-wide, rights only in the open tenant."""

from typing import Any

from axes.backends import AxesStandaloneBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from sites.tenancy.scope import system_scope

from .rights import rights_of


class TenantRightsBackend(BaseBackend):
    """Password sign-in, and permissions by memberships of the tenant whose scope is open.

    Group permissions and user permissions of Django are not read: a row that somebody slipped in
    changes nothing. Outside a tenant nobody holds any permission.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """The active user with this name and password, or ``None``. Takes equally long for both."""
        if username is None or password is None:
            return None
        user_model: Any = get_user_model()
        with system_scope("sign-in: the account by its name, before any tenant is known"):
            user = user_model._default_manager.filter(username=username).first()
            if user is None:
                # Hash once all the same: the time of the answer must not tell which names exist.
                user_model().set_password(password)
                return None
            # Inside the scope: a hash of an older strength is written again.
            is_right = user.check_password(password)
        return user if is_right and user.is_active else None

    def get_user(self, user_id: int) -> Any:
        """The active user of a session, or ``None``."""
        user_model: Any = get_user_model()
        with system_scope("the user of a session"):
            return user_model._default_manager.filter(pk=user_id, is_active=True).first()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Names ``app_label.codename``. Rights on one object are a matter of Wagtail's policies."""
        if obj is not None:
            return set()
        return set(rights_of(user_obj).permissions)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return obj is None and perm in rights_of(user_obj).permissions

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in rights_of(user_obj).permissions)


class LockoutBackend(AxesStandaloneBackend):
    """Stands first: refuses a name that failed too often from one address (CES1-02)."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> None:
        """:raises PermissionDenied: locked. A call without a request comes from no network address."""
        if request is not None:
            super().authenticate(request, username=username, password=password, **kwargs)
