"""``manage.py demo``: the sample city, running."""

import socket
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms_core.demo.processes import answers, demo_services, run_together
from cms_core.demo.services import SeedResult, seed


class Command(BaseCommand):
    help = "Migrate, seed the sample city and run web server, worker and scheduler until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=settings.PORT, help="port of the web server"
        )
        parser.add_argument("--seed-only", action="store_true", help="end after seeding")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        port: int = options["port"]
        if port != settings.PORT:
            raise CommandError(
                "Set the port by the variable PORT: addresses on the pages carry it too."
            )
        if settings.JIYUE_ENV == "production":
            raise CommandError("The sample city is never made in production.")
        # The folder of collected static files stays empty here, and WhiteNoise wants to see it.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if not options["seed_only"]:
            self._require_free(port)
        self._migrate()
        result = seed(self.stdout.write)
        if options["seed_only"]:
            self._announce(result, port)
            return

        def on_ready() -> None:
            self._announce(result, port)
            self.stdout.write(f"Ready in {time.monotonic() - began:.1f} s. Ctrl-C ends everything.")
            self.stdout.flush()

        status = run_together(
            demo_services(port, str(settings.DATA_DIR)),
            {"PORT": str(port)},
            first_is_ready=lambda: answers(port),
            on_ready=on_ready,
        )
        if status:
            raise SystemExit(status)

    def _require_free(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is in use. End what runs there, or choose another: make demo PORT=8001"
                ) from error

    def _migrate(self) -> None:
        try:
            call_command("migrate", check_unapplied=True, verbosity=0)
        except SystemExit:  # how the command says that something is to be done
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)

    def _announce(self, result: SeedResult, port: int) -> None:
        write = self.stdout.write
        if result.sites:
            write(f"Seeded {result.sites} sites with {result.articles} sample articles.")
        write("")
        write(f"  Portal           http://localhost:{port}/")
        write(f"  A department     http://jyj.changde.localhost:{port}/")
        write(f"  A channel        http://localhost:{port}/bm/gjj/")
        write(f"  Administration   http://{settings.ADMIN_HOST}:{port}/")
        write("")
        for account in result.accounts:
            write(
                f"  {account.username:<18} {account.password:<18} {account.role}  {account.place}"
            )
        write("")
