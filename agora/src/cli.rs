//! The command line. Every flag has an environment variable and a default that works.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::IpAddr;
use std::path::PathBuf;
use url::Url;

/// An online shop's backend as one federated GraphQL graph. Without a command it serves.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serves the shop, or one part of it
    Serve(Box<Serve>),
    /// Writes schema/ from the code and supergraph.yaml
    Compose(Compose),
    /// Prints how the router would execute a query
    Plan(Plan),
    /// Checks that stock, orders and money are right, beside a running shop or without one
    Verify(Verify),
    /// Loads the sample data into a running shop, or fills a stopped shop with any number of rows
    SampleData(Box<SampleData>),
    /// Walks the flow of an order on a running shop and prints each step
    Demo(Target),
    /// Exits with status 0 if a part is ready, otherwise with 1; for health checks
    Ready(Ready),
}

/// What to serve, where, and from which data.
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) storage: Storage,
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// Load the sample data if the shop is empty, which is what the first start does anyway
    #[arg(long, env = "AGORA_SAMPLE_DATA", overrides_with = "no_sample_data")]
    pub(crate) sample_data: bool,
    /// Do not load the sample data at the first start
    #[arg(long, env = "AGORA_NO_SAMPLE_DATA")]
    pub(crate) no_sample_data: bool,
    /// A file to write, as JSON, where everything is, once it is ready
    #[arg(long, env = "AGORA_READY_FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    /// No introspection, no GraphiQL, no sample data
    #[arg(long, env = "AGORA_PRODUCTION")]
    pub(crate) production: bool,
    /// What to log, as in RUST_LOG; warnings when left out
    #[arg(long, env = "AGORA_LOG")]
    pub(crate) log: Option<String>,
    /// How many seconds a start waits for PostgreSQL, and the sample data for the subgraphs
    #[arg(
        long,
        env = "AGORA_START_TIMEOUT",
        default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(0..=86_400),
        value_name = "SECONDS"
    )]
    pub(crate) start_timeout: u64,
    /// A secret that parts running apart show each other
    #[arg(long, env = "AGORA_PEER_SECRET", hide_env_values = true)]
    pub(crate) peer_secret: Option<String>,
    #[command(flatten)]
    pub(crate) edge: Edge,
    #[command(flatten)]
    pub(crate) peers: PeerUrls,
}

/// What a part is and where it listens.
#[derive(Args)]
pub(crate) struct Listen {
    /// The address to listen on
    #[arg(long, env = "AGORA_HOST", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// The port to listen on; 0 takes a free one [default: 4000 for the router, 4001 to 4004 for user, product, inventory and order]
    #[arg(long, env = "AGORA_PORT")]
    pub(crate) port: Option<u16>,
    /// The ports of the REST interface: user, product, inventory, order; 0 takes a free one
    #[arg(
        long,
        env = "AGORA_REST_PORTS",
        value_delimiter = ',',
        num_args = 1,
        default_value = "8000,8001,8002,8003",
        value_name = "PORT,PORT,PORT,PORT"
    )]
    pub(crate) rest_ports: Vec<u16>,
    /// The part to serve
    #[arg(long, env = "AGORA_ROLE", value_enum, default_value_t = Role::All)]
    pub(crate) role: Role,
}

/// Which clients the router serves.
#[derive(Args)]
#[command(next_help_heading = "Which clients the router serves")]
pub(crate) struct Edge {
    /// An origin of web pages that may send requests, such as https://shop.example; repeatable, separated by commas in the variable. Without --production, pages of this machine may always
    #[arg(
        long = "cors-origin",
        env = "AGORA_CORS_ORIGIN",
        value_delimiter = ',',
        value_parser = router::check_origin,
        value_name = "ORIGIN"
    )]
    pub(crate) cors_origins: Vec<String>,
    /// A manifest of operations that clients may name by an id: of graphql-codegen, Relay or Apollo
    #[arg(long, env = "AGORA_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub(crate) trusted_documents: Option<PathBuf>,
    /// Execute only operations of the manifest
    #[arg(long, env = "AGORA_TRUSTED_DOCUMENTS_ONLY", requires = "trusted_documents")]
    pub(crate) trusted_documents_only: bool,
}

/// Where the data is.
#[derive(Args)]
pub(crate) struct Storage {
    /// The directory of the SQLite databases
    #[arg(long, env = "AGORA_DATA_DIR", default_value = "./data")]
    pub(crate) data_dir: PathBuf,
    /// sqlite:DIRECTORY or postgres://…; SQLite in --data-dir when left out
    #[arg(long, env = "AGORA_DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// The password for database URLs that hold none; any characters, nothing is escaped
    #[arg(long, env = "AGORA_DATABASE_PASSWORD", hide_env_values = true)]
    pub(crate) database_password: Option<String>,
    #[command(flatten)]
    pub(crate) databases: Databases,
}

/// A database elsewhere for one subgraph.
#[derive(Args)]
#[command(next_help_heading = "A database elsewhere for one subgraph")]
pub(crate) struct Databases {
    /// As --database-url, for the user subgraph only
    #[arg(long, env = "AGORA_USER_DATABASE_URL", hide_env_values = true)]
    pub(crate) user_database_url: Option<String>,
    /// As --database-url, for the product subgraph only
    #[arg(long, env = "AGORA_PRODUCT_DATABASE_URL", hide_env_values = true)]
    pub(crate) product_database_url: Option<String>,
    /// As --database-url, for the inventory subgraph only
    #[arg(long, env = "AGORA_INVENTORY_DATABASE_URL", hide_env_values = true)]
    pub(crate) inventory_database_url: Option<String>,
    /// As --database-url, for the order subgraph only
    #[arg(long, env = "AGORA_ORDER_DATABASE_URL", hide_env_values = true)]
    pub(crate) order_database_url: Option<String>,
}

/// Where the peers of a part that runs alone are.
#[derive(Args)]
#[command(next_help_heading = "Where the peers of a part that runs alone are")]
pub(crate) struct PeerUrls {
    /// The user subgraph's endpoint
    #[arg(long, env = "AGORA_USER_URL", default_value = "http://127.0.0.1:4001/graphql")]
    pub(crate) user_url: Url,
    /// The product subgraph's endpoint
    #[arg(long, env = "AGORA_PRODUCT_URL", default_value = "http://127.0.0.1:4002/graphql")]
    pub(crate) product_url: Url,
    /// The inventory subgraph's endpoint
    #[arg(long, env = "AGORA_INVENTORY_URL", default_value = "http://127.0.0.1:4003/graphql")]
    pub(crate) inventory_url: Url,
    /// The order subgraph's endpoint
    #[arg(long, env = "AGORA_ORDER_URL", default_value = "http://127.0.0.1:4004/graphql")]
    pub(crate) order_url: Url,
    /// The router's endpoint, for the REST interface
    #[arg(long, env = "AGORA_ROUTER_URL", default_value = "http://127.0.0.1:4000/graphql")]
    pub(crate) router_url: Url,
}

/// A part of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Everything in this process
    All,
    /// The public endpoint alone
    Router,
    /// The REST interface alone
    Rest,
    /// The user subgraph alone
    User,
    /// The product subgraph alone
    Product,
    /// The inventory subgraph alone
    Inventory,
    /// The order subgraph alone
    Order,
}

impl Listen {
    /// The port, or the role's own when none is given.
    pub(crate) fn port(&self) -> u16 {
        self.port.unwrap_or(self.role.default_port())
    }
}

impl Role {
    /// The port when none is given.
    pub(crate) const fn default_port(self) -> u16 {
        match self {
            Self::All | Self::Router | Self::Rest => 4000,
            Self::User => 4001,
            Self::Product => 4002,
            Self::Inventory => 4003,
            Self::Order => 4004,
        }
    }
}

/// Where the project is, and whether to write.
#[derive(Args)]
pub(crate) struct Compose {
    /// Write nothing; fail when a file is stale, or a change breaks clients
    #[arg(long)]
    pub(crate) check: bool,
    /// The project's directory
    #[arg(long, default_value = ".")]
    pub(crate) root: PathBuf,
    /// The git revision whose API clients rely on
    #[arg(long, env = "AGORA_API_BASE")]
    pub(crate) base: Option<String>,
}

/// What to plan.
#[derive(Args)]
pub(crate) struct Plan {
    /// The operation's text; - reads it from standard input
    pub(crate) operation: String,
}

/// Which data to check, and whether to mend it.
#[derive(Args)]
pub(crate) struct Verify {
    /// Rebuild counters from the ledger and record missing effects; no order is deleted
    #[arg(long)]
    pub(crate) repair: bool,
    #[command(flatten)]
    pub(crate) storage: Storage,
}

/// A running shop.
#[derive(Args)]
pub(crate) struct Target {
    /// Its GraphQL endpoint
    #[arg(long, env = "AGORA_ROUTER_URL", default_value = "http://127.0.0.1:4000/graphql")]
    pub(crate) url: Url,
}

/// Which sample data to load, and where.
#[derive(Args)]
pub(crate) struct SampleData {
    /// Without the flags below: the running shop that gets the two users, three categories, five products and two orders
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) amounts: Amounts,
    #[command(flatten)]
    pub(crate) storage: Storage,
}

/// How much to add to the databases of a stopped shop.
#[derive(Args)]
#[command(next_help_heading = "How much to add to the databases of a stopped shop")]
pub(crate) struct Amounts {
    /// The number of products to add, each with stock
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=100_000_000))]
    pub(crate) products: Option<u32>,
    /// The number of users to add
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=100_000_000))]
    pub(crate) users: Option<u32>,
    /// The number of orders to add; they are placed by the users and for the products that are added
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=100_000_000))]
    pub(crate) orders: Option<u32>,
    /// Chooses the data: the same seed adds the same data to an empty shop
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Amounts {
    /// Whether any amount is given.
    pub(crate) fn any(&self) -> bool {
        self.products.or(self.users).or(self.orders).is_some()
    }
}

/// Which part to ask whether it is ready.
#[derive(Args)]
pub(crate) struct Ready {
    /// What answers 200 when the part is ready [default: /readiness of the part that the flags name]
    pub(crate) url: Option<Url>,
    #[command(flatten)]
    pub(crate) listen: Listen,
}
