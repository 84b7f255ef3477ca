//! The lines of an order, and its total.

use commerce::{Money, OrderId, OrderLineId, ProductId, Quantity};

/// Most lines of one order.
pub(crate) const MAX_LINES: usize = 100;

/// A line as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct OrderLine {
    #[sqlx(rename = "order_line_id")]
    pub(crate) id: OrderLineId,
    pub(crate) order_id: OrderId,
    pub(crate) product_id: ProductId,
    pub(crate) product_name: String,
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Money,
}

/// A line as a client asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WantedLine {
    pub(crate) product_id: ProductId,
    pub(crate) quantity: Quantity,
}

/// A line with the name and price of this moment, not stored yet.
#[derive(Clone, Debug)]
pub(crate) struct NewLine {
    pub(crate) product_id: ProductId,
    pub(crate) product_name: String,
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Money,
}

/// The sum of the lines; `None` when it is above [`Money::MAX`].
pub(crate) fn total(lines: &[NewLine]) -> Option<Money> {
    lines.iter().try_fold(Money::ZERO, |total, line| {
        total.checked_add(line.unit_price.checked_mul(line.quantity)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(price: &str, quantity: i64) -> NewLine {
        NewLine {
            product_id: "1".parse().unwrap(),
            product_name: "Mug".to_owned(),
            quantity: quantity.try_into().unwrap(),
            unit_price: price.parse().unwrap(),
        }
    }

    #[test]
    fn a_total_is_exact_and_bounded() {
        let lines = [line("0.10", 3), line("19.99", 1)];
        assert_eq!(total(&lines).unwrap().to_string(), "20.29");
        assert_eq!(total(&[line("99999999.99", 1), line("0.01", 1)]), None);
        assert_eq!(total(&[line("100.00", 1_000_000)]), None);
    }
}
