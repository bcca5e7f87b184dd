"""Every room stands in the import contract, and the contract holds."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.tree import ROOMS, ROOT

CONFIGURATION = ROOT / "pyproject.toml"


def _contract() -> dict:
    return tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))["tool"]["importlinter"]


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists()


def test_every_top_level_package_is_analysed():
    existing = {name for name in ROOMS if _is_package(ROOT / name)}

    assert set(_contract()["root_packages"]) == existing


def test_every_room_has_its_layer():
    """A room that nobody put into a layer would be free to import anything."""
    layers = re.findall(r"[a-z_]+(?:\.[a-z_]+)?", " ".join(_contract()["contracts"][0]["layers"]))
    single_rooms = {"search", "themes"}
    rooms = {
        f"{top}.{child.name}"
        for top in ROOMS
        if top not in single_rooms
        for child in (ROOT / top).glob("*")
        if _is_package(child)
    } | {top for top in single_rooms if _is_package(ROOT / top)}

    assert rooms - set(layers) == set()


def _lint_imports(folder: Path) -> subprocess.CompletedProcess:
    """Check the contract in ``folder``; a process of its own, as the linter switches loggers off."""
    command = "from importlinter.cli import lint_imports_command as check; check()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_layers_hold():
    run = _lint_imports(ROOT)

    assert run.returncode == 0, run.stdout + run.stderr


def test_an_upward_import_breaks_the_contract(tmp_path):
    """The contract is able to fail: the same layers over two rooms, the lower importing the upper."""
    for name, source in {
        "sites/registry": "",
        "sites/tenancy": "",
        "cms_core/pages": "",
    }.items():
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(source)
    for top in ("sites", "cms_core"):
        (tmp_path / top / "__init__.py").write_text("")
    (tmp_path / "sites" / "registry" / "__init__.py").write_text("import cms_core.pages\n")
    (tmp_path / "setup.cfg").write_text(
        "[importlinter]\nroot_packages =\n    sites\n    cms_core\n"
        "[importlinter:contract:layers]\nname = layers\ntype = layers\nlayers =\n"
        + "".join(f"    {layer}\n" for layer in _contract()["contracts"][0]["layers"])
    )

    run = _lint_imports(tmp_path)

    assert run.returncode == 1, run.stdout + run.stderr
    assert "sites.registry is not allowed to import cms_core.pages" in run.stdout
