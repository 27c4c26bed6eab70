"""Two clients that Node runs: ws, and the WebSocket of undici."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from tests.support.client_seen import COOKIE, OFFERED, Seen, seen, url
from tests.support.needed import is_missing, program
from tests.support.peer_servers import NODE_PATH

if TYPE_CHECKING:
    from collections.abc import Sequence

_NODE = """
const [url, offered, cookie, size, compress, kind] = process.argv.slice(1);
const protocols = offered.split(',');
const headers = {Cookie: cookie};
const open = {
  ws: () => new (require('ws'))(
    url, protocols, {headers, perMessageDeflate: compress === '1'}),
  undici: () => new WebSocket(url, {protocols, headers}),
  // it takes no headers, but asks a dispatcher; and of two subprotocols it wants both
  'undici 5': () => {
    const {Agent, WebSocket, setGlobalDispatcher} = require('undici');
    setGlobalDispatcher(new class extends Agent {
      dispatch(options, handler) {
        const headers = [...options.headers, 'Cookie', cookie];
        return super.dispatch({...options, headers}, handler);
      }
    });
    return new WebSocket(url, protocols[0]);
  },
};
const opened = open[kind]();
opened.binaryType = 'arraybuffer';
const got = [];
opened.onmessage = ({data}) => {
  got.push(typeof data === 'string' ? data : data.byteLength);
  if (got.length === 1) opened.send('hello');
  if (got.length === 2) opened.send(new Uint8Array(Number(size)));
  if (got.length === 3) opened.send('close:4001');
};
opened.onclose = ({code}) => {
  console.log(JSON.stringify([opened.protocol, ...got, code]));
};
opened.onerror = (error) => { console.error(error.message); };
"""

# Which WebSocket of undici there is, Node's options for it, and what names it: Node
# carries it since 20.10, and Debian's Node 18 depends on the package node-undici.
_UNDICI = (
    ("undici", (), "WebSocket"),
    ("undici", ("--experimental-websocket",), "WebSocket"),
    ("undici 5", (), "require('undici').WebSocket"),
)


async def node_ws(port: int, *, compress: bool, size: int) -> Seen:
    """Use Node's ws."""
    return await _node("ws", (), port, compress=compress, size=size)


async def undici(port: int, *, compress: bool, size: int) -> Seen:
    """Use the WebSocket of undici."""
    program("node")
    kind, options = _undici()
    if not kind:
        is_missing("undici's WebSocket needs Node 20.10, or Debian's node-undici")
    return await _node(kind, options, port, compress=compress, size=size)


def undici_compresses() -> bool:
    """Return whether undici offers compression: undici 5 never does, later ones do."""
    kind, _ = _undici()
    return kind != "undici 5"


@cache
def _undici() -> tuple[str, tuple[str, ...]]:
    node = shutil.which("node") or "false"
    for kind, options, name in _UNDICI:
        tried = [node, *options, "-e", f"{name}.name"]
        done = subprocess.run(tried, env=_variables(), capture_output=True, check=False)
        if not done.returncode:
            return kind, options
    return "", ()


async def _node(
    kind: str, options: Sequence[str], port: int, *, compress: bool, size: int
) -> Seen:
    given = [url(port), ",".join(OFFERED), COOKIE, str(size), str(int(compress))]
    running = await asyncio.create_subprocess_exec(
        *(program("node"), *options, "-e", _NODE, "--", *given, kind),
        stdout=subprocess.PIPE,
        env=_variables(),
    )
    printed, _ = await running.communicate()
    chosen, scope, text, length, code = json.loads(printed)
    return seen(chosen, scope, text, range(length), code)


def _variables() -> dict[str, str]:
    return {**os.environ, "NODE_PATH": NODE_PATH, "NODE_NO_WARNINGS": "1"}
