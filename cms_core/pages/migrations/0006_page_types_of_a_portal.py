import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import cms_core.pages.fields

_TO_SHARED_ROW = """
UPDATE cms_core_pages_basepage SET
    published_at = (SELECT a.former_published_at FROM cms_core_pages_articlepage a
        WHERE a.basepage_ptr_id = cms_core_pages_basepage.id),
    source_name = (SELECT a.former_source_name FROM cms_core_pages_articlepage a
        WHERE a.basepage_ptr_id = cms_core_pages_basepage.id),
    summary = (SELECT a.former_summary FROM cms_core_pages_articlepage a
        WHERE a.basepage_ptr_id = cms_core_pages_basepage.id)
WHERE id IN (SELECT basepage_ptr_id FROM cms_core_pages_articlepage)
"""
_TO_ARTICLE_ROW = """
UPDATE cms_core_pages_articlepage SET
    former_published_at = (SELECT b.published_at FROM cms_core_pages_basepage b
        WHERE b.id = cms_core_pages_articlepage.basepage_ptr_id),
    former_source_name = (SELECT b.source_name FROM cms_core_pages_basepage b
        WHERE b.id = cms_core_pages_articlepage.basepage_ptr_id),
    former_summary = (SELECT b.summary FROM cms_core_pages_basepage b
        WHERE b.id = cms_core_pages_articlepage.basepage_ptr_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_media", "0002_initial"),
        ("cms_core_pages", "0005_withdrawal"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sites_tenancy", "0003_canary"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # What lists sort by and print moves from the article's row to the shared one.
        migrations.RenameField("articlepage", "published_at", "former_published_at"),
        migrations.RenameField("articlepage", "source_name", "former_source_name"),
        migrations.RenameField("articlepage", "summary", "former_summary"),
        migrations.AddField(
            model_name="basepage",
            name="is_pinned",
            field=models.BooleanField(default=False, verbose_name="pinned to the top"),
        ),
        migrations.AddField(
            model_name="basepage",
            name="list_place",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="1 stands first, after what is pinned. Empty: by publish time.",
                null=True,
                verbose_name="place in its lists",
            ),
        ),
        migrations.AddField(
            model_name="basepage",
            name="pinned_until",
            field=models.DateTimeField(
                blank=True,
                help_text="Empty: until you take the pin away.",
                null=True,
                verbose_name="pinned until",
            ),
        ),
        migrations.AddField(
            model_name="basepage",
            name="published_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Shown on the page. Set when the page is first published, unless given.",
                null=True,
                verbose_name="publish time",
            ),
        ),
        migrations.AddField(
            model_name="basepage",
            name="source_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="basepage",
            name="summary",
            field=models.TextField(blank=True, max_length=500, verbose_name="summary"),
        ),
        migrations.AddField(
            model_name="basepage",
            name="valid_until",
            field=models.DateField(
                blank=True,
                help_text="Last day on which this applies. Afterwards the page stays and says so.",
                null=True,
                verbose_name="valid until",
            ),
        ),
        migrations.RunSQL(_TO_SHARED_ROW, _TO_ARTICLE_ROW),
        migrations.RemoveField("articlepage", "former_published_at"),
        migrations.RemoveField("articlepage", "former_source_name"),
        migrations.RemoveField("articlepage", "former_summary"),
        migrations.CreateModel(
            name="ArticlePlacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "further section",
                "verbose_name_plural": "further sections",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ArticleRelation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "related page",
                "verbose_name_plural": "related pages",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GalleryPage",
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
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                (
                    "publisher_name",
                    models.CharField(
                        blank=True,
                        help_text="Body that publishes this. Empty: the sponsor of the site.",
                        max_length=120,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "keywords",
                    models.CharField(
                        blank=True,
                        help_text="Parted by ; or a space.",
                        max_length=200,
                        verbose_name="keywords",
                    ),
                ),
            ],
            options={
                "verbose_name": "gallery",
                "verbose_name_plural": "galleries",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="GalleryPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "description",
                    models.CharField(
                        help_text="What the picture shows, for people who cannot see it.",
                        max_length=300,
                        verbose_name="description",
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=300, verbose_name="caption")),
            ],
            options={
                "verbose_name": "picture of a gallery",
                "verbose_name_plural": "pictures of galleries",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LeaderPage",
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
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                (
                    "publisher_name",
                    models.CharField(
                        blank=True,
                        help_text="Body that publishes this. Empty: the sponsor of the site.",
                        max_length=120,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "keywords",
                    models.CharField(
                        blank=True,
                        help_text="Parted by ; or a space.",
                        max_length=200,
                        verbose_name="keywords",
                    ),
                ),
                (
                    "post",
                    models.CharField(
                        help_text="In full, as it was announced.",
                        max_length=200,
                        verbose_name="post",
                    ),
                ),
                ("division_of_work", wagtail.fields.RichTextField(verbose_name="division of work")),
                ("resume", wagtail.fields.RichTextField(blank=True, verbose_name="résumé")),
            ],
            options={
                "verbose_name": "leader",
                "verbose_name_plural": "leaders",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="LinkPage",
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
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                (
                    "publisher_name",
                    models.CharField(
                        blank=True,
                        help_text="Body that publishes this. Empty: the sponsor of the site.",
                        max_length=120,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "keywords",
                    models.CharField(
                        blank=True,
                        help_text="Parted by ; or a space.",
                        max_length=200,
                        verbose_name="keywords",
                    ),
                ),
                (
                    "external_url",
                    models.URLField(
                        help_text="A target that is no government site opens after a page that says so to the visitor.",
                        max_length=500,
                        verbose_name="links to",
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="OrganizationPage",
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
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                (
                    "publisher_name",
                    models.CharField(
                        blank=True,
                        help_text="Body that publishes this. Empty: the sponsor of the site.",
                        max_length=120,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "keywords",
                    models.CharField(
                        blank=True,
                        help_text="Parted by ; or a space.",
                        max_length=200,
                        verbose_name="keywords",
                    ),
                ),
                ("duties", wagtail.fields.RichTextField(verbose_name="duties")),
                (
                    "head_name",
                    models.CharField(blank=True, max_length=60, verbose_name="person in charge"),
                ),
                (
                    "office_address",
                    models.CharField(blank=True, max_length=200, verbose_name="address"),
                ),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="phone")),
                (
                    "office_hours",
                    models.CharField(blank=True, max_length=200, verbose_name="office hours"),
                ),
            ],
            options={
                "verbose_name": "body",
                "verbose_name_plural": "bodies",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="OrganizationUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("duties", models.TextField(blank=True, max_length=1000, verbose_name="duties")),
                (
                    "head_name",
                    models.CharField(blank=True, max_length=60, verbose_name="person in charge"),
                ),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="phone")),
            ],
            options={
                "verbose_name": "internal unit",
                "verbose_name_plural": "internal units",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SinglePage",
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
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                (
                    "publisher_name",
                    models.CharField(
                        blank=True,
                        help_text="Body that publishes this. Empty: the sponsor of the site.",
                        max_length=120,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "keywords",
                    models.CharField(
                        blank=True,
                        help_text="Parted by ; or a space.",
                        max_length=200,
                        verbose_name="keywords",
                    ),
                ),
                ("body", cms_core.pages.fields.StreamField(blank=True, verbose_name="text")),
            ],
            options={
                "verbose_name": "single page",
                "verbose_name_plural": "single pages",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="TopicalEventPage",
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
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                (
                    "publisher_name",
                    models.CharField(
                        blank=True,
                        help_text="Body that publishes this. Empty: the sponsor of the site.",
                        max_length=120,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "keywords",
                    models.CharField(
                        blank=True,
                        help_text="Parted by ; or a space.",
                        max_length=200,
                        verbose_name="keywords",
                    ),
                ),
                (
                    "picture_description",
                    models.CharField(
                        blank=True,
                        help_text="For people who cannot see it.",
                        max_length=200,
                        verbose_name="description of the picture",
                    ),
                ),
                ("blocks", cms_core.pages.fields.StreamField(blank=True, verbose_name="blocks")),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="From this day the page says that the event is over and nothing more is added.",
                        null=True,
                        verbose_name="ended on",
                    ),
                ),
            ],
            options={
                "verbose_name": "topical event",
                "verbose_name_plural": "topical events",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.CreateModel(
            name="VideoPage",
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
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="author")),
                (
                    "editor_name",
                    models.CharField(blank=True, max_length=60, verbose_name="responsible editor"),
                ),
                (
                    "publisher_name",
                    models.CharField(
                        blank=True,
                        help_text="Body that publishes this. Empty: the sponsor of the site.",
                        max_length=120,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "keywords",
                    models.CharField(
                        blank=True,
                        help_text="Parted by ; or a space.",
                        max_length=200,
                        verbose_name="keywords",
                    ),
                ),
                (
                    "video_path",
                    models.CharField(
                        blank=True,
                        help_text="For large files that the operator stored, such as /videos/2026/1.mp4.",
                        max_length=300,
                        verbose_name="or address on this site",
                    ),
                ),
                (
                    "transcript",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="What is said and shown, to read instead.",
                        verbose_name="transcript",
                    ),
                ),
            ],
            options={
                "verbose_name": "video",
                "verbose_name_plural": "videos",
            },
            bases=("cms_core_pages.basepage",),
        ),
        migrations.AddField(
            model_name="articlepage",
            name="publisher_name",
            field=models.CharField(
                blank=True,
                help_text="Body that publishes this. Empty: the sponsor of the site.",
                max_length=120,
                verbose_name="publisher",
            ),
        ),
        migrations.AlterField(
            model_name="articlepage",
            name="keywords",
            field=models.CharField(
                blank=True,
                help_text="Parted by ; or a space.",
                max_length=200,
                verbose_name="keywords",
            ),
        ),
        migrations.AddIndex(
            model_name="basepage",
            index=models.Index(fields=["tenant", "-published_at", "-id"], name="page_newest"),
        ),
        migrations.AddField(
            model_name="articleplacement",
            name="page",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="placements",
                to="cms_core_pages.articlepage",
            ),
        ),
        migrations.AddField(
            model_name="articleplacement",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="placements",
                to="cms_core_pages.sectionpage",
                verbose_name="section",
            ),
        ),
        migrations.AddField(
            model_name="articlerelation",
            name="page",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="related_links",
                to="cms_core_pages.articlepage",
            ),
        ),
        migrations.AddField(
            model_name="articlerelation",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.WAGTAIL_PAGE_MODEL,
                verbose_name="page",
            ),
        ),
        migrations.AddField(
            model_name="gallerypicture",
            name="image",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cms_core_media.mediaimage",
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="gallerypicture",
            name="page",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pictures",
                to="cms_core_pages.gallerypage",
            ),
        ),
        migrations.AddField(
            model_name="leaderpage",
            name="portrait",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="cms_core_media.mediaimage",
                verbose_name="portrait",
            ),
        ),
        migrations.AddField(
            model_name="organizationpage",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                help_text="The body of the city's directory that this page is about, where it has one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sites_tenancy.organization",
                verbose_name="body in the directory",
            ),
        ),
        migrations.AddField(
            model_name="organizationunit",
            name="page",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="units",
                to="cms_core_pages.organizationpage",
            ),
        ),
        migrations.AddField(
            model_name="topicaleventpage",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="cms_core_media.mediaimage",
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="videopage",
            name="captions",
            field=models.ForeignKey(
                help_text="A WebVTT file (.vtt). Needed before the video can be published.",
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cms_core_media.mediafile",
                verbose_name="captions",
            ),
        ),
        migrations.AddField(
            model_name="videopage",
            name="file",
            field=models.ForeignKey(
                blank=True,
                help_text="MP4 or WebM.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cms_core_media.mediafile",
                verbose_name="video file",
            ),
        ),
        migrations.AddField(
            model_name="videopage",
            name="poster",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="cms_core_media.mediaimage",
                verbose_name="picture shown before it plays",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleplacement",
            constraint=models.UniqueConstraint(
                fields=("page", "section"), name="article_once_in_a_section"
            ),
        ),
        migrations.AddConstraint(
            model_name="articlerelation",
            constraint=models.UniqueConstraint(fields=("page", "target"), name="related_page_once"),
        ),
    ]
