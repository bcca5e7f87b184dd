from django.db import migrations

from sites.audit.append_only import protect, unprotect


class Migration(migrations.Migration):
    dependencies = [("sites_audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: protect(schema_editor),
            lambda apps, schema_editor: unprotect(schema_editor),
        ),
    ]
