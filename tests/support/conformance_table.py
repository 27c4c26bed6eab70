"""How every server here does in the catalogue.

`python -m tests.support.conformance_table` writes what it measures into
docs/cli_conformance.md; the test of the page measures too.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import TYPE_CHECKING, Any

from tests.support.conformance_servers import STACKS
from tests.support.other_page import is_up_to_date
from tests.support.wires import ROOT
from ws_handshake.cli.conformance import subcommand as conformance
from ws_handshake.cli.conformance.judgement import WORDS
from ws_handshake.cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.support.conformance_servers import Stack

    Document = dict[str, Any]
    Measured = Mapping[str, Document]

PAGE = ROOT / "docs" / "cli_conformance.md"

_MEASURED_WITH = "Measured with "
#: Whose failures are shown as an example.
SHOWN = "uvicorn, httptools, websockets"
_COMMAND = """\
```sh
ws-handshake conformance ws://127.0.0.1:8000/ws --only host_empty
```"""

# Who has not responded by then does not respond, however busy this machine is.
_OPTIONS = "--json --at-once 16 --rate 500 --timeout 10 --time-limit 300"

#: What is wrong, and the codes that say so, for the second table.
GROUPS = {
    "method": ("method_not_get",),
    "HTTP/1.0": ("http_version_too_old",),
    "Host": ("host_missing", "host_malformed", "host_duplicated"),
    "Upgrade": ("upgrade_missing", "upgrade_not_websocket"),
    "Connection": ("connection_missing", "connection_not_upgrade"),
    "key": ("key_missing", "key_malformed"),
    "key twice": ("key_duplicated",),
    "version": ("version_missing", "version_unsupported"),
    "version twice": ("version_duplicated",),
    "subprotocol": ("subprotocol_malformed",),
    "form and body": ("head_malformed", "body_unexpected"),
}


def main() -> None:
    """Measure, and write the page anew."""
    with TemporaryDirectory() as folder:
        found = measure(STACKS, Path(folder))
        shown = example(STACKS, Path(folder))
    is_up_to_date(PAGE, shown + tables_of(found, versions_of(STACKS)), renew=True)
    sys.stdout.write(f"{PAGE} is written.\n")


def measure(stacks: Iterable[Stack], logs: Path) -> Measured:
    """Run the catalogue against each, four at once: they wait for no response."""
    stacks = tuple(stacks)
    with ThreadPoolExecutor(4) as pool:
        documents = pool.map(lambda stack: _document(stack, logs), stacks)
        titles = (stack.title for stack in stacks)
        return dict(zip(titles, documents, strict=True))


def example(stacks: Iterable[Stack], logs: Path) -> str:
    """Return what a small part of the catalogue prints of the server that we show."""
    (stack,) = (stack for stack in stacks if stack.title == SHOWN)
    printed = _printed(stack, logs, "--only host_empty --timeout 10")
    shown = printed.partition("\nWhat to do")[0]
    block = f'```text title="{SHOWN}"\n{shown}```'
    return f"\n## What it prints\n\n{_COMMAND}\n\n{block}\n"


def _document(stack: Stack, logs: Path) -> Document:
    document: Document = json.loads(_printed(stack, logs, _OPTIONS))
    return document


def _printed(stack: Stack, logs: Path, options: str) -> str:
    parser = argparse.ArgumentParser()
    conformance.add_arguments(parser)
    out = io.StringIO()
    with stack.running(logs / f"{stack.title}.log") as server:
        url = f"ws://127.0.0.1:{server.port}/ws"
        given = parser.parse_args([url, *options.split()])
        conformance.run(given, Screen.of(out, io.StringIO(), {"COLUMNS": "80"}))
    return out.getvalue().replace(f":{server.port}/", ":8000/")


def tables_of(measured: Measured, versions: str) -> str:
    """Return the tables as they stand on the page, with the versions of the servers."""
    parts = ["## All servers", versions, _by_kind(measured)]
    parts += ["## What is wrongly accepted", "Servers that are not listed accept none."]
    parts += [_by_code(measured)]
    parts += ["## The words that name a violation", _words()]
    return "\n" + "\n\n".join(parts) + "\n\n"


def versions_of(stacks: Iterable[Stack]) -> str:
    """Return the sentence with the versions of all parts, each once."""
    parts = sorted({part for stack in stacks for part in stack.versions().split(", ")})
    return fill(f"{_MEASURED_WITH}{', '.join(parts)}.", 88)


def versions_on(page: str) -> str:
    """Return the sentence in which a page says which versions were measured."""
    begin = page.index(_MEASURED_WITH)
    return page[begin : page.index("\n\n", begin)]


def _by_kind(measured: Measured) -> str:
    kinds = list(next(iter(measured.values()))["failures"])
    (chosen,) = {document["chosen"] for document in measured.values()}
    rows = [
        (title, str(document["right"]), *map(str, document["failures"].values()))
        for title, document in measured.items()
    ]
    return _table(("server", f"as it should be, of {chosen}", *kinds), _merged(rows))


def _by_code(measured: Measured) -> str:
    some = next(iter(measured.values()))["results"]
    sent = Counter(_group(r) for r in some if r["expected"] == "reject")
    rows = [("all that must be rejected", _counts(sent))]
    rows += [(title, _counts(_accepted(one))) for title, one in measured.items()]
    return _table(("server", "what it accepts"), _merged([r for r in rows if r[1]]))


def _merged(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Let servers that do the same share a row."""
    titles: dict[tuple[str, ...], list[str]] = {}
    for title, *cells in rows:
        titles.setdefault(tuple(cells), []).append(title)
    return [("; ".join(same), *cells) for cells, same in titles.items()]


def _counts(found: Counter[str]) -> str:
    return ", ".join(f"{found[group]} {group}" for group in GROUPS if found[group])


def _words() -> str:
    same = [f"`{name}`" for name, words in WORDS.items() if words == (name,)]
    rows = [(", ".join(same), "the same")]
    rows += [
        (f"`{n}`", ", ".join(words)) for n, words in WORDS.items() if words != (n,)
    ]
    return _table(("violation", "one of"), rows)


def _accepted(document: Document) -> Counter[str]:
    wrong = (r for r in document["results"] if r["kind"] == "wrongly accepted")
    return Counter(map(_group, wrong))


def _group(result: Mapping[str, Any]) -> str:
    first = result["codes"][0]
    return next(group for group, codes in GROUPS.items() if first in codes)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
