import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_pages", "0004_page_types"),
        ("sites_tenancy", "0003_canary"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecycleBinPage",
            fields=[
                (
                    "basepage_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recycle bin",
                "verbose_name_plural": "recycle bins",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="BrokenLock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("broken_at", models.DateTimeField(verbose_name="broken at")),
                ("locked_at", models.DateTimeField(null=True, verbose_name="locked since")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="seen at")),
                (
                    "broken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "broken editing lock",
                "verbose_name_plural": "broken editing locks",
                "ordering": ["-broken_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RecycledPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                (
                    "former_place",
                    models.CharField(blank=True, max_length=1000, verbose_name="was below"),
                ),
                ("former_path", models.CharField(editable=False, max_length=255)),
                ("former_slug", models.CharField(editable=False, max_length=255)),
                (
                    "former_url_path",
                    models.CharField(editable=False, max_length=1000, verbose_name="address"),
                ),
                (
                    "page_count",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="pages"),
                ),
                ("live_pages", models.JSONField(default=list, editable=False)),
                ("schedules", models.JSONField(default=dict, editable=False)),
                ("deleted_at", models.DateTimeField(verbose_name="deleted at")),
                ("purge_on", models.DateField(db_index=True, verbose_name="kept until")),
                (
                    "deleted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deleted by",
                    ),
                ),
                (
                    "former_parent",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "page",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recycled",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
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
            options={
                "verbose_name": "deleted page",
                "verbose_name_plural": "deleted pages",
                "ordering": ["-deleted_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_uuid", models.UUIDField(db_index=True, editable=False)),
                ("url_path", models.CharField(max_length=1000, verbose_name="address")),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="publish time"),
                ),
                ("withdrawn_at", models.DateTimeField(verbose_name="withdrawn at")),
                (
                    "unit_name",
                    models.CharField(blank=True, max_length=120, verbose_name="withdrawn by"),
                ),
                ("reason", models.CharField(max_length=40, verbose_name="reason")),
                (
                    "explanation",
                    models.TextField(
                        blank=True, max_length=500, verbose_name="words for the public"
                    ),
                ),
                (
                    "replacement_url",
                    models.URLField(blank=True, max_length=500, verbose_name="or an address"),
                ),
                (
                    "contact",
                    models.CharField(blank=True, max_length=200, verbose_name="where to ask"),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="lifted at"),
                ),
                (
                    "page",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tombstones",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="replaced by",
                    ),
                ),
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
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawal notice",
                "verbose_name_plural": "withdrawal notices",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("tenant", "url_path"),
                        name="tombstone_one_in_force",
                    )
                ],
            },
        ),
    ]
