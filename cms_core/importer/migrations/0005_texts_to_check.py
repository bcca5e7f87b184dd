import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_importer", "0004_settled_repeats"),
        ("sites_tenancy", "0005_practice_site"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TextToCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("identity", "identity number"),
                            ("bank_card", "bank card number"),
                            ("mobile", "mobile number"),
                            ("garbled", "garbled characters"),
                            ("trial", "looks like a test entry"),
                            ("no_text", "it has no text"),
                            ("lost_text", "its text is not in the source"),
                            ("no_duties", "the duties of the body are missing"),
                        ],
                        max_length=10,
                        verbose_name="to be looked at because of",
                    ),
                ),
                (
                    "found_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="found"),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=200, verbose_name="remark"),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="page",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "old text to be checked",
                "verbose_name_plural": "old texts to be checked",
                "ordering": ["page_id", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="texttocheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at", None)),
                fields=("tenant", "page", "reason"),
                name="importer_text_to_check_once",
            ),
        ),
    ]
