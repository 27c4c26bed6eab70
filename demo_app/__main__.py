"""`python -m demo_app`: the demo on 127.0.0.1, at PORT or 8000; LOG=json for JSON."""

from __future__ import annotations

from demo_app.server import main

main()
