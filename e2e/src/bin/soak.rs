//! Soaks shops on both databases, in one process and in many.

use clap::{Parser, ValueEnum};
use e2e::soak::{Setup, soak};
use std::process::ExitCode;
use std::time::Duration;

/// How long one round of one setup is at most; then the next one begins, with another seed.
const ROUND: Duration = Duration::from_secs(5 * 60);

/// Customers at work on shops whose processes are killed and whose calls go astray; in the end
/// everything that was acknowledged must be there, once.
#[derive(Parser)]
struct Arguments {
    /// Where the random numbers begin; any when left out
    #[arg(long)]
    seed: Option<u64>,
    /// How long it lasts, all setups together
    #[arg(long, default_value_t = 4)]
    minutes: u32,
    /// Only this shop
    #[arg(long, value_enum)]
    setup: Option<Setup>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let mut seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    let setups = arguments.setup.map_or(Setup::value_variants().to_vec(), |setup| vec![setup]);
    let count = u32::try_from(setups.len()).map_err(|error| error.to_string())?;
    let mut left = Duration::from_secs(60) * arguments.minutes;
    while left >= Duration::from_secs(1) {
        let round = (left / count).min(ROUND);
        for setup in &setups {
            let report = soak(*setup, seed, round).await?;
            eprintln!("{setup}, seed {seed}, {} s: {report}", round.as_secs());
        }
        left = left.saturating_sub(round * count);
        seed = seed.wrapping_add(1);
    }
    Ok(())
}
