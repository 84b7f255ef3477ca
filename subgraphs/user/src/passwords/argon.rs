//! argon2id (RFC 9106), in PHC form.

use crate::Error;
use crate::domain::{Password, PasswordHash};
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{ARGON2ID_IDENT, Argon2, Params, Version};

/// Memory of one hash. With the next two: OWASP's first choice for servers.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Threads of one hash.
const LANES: u32 = 1;
/// Random bytes of a salt.
const SALT_BYTES: usize = 16;

pub(super) fn hash(password: &Password) -> Result<PasswordHash, Error> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(failed)?;
    let salt = SaltString::encode_b64(&salt).map_err(failed)?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    let hasher = Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher.hash_password(password.bytes(), &salt).map_err(failed)?;
    Ok(PasswordHash::new(hash.to_string()))
}

/// `false` also for what is no argon2 hash.
pub(super) fn is_right(password: &Password, hash: &PasswordHash) -> bool {
    // The parameters are those of the hash, not ours.
    password_hash::PasswordHash::new(hash.text())
        .is_ok_and(|hash| Argon2::default().verify_password(password.bytes(), &hash).is_ok())
}

/// Whether `hash` was made as new ones are.
pub(super) fn is_current(hash: &PasswordHash) -> bool {
    password_hash::PasswordHash::new(hash.text()).is_ok_and(|hash| {
        let cost = Params::try_from(&hash).map(|it| (it.m_cost(), it.t_cost(), it.p_cost()));
        hash.algorithm == ARGON2ID_IDENT
            && hash.version == Some(Version::V0x13.into())
            && cost == Ok((MEMORY_KIB, PASSES, LANES))
    })
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Hashing(error.to_string())
}
