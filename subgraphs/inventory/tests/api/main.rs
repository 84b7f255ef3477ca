#[test]
fn sdl() {
    println!("{}", inventory::sdl());
}
