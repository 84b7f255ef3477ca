//! What a reservation asks for.

use commerce::{ProductId, Quantity};
use std::collections::BTreeMap;

/// Most lines of one reservation.
pub(crate) const MAX_LINES: usize = 100;

/// All units of one product that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) product: ProductId,
    pub(crate) units: i64,
    /// The first line that names the product.
    pub(crate) line: usize,
}

/// Adds up the lines of each product; the answer is in product order.
pub(crate) fn sum_up(lines: &[(ProductId, Quantity)]) -> Vec<Wanted> {
    let mut wanted = BTreeMap::new();
    for (line, (product, quantity)) in lines.iter().enumerate() {
        let sum = wanted.entry(*product).or_insert(Wanted { product: *product, units: 0, line });
        // A sum that does not fit is more than there can be, which is all that matters.
        sum.units = sum.units.saturating_add(quantity.get());
    }
    wanted.into_values().collect()
}

/// One text for all requests that ask for the same units: `product:units,…`
pub(crate) fn fingerprint(wanted: &[Wanted]) -> String {
    let lines = wanted.iter().map(|wanted| format!("{}:{}", wanted.product, wanted.units));
    lines.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_product_are_summed_and_their_order_does_not_matter() {
        let line =
            |product: &str, units| (product.parse().unwrap(), Quantity::try_from(units).unwrap());
        let wanted = sum_up(&[line("10", 1), line("9", 2), line("10", 3)]);

        assert_eq!(fingerprint(&wanted), "9:2,10:4");
        assert_eq!(wanted.iter().map(|wanted| wanted.line).collect::<Vec<_>>(), [1, 0]);
        let other = sum_up(&[line("9", 1), line("10", 4), line("9", 1)]);
        assert_eq!(fingerprint(&other), "9:2,10:4");
    }
}
