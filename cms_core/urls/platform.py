"""The administration's host outside any tenant: sign-in, one's own sites, the platform's own work."""

from django.urls import include, path

urlpatterns = [
    path("", include("sites.accounts.urls")),
]
