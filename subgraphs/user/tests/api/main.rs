//! The subgraph through its schema.

#[test]
fn users_and_profiles_are_entities() {
    let sdl = user::sdl();

    assert!(sdl.contains("type User @key(fields: \"id\")"));
    assert!(sdl.contains("type Profile @key(fields: \"id\")"));
}
