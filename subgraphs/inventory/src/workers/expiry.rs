//! Releasing reservations whose time has passed.

use crate::{Error, commands, store};
use chassis::Db;
use commerce::Clock;

/// Most reservations of one call.
const BATCH: i64 = 100;

/// Gives back the units of held reservations that are past their time: of the 100 oldest at most,
/// one transaction each. Answers how many it was; those that others settled meanwhile do not count.
///
/// # Errors
/// When the database fails; a reservation that cannot be released is logged and left for later.
pub async fn expire_reservations(db: &Db, clock: &dyn Clock) -> Result<usize, Error> {
    let now = clock.now();
    let mut expired = 0;
    for id in store::reservation::due(db, now, BATCH).await? {
        match commands::expire_reservation(db, id, now).await {
            Ok(true) => expired += 1,
            Ok(false) => {}
            Err(error @ Error::Database(_)) => return Err(error),
            Err(error) => {
                tracing::error!(
                    reservation.id = %id,
                    cause = ?error,
                    "Reservation {id} cannot expire."
                );
            }
        }
    }
    Ok(expired)
}
