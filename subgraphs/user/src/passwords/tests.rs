use super::*;

/// "password123" as Django stores it; few iterations, because this is a debug build.
const DJANGO: &str = "pbkdf2_sha256$1000$seasalt$DKtn4wN1JA5g5IiTPMBbOfQEYX4cfOdbEPpqC26lBfU=";

fn offered(text: &str) -> Password {
    Password::offered(text.to_owned())
}

fn stored(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

#[test]
fn a_new_hash_is_argon2id_with_a_salt_of_its_own() {
    let hashes = [argon::hash(&offered("p")).unwrap(), argon::hash(&offered("p")).unwrap()];

    assert_ne!(hashes[0], hashes[1]);
    for hash in &hashes {
        assert!(hash.text().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(verify(&offered("p"), Some(hash)).unwrap(), Verdict::Right);
        assert_eq!(verify(&offered("P"), Some(hash)).unwrap(), Verdict::Wrong);
        assert_eq!(verify(&offered("p "), Some(hash)).unwrap(), Verdict::Wrong);
    }
}

#[test]
fn a_hash_from_django_is_right_and_outdated() {
    let Verdict::Outdated(new) = verify(&offered("password123"), Some(&stored(DJANGO))).unwrap()
    else {
        panic!("it should be replaced")
    };

    assert_eq!(verify(&offered("password123"), Some(&new)).unwrap(), Verdict::Right);
    assert_eq!(verify(&offered("password124"), Some(&stored(DJANGO))).unwrap(), Verdict::Wrong);
}

#[test]
fn a_cheaper_argon2_hash_is_outdated() {
    use argon2::password_hash::{PasswordHasher, SaltString};
    let params = argon2::Params::new(64, 1, 1, None).unwrap();
    let cheap = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let salt = SaltString::encode_b64(b"sixteen bytes of").unwrap();
    let hash = stored(&cheap.hash_password(b"p", &salt).unwrap().to_string());

    assert!(matches!(verify(&offered("p"), Some(&hash)).unwrap(), Verdict::Outdated(_)));
    assert_eq!(verify(&offered("q"), Some(&hash)).unwrap(), Verdict::Wrong);
}

#[test]
fn what_is_no_hash_matches_nothing() {
    for text in [
        "",
        "p",
        "!",
        "$argon2id$",
        "pbkdf2_sha256$0$seasalt$DKtn4wN1JA5g5IiTPMBbOfQEYX4cfOdbEPpqC26lBfU=",
        "pbkdf2_sha256$x$seasalt$DKtn4wN1JA5g5IiTPMBbOfQEYX4cfOdbEPpqC26lBfU=",
        "pbkdf2_sha256$1000$seasalt$",
        "pbkdf2_sha1$1000$seasalt$DKtn4wN1JA5g5IiTPMBbOfQEYX4cfOdbEPpqC26lBfU=",
        "pbkdf2_sha256$1000$seasalt$DKtn4wN1JA5g5IiTPMBbOfQEYX4cfOdbEPpqC26lBfU=$",
    ] {
        let verdict = verify(&offered("password123"), Some(&stored(text))).unwrap();
        assert_eq!(verdict, Verdict::Wrong, "{text:?}");
    }
}

#[tokio::test]
async fn beyond_those_that_may_wait_passwords_are_refused_at_once() {
    let passwords = Passwords::default();
    let all = u32::try_from(AT_ONCE + WAITING).unwrap();
    let others = Arc::clone(&passwords.admitted).acquire_many_owned(all).await.unwrap();

    let refused = passwords.verify(offered("p"), None).await;
    assert!(matches!(refused, Err(Error::TooManyHashes)));

    drop(others);
    assert_eq!(passwords.verify(offered("p"), None).await.unwrap(), Verdict::Wrong);
    assert_eq!(passwords.admitted.available_permits(), AT_ONCE + WAITING);
    assert_eq!(passwords.running.available_permits(), AT_ONCE);
}
