"""The wheel and the sdist: their files and their metadata."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
from configparser import ConfigParser
from email.parser import Parser
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from tests.support import needed
from tests.support.packages import build, environment
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

    from tests.support.packages import Packages

PROJECT: dict[str, Any] = tomllib.loads(
    (ROOT / "pyproject.toml").read_text(encoding="utf-8")
)["project"]
PACKAGE = ROOT / "middleware" / "ws_handshake"
NAMED = f"ws_handshake-{PROJECT['version']}"
#: What a release needs beside Python.
TOOLS = ("build", "twine", "uv_build")


@pytest.fixture(scope="module", name="packages")
def _packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    needed.packages(*TOOLS)
    return build(tmp_path_factory.mktemp("packages"))


@pytest.fixture(name="wheel")
def _wheel(packages: Packages) -> dict[str, bytes]:
    with ZipFile(packages.wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return {name: archive.read(name) for name in names}


@pytest.fixture(name="sdist")
def _sdist(packages: Packages) -> dict[str, bytes]:
    with tarfile.open(packages.sdist) as archive:
        files = [member for member in archive.getmembers() if member.isfile()]
        return {
            member.name.removeprefix(f"{NAMED}/"): read.read()
            for member in files
            if (read := archive.extractfile(member))
        }


@pytest.fixture(name="metadata")
def _metadata(wheel: dict[str, bytes]) -> Message:
    return Parser().parsestr(wheel[f"{NAMED}.dist-info/METADATA"].decode("utf-8"))


def sources(directory: Path) -> dict[str, bytes]:
    found = [path for path in directory.rglob("*") if path.is_file()]
    kept = [path for path in found if "__pycache__" not in path.parts]
    return {
        path.relative_to(directory.parent).as_posix(): path.read_bytes()
        for path in kept
    }


def test_the_wheel_has_every_module_and_page_as_they_stand_and_nothing_else(
    wheel: dict[str, bytes],
) -> None:
    own = {n: c for n, c in wheel.items() if not n.startswith(f"{NAMED}.dist-info/")}
    assert own == sources(PACKAGE)


def test_the_wheel_has_the_marker_for_types_the_pages_and_the_licence(
    wheel: dict[str, bytes],
) -> None:
    assert wheel["ws_handshake/py.typed"] == b""
    for kind in ("reasons", "causes"):
        pages = {path.name for path in (ROOT / "docs" / kind).glob("*.md")}
        carried = f"ws_handshake/cli/explain/pages/{kind}/"
        found = {n.removeprefix(carried) for n in wheel if n.startswith(carried)}
        assert found == pages - {"index.md"}
    licence = wheel[f"{NAMED}.dist-info/licenses/LICENSE"]
    assert licence == (ROOT / "LICENSE").read_bytes()


def test_the_sdist_has_what_the_wheel_is_made_of_the_tests_the_demo_and_the_docs(
    sdist: dict[str, bytes],
) -> None:
    wanted: dict[str, bytes] = {}
    for directory in (ROOT / "tests", ROOT / "demo_app", ROOT / "docs"):
        wanted |= sources(directory)
    wanted |= {f"middleware/{name}": text for name, text in sources(PACKAGE).items()}
    for name in ("CHANGELOG.md", "LICENSE", "README.md", "README.zh-CN.md"):
        wanted[name] = (ROOT / name).read_bytes()
    assert {n: sdist.get(n) for n in wanted} == wanted


def test_the_sdist_has_no_cache_and_no_build_output(
    sdist: dict[str, bytes],
) -> None:
    kept = {"middleware", "tests", "demo_app", "docs", ".ci"}
    beside = {name for name in sdist if name.split("/")[0] not in kept}
    assert {n for n in beside if n.startswith((".", "dist", "site"))} == set()
    assert not [name for name in sdist if "__pycache__" in name]


def test_the_metadata_name_the_pythons_the_extras_and_what_they_need(
    metadata: Message,
) -> None:
    assert metadata["Name"] == "ws-handshake"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("Provides-Extra") == [
        "cli",
        "gunicorn",
        "hypercorn",
        "opentelemetry",
        "prometheus",
        "uvicorn",
    ]
    needed = {
        f"{requirement} ; extra == '{extra}'"
        for extra, requirements in PROJECT["optional-dependencies"].items()
        for requirement in requirements
    }
    asked = metadata.get_all("Requires-Dist") or []
    assert set(asked) == {*PROJECT["dependencies"], *needed}


def test_without_an_extra_nothing_but_structlog_is_needed(metadata: Message) -> None:
    asked = metadata.get_all("Requires-Dist") or []
    always = [one for one in asked if "extra ==" not in one]
    assert [re.split(r"[><=]", one)[0] for one in always] == ["structlog"]


def test_the_description_is_the_readme(metadata: Message) -> None:
    assert metadata["Description-Content-Type"] == "text/markdown"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert metadata.get_payload() == readme


def test_the_command_and_the_plugin_for_pytest_are_announced(
    wheel: dict[str, bytes],
) -> None:
    read = ConfigParser()
    read.read_string(wheel[f"{NAMED}.dist-info/entry_points.txt"].decode("utf-8"))
    assert {group: dict(read[group]) for group in read.sections()} == {
        "console_scripts": {"ws-handshake": "ws_handshake.cli:main"},
        "pytest11": {"ws_handshake": "ws_handshake.pytest_plugin"},
    }


def test_the_index_takes_both_and_can_show_the_readme(packages: Packages) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *vars(packages).values()],
        env=environment(NO_COLOR="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.count("PASSED"), done.returncode) == (2, 0), done.stdout


def test_the_command_in_the_wheel_prints_the_page_of_a_code(
    wheel: dict[str, bytes], tmp_path: Path
) -> None:
    for name, content in wheel.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "ws_handshake", "explain", "key_malformed"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(tmp_path), NO_COLOR="1"),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    page = (ROOT / "docs" / "reasons" / "key_malformed.md").read_text(encoding="utf-8")
    assert page.splitlines()[0].strip("# `") in done.stdout


def test_the_version_is_one_that_the_changes_name(metadata: Message) -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = re.findall(r"(?m)^## \[(\d[^\]]*)\]", changes)[0]
    assert latest == PROJECT["version"] == metadata["Version"]


def test_without_the_tools_the_tests_are_skipped_but_fail_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^no_such_tool is not installed$"):
        needed.packages("build", "no_such_tool")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^no_such_tool is not installed$"):
        needed.packages("build", "no_such_tool")
