"""Remove what Wagtail's first migration makes: a welcome page, a default site that answers every
unknown host, two groups with rights on the root page and their approval workflow."""

from django.db import migrations


def remove_sample_site(apps, schema_editor):
    apps.get_model("wagtailcore", "Site").objects.all().delete()
    page = apps.get_model("cms_core_pages", "BasePage")
    page.objects.filter(depth__gt=1).delete()
    page.objects.filter(depth=1).update(numchild=0, title="集约", draft_title="集约")
    apps.get_model("wagtailcore", "GroupPagePermission").objects.all().delete()
    apps.get_model("wagtailcore", "GroupCollectionPermission").objects.all().delete()
    apps.get_model("wagtailcore", "Workflow").objects.all().delete()
    apps.get_model("wagtailcore", "Task").objects.all().delete()
    apps.get_model("auth", "Group").objects.filter(name__in=["Moderators", "Editors"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_pages", "0002_bootstrap"),
        ("wagtailcore", "0098_apitoken"),
        # These give rights to the two groups: they must have run before the groups go.
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [migrations.RunPython(remove_sample_site, migrations.RunPython.noop)]
