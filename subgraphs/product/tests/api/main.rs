#[test]
fn sdl() {
    println!("{}", product::sdl());
}
