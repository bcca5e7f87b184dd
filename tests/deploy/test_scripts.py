"""The scripts behind `make`: the stamped environment, compiled messages, the list of targets."""

import gettext
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def install(tmp_path):
    """Runs deploy/venv.sh on a requirements file of the test's; returns what it said."""
    requirements = tmp_path / "requirements.txt"

    def run(content: str, python: str = sys.executable) -> str:
        requirements.write_text(content)
        done = subprocess.run(
            [ROOT / "deploy" / "venv.sh", tmp_path / "venv", requirements],
            env={**os.environ, "PYTHON": python},
            capture_output=True,
            text=True,
            check=False,
        )
        return f"{done.returncode} {done.stdout}{done.stderr}"

    return run


def test_environment_is_made_once_and_again_when_the_requirements_change(install):
    assert "Making" in install("# nothing\n")
    assert install("# nothing\n") == "0 "

    changed = install("# nothing, said differently\n")

    assert "Installing" in changed
    assert "Making" not in changed


def test_requirement_without_a_hash_is_refused_and_not_stamped(install):
    for _ in range(2):
        answer = install("wagtail==8.0.1\n")

        assert not answer.startswith("0")
        assert "hash" in answer


@pytest.fixture
def compile_catalogue():
    spec = importlib.util.spec_from_file_location(
        "compile_messages", ROOT / "deploy/compile_messages.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compile_catalogue


def test_catalogue_is_compiled_when_it_is_newer(tmp_path, compile_catalogue):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Section"\nmsgstr "栏目"\n\n'
        '#, fuzzy\nmsgid "Site"\nmsgstr "站点"\n'
    )

    assert compile_catalogue(source)
    assert not compile_catalogue(source)

    translation = gettext.translation("django", tmp_path, ["zh_Hans"])
    assert translation.gettext("Section") == "栏目"
    assert translation.gettext("Site") == "Site"


def test_make_lists_its_targets_by_default():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in ("demo", "test", "soak", "bench", "lint", "types", "messages", "clean", "help"):
        assert f"make {target} " in listed
