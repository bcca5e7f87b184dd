import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AdministrativeDivision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^\\d{6}(\\d{3}|\\d{6})?$")
                        ],
                        verbose_name="division code",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("city", "City"),
                            ("county", "District or county"),
                            ("township", "Township or subdistrict"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="sites_tenancy.administrativedivision",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "administrative division",
                "verbose_name_plural": "administrative divisions",
                "ordering": ["division_code", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="full name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=60, verbose_name="short name"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "People's government"),
                            ("department", "Department"),
                            ("township", "Township or subdistrict"),
                            ("institution", "Public institution"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organizations",
                        to="sites_tenancy.administrativedivision",
                        verbose_name="administrative division",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="sites_tenancy.organization",
                        verbose_name="belongs to",
                    ),
                ),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ["code", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Short latin name, part of the administration's addresses.",
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[a-z][a-z0-9-]{0,38}[a-z0-9]$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="site name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=40, verbose_name="short name"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city_portal", "City portal"),
                            ("county_portal", "District or county portal"),
                            ("department", "Department site"),
                            ("township", "Township channel"),
                            ("canary", "Canary of the isolation probe"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("preparing", "Being prepared"),
                            ("open", "Open"),
                            ("suspended", "Temporarily offline"),
                            ("closed", "Closed"),
                        ],
                        default="preparing",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "language_code",
                    models.CharField(default="zh-hans", max_length=10, verbose_name="language"),
                ),
                (
                    "site_identification_code",
                    models.CharField(
                        blank=True,
                        help_text="Ten digits, the first six are the division; or bm and eight digits.",
                        max_length=10,
                        verbose_name="site identification code",
                    ),
                ),
                (
                    "icp_license_number",
                    models.CharField(blank=True, max_length=60, verbose_name="ICP licence number"),
                ),
                (
                    "police_record_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="public security record number"
                    ),
                ),
                (
                    "conac_id",
                    models.CharField(
                        blank=True, max_length=32, verbose_name="party and government mark id"
                    ),
                ),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=60, verbose_name="contact telephone"),
                ),
                (
                    "contact_address",
                    models.CharField(blank=True, max_length=200, verbose_name="contact address"),
                ),
                (
                    "notice",
                    models.TextField(
                        blank=True,
                        help_text="Shown to visitors while the site is suspended or closed.",
                        verbose_name="notice while offline",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="sample site")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenants",
                        to="sites_tenancy.administrativedivision",
                        verbose_name="administrative division",
                    ),
                ),
                (
                    "operator_organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operated_tenants",
                        to="sites_tenancy.organization",
                        verbose_name="operator",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="sites_tenancy.tenant",
                        verbose_name="portal",
                    ),
                ),
                (
                    "sponsor_organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsored_tenants",
                        to="sites_tenancy.organization",
                        verbose_name="sponsor",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sites_tenancy.tenant",
                        verbose_name="moved to",
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "ordering": ["code", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(max_length=253, verbose_name="host name")),
                (
                    "prefix",
                    models.CharField(
                        blank=True,
                        help_text="Empty, or like /dept",
                        max_length=60,
                        verbose_name="channel prefix",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("primary", "Primary address"),
                            ("alias", "Also served"),
                            ("redirect", "Former address, redirects"),
                        ],
                        default="primary",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("hits", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="sites_tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "ordering": ["host", "prefix", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("site_identification_code", ""), _negated=True),
                fields=("site_identification_code",),
                name="tenant_identification_code_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("host"),
                models.F("prefix"),
                name="address_host_prefix_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "primary")),
                fields=("tenant",),
                name="address_one_primary",
            ),
        ),
    ]
