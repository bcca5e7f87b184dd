"""``manage.py appoint_security_administrator``: the first account of an installation."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from sites.accounts.enums import PlatformRoleCode
from sites.accounts.invitations import invitation_address
from sites.accounts.models import PlatformAssignment
from sites.accounts.platform_services import add_address_range, make_platform_account
from sites.tenancy.scope import system_scope


class Command(BaseCommand):
    help = (
        "Make the first security administrator and print a one-time link. No account exists by "
        "itself; every further one is made by the security administrator."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="name of the person")
        parser.add_argument(
            "--network", help="address range (CIDR) from which platform staff may work"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope("the first security administrator, from the server's own console"):
            if PlatformAssignment.objects.filter(
                role=PlatformRoleCode.SECURITY_ADMINISTRATOR, user__is_active=True
            ).exists():
                raise CommandError(
                    "There is a security administrator already: further accounts are made by them."
                )
            try:
                link = self._appoint(options)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"username": options["username"], "link": link}))
        else:
            self.stdout.write(f"Give this link to {options['username']}; it works once:\n{link}")

    @transaction.atomic
    def _appoint(self, options: dict[str, Any]) -> str:
        _user, token = make_platform_account(
            actor=None,
            username=options["username"],
            display_name=options["name"] or options["username"],
            email="",
            role=PlatformRoleCode.SECURITY_ADMINISTRATOR,
        )
        if options["network"]:
            add_address_range(
                actor=None, network=options["network"], note="given with the first account"
            )
        return invitation_address(token)
