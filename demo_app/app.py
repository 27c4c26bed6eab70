"""The demo for any ASGI server: `demo_app.app:app`."""

from __future__ import annotations

import os

from demo_app.settings import port_of
from demo_app.inspector.site import create_app

app = create_app(port_of(os.environ))
