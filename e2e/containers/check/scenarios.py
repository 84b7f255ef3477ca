"""What must be true of the Compose file and of the image, one function per sentence."""

import http.client
import re
import socket
import time
import urllib.request
from datetime import datetime, timezone

import shop
from docker import (
    PARTS,
    SERVICES,
    Compose,
    check,
    docker,
    inspect,
    is_healthy,
    run,
    until,
)
from shop import GRAPH, INVENTORY, ORDER, REST_PORTS, USER, Load, post

# A busy machine with two cores and a program that is not optimised is slower than a user's.
HEALTHY_S = 45
BACK_S = 30
STOP_S = 10
UNITS = 100_000
MORE_ORDERS = 10


def report(text):
    """Prints a measurement or an observation."""
    print(f"    {text}", flush=True)


# --- the Compose file, untouched


def starts_untouched(project):
    """`up --build` on a clone with nothing prepared ends with every container healthy."""
    start = time.monotonic()
    project("up", "--build", "--detach")
    report(f"up --build took {time.monotonic() - start:.1f} s")
    first = min(project.inspect(service)["State"]["StartedAt"] for service in SERVICES)
    wait_until_served()
    report(f"serves {seconds_since(first):.1f} s after the first container started")
    project.wait_until_healthy(HEALTHY_S)
    report(f"all are healthy {seconds_since(first):.1f} s after the first container started")


def wait_until_served():
    """Waits until all that is published is ready."""

    def serves():
        try:
            return all(shop.send("GET", f"{url}/readiness")[0] == 200 for url in (GRAPH, ORDER))
        except (OSError, http.client.HTTPException):
            return False

    until(serves, "the shop serves", HEALTHY_S)


def seconds_since(moment):
    """How long ago a moment in the engine's notation was."""
    moment = datetime.fromisoformat(moment[:19] + "+00:00")
    return (datetime.now(timezone.utc) - moment).total_seconds()


def is_confined(project):
    """No container has more rights, volumes, ports or logs than it needs."""
    for service in SERVICES:
        it = project.inspect(service)
        host, config = it["HostConfig"], it["Config"]
        check(re.fullmatch(r"\d+:\d+", config["User"]), f"{service}: user {config['User']!r}")
        check(not config["User"].startswith("0:"), f"{service} runs as root")
        check(host["ReadonlyRootfs"], f"{service}: the root file system can be written")
        check(host["CapDrop"] == ["ALL"] and not host["CapAdd"], f"{service}: capabilities")
        check("no-new-privileges:true" in host["SecurityOpt"], f"{service}: new privileges")
        check(not host["Privileged"], f"{service} is privileged")
        check(host["RestartPolicy"]["Name"] == "unless-stopped", f"{service}: restart policy")
        log = host["LogConfig"]
        check({"max-size", "max-file"} <= set(log["Config"]), f"{service}: unbounded logs {log}")
        check(config.get("Healthcheck"), f"{service} has no health check")
        for bindings in (host["PortBindings"] or {}).values():
            addresses = {binding["HostIp"] for binding in bindings}
            check(addresses == {"127.0.0.1"}, f"{service} is published on {addresses}")
        if service != "postgres":
            variables = dict(line.split("=", 1) for line in config["Env"])
            check("AGORA_PRODUCTION" in variables, f"{service} is not told AGORA_PRODUCTION")
            check(not it["Mounts"], f"{service} has volumes: {it['Mounts']}")
            docker("exec", it["Id"], "sh", "-c", "! touch /file 2>/dev/null")
    volumes = docker("volume", "ls", "--quiet").split()
    check(volumes == [f"{project.project}_postgres"], f"the volumes are {volumes}")


def has_connections_to_spare(project):
    """PostgreSQL allows more connections than all parts together open."""
    query = "select current_setting('max_connections'), count(*) from pg_stat_activity"
    allowed, opened = map(int, ask_postgres(project, query).split("|"))
    report(f"{opened} of {allowed} connections are open")
    # 16 and one for migrations for each of four subgraphs.
    check(allowed >= 2 * 4 * 17, f"max_connections is {allowed}")


def ask_postgres(project, statement):
    """Runs a statement as the administrator."""
    options = ["--username=agora", "--tuples-only", "--no-align", f"--command={statement}"]
    return project("exec", "-T", "postgres", "psql", *options).strip()


def serves_the_documented_flow(_project=None):
    """The sample flow of the second documented system, from outside of the containers."""
    user = shop.new_user("flow")
    product = shop.new_product("Laptop", 10)
    order = post(f"{ORDER}/api/orders/", shop.order_of(user, product, 3))
    check(order["total_amount"] == "37.50", f"the total is {order['total_amount']}")
    check(shop.stock(product) == 7, f"after 3 of 10 there are {shop.stock(product)}")
    unknown = post(f"{ORDER}/api/orders/", shop.order_of(user, 999_999, 1), 400)
    check("999999" in unknown["error"], f"an unknown product: {unknown}")
    short = post(f"{ORDER}/api/orders/", shop.order_of(user, product, 8), 400)
    check(str(product) in short["error"], f"too little stock: {short}")
    check(shop.stock(product) == 7, "a refused order has changed the stock")
    check(shop.orders_of(user) == [order["id"]], "not exactly the order that was placed is there")


def has_sample_data(_project=None):
    """A developer's shop starts with the sample data, once the loader has caught up."""
    until(lambda: len(shop.get(f"{USER}/users/")) >= 2, "sample users", BACK_S)
    until(lambda: len(shop.get(f"{ORDER}/orders/")) >= 2, "sample orders", BACK_S)


def old_scripts_find_the_services(_project=None):
    """What polls /admin/ and follows redirects comes to a page, on the port that it asked."""
    for port in REST_PORTS:
        for host in ("127.0.0.1", "localhost"):
            with urllib.request.urlopen(f"http://{host}:{port}/admin/", timeout=5) as page:
                check(page.status == 200, f"/admin/ on {port}: {page.status}")
                check(page.url.startswith(f"http://{host}:{port}/"), f"/admin/ leads to {page.url}")
        for path in ("/health", "/readiness", "/swagger/"):
            shop.get(f"http://127.0.0.1:{port}{path}")
    for path in ("/health", "/readiness", "/graphiql"):
        shop.get(f"{GRAPH}{path}")


# --- crashes


def survives_crashes(project):
    """Each container is killed under load and is back; every acknowledged order is there once."""
    user, product = shop.new_user("load"), shop.new_product("Mug", UNITS)
    with Load(user, product) as load:
        load.wait_for_more(MORE_ORDERS, BACK_S)
        for service in ["postgres", *reversed(PARTS)]:
            placed, started_at = len(load.acknowledged), project.crash(service)
            back = until(
                lambda: project.has_restarted(service, started_at), f"{service} restarts", BACK_S
            )
            flowing = load.wait_for_more(MORE_ORDERS, BACK_S)
            report(
                f"{service} killed after {placed} orders: restarted after {back:.1f} s, "
                f"{MORE_ORDERS} further orders {flowing:.1f} s later"
            )
    if load.problem:
        raise load.problem
    wait_until_served()
    acknowledged, there = sorted(load.acknowledged), sorted(shop.orders_of(user))
    check(len(set(acknowledged)) == len(acknowledged), "two keys were answered with one order")
    missing, further = set(acknowledged) - set(there), set(there) - set(acknowledged)
    check(not missing, f"{len(missing)} acknowledged orders are gone")
    check(acknowledged == there, f"{len(further)} orders are there that nobody placed")
    # An abandoned attempt gives its units back within half a minute.
    until(
        lambda: shop.stock(product) == UNITS - len(there),
        f"{len(there)} orders of one unit are taken from {UNITS}",
        60,
    )
    report(f"{len(there)} orders, each there once, {load.retried} repetitions")


def is_verified(project):
    """`agora verify` finds nothing."""
    report(project("exec", "-T", "order", "agora", "verify").strip().splitlines()[-1])


# --- stopping and coming back


def stops_cleanly(project):
    """`stop` ends every part by itself with status 0, before the engine would kill it."""
    start = time.monotonic()
    project("stop")
    took = time.monotonic() - start
    for service in SERVICES:
        state = project.inspect(service)["State"]
        check(state["ExitCode"] == 0, f"{service} ended with status {state['ExitCode']}")
    report(f"stopped in {took:.1f} s")
    check(took < STOP_S, f"stopping took {took:.1f} s")


def keeps_its_data(project):
    """The shop of a `stop` and a `down` is there after the next `up`."""
    before = shop.get(f"{ORDER}/api/orders/"), shop.get(f"{INVENTORY}/api/inventory/")
    stops_cleanly(project)
    project("down")
    check(not docker("ps", "--all", "--quiet"), "`down` leaves containers")
    project("up", "--detach")
    wait_until_served()
    after = shop.get(f"{ORDER}/api/orders/"), shop.get(f"{INVENTORY}/api/inventory/")
    check(before == after, "the data has changed")


def a_backup_is_restored(project):
    """What pg_dump saves is a whole shop in another project, with .env.example and any password."""
    before = shop.get(f"{ORDER}/api/orders/")
    dump = project("exec", "-T", "postgres", "pg_dump", "--username=agora", "agora")
    leaves_nothing(project)
    # No character needs encoding by whoever chooses the password.
    password = "p@ss/w:rd#1 %41?&=é$x\"[]"
    other = another(project)
    with open(f"{project.folder}/.env.example", encoding="utf-8") as example:
        write_env(other, example.read().replace("'change-me'", f"'{password}'"))
    other("up", "--detach", "--wait", "postgres")
    psql = ["psql", "--username=agora", "--quiet", "--set=ON_ERROR_STOP=1", "agora"]
    other("exec", "-T", "postgres", *psql, given=dump)
    other("up", "--detach")
    variables = other.inspect("user")["Config"]["Env"]
    check(f"AGORA_DATABASE_PASSWORD={password}" in variables, f"{variables}")
    wait_until_served()
    check(shop.get(f"{ORDER}/api/orders/") == before, "the orders have changed")
    status, _ = shop.send("GET", f"{GRAPH}/graphiql")
    check(status == 404, f"in production, GraphiQL is answered {status}")
    is_verified(other)


def another_password_is_explained(project):
    """Another password than the volume's is refused in a line, and the documented remedy works."""
    other = another(project)
    write_env(other, "POSTGRES_PASSWORD=another-one\n")
    other("up", "--detach", "user")

    def refusals():
        lines = other("logs", "--no-color", "user").splitlines()
        return [line for line in lines if "password authentication failed" in line]

    until(refusals, "user says that the password is wrong", BACK_S)
    report(refusals()[-1])
    check(not is_healthy(other.container("user")), "user is healthy with a wrong password")
    ask_postgres(other, "alter user agora password 'another-one'")
    other.wait_until_healthy(HEALTHY_S, ["user"])
    leaves_nothing(other)
    write_env(other, None)


def another(project):
    """The same folder under another project's name."""
    return Compose(project.folder, project="another")


def leaves_nothing(project):
    """`down --volumes` leaves no container, volume or network."""
    project("down", "--volumes")
    check(not docker("ps", "--all", "--quiet"), "containers are left")
    check(not docker("volume", "ls", "--quiet"), "volumes are left")
    networks = set(docker("network", "ls", "--format", "{{.Name}}").split())
    check(networks == {"bridge", "host", "none"}, f"networks are left: {networks}")


def write_env(project, text):
    """Writes .env, or removes it."""
    path = f"{project.folder}/.env"
    if text is None:
        run("rm", "-f", path)
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# --- bad input


def refused_line(output):
    """The one line of ours in what a container printed."""
    lines = [line for line in output.splitlines() if line.startswith("agora: ")]
    check(len(lines) == 1, f"not one line:\n{output}")
    return lines[0]


def bad_settings_are_refused(project):
    """What .env must not say is refused in one line that names the flag, with status 1."""
    cases = [
        ("POSTGRES_PASSWORD=\n", "--database-password"),
        ("AGORA_PEER_SECRET=\n", "--peer-secret"),
        ("AGORA_PEER_SECRET=' white space '\n", "--peer-secret"),
    ]
    for text, flag in cases:
        write_env(project, text)
        output = project("run", "--rm", "--no-deps", "-T", "order", status=1)
        line = refused_line(output)
        check(flag in line, f"{text!r} is refused without naming {flag}: {line}")
        report(line)
    write_env(project, None)
    line = refused_line(docker("run", "--rm", "--env", "AGORA_ROLE=shop", "agora", status=1))
    check("shop" in line, f"an unknown role: {line}")
    report(line)
    docker("volume", "create", "of-root")
    of_root = ["run", "--rm", "--volume", "of-root:/srv", "--env", "AGORA_DATA_DIR=/srv", "agora"]
    line = refused_line(docker(*of_root, status=1))
    check("/srv" in line, f"a directory of root: {line}")
    report(line)
    docker("volume", "rm", "of-root")


# --- one container with a volume


def one_container_is_enough(_project=None):
    """`docker run` with a volume is a whole shop, whose data outlives the container."""
    run_single()
    until(lambda: is_healthy("single"), "the single container is healthy", HEALTHY_S)
    serves_the_documented_flow()
    before = shop.get(f"{ORDER}/orders/")
    hung = hang()
    stop_single()
    hung.close()
    files = single_files()
    check("order.db" in files, f"the data is {files}")
    check(not [name for name in files if name.endswith("-wal")], f"the data is {files}")
    run_single()
    wait_until_served()
    check(shop.get(f"{ORDER}/orders/") == before, "the orders have changed")
    docker("exec", "single", "agora", "verify")
    stop_single()
    docker("volume", "rm", "agora")


def run_single():
    """Runs the container as docs/containers.md does."""
    docker(
        *["run", "--detach", "--name", "single", "--volume", "agora:/data"],
        *["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"],
        *["--security-opt", "no-new-privileges"],
        *["--publish", "127.0.0.1:4000:4000", "--publish", "127.0.0.1:8000-8003:8000-8003"],
        "agora",
    )


def stop_single():
    """Stops and removes it; fails unless it ended by itself."""
    start = time.monotonic()
    docker("stop", "single")
    report(f"stopped in {time.monotonic() - start:.1f} s")
    status = inspect("single")["State"]["ExitCode"]
    check(status == 0, f"the single container ended with status {status}")
    docker("rm", "single")


def single_files():
    """The names of what is in the volume."""
    listing = ["--volume", "agora:/data:ro", "--entrypoint", "ls", "agora", "-A", "/data"]
    return docker("run", "--rm", *listing).split()


def hang():
    """Begins a request whose body never ends."""
    connection = socket.create_connection(("127.0.0.1", 8003))
    head = "POST /orders/ HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    connection.sendall(f"{head}content-length: 1000\r\n\r\n{{".encode())
    return connection


# --- building


def dependencies_are_built_once(project):
    """A change of a source builds the shop again and not its dependencies."""
    with open(f"{project.folder}/crates/commerce/src/money.rs", "a", encoding="utf-8") as source:
        source.write("// Changed.\n")
    output = project("--progress=plain", "build")
    cached = {step for step in re.findall(r"^(#\d+) CACHED", output, re.M)}
    steps = dict(re.findall(r"^(#\d+) \[.* build \d+/\d+\] (.*)$", output, re.M))
    of_dependencies = [step for step, text in steps.items() if text.startswith("RUN cargo build")]
    check(len(of_dependencies) == 1, f"no step for the dependencies:\n{output}")
    check(of_dependencies[0] in cached, f"the dependencies were built again:\n{output}")
    check("built the shop" in output, f"the shop was not built again:\n{output}")


# --- the old client


def old_compose_does_the_same(project):
    """docker-compose 1.29 builds without BuildKit, starts and stops the same file."""
    root = "/srv/compose-1.29"
    run("mkdir", root)
    run("mount", "--bind", "/srv/roots/compose-1.29", root)
    for folder in ("dev", "proc", "run", "srv/state", "tmp"):
        run("mount", "--bind", f"/{folder}", f"{root}/{folder}")
    environment = [f"--chdir={project.folder}", "DOCKER_BUILDKIT=0"]
    old = Compose(project.folder, "chroot", root, "env", *environment, "docker-compose")
    report(old("version", "--short").strip())
    starts_untouched(old)
    is_confined(old)
    serves_the_documented_flow(old)
    stops_cleanly(old)
    leaves_nothing(old)
