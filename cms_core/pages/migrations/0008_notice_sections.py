from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms_core_pages", "0007_newest_in_explorer")]

    operations = [
        migrations.AddField(
            model_name="sectionpage",
            name="is_notice",
            field=models.BooleanField(
                default=False,
                help_text="On the home page its entries stand with the day in front, and a notice board shows it first.",
                verbose_name="holds notices",
            ),
        ),
    ]
