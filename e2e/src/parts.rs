//! A running shop whose processes can be killed and started again at the same addresses.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};
use testing::{Agora, Database};

/// The parts that can run alone and what they are called in each other's settings, in the order
/// of their starts.
const PARTS: [(&str, &str); 5] = [
    ("user", "AGORA_USER_URL"),
    ("product", "AGORA_PRODUCT_URL"),
    ("inventory", "AGORA_INVENTORY_URL"),
    ("order", "AGORA_ORDER_URL"),
    ("router", "AGORA_ROUTER_URL"),
];
/// Ports below those that the system gives to connections that go out.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// How a shop is spread over processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Everything in one process.
    Whole,
    /// Every part in a process of its own.
    Apart,
}

/// The processes of one shop.
#[derive(Debug)]
pub struct Parts {
    processes: Vec<(&'static str, Agora)>,
    url: String,
    variables: Vec<(&'static str, String)>,
}

impl Parts {
    /// Starts a shop on `database`, each process with these environment variables.
    pub async fn start(
        layout: Layout,
        database: &Database,
        environment: &[(&'static str, &str)],
    ) -> Self {
        let ports = PARTS.map(|(role, variable)| (role, variable, free_port()));
        let url = |port: u16| format!("http://127.0.0.1:{port}/graphql");
        let [.., (_, _, router)] = ports;
        let mut variables: Vec<_> =
            ports.iter().map(|(_, variable, port)| (*variable, url(*port))).collect();
        variables.extend(environment.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let mut parts = Self { processes: Vec::new(), url: url(router), variables };
        match layout {
            Layout::Whole => parts.add("all", database, Some(router)).await,
            Layout::Apart => {
                for (role, _, port) in ports {
                    parts.add(role, database, Some(port)).await;
                }
            }
        }
        parts
    }

    /// Starts one more part; without a port it takes any.
    pub async fn add(&mut self, role: &'static str, database: &Database, port: Option<u16>) {
        let mut options = Agora::options().database(database).argument("--role").argument(role);
        for (name, value) in &self.variables {
            options = options.variable(*name, value);
        }
        if let Some(port) = port {
            options = options.argument("--port").argument(port.to_string());
        }
        self.processes.push((role, options.start().await));
    }

    /// Where it takes GraphQL requests, always.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What runs; `all` is everything in one process.
    pub fn roles(&self) -> Vec<&'static str> {
        self.processes.iter().map(|(role, _)| *role).collect()
    }

    /// The process of this part.
    ///
    /// # Panics
    /// When there is none.
    pub fn part(&mut self, role: &str) -> &mut Agora {
        let found = self.processes.iter_mut().find(|(name, _)| *name == role);
        found.map(|(_, part)| part).unwrap_or_else(|| panic!("there is no part {role}"))
    }

    /// What every process has written so far.
    pub fn output(&self) -> String {
        let logs =
            self.processes.iter().map(|(role, part)| format!("=== {role}\n{}", part.output()));
        logs.collect()
    }
}

/// A port that is free now and stays so, because nothing picks ports of this range by itself.
pub fn free_port() -> u16 {
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
