"""What hypercorn and gunicorn do in the conformance catalogue with our classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.conformance_servers import STACKS, need
from tests.support.conformance_table import measure
from tests.support.docs_examples import DOCS, table

if TYPE_CHECKING:
    from pathlib import Path

#: What fails, by who decides it in the server, as docs/servers.md has it.
FAILING = {
    "hypercorn, with our configuration": {
        "h11": {
            *("host_missing", "host_twice", "host_twice_differing"),
            *("host_and_an_empty_one", "every_line_twice"),
            *("space_before_colon", "tab_before_colon"),
            *("length_of_letters", "length_with_sign", "lengths_differing"),
        },
        "`H11Protocol._create_stream`": {
            *("method_small", "connection_first_line", "upgrade_first_line"),
            *("upgrade_first_of_list", "upgrade_last_of_list"),
            *("upgrade_beside_versions", "upgrade_empty_elements"),
        },
    },
    "gunicorn, with our worker": {
        "gunicorn's parser": {"method_small", "space_before_colon", "tab_before_colon"},
    },
}


@pytest.mark.parametrize("title", FAILING)
def test_only_what_the_server_decides_before_us_fails(
    title: str, tmp_path: Path
) -> None:
    (stack,) = (stack for stack in STACKS if stack.title == title)
    need(stack)
    document = measure([stack], tmp_path)[title]
    assert (document["sent"], document["chosen"]) == (195, 195)
    failed = {r["name"] for r in document["results"] if r["kind"]}
    assert failed == set().union(*FAILING[title].values())


def test_the_page_names_every_failure_and_who_decides_it() -> None:
    rows = table(DOCS / "servers.md", "What still fails with our classes")
    assert {(server, by): set(names.split(", ")) for server, by, names, _ in rows} == {
        (title.replace(", with", " with"), by): {f"`{name}`" for name in names}
        for title, parts in FAILING.items()
        for by, names in parts.items()
    }
