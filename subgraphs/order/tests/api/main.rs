#[test]
fn sdl() {
    println!("{}", order::sdl());
}
