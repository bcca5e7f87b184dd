"""Settings, one file per concern. The environment decides between demo, test and production.

JIYUE_ENV      demo (default), test or production
DATA_DIR       folder of everything that is not code (default ./var)
DATABASE_URL   postgresql://user:password@host:port/name; absent: SQLite in DATA_DIR
BROKER_URL     redis://… or amqp://…; absent: a file in DATA_DIR
PORT           port of the demo's web server (default 8000)
SECRET_KEY     required in production
AUDIT_SIGNING_KEY  32 random bytes in base64, required in production by the audit sealer
AUDIT_HEADS_DIR    where signed heads of the audit trail are copied (default DATA_DIR/audit_heads)
BLUEPRINTS_DIR     blueprints of the installation's own (default DATA_DIR/blueprints)
OLD_SITES_DIR      old sites that operators may choose on the server (default DATA_DIR/old_sites)
OLD_SITES_KEPT     uploaded old sites and their reports (default DATA_DIR/old_sites_kept)
"""

from .audit import *  # noqa: F403
from .base import *  # noqa: F403
from .content import *  # noqa: F403
from .database import *  # noqa: F403
from .jobs import *  # noqa: F403
from .logs import *  # noqa: F403
from .security import *  # noqa: F403
from .sign_in import *  # noqa: F403
