"""Makes an uploaded picture anew from its pixels.

Upright as the camera meant it, in the colours of the web (sRGB), no larger than a page can use, and
without anything a camera or program wrote beside the pixels: place, owner, serial numbers, previews.
"""

import io
import warnings
from typing import IO

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from .file_types import PictureLimits, picture_limits

#: Recognised kind → (Pillow's decoder, format that is stored, extension).
_FORMATS = {
    "jpeg": ("JPEG", "JPEG", "jpg"),
    "png": ("PNG", "PNG", "png"),
    "gif": ("GIF", "PNG", "png"),
    "webp": ("WEBP", "WEBP", "webp"),
    "avif": ("AVIF", "AVIF", "avif"),
}


class PictureRefused(Exception):
    """Why, as a code that ``checking`` puts into words, with the figures for it."""

    def __init__(self, code: str, width: int = 0, height: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.width = width
        self.height = height


def remake(stream: IO[bytes], kind: str) -> tuple[bytes, str]:
    """The picture made anew, and the extension of what it is now.

    :raises PictureRefused: too many pixels, several frames, damaged.
    """
    decoder, stored, extension = _FORMATS[kind]
    limits = picture_limits()
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow's own guard only warns; ours below stands before any decoding.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(
                stream, formats=[decoder, "MPO"] if decoder == "JPEG" else [decoder]
            ) as opened:
                _measure(opened, kind, limits)
                clean = _clean(opened, limits)
        return _write(clean, stored, limits), extension
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        raise PictureRefused("picture_bomb") from None
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        TypeError,
    ):
        # Pillow's decoders answer broken files with any of these.
        raise PictureRefused("damaged") from None
    finally:
        stream.seek(0)


def _measure(opened: ImageFile.ImageFile, kind: str, limits: PictureLimits) -> None:
    width, height = opened.size
    if width * height > limits.most_pixels:
        raise PictureRefused("picture_bomb", width, height)
    if kind == "gif":
        # Counting the frames of a GIF reads all of them; whether there is a second one is enough.
        try:
            opened.seek(1)
        except EOFError:
            opened.seek(0)
            return
        raise PictureRefused("moving")
    # A telephone's JPEG may carry a second view (MPO); its first is the picture.
    if kind != "jpeg" and getattr(opened, "n_frames", 1) > 1:
        raise PictureRefused("moving")


def _clean(opened: ImageFile.ImageFile, limits: PictureLimits) -> Image.Image:
    side = limits.largest_side
    if opened.format in ("JPEG", "MPO"):
        opened.draft(None, (side, side))  # decodes at a fraction of the size, never below it
    profile = opened.info.get("icc_profile")
    picture: Image.Image = ImageOps.exif_transpose(opened)
    if picture.mode in ("I;16", "I;16B", "I", "F"):
        picture = (
            picture.point(lambda value: value / 256).convert("L")
            if picture.mode != "F"
            else picture.convert("L")
        )
    has_alpha = "A" in picture.mode or "transparency" in picture.info
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L", "LAB"):
        picture = _to_srgb(picture, profile)
    if picture.mode not in ("L", "RGB", "RGBA") or (has_alpha and picture.mode != "RGBA"):
        picture = picture.convert("RGBA" if has_alpha else "RGB")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A copy of the pixels alone: what came with the file stays with the file.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    return clean


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    if picture.mode == "RGBA":
        alpha = picture.getchannel("A")
        colours = _to_srgb(picture.convert("RGB"), profile)
        colours.putalpha(alpha)
        return colours
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = "L" if picture.mode == "L" else "RGB"
        if target == "L":
            return picture
        converted = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode=target
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile: the numbers are taken as sRGB, as browsers do
    return converted if converted is not None else picture


def _write(picture: Image.Image, stored: str, limits: PictureLimits) -> bytes:
    body = io.BytesIO()
    if stored == "JPEG":
        if picture.mode == "RGBA":
            picture = picture.convert("RGB")
        picture.save(body, "JPEG", quality=limits.jpeg_quality, optimize=True, progressive=True)
    elif stored == "PNG":
        picture.save(body, "PNG", optimize=True)
    elif stored == "WEBP":
        picture.save(body, "WEBP", quality=limits.webp_quality, method=4)
    else:
        picture.save(body, "AVIF", quality=limits.avif_quality, speed=7)
    return body.getvalue()
