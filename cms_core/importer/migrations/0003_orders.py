import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_importer", "0002_links_and_uses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MergeOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="old site")),
                ("folder", models.CharField(max_length=32, unique=True)),
                ("server_name", models.CharField(blank=True, max_length=300)),
                (
                    "mapping_name",
                    models.CharField(blank=True, max_length=200, verbose_name="mapping"),
                ),
                ("options", models.JSONField(default=dict)),
                ("codes", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("looking", "Being looked through"),
                            ("looked", "Looked through, not begun"),
                            ("refused", "Cannot be merged"),
                            ("merging", "Being merged"),
                            ("stopped", "Stopped, can go on"),
                            ("interrupted", "Interrupted, can go on"),
                            ("done", "Finished"),
                        ],
                        default="looking",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("sites", models.JSONField(default=list)),
                ("sites_total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("stop_asked", models.BooleanField(default=False)),
                ("failure", models.TextField(blank=True)),
                ("language", models.CharField(default="zh-hans", max_length=12)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="brought")),
                ("begun_at", models.DateTimeField(blank=True, null=True, verbose_name="begun")),
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
                "verbose_name": "order to merge old sites",
                "verbose_name_plural": "orders to merge old sites",
                "ordering": ["-created_at", "-pk"],
                "default_permissions": (),
            },
        ),
    ]
