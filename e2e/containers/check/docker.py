"""The Docker engine and Compose, as somebody uses them at a shell."""

import json
import os
import signal
import subprocess
import time

COMMAND_TIMEOUT_S = 240
POLL_S = 0.1

PARTS = ["user", "product", "inventory", "order", "router", "rest"]
SERVICES = ["postgres", *PARTS]


class Failed(Exception):
    """Something is not as it must be."""


def check(condition, message):
    """Fails with a message unless a condition holds."""
    if not condition:
        raise Failed(message)


def run(*command, status=0, env=None, cwd=None, given=""):
    """Runs a command and returns what it printed; fails unless it ends with the expected status."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=COMMAND_TIMEOUT_S,
    )
    check(
        done.returncode == status,
        f"{' '.join(command)} ended with status {done.returncode}, not {status}:\n{done.stdout}",
    )
    return done.stdout


def docker(*arguments, **options):
    """Runs docker."""
    return run("docker", *arguments, **options)


def inspect(container):
    """What the engine knows of a container."""
    return json.loads(docker("inspect", container))[0]


def until(condition, what, seconds):
    """Waits for a condition; returns how long that took."""
    start = time.monotonic()
    while not condition():
        check(time.monotonic() - start < seconds, f"{what}: not within {seconds} s")
        time.sleep(POLL_S)
    return time.monotonic() - start


def is_healthy(container):
    """Whether a container runs and its health check is content."""
    state = inspect(container)["State"]
    return state["Status"] == "running" and state["Health"]["Status"] == "healthy"


class Compose:
    """A Compose project in a folder."""

    def __init__(self, folder, *command, project=None):
        self.folder = folder
        self.command = command or ("docker", "compose")
        self.project = project or os.path.basename(folder)

    def __call__(self, *arguments, **options):
        env = {"COMPOSE_PROJECT_NAME": self.project} | options.pop("env", {})
        return run(*self.command, *arguments, cwd=self.folder, env=env, **options)

    def container(self, service):
        """The id of a service's container."""
        found = docker(
            *["ps", "--all", "--quiet", "--no-trunc"],
            *["--filter", f"label=com.docker.compose.project={self.project}"],
            *["--filter", f"label=com.docker.compose.service={service}"],
            *["--filter", "label=com.docker.compose.oneoff=False"],
        ).split()
        check(len(found) == 1, f"{service} has {len(found)} containers")
        return found[0]

    def inspect(self, service):
        """What the engine knows of a service's container."""
        return inspect(self.container(service))

    def wait_until_healthy(self, seconds, services=None):
        """Waits for all services; returns how long that took."""
        waiting = {service: self.container(service) for service in services or SERVICES}

        def all_healthy():
            for service, container in list(waiting.items()):
                if is_healthy(container):
                    del waiting[service]
            return not waiting

        start = time.monotonic()
        while not all_healthy():
            check(
                time.monotonic() - start < seconds,
                f"after {seconds} s these are not healthy: {', '.join(waiting)}",
            )
            time.sleep(POLL_S)
        return time.monotonic() - start

    def crash(self, service):
        """Kills a service's process; the engine is not asked, so it restarts the container."""
        state = self.inspect(service)["State"]
        check(state["Running"], f"{service} does not run")
        os.kill(state["Pid"], signal.SIGKILL)
        return state["StartedAt"]

    def has_restarted(self, service, started_at):
        """Whether a service runs again."""
        state = self.inspect(service)["State"]
        return state["Running"] and state["StartedAt"] != started_at
