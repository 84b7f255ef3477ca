"""Runs every scenario beside a Docker engine that has nothing yet; see ../run.sh."""

import sys
import time
import traceback

import images
import scenarios
from docker import Compose, Failed, docker

CLONE = "/srv/state/agora"

UNTOUCHED = [
    scenarios.starts_untouched,
    scenarios.is_confined,
    scenarios.serves_the_documented_flow,
    scenarios.has_sample_data,
    scenarios.old_scripts_find_the_services,
    scenarios.survives_crashes,
    scenarios.has_connections_to_spare,
    scenarios.is_verified,
    scenarios.keeps_its_data,
    scenarios.a_backup_is_restored,
    scenarios.another_password_is_explained,
    scenarios.bad_settings_are_refused,
    scenarios.one_container_is_enough,
    scenarios.dependencies_are_built_once,
    scenarios.old_compose_does_the_same,
]


def play(name, scenario, *arguments):
    """Runs a scenario and prints how long it took."""
    start = time.monotonic()
    print(f"  {name}", flush=True)
    scenario(*arguments)
    print(f"    ok, {time.monotonic() - start:.1f} s", flush=True)


def main():
    """Runs all; the first that fails ends the run."""
    only = sys.argv[1:]
    project = Compose(CLONE)
    try:
        play("the base images are made", images.prepare)
        for scenario in UNTOUCHED:
            if not only or scenario.__name__ in only:
                play(scenario.__name__.replace("_", " "), scenario, project)
    except Exception as problem:
        print(f"    FAILED: {problem}" if isinstance(problem, Failed) else traceback.format_exc())
        print(docker("ps", "--all"))
        for container in docker("ps", "--all", "--format", "{{.Names}}").split():
            print(f"--- {container}\n{docker('logs', '--tail=10', container)}")
        return 1
    print(f"  the image has {images.size_mb('agora')} MB")
    return 0


sys.exit(main())
