"""The canary pair of the boot proof."""

import django.db.models.deletion
from django.db import migrations, models


def add_canaries(apps, schema_editor):
    tenant = apps.get_model("sites_tenancy", "Tenant")
    canary = apps.get_model("sites_tenancy", "Canary")
    for code in ("canary-a", "canary-b"):
        row = tenant.objects.create(code=code, name=code, kind="canary", status="preparing")
        canary.objects.create(tenant=row, word=code)


class Migration(migrations.Migration):
    dependencies = [("sites_tenancy", "0002_ownership")]

    operations = [
        migrations.CreateModel(
            name="Canary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=20)),
                (
                    "tenant",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites_tenancy.tenant",
                        verbose_name="site",
                    ),
                ),
            ],
            options={"verbose_name": "canary", "verbose_name_plural": "canaries"},
        ),
        migrations.RunPython(add_canaries, migrations.RunPython.noop),
    ]
