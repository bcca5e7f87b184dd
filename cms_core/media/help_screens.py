"""How-tos of pictures, files and folders."""

from sites.registry.help_screens import register_help_screens

_PIECE = "a piece of another screen"

register_help_screens(
    "cms_core_media",
    {
        "wagtailimages:index": "images",
        "wagtailimages:edit": "image",
        "wagtailimages:delete": "image",
        "wagtailimages:url_generator": "image",
        "wagtailimages:image_usage": "usage",
        "wagtailimages:add": "upload-images",
        "wagtailimages:add_multiple": "upload-images",
        "wagtailimages_chooser:choose": "choose-an-image",
        "wagtailimages_chooser:create": "choose-an-image",
        "wagtailimages_chooser:select_format": "choose-an-image",
        "wagtaildocs:index": "documents",
        "wagtaildocs:edit": "document",
        "wagtaildocs:delete": "document",
        "wagtaildocs:document_usage": "usage",
        "wagtaildocs:add": "upload-documents",
        "wagtaildocs:add_multiple": "upload-documents",
        "wagtaildocs_chooser:choose": "choose-a-document",
        "wagtaildocs_chooser:create": "choose-a-document",
        "wagtailadmin_collections:index": "folders",
        "wagtailadmin_collections:add": "folders",
        "wagtailadmin_collections:edit": "folders",
        "wagtailadmin_collections:delete": "folders",
        "wagtailadmin_collections:set_privacy": "folders",
    },
    no_screens={
        "picture": "a picture",
        "wagtailimages:preview": "a picture",
        "wagtailimages:url_generator_output": _PIECE,
        "wagtailimages:edit_multiple": _PIECE,
        "wagtailimages:create_multiple_from_uploaded_image": _PIECE,
        "wagtailimages:delete_multiple": _PIECE,
        "wagtailimages:delete_upload_multiple": _PIECE,
        "wagtailimages_chooser:chosen": _PIECE,
        "wagtailimages_chooser:chosen_multiple": _PIECE,
        "wagtaildocs_serve": "a file",
        "wagtaildocs_authenticate_with_password": "a form for readers",
        "wagtaildocs:edit_multiple": _PIECE,
        "wagtaildocs:create_multiple_from_uploaded_document": _PIECE,
        "wagtaildocs:delete_multiple": _PIECE,
        "wagtaildocs:delete_upload_multiple": _PIECE,
        "wagtaildocs_chooser:chosen": _PIECE,
        "wagtaildocs_chooser:chosen_multiple": _PIECE,
    },
)
