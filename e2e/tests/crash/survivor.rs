//! A shop that dies and comes back.

use crate::scenarios::{Operation, STOCK, Scenario};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;
use testing::{Agora, Database};
use tokio::time::{sleep, timeout};

/// How long anything may take: on PostgreSQL an attempt that died is given up after twenty seconds.
pub(crate) const DEADLINE: Duration = Duration::from_secs(90);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);
const SIGKILL: i32 = 9;
/// After these an operation is tried again.
const TRANSIENT: [&str; 3] = ["UNAVAILABLE", "SUBGRAPH_UNAVAILABLE", "QUERY_PLAN_BUILD_FAILED"];

const CREATE_USER: &str = "mutation ($input: CreateUserInput!) { createUser(input: $input) {
    user { id } userErrors { code } } }";
const CREATE_PRODUCT: &str = "mutation ($input: CreateProductInput!) {
    createProduct(input: $input) { product { id } userErrors { code } } }";
const SET_STOCK: &str = "mutation ($input: SetStockInput!) { setStock(input: $input) {
    stockItem { id } userErrors { code } } }";
const STATE: &str = "{ orders { nodes { status } } stockItems { nodes { onHand reserved } } }";

pub(crate) struct Survivor {
    scenario: &'static Scenario,
    agora: Agora,
    /// Where it dies, and how often it still does.
    point: String,
    deaths_left: usize,
    deaths: usize,
}

impl Survivor {
    /// A shop with a user, a product, and what the scenario begins with.
    pub(crate) async fn prepare(scenario: &'static Scenario, database: &Database) -> Self {
        let agora = Agora::options().database(database).start().await;
        let user = json!({ "username": "ann", "password": "password123" });
        let product = json!({ "name": "Mug", "description": "d", "price": "5.00" });
        let stock = json!({ "productId": "1", "onHand": STOCK });
        let (point, deaths_left, deaths) = (String::new(), 0, 0);
        let mut survivor = Self { scenario, agora, point, deaths_left, deaths };
        for (operation, input) in
            [(CREATE_USER, user), (CREATE_PRODUCT, product), (SET_STOCK, stock)]
        {
            survivor.settle(&(operation, json!({ "input": input }))).await;
        }
        for operation in (scenario.before)() {
            survivor.settle(&operation).await;
        }
        if let (Some(point), Some((text, variables))) = (scenario.died_at, (scenario.act)()) {
            survivor.restart(&[("AGORA_CRASH_AT", point)]).await;
            let died = survivor.agora.try_graphql(text, variables).await;
            assert!(died.is_err(), "{}: {died:?}", scenario.name);
            survivor.has_died().await;
        }
        survivor
    }

    /// The points that it comes to while it acts.
    pub(crate) async fn trace(&mut self) -> BTreeSet<String> {
        let file = self.agora.data_dir().with_file_name("points");
        let path = file.to_string_lossy().into_owned();
        let calls = self.scenario.calls;
        self.restart(&[("AGORA_POINTS_FILE", &path), ("FAILPOINTS", calls)]).await;
        self.act().await;
        self.settled().await;
        let points = fs::read_to_string(&file).unwrap_or_default();
        points.lines().map(str::to_owned).collect()
    }

    /// From now on it dies at `point`, so many times.
    pub(crate) async fn arm(&mut self, point: &str, times: usize) {
        point.clone_into(&mut self.point);
        (self.deaths, self.deaths_left) = (0, times);
        self.come_back(self.scenario.calls).await;
    }

    /// Does what the scenario is about, again and again until there is an answer that stays.
    pub(crate) async fn act(&mut self) {
        let Some(operation) = (self.scenario.act)() else { return };
        let payload = self.settle(&operation).await;
        let code = payload["userErrors"][0]["code"].as_str();
        let (always, when_doubtful) = self.scenario.refusals;
        let right = match code {
            None => always.is_empty(),
            Some(code) => {
                always.contains(&code) || (self.deaths > 0 && when_doubtful.contains(&code))
            }
        };
        assert!(right, "{self}: {payload}");
    }

    /// Everything is as it must be, and it did die where it was to.
    pub(crate) async fn finish(mut self) {
        self.settled().await;
        assert!(self.point.is_empty() || self.deaths > 0, "{self}: it did not die there");
        let verified = self.agora.run(&["verify"]).await;
        let text = String::from_utf8_lossy(&verified.stdout);
        assert!(verified.status.success(), "{self}: {text}");
    }

    async fn settled(&mut self) {
        let (scenario, expected) = (self.scenario, self.expected());
        let mut last = Value::Null;
        let settled = timeout(DEADLINE, async {
            while last != expected || (self.deaths == 0 && self.deaths_left > 0) {
                sleep(PAUSE).await;
                last = self.ask(&(STATE, json!({}))).await;
            }
        });
        let settled = settled.await;
        assert!(settled.is_ok(), "{}: {last:#} is not {expected:#}\n{self}", scenario.name);
    }

    fn expected(&self) -> Value {
        let item = |(on_hand, reserved)| json!({ "onHand": on_hand, "reserved": reserved });
        let stock: Vec<Value> = self.scenario.stock.map(item).into_iter().collect();
        let orders = self.scenario.order.map(|status| json!({ "status": status }));
        let orders: Vec<Value> = orders.into_iter().collect();
        json!({ "orders": { "nodes": orders }, "stockItems": { "nodes": stock } })
    }

    /// The payload of a mutation, once it is not to be tried again.
    async fn settle(&mut self, operation: &Operation) -> Value {
        loop {
            let data = self.ask(operation).await;
            let payload = data.as_object().and_then(|data| data.values().next()).cloned();
            let payload = payload.unwrap_or_else(|| panic!("{self}: no payload in {data}"));
            if payload["userErrors"][0]["code"] != "CONFLICT" {
                return payload;
            }
            sleep(PAUSE).await;
        }
    }

    /// The data of an answer, brought back to life as often as it takes.
    async fn ask(&mut self, (text, variables): &Operation) -> Value {
        loop {
            match self.agora.try_graphql(text, variables.clone()).await {
                Err(_) => {
                    self.has_died().await;
                    self.come_back("call=off").await;
                }
                Ok(mut answer) if answer["errors"].is_null() => return answer["data"].take(),
                Ok(answer) => {
                    let code = &answer["errors"][0]["extensions"]["code"];
                    let transient = code.as_str().is_some_and(|code| TRANSIENT.contains(&code));
                    assert!(transient, "{self}: {answer:#}");
                }
            }
        }
    }

    async fn has_died(&mut self) {
        let status = self.agora.ended().await;
        assert_eq!(status.signal(), Some(SIGKILL), "{self}: {status}");
        self.deaths += 1;
        self.deaths_left = self.deaths_left.saturating_sub(1);
    }

    /// Starts it again, armed as long as it has to die; it may do so before it is ready.
    async fn come_back(&mut self, calls: &str) {
        let point = self.point.clone();
        while self.deaths_left > 0 {
            let armed = [("AGORA_CRASH_AT", point.as_str()), ("FAILPOINTS", calls)];
            match self.agora.try_restart_with(&armed).await {
                Ok(()) => return,
                Err(died) => {
                    let signal = died.status.and_then(|status| status.signal());
                    assert_eq!(signal, Some(SIGKILL), "{self}: {died}");
                    self.deaths += 1;
                    self.deaths_left -= 1;
                }
            }
        }
        self.restart(&[]).await;
    }

    async fn restart(&mut self, variables: &[(&str, &str)]) {
        let started = self.agora.try_restart_with(variables).await;
        started.unwrap_or_else(|error| panic!("{}: {error}", self.scenario.name));
    }
}

impl std::fmt::Display for Survivor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, point) = (self.scenario.name, &self.point);
        write!(f, "{name}, dead {} times at {point:?}\n{}", self.deaths, self.agora.output())
    }
}
