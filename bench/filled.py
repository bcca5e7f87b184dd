"""What the measured administrations hold beside the bureau's own pages: the same on both sides."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import content
from bench.many_articles import SEED_SLUG, SEED_TITLE, repeat

__all__ = ["PASSWORD", "SECTION", "SEED_SLUG", "SEED_TITLE", "fill", "kept_database"]

PASSWORD = "Seven-Bridges-41"  # noqa: S105  (of accounts that only the measured database has)
#: Slug of the section that holds the many articles.
SECTION = "s2-4"
PICTURES = 30
ROOT = Path(__file__).resolve().parent.parent


def fill(
    make_seed: Callable[[content.ArticleContent], Any],
    articles: int,
    *,
    image_model: Any,
    document_model: Any,
) -> None:
    """``articles`` articles in :data:`SECTION`, :data:`PICTURES` pictures and as many files."""
    wanted = list(content.articles(articles))
    if wanted:
        repeat(lambda: make_seed(wanted[0]), wanted)
    from django.core.files.base import ContentFile
    from PIL import Image

    for number in range(PICTURES):
        stored = io.BytesIO()
        Image.new("RGB", (320, 240), (number * 7, 90, 120)).save(stored, "PNG")
        image_model.objects.create(
            title=f"图片{number}", file=ContentFile(stored.getvalue(), name=f"picture-{number}.png")
        )
        document_model.objects.create(
            title=f"文件{number}",
            file=ContentFile(f"文件{number}".encode(), name=f"file-{number}.txt"),
        )


def kept_database(module: str, articles: int) -> Path:
    """The folder with the database of a side, built by ``module`` where no earlier run left it.

    It is built again when models, migrations or the benches change. ``JIYUE_BENCH_CACHE``: the folder
    of all of them (default: below the system's temporary folder).
    """
    digest = hashlib.sha256()
    places = ["bench/**/*.py", "*/*/migrations/*.py", "*/*/models.py", "*/*/models/*.py"]
    for path in sorted({path for place in places for path in ROOT.glob(place)}):
        if ".venv" not in path.parts and not path.name.startswith("bench_"):
            digest.update(path.read_bytes())
    base = Path(os.environ.get("JIYUE_BENCH_CACHE", Path(tempfile.gettempdir()) / "jiyue_bench"))
    kept = base / f"{module}-{articles}-{digest.hexdigest()[:16]}"
    if kept.exists():
        return kept
    for former in base.glob(f"{module}-{articles}-*"):
        shutil.rmtree(former)
    # Under its own name only when it is whole: a build that was broken off leaves nothing to trust.
    unfinished = kept.with_name(f"{kept.name}.unfinished")
    unfinished.mkdir(parents=True)
    began = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore::UserWarning",
            "-m",
            module,
            str(unfinished),
            f"--articles={articles}",
            "--build-only",
        ],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    unfinished.rename(kept)
    print(f"{module}: {articles} articles built in {time.perf_counter() - began:.0f} s", flush=True)
    return kept
