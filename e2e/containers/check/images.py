"""Makes the images that the Dockerfile and the Compose file name: nothing is pulled."""

import shutil
from concurrent.futures import ThreadPoolExecutor

from docker import docker

ROOTS = "/srv/roots"
IMAGES = "/srv/containers/images"
STATE = "/srv/state"


def prepare():
    """Makes all base images; the program under test is in the one that compiles."""
    docker("import", f"{ROOTS}/base.tar", "debian:bookworm-slim")
    rust = {
        "agora": f"{STATE}/agora-under-test",
        "certificates": f"{ROOTS}/base.tar.certificates",
    }
    postgres = {"postgres.tar": f"{ROOTS}/postgres.tar"}
    with ThreadPoolExecutor() as pool:
        builds = [
            pool.submit(build, "rust", "rust:1.95-slim-bookworm", rust),
            pool.submit(build, "postgres", "postgres:17-bookworm", postgres),
        ]
        for done in builds:
            done.result()


def build(folder, tag, files):
    """Builds an image from its folder and large files from elsewhere."""
    context = f"{STATE}/images/{folder}"
    shutil.copytree(f"{IMAGES}/{folder}", context)
    for name, source in files.items():
        shutil.copy(source, f"{context}/{name}")
    # Without BuildKit or with it, whatever the engine has.
    docker("build", "--quiet", "--tag", tag, context)
    shutil.rmtree(context)


def size_mb(tag):
    """The size of an image."""
    return int(docker("image", "inspect", "--format", "{{.Size}}", tag)) // 1_000_000
