import uuid

import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import cms_core.pages.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_media", "0001_initial"),
        ("cms_core_pages", "0003_remove_sample_site"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddField(
            model_name="basepage",
            name="latest_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="latest revision",
            ),
        ),
        migrations.AddField(
            model_name="basepage",
            name="live_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="live revision",
            ),
        ),
        migrations.AlterField(
            model_name="basepage",
            name="locale",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.locale",
                verbose_name="locale",
            ),
        ),
        migrations.AlterField(
            model_name="basepage",
            name="translation_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.CreateModel(
            name="ArticleAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cms_core_media.mediafile",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ArticlePage",
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
                ("summary", models.TextField(blank=True, max_length=500, verbose_name="summary")),
                ("body", cms_core.pages.fields.StreamField(blank=True, verbose_name="text")),
                (
                    "source_name",
                    models.CharField(blank=True, max_length=120, verbose_name="source"),
                ),
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                ("keywords", models.CharField(blank=True, max_length=200, verbose_name="keywords")),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        help_text="Shown on the page. Set when the article is first published, unless given.",
                        null=True,
                        verbose_name="publish time",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="HomePage",
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
                (
                    "introduction",
                    models.TextField(blank=True, max_length=500, verbose_name="introduction"),
                ),
                ("blocks", cms_core.pages.fields.StreamField(blank=True, verbose_name="blocks")),
            ],
            options={
                "verbose_name": "home page",
                "verbose_name_plural": "home pages",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="SectionPage",
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
                (
                    "section_kind",
                    models.CharField(
                        choices=[
                            ("section", "Sections only"),
                            ("article_list", "List of articles"),
                            ("document_list", "List of official documents"),
                            ("single_page", "One page"),
                            ("leaders", "Leaders"),
                            ("organisation", "Bodies and duties"),
                            ("disclosure_part", "Part of the disclosure platform"),
                            ("service_list", "List of services"),
                            ("message_box", "Letter box"),
                            ("consultation", "Consultations"),
                            ("survey", "Surveys"),
                            ("interview", "Interviews"),
                            ("dataset", "Open data"),
                            ("external", "Link to another site"),
                        ],
                        default="article_list",
                        max_length=20,
                        verbose_name="holds",
                    ),
                ),
                (
                    "column_type",
                    models.CharField(
                        blank=True,
                        help_text="Value of the national page label ColumnType, such as 公告通知.",
                        max_length=60,
                        verbose_name="ColumnType label",
                    ),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=500, verbose_name="what belongs here"),
                ),
                ("keywords", models.CharField(blank=True, max_length=200, verbose_name="keywords")),
                ("introduction", wagtail.fields.RichTextField(blank=True, verbose_name="text")),
                (
                    "update_interval_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Something new appears at least this often. Empty: no promise.",
                        null=True,
                        verbose_name="promised interval in days",
                    ),
                ),
                ("external_url", models.URLField(blank=True, verbose_name="links to")),
                (
                    "is_listed_when_empty",
                    models.BooleanField(default=False, verbose_name="shown while empty"),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.AddField(
            model_name="articleattachment",
            name="page",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="cms_core_pages.articlepage",
            ),
        ),
        migrations.AddConstraint(
            model_name="basepage",
            constraint=models.CheckConstraint(
                condition=models.Q(("depth", 1), ("tenant__isnull", False), _connector="OR"),
                name="page_belongs_to_a_tenant",
            ),
        ),
        migrations.AlterUniqueTogether(
            name="basepage",
            unique_together={("translation_key", "locale")},
        ),
        migrations.AddIndex(
            model_name="basepage",
            index=models.Index(fields=["url_path"], name="page_url_path"),
        ),
    ]
