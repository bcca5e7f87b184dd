"""Addresses on the administration's host, outside any tenant."""

from django.urls import path

from .views import own_account, platform, sign_in

app_name = "accounts"

urlpatterns = [
    path("", own_account.start, name="start"),
    path("sign-in/", sign_in.SignInView.as_view(), name="sign_in"),
    path("sign-in/second-factor/", sign_in.SecondFactorView.as_view(), name="second_step"),
    path("language/", sign_in.choose_language, name="language"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("invitations/<str:token>/", sign_in.InvitationView.as_view(), name="invitation"),
    path("account/sessions/", own_account.sessions, name="sessions"),
    path("account/password/", own_account.password, name="password"),
    path("account/second-factor/", own_account.second_factors, name="second_factors"),
    path("account/second-factor/app/", own_account.add_app, name="add_app"),
    path("account/second-factor/app/code.svg", own_account.app_picture, name="app_picture"),
    path("account/second-factor/key/", own_account.add_key, name="add_key"),
    path("account/second-factor/codes/", own_account.recovery_codes, name="recovery_codes"),
    path("account/second-factor/certificate/", own_account.add_certificate, name="add_certificate"),
    path("account/second-factor/<int:pk>/remove/", own_account.remove_factor, name="remove_factor"),
    path("platform/sites/", platform.site_list, name="platform_sites"),
    path("platform/sites/<slug:code>/enter/", platform.enter_site, name="enter_site"),
    path(
        "platform/sites/<slug:code>/administrator/",
        platform.new_administrator,
        name="platform_new_administrator",
    ),
    path("platform/break-glass/", platform.break_glass_list, name="break_glass"),
    path("platform/break-glass/<int:pk>/end/", platform.end_visit, name="end_visit"),
    path("platform/people/", platform.people, name="platform_people"),
    path("platform/people/new/", platform.new_account, name="platform_new_account"),
    path("platform/people/<int:pk>/", platform.person, name="platform_person"),
    path("platform/addresses/", platform.addresses, name="platform_addresses"),
    path("platform/events/", platform.events, name="platform_events"),
]
