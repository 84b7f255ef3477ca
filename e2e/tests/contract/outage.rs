//! What is answered while parts are down: each part is a process of its own here.

use super::report;
use e2e::parts::{Layout, Parts};
use e2e::replay::{Control, ControlStep, Services, parse, play};
use testing::Database;

const OUTAGE: &str = include_str!("../../contract/outage.json");

#[tokio::test]
async fn outages_are_answered_as_recorded_on_sqlite() {
    replay(&Database::sqlite()).await;
}

#[tokio::test]
async fn outages_are_answered_as_recorded_on_postgres() {
    if let Some(database) = Database::postgres() {
        replay(&database).await;
    }
}

async fn replay(database: &Database) {
    let mut parts = Parts::start(Layout::Apart, database, &[]).await;
    parts.add("rest", database, None).await;
    let base = SERVICES.map(|service| (service, parts.part("rest").rest_url(service).to_owned()));
    let mut apart = Apart { parts, base };
    let (passed, failures) = play(&parse(OUTAGE), &mut apart).await;
    report(passed, &failures, &apart.parts.output());
}

const SERVICES: [&str; 4] = ["user", "product", "inventory", "order"];

/// Every part in a process of its own, and where the REST interface of each service is.
struct Apart {
    parts: Parts,
    base: [(&'static str, String); 4],
}

impl Services for Apart {
    fn base(&self, service: &str) -> String {
        let found = self.base.iter().find(|(name, _)| *name == service);
        found.map(|(_, base)| base.clone()).unwrap_or_else(|| panic!("there is no {service}"))
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
                    self.parts.part(role).kill().await;
                }
                Control::Start => self.parts.part(role).restart().await,
            }
        }
    }
}
