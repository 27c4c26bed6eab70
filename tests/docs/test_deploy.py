"""Each way to deploy on the page starts a server that accepts, and explains."""

from __future__ import annotations

import importlib
import json
import os
import shlex
from configparser import ConfigParser
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.docs_examples import DOCS, blocks, sections
from tests.support.echoing import KEY_MALFORMED, PLAIN, response_of
from tests.support.handshakes import VALID
from tests.support.wires import serving

if TYPE_CHECKING:
    from pathlib import Path

PAGE = sections((DOCS / "deploy.md").read_text(encoding="utf-8"))
PROGRAM = sections((DOCS / "frameworks.md").read_text(encoding="utf-8"))["FastAPI"]


def _block(heading: str) -> str:
    (block,) = blocks(PAGE[heading])
    return block.text


def _dockerfile() -> dict[str, str]:
    """Return what each instruction is given."""
    lines = (line.partition(" ") for line in _block("Docker").splitlines())
    return {name: rest for name, _, rest in lines}


class _Unit(ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        """Keep the capitals, as systemd does."""
        return optionstr


def _unit() -> dict[str, str]:
    read = _Unit(interpolation=None)
    read.read_string(_block("systemd"))
    return dict(read["Service"])


def _manifests() -> dict[str, Any]:
    yaml: Any = importlib.import_module("yaml")  # which has no types
    found = yaml.safe_load_all(_block("Kubernetes"))
    return {manifest["kind"]: manifest for manifest in found}


def _container() -> Any:
    (container,) = _manifests()["Deployment"]["spec"]["template"]["spec"]["containers"]
    return container


COMMANDS = {
    "Docker": json.loads(_dockerfile()["CMD"]),
    "systemd": shlex.split(_unit()["ExecStart"]),
    "Kubernetes": _container()["command"],
    "fastapi run": ["fastapi", "run", "main.py", "--port", "8000"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_started_so_accepts_explains_and_serves(
    name: str, tmp_path: Path
) -> None:
    (program,) = [b.text for b in blocks(PROGRAM) if b.language == "python"]
    (tmp_path / "main.py").write_text(program, encoding="utf-8")
    path, *arguments = COMMANDS[name]
    command = [
        path.rpartition("/")[2],
        *("{port}" if a == "8000" else a for a in arguments),
    ]
    if command[1] == "run":
        command[2] = str(tmp_path / "main.py")
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with serving(command, tmp_path / "log", PYTHONPATH=paths, NO_COLOR="1") as server:
        assert response_of(server.port, VALID).status == 101
        broken = response_of(server.port, KEY_MALFORMED)
        assert response_of(server.port, PLAIN).status == 200
    assert (broken.status, broken.codes) == (400, ("key_malformed",))
    assert "handshake rejected: 400 key_malformed" in server.logged()


def test_the_command_of_fastapi_is_the_one_on_the_page() -> None:
    assert "$ fastapi run main.py\n" in PAGE["Start it"]


def test_the_image_installs_what_the_quick_start_installs() -> None:
    _, _, *wanted = shlex.split(_dockerfile()["RUN"])
    assert [part for part in wanted if part[0] != "-"] == [
        *("ws-handshake[uvicorn]", "fastapi")
    ]


def test_the_manifests_lead_from_the_ingress_to_the_container() -> None:
    deployment, service, ingress = _manifests().values()
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["selector"] == labels
    ((port,), (exposed,)) = service["spec"]["ports"], _container()["ports"]
    assert port["targetPort"] == exposed["containerPort"] == 8000
    (rule,) = ingress["spec"]["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    assert backend == {
        "name": service["metadata"]["name"],
        "port": {"number": port["port"]},
    }


def test_the_probe_is_not_on_a_websocket() -> None:
    asked = _container()["readinessProbe"]["httpGet"]
    assert asked == {"path": PLAIN.target.decode(), "port": 8000}
