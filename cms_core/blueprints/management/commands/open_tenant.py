"""``manage.py open_tenant CODE``: open one site from a blueprint."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms_core.blueprints.rules import BlueprintError
from cms_core.blueprints.services import (
    KIND_OF_BLUEPRINT,
    OpeningRequest,
    check_opening,
    open_tenant,
)
from sites.tenancy.models import AdministrativeDivision, Organization, Tenant
from sites.tenancy.selectors import public_address


class Command(BaseCommand):
    help = "Open a site: home page, sections, roles, folder and address, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="short latin name, part of the administration's addresses")
        parser.add_argument("--name", required=True, help="full name of the site")
        parser.add_argument("--short-name", default="")
        parser.add_argument("--blueprint", required=True, choices=sorted(KIND_OF_BLUEPRINT))
        parser.add_argument("--host", required=True, help="host name; for a channel its portal's")
        parser.add_argument("--prefix", default="", help="channel prefix such as /bm/czj")
        parser.add_argument("--portal", default="", help="code of the portal it belongs to")
        parser.add_argument("--sponsor", default="", help="code of the sponsoring organization")
        parser.add_argument("--division", default="", help="code of the administrative division")
        parser.add_argument("--identification-code", default="")
        parser.add_argument(
            "--language", default="zh-hans", help="language of its pages, such as en (zh-hans)"
        )
        parser.add_argument(
            "--edition-of", default="", help="code of the site that it says in another language"
        )
        parser.add_argument(
            "--var",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a variable of the blueprint",
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, open nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        request = self._request(options)
        try:
            if options["dry_run"]:
                check_opening(request)
                outcome = {"code": request.code, "opened": False, "url": None}
            else:
                tenant = open_tenant(actor=None, request=request)
                address = public_address(tenant.pk)
                outcome = {
                    "code": tenant.code,
                    "opened": True,
                    "url": address.home_url if address else None,
                }
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except BlueprintError as error:
            raise CommandError(f"{error}. Give it as --var NAME=VALUE.") from error
        if options["json"]:
            self.stdout.write(json.dumps(outcome))
        elif outcome["opened"]:
            self.stdout.write(f"Opened {outcome['url']}")
        else:
            self.stdout.write("Everything is in order; nothing was opened.")

    def _request(self, options: dict[str, Any]) -> OpeningRequest:
        pairs = [entry.partition("=") for entry in options["var"]]
        if any(not separator for _name, separator, _value in pairs):
            raise CommandError("Write a variable as NAME=VALUE, for instance --var place=桃源")
        fields: dict[str, Any] = {
            "short_name": options["short_name"],
            "site_identification_code": options["identification_code"],
            "language_code": options["language"],
        }
        fields["edition_of"] = self._find(Tenant, "code", options["edition_of"], "site")
        fields["parent"] = self._find(Tenant, "code", options["portal"], "portal")
        fields["sponsor_organization"] = self._find(
            Organization, "code", options["sponsor"], "organization"
        )
        fields["division"] = self._find(
            AdministrativeDivision, "division_code", options["division"], "division"
        )
        return OpeningRequest(
            code=options["code"],
            name=options["name"],
            blueprint=options["blueprint"],
            host=options["host"],
            prefix=options["prefix"].rstrip("/"),
            variables={name: value for name, _separator, value in pairs},
            fields=fields,
        )

    def _find(self, model: Any, key: str, value: str, what: str) -> Any:
        if not value:
            return None
        found = model.objects.filter(**{key: value}).first()
        if found is None:
            raise CommandError(f"There is no {what} {value!r}.")
        return found
