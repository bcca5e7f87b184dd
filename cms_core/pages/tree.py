"""Moving many subtrees to one parent with few statements, for what treebeard does one at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Length, Substr

from .models import BasePage
from .models.base import seeing_the_bin

#: Rows in one statement.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Transplant:
    """One subtree to move: its root (locked), the slug it gets, and the tree path it would like."""

    page: BasePage
    slug: str
    wanted_path: str = ""


def free_slugs(parent: BasePage, wanted: Sequence[str]) -> list[str]:
    """For each wanted slug one that is free below ``parent``: itself, or with ``-2``, ``-3`` …"""
    taken = set(
        BasePage.objects.filter(
            path__range=BasePage._get_children_path_interval(parent.path), depth=parent.depth + 1
        )
        .order_by()
        .values_list("slug", flat=True)
    )
    found = []
    for slug in wanted:
        name, number = slug, 2
        while name in taken:
            name, number = f"{slug[:250]}-{number}", number + 1
        taken.add(name)
        found.append(name)
    return found


def transplant(parent: BasePage, subtrees: Sequence[Transplant]) -> None:
    """Move every subtree below ``parent``: paths, depths, addresses and counts of children.

    One statement a batch of pages without children, one for each that has some. Slugs are free
    below ``parent``; ``wanted_path`` is taken where it lies below it and is free. Runs inside a
    transaction; the rows of ``parent`` and of the subtrees are locked by the caller.
    """
    places = _places(parent, subtrees)
    lost: Counter[str] = Counter(item.page.path[: -BasePage.steplen] for item in subtrees)
    leaves = []
    for item, path in zip(subtrees, places, strict=True):
        page, old_path, old_url = item.page, item.page.path, item.page.url_path
        url_path = f"{parent.url_path}{item.slug}/"
        shift = parent.depth + 1 - page.depth
        if page.numchild:
            below = Q(path__range=BasePage._get_children_path_interval(old_path))
            BasePage.objects.filter(below).update(
                path=Concat(Value(path), Substr("path", len(old_path) + 1)),
                depth=F("depth") + shift,
                url_path=Concat(Value(url_path), Substr("url_path", len(old_url) + 1)),
            )
        page.path, page.depth = path, page.depth + shift
        page.slug, page.url_path = item.slug, url_path
        leaves.append(page)
    for start in range(0, len(leaves), _BATCH):
        BasePage.objects.bulk_update(
            leaves[start : start + _BATCH], ["path", "depth", "slug", "url_path"]
        )
    for path, count in lost.items():
        BasePage.objects.filter(path=path).update(numchild=F("numchild") - count)
    BasePage.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(subtrees))
    parent.numchild += len(subtrees)


def _places(parent: BasePage, subtrees: Sequence[Transplant]) -> list[str]:
    """A tree path below ``parent`` for each subtree."""
    step = BasePage.steplen
    children = BasePage.objects.filter(
        path__range=BasePage._get_children_path_interval(parent.path),
        depth=parent.depth + 1,
    ).order_by()
    wanted = [
        item.wanted_path
        if item.wanted_path[:-step] == parent.path and len(item.wanted_path) > step
        else ""
        for item in subtrees
    ]
    taken = set(
        children.filter(path__in=[path for path in wanted if path]).values_list("path", flat=True)
    )
    last = children.order_by("-path").values_list("path", flat=True).first()
    highest = max([path for path in (last, *wanted) if path], default="")
    number = BasePage._str2int(highest[-step:]) if highest else 0
    places = []
    for path in wanted:
        if not path or path in taken:
            number += 1
            path = BasePage._get_path(parent.path, parent.depth + 1, number)
        taken.add(path)
        places.append(path)
    return places


@seeing_the_bin()
def tree_faults() -> list[str]:
    """What is wrong with the open tenant's tree: counts of children, depths, addresses, orphans."""
    found = []
    step = BasePage.steplen
    rows = list(
        BasePage.objects.order_by("path")
        .annotate(length=Length("path"))
        .values_list("pk", "path", "depth", "numchild", "url_path", "slug", "length")
    )
    children = Counter(path[:-step] for _pk, path, *_rest in rows)
    urls = {path: url for _pk, path, _depth, _count, url, _slug, _length in rows}
    for pk, path, depth, numchild, url, slug, length in rows:
        if depth == 1:
            continue
        if length != depth * step:
            found.append(f"page {pk}: depth {depth} at path {path}")
        if numchild != children[path]:
            found.append(f"page {pk}: {numchild} children noted, {children[path]} there")
        if path[:-step] not in urls:
            found.append(f"page {pk}: no parent")
        elif url != f"{urls[path[:-step]]}{slug}/":
            found.append(f"page {pk}: address {url} below {urls[path[:-step]]}")
    return found
