import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_importer", "0005_texts_to_check"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="missingattachment",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "still missing"),
                    ("attached", "attached"),
                    ("given_up", "given up"),
                    ("stays", "note stays on the page"),
                    ("replaced", "taken out of the text by an editor"),
                ],
                default="open",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="missingattachment",
            name="remark",
            field=models.CharField(blank=True, max_length=200, verbose_name="remark"),
        ),
        migrations.AddField(
            model_name="missingattachment",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        # What was settled before was taken out of the text, one way or the other.
        migrations.RunSQL(
            "UPDATE cms_core_importer_missingattachment SET state = 'replaced' "
            "WHERE resolved_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
