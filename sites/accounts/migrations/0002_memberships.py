import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_pages", "0004_page_types"),
        ("sites_accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BreakGlassSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(verbose_name="ends at")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "break-glass session",
                "verbose_name_plural": "break-glass sessions",
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("site_administrator", "Site administrator"),
                            ("editor", "Editor"),
                            ("first_reviewer", "First reviewer"),
                            ("second_reviewer", "Second reviewer"),
                            ("final_reviewer", "Final reviewer"),
                            ("letter_handler", "Letter handler"),
                            ("disclosure_officer", "Disclosure officer"),
                            ("service_guide_officer", "Service guide officer"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                (
                    "is_limited",
                    models.BooleanField(default=False, verbose_name="for some sections only"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["user_id", "role", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlatformAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("operator", "Platform operator"),
                            ("security_administrator", "Security administrator"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=30,
                        verbose_name="platform role",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "platform role",
                "verbose_name_plural": "platform roles",
            },
        ),
        migrations.AddField(
            model_name="breakglasssession",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="break_glass_sessions",
                to="sites_tenancy.tenant",
            ),
        ),
        migrations.AddField(
            model_name="breakglasssession",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="break_glass_sessions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="group",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="auth.group",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="sections",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to=settings.WAGTAIL_PAGE_MODEL,
                verbose_name="sections",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="tenant",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sites_tenancy.tenant",
                verbose_name="site",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddField(
            model_name="platformassignment",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="platform_assignment",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("tenant", "user", "role"), name="membership_once"
            ),
        ),
    ]
