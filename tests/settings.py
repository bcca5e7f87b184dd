"""The product's settings, read in the environment of a test run.

The environment must be set before the settings are read, and pytest-django reads them before any
conftest: hence a module of its own. A run that already says JIYUE_ENV=test (``make test``, and what
a test starts in a process of its own) keeps the DATA_DIR it was given; any other run gets a
temporary one, so that no test writes into a developer's demo.
"""

import atexit
import os
import shutil
import tempfile

if os.environ.get("JIYUE_ENV") != "test":
    os.environ["JIYUE_ENV"] = "test"
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="jiyue-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from cms_core.settings import *  # noqa: F403 - after the environment is set
