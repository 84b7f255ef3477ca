//! Hashes brought along from Django: `pbkdf2_sha256$<iterations>$<salt>$<hash in Base64>`.

use crate::domain::{Password, PasswordHash};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::Sha256;
use subtle::ConstantTimeEq;

const ALGORITHM: &str = "pbkdf2_sha256";
/// SHA-256 makes so many.
const HASH_BYTES: usize = 32;

/// `false` also for what is no such hash.
pub(super) fn is_right(password: &Password, hash: &PasswordHash) -> bool {
    let Some((iterations, salt, expected)) = parse(hash.text()) else { return false };
    let mut actual = [0; HASH_BYTES];
    pbkdf2::pbkdf2_hmac::<Sha256>(password.bytes(), salt.as_bytes(), iterations, &mut actual);
    actual.ct_eq(&expected).into()
}

fn parse(hash: &str) -> Option<(u32, &str, [u8; HASH_BYTES])> {
    let mut parts = hash.split('$');
    let (algorithm, iterations) = (parts.next()?, parts.next()?);
    let (salt, expected) = (parts.next()?, parts.next()?);
    if algorithm != ALGORITHM || parts.next().is_some() {
        return None;
    }
    let iterations = iterations.parse().ok().filter(|count| *count > 0)?;
    let expected = BASE64_STANDARD.decode(expected).ok()?;
    Some((iterations, salt, expected.try_into().ok()?))
}
