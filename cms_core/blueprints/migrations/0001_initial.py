import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="file")),
                ("content", models.BinaryField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("checked", "Checked, not begun"),
                            ("running", "Sites are being opened"),
                            ("interrupted", "Interrupted, can go on"),
                            ("done", "Finished"),
                        ],
                        default="checked",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="sites")),
                ("results", models.JSONField(default=list)),
                ("failure", models.CharField(blank=True, max_length=600)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="brought")),
                ("touched_at", models.DateTimeField(blank=True, null=True)),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                ("token", models.UUIDField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "list of sites to open",
                "verbose_name_plural": "lists of sites to open",
                "ordering": ["-created_at", "-pk"],
                "default_permissions": (),
            },
        ),
    ]
