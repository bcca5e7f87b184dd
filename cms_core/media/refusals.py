"""The words of a refusal: what a content is called, and what to do about each reason."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_CONTENTS = {
    "pdf": "PDF",
    "ofd": "OFD",
    "word": gettext_lazy("a Word document (docx)"),
    "excel": gettext_lazy("a spreadsheet (xlsx)"),
    "powerpoint": gettext_lazy("a presentation (pptx)"),
    "old_word": gettext_lazy("an old Word or WPS document (doc, wps)"),
    "old_excel": gettext_lazy("an old spreadsheet (xls, et)"),
    "old_powerpoint": gettext_lazy("an old presentation (ppt)"),
    "old_office": gettext_lazy("an old office file that cannot be told more closely"),
    "opendocument": gettext_lazy("an OpenDocument file"),
    "zip": gettext_lazy("a ZIP archive"),
    "damaged_zip": gettext_lazy("damaged: it cannot be opened"),
    "text": gettext_lazy("plain text"),
    "xml": gettext_lazy("an XML file"),
    "page": gettext_lazy("a web page or script"),
    "program": gettext_lazy("a program"),
    "svg": gettext_lazy("an SVG drawing"),
    "jpeg": "JPG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WebP",
    "avif": "AVIF",
    "heic": gettext_lazy("a HEIC picture of a telephone"),
    "video": gettext_lazy("a video"),
}


def content_label(content: str) -> str:
    """What a recognised content is called; ``*RAR`` is a guess of ``recognition``."""
    if content.startswith("*"):
        return content[1:]
    return str(_CONTENTS.get(content) or _("something that is not known here"))


def reason_of(code: str) -> str:
    """The sentence for a reason, with places for ``name`` and ``entry``."""
    return str(_REASONS[code])


_REASONS = {
    "damaged": gettext_lazy(
        "“%(name)s” is damaged: it cannot be read to its end. Open the original, save it anew and upload that."
    ),
    "bomb": gettext_lazy(
        "“%(name)s” claims to hold far more than a file of its size can, as files do that are made to "
        "stop a computer. It was not taken. Save the content anew in its program."
    ),
    "encrypted": gettext_lazy(
        "“%(name)s” is locked by a password and cannot be checked. Save it without a password and upload that."
    ),
    "macros": gettext_lazy(
        "“%(name)s” contains macros (small programs). Save it as docx, xlsx or pptx without macros and "
        "upload that."
    ),
    "active": gettext_lazy(
        "“%(name)s” contains ActiveX controls, which are programs. Remove them, save it and upload it again."
    ),
    "packaged": gettext_lazy(
        "“%(name)s” has another file packed into it (%(entry)s). Take it out and upload it by itself."
    ),
    "fetched": gettext_lazy(
        "“%(name)s” fetches a template or object from another computer when it is opened. Detach the "
        "template or the linked object, save it and upload it again."
    ),
    "entities": gettext_lazy(
        "“%(name)s” contains declarations that office programs never write. Save it anew in its program."
    ),
    "nested": gettext_lazy(
        "“%(name)s” contains another archive (%(entry)s). Unpack that one, and pack all files into one ZIP."
    ),
    "dangerous": gettext_lazy(
        "“%(name)s” contains a program or web page (%(entry)s), which is not offered to citizens. Take "
        "it out and pack the rest again."
    ),
    "path": gettext_lazy(
        "“%(name)s” contains a name that leads outside of the archive (%(entry)s). Pack the files anew."
    ),
    "pdf_script": gettext_lazy(
        "“%(name)s” contains a script. Print it to PDF, which leaves scripts out, and upload that."
    ),
    "pdf_action": gettext_lazy(
        "“%(name)s” starts other programs, plays media or is a dynamic form. Print it to PDF and upload that."
    ),
    "pdf_program": gettext_lazy(
        "“%(name)s” has a program packed into it and was not taken. If you did not make it yourself, do "
        "not open it, and tell your administrator."
    ),
    "pdf_locked": gettext_lazy(
        "“%(name)s” is locked by a password or packed in a way that cannot be checked, and people who "
        "listen to pages could not read it either. Save it without protection and upload that."
    ),
    "pdf_bomb": gettext_lazy(
        "“%(name)s” claims to hold far more than a file of its size can. Print it to PDF and upload that."
    ),
    "picture_bomb": gettext_lazy(
        "“%(name)s” has too many pixels (%(size)s): at most %(most)s million are taken. Make it smaller "
        "in a picture program and upload that."
    ),
    "moving": gettext_lazy(
        "“%(name)s” is a moving picture. Readers cannot stop it, so it is not taken: upload a still one, "
        "or the video."
    ),
    "malware": gettext_lazy(
        "The virus scanner found %(entry)s in “%(name)s”. It was not stored. Do not open it, and tell "
        "your administrator."
    ),
    "scanner_away": gettext_lazy(
        "“%(name)s” could not be scanned for viruses, because the scanner does not answer. Nothing was "
        "stored; try again in some minutes, or tell your administrator."
    ),
}
