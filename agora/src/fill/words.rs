//! The words of names and texts.

use fastrand::Rng;

pub(super) const FIRST_NAMES: [&str; 16] = [
    "Ada", "Björn", "Carmen", "Dmitri", "Elif", "Fatima", "Grace", "Hiro", "Inés", "Jakob", "Kofi",
    "Leila", "Mette", "Nadia", "Oskar", "Priya",
];
pub(super) const LAST_NAMES: [&str; 16] = [
    "Almeida", "Becker", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ivanov",
    "Jensen", "Kimura", "Lopez", "Müller", "Novak", "Okafor", "Petrov",
];
pub(super) const STREETS: [&str; 8] = [
    "Main Street",
    "Station Road",
    "Market Square",
    "Harbour Lane",
    "Mill Road",
    "Church Street",
    "Park Avenue",
    "Garden Way",
];
pub(super) const CITIES: [&str; 8] =
    ["Aarhus", "Bergen", "Gdańsk", "Graz", "Lyon", "Porto", "Turku", "Zürich"];
pub(super) const ADJECTIVES: [&str; 16] = [
    "Compact",
    "Classic",
    "Folding",
    "Heavy",
    "Insulated",
    "Light",
    "Modern",
    "Nordic",
    "Pocket",
    "Quiet",
    "Robust",
    "Rustic",
    "Slim",
    "Smart",
    "Solid",
    "Travel",
];
pub(super) const MATERIALS: [&str; 10] =
    ["Bamboo", "Ceramic", "Copper", "Cotton", "Glass", "Leather", "Linen", "Oak", "Steel", "Wool"];
/// The letters of each size are a search term of two letters, except `M`.
pub(super) const SIZES: [&str; 4] = ["M", "XL", "XS", "XX"];
/// A category each.
pub(super) const THINGS: [(&str, &str); 40] = [
    ("Mugs", "Mug"),
    ("Lamps", "Lamp"),
    ("Chairs", "Chair"),
    ("Tables", "Table"),
    ("Bags", "Bag"),
    ("Blankets", "Blanket"),
    ("Bottles", "Bottle"),
    ("Bowls", "Bowl"),
    ("Boxes", "Box"),
    ("Brushes", "Brush"),
    ("Candles", "Candle"),
    ("Clocks", "Clock"),
    ("Coats", "Coat"),
    ("Cushions", "Cushion"),
    ("Desks", "Desk"),
    ("Frames", "Frame"),
    ("Gloves", "Glove"),
    ("Grinders", "Grinder"),
    ("Hammers", "Hammer"),
    ("Hats", "Hat"),
    ("Headphones", "Headphone"),
    ("Jackets", "Jacket"),
    ("Kettles", "Kettle"),
    ("Keyboards", "Keyboard"),
    ("Knives", "Knife"),
    ("Mirrors", "Mirror"),
    ("Notebooks", "Notebook"),
    ("Pans", "Pan"),
    ("Pens", "Pen"),
    ("Pillows", "Pillow"),
    ("Plates", "Plate"),
    ("Radios", "Radio"),
    ("Rugs", "Rug"),
    ("Scarves", "Scarf"),
    ("Shelves", "Shelf"),
    ("Speakers", "Speaker"),
    ("Teapots", "Teapot"),
    ("Towels", "Towel"),
    ("Umbrellas", "Umbrella"),
    ("Vases", "Vase"),
];
/// In the names of three products, however many there are.
pub(super) const RARE: &str = "Zephyrine";
const SENTENCES: [&str; 12] = [
    "Made to last for many years.",
    "The surface is easy to clean.",
    "It fits into every household.",
    "Delivered in recycled packaging.",
    "Designed in a small workshop.",
    "The colour may differ slightly from the picture.",
    "Spare parts are available for ten years.",
    "Tested for everyday use.",
    "A popular gift.",
    "Please keep out of direct sunlight.",
    "Each piece is checked by hand.",
    "Suitable for indoor and outdoor use.",
];

/// Two to five sentences.
pub(super) fn description(random: &mut Rng) -> String {
    let sentences: Vec<&str> = (0..random.usize(2..6)).map(|_| pick(random, &SENTENCES)).collect();
    sentences.join(" ")
}

/// A street, a postcode and a city.
pub(super) fn address(random: &mut Rng) -> String {
    let (number, street) = (random.u32(1..200), pick(random, &STREETS));
    format!("{number} {street}, {} {}", random.u32(1_000..100_000), pick(random, &CITIES))
}

pub(super) fn pick<T: Copy>(random: &mut Rng, from: &[T]) -> T {
    from[random.usize(..from.len())]
}

/// An index below `count`; the smaller, the more likely.
pub(super) fn popular(random: &mut Rng, count: usize) -> usize {
    random.usize(..count).min(random.usize(..count))
}
