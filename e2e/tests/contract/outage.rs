//! What is answered while parts are down: each part is a process of its own here.

use super::report;
use e2e::replay::{Control, ControlStep, Services, parse, play};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};
use testing::{Agora, Database};

const OUTAGE: &str = include_str!("../../contract/outage.json");
/// The parts and what they are called in each other's settings, in the order of their starts.
const PARTS: [(&str, &str); 5] = [
    ("user", "AGORA_USER_URL"),
    ("product", "AGORA_PRODUCT_URL"),
    ("inventory", "AGORA_INVENTORY_URL"),
    ("order", "AGORA_ORDER_URL"),
    ("router", "AGORA_ROUTER_URL"),
];
/// Ports below those that the system gives to connections that go out.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

#[tokio::test]
async fn outages_are_answered_as_recorded_on_sqlite() {
    replay(Apart::start(None).await).await;
}

#[tokio::test]
async fn outages_are_answered_as_recorded_on_postgres() {
    if let Some(database) = Database::postgres() {
        replay(Apart::start(Some(&database)).await).await;
    }
}

async fn replay(mut apart: Apart) {
    let (passed, failures) = play(&parse(OUTAGE), &mut apart).await;
    let logs = apart.parts.iter().map(|(role, part)| format!("=== {role}\n{}", part.output()));
    report(passed, &failures, &logs.collect::<String>());
}

/// Every part in a process of its own.
struct Apart {
    parts: BTreeMap<&'static str, Agora>,
}

impl Apart {
    async fn start(database: Option<&Database>) -> Self {
        let ports = PARTS.map(|(role, variable)| (role, variable, free_port()));
        let mut options = Agora::options();
        if let Some(database) = database {
            options = options.database(database);
        }
        for (_, variable, port) in ports {
            options = options.variable(variable, format!("http://127.0.0.1:{port}/graphql"));
        }
        let mut parts = BTreeMap::new();
        for (role, _, port) in ports {
            let options = options.clone().argument("--role").argument(role);
            let part = options.argument("--port").argument(port.to_string()).start().await;
            parts.insert(role, part);
        }
        parts.insert("rest", options.argument("--role").argument("rest").start().await);
        Self { parts }
    }

    fn part(&mut self, role: &str) -> &mut Agora {
        self.parts.get_mut(role).unwrap_or_else(|| panic!("there is no part {role}"))
    }
}

impl Services for Apart {
    fn base(&self, service: &str) -> String {
        self.parts["rest"].rest_url(service).to_owned()
    }

    async fn control(&mut self, step: &ControlStep) {
        // The first system's product service keeps the stock, too.
        let roles: &[&str] = match step.service.as_str() {
            "product" => &["product", "inventory"],
            other => &[other],
        };
        for role in roles {
            match step.control {
                Control::Stop => {
                    self.part(role).kill().await;
                }
                Control::Start => self.part(role).restart().await,
            }
        }
    }
}

/// A port that is free now and stays so, because nothing picks ports of this range by itself.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let length = PORTS.end - PORTS.start;
    // Elsewhere in every process, so that test programs that run side by side do not meet.
    let offset = u16::try_from(std::process::id() % u32::from(length)).unwrap_or_default();
    loop {
        let step = offset.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + step % length;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
