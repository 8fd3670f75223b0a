"""What deploy/ says agrees with the program it starts. No container is built here."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
OURS = [name for name, service in COMPOSE["services"].items() if service["image"] == "piaobot"]
COMMANDS = set(get_command(app).commands)
VARIABLES = {f"PIAOBOT_{name.upper()}" for name in Settings.model_fields}
ONLY_FOR_THE_SANDBOX = {"fonts-arphic-uming"}
ONLY_FOR_A_CHECKOUT = {"python3-venv"}


def instructions():
    """The Dockerfile's instructions, each as (word, rest), lines joined."""
    joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def rest_of(word):
    return [rest for each, rest in instructions() if each == word]


def test_the_image_has_the_packages_that_bootstrap_installs():
    bootstrap = (ROOT / "script" / "bootstrap").read_text(encoding="utf-8").partition("= --tests ]; then")[0]
    wanted = {
        word
        for line in re.findall(r"wanted\+=\(([^)]*)\)|^want \S+ (.+)$", bootstrap, re.MULTILINE)
        for word in " ".join(line).split()
    }
    installed = set(re.search(r"apt-get install -y --no-install-recommends ([^&]+)", rest_of("RUN")[0])[1].split())
    assert {
        word for word in wanted if not word.startswith(("$", '"'))
    } - installed == ONLY_FOR_THE_SANDBOX | ONLY_FOR_A_CHECKOUT
    assert installed <= wanted


def test_the_image_installs_the_lock_with_hashes_on_a_python_the_project_runs_on():
    (base,) = rest_of("FROM")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = re.match(r"python:(\d+\.\d+)-", base)[1]
    assert project["requires-python"] == f">={version}"
    (install,) = [rest for rest in rest_of("RUN") if rest.startswith("pip")]
    assert {"--no-deps", "--require-hashes", "requirements.lock"} <= set(install.split())


def test_everything_copied_exists_and_is_let_through():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {rest.split()[0] for rest in rest_of("COPY")}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


def test_what_is_copied_is_enough_to_run(tmp_path):
    """The command line, migrations, the sample and what reads files, from those files alone."""
    for rest in rest_of("COPY"):
        source, target = rest.split()
        if target != "/config":
            target = tmp_path / source
            (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, target)
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIAOBOT_DATA_DIR": str(tmp_path / "data"),
        "PIAOBOT_CONFIG_DIR": str(ROOT / "config"),
    }
    reads = "import integrations.reading.examine, bot.wiring as wiring; assert (wiring.ROOT / 'bot/practice/sample.pdf').exists()"
    for words in (["-m", "bot", "migrate"], ["-m", "bot", "audit", "verify"], ["-c", reads]):
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr[-2000:])


def test_the_image_does_not_run_as_root_and_watches_itself():
    words = [word for word, _ in instructions()]
    assert rest_of("USER") == ["piaobot"]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "/healthz" in rest_of("HEALTHCHECK")[0]
    assert rest_of("ENTRYPOINT") == ['["python", "-m", "bot"]']
    (health,) = re.findall(r'"-c", "(.+)"\]', rest_of("HEALTHCHECK")[0])
    compile(health, "HEALTHCHECK", "exec")


def test_only_settings_of_ours_are_set():
    units = "".join(unit.read_text(encoding="utf-8") for unit in UNITS)
    compose = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(PIAOBOT_[A-Z_]+)\s*[=:]", DOCKERFILE + units + compose))
    assert named <= VARIABLES
    assert {"PIAOBOT_DATA_DIR", "PIAOBOT_CONFIG_DIR"} <= named


def test_compose_starts_commands_that_exist_after_the_tables_do():
    services = COMPOSE["services"]
    assert set(OURS) == {"migrate", "web", "worker"}
    assert services["migrate"]["command"] == ["migrate"]
    assert services["web"]["command"] == ["web"]
    assert services["worker"]["entrypoint"][-1].endswith("python -m bot worker")
    assert {"migrate", "web", "worker"} <= COMMANDS
    for name in ("web", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in OURS:
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert "data:/data" in services[name]["volumes"]
    assert services["web"]["ports"] == ["127.0.0.1:8500:8500"]
    used = {volume.partition(":")[0] for service in services.values() for volume in service["volumes"]} - {"../config"}
    assert used == set(COMPOSE["volumes"])


@pytest.mark.skipif(shutil.which("docker") is None, reason="docker is not installed: compose.yaml NOT checked by it")
def test_compose_reads_it(tmp_path):
    """Compose's own schema and interpolation; that needs no engine."""
    copy = tmp_path / "deploy"
    shutil.copytree(DEPLOY, copy)
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-x\nPOSTGRES_PASSWORD=abc\n")
    command = ["docker", "compose", "--env-file", str(tmp_path / ".env"), "-f", str(copy / "compose.yaml"), "config"]
    if subprocess.run([*command[:2], "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed: compose.yaml NOT checked by it")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)
    environment = read["services"]["worker"]["environment"]
    assert environment["PIAOBOT_DATABASE_URL"] == "postgresql://piaobot:abc@database/piaobot"
    assert environment["SLACK_BOT_TOKEN"] == "xoxb-x"
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-x\n")
    assert "set it in .env" in subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_exists_as_a_user_of_its_own(unit):
    text = unit.read_text(encoding="utf-8")
    started = re.findall(r"/opt/piaobot/\.venv/bin/python -m bot (\w+)", text)
    assert started
    assert set(started) <= COMMANDS
    assert "User=piaobot" in text
    assert "NoNewPrivileges=yes" in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed: units NOT verified")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_the_unit(unit, tmp_path):
    for each in UNITS:
        text = each.read_text(encoding="utf-8")
        (tmp_path / each.name).write_text(text.replace("/opt/piaobot/.venv/bin/python", sys.executable))
    name = unit.name.replace("@.", "@1.")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "piaobot" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr
