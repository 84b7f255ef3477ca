//! Clients who want the same units.

use super::{assert_settled, at_once, is_placed, order_count, shared};
use chassis::db::Location;
use std::sync::Arc;
use testing::both_databases;

both_databases! {
    async fn the_last_unit_goes_to_one_of_a_thousand_clients(location: Location) {
        let shop = shared(&location, &["1.00"], 1).await;
        let (stopping, work) = shop.work();

        let placed = at_once(1_000, |number| {
            let shop = Arc::clone(&shop);
            async move { is_placed(&shop, &[(1, 1)], &format!("client {number}")).await }
        })
        .await;

        let mut sold = placed.iter().filter(|placed| **placed).count();
        assert_settled(&shop).await;
        if sold == 0 {
            // Whoever had reserved it was told to try again, and came back before it was free.
            sold += usize::from(is_placed(&shop, &[(1, 1)], "the next client").await);
        }
        assert_eq!(sold, 1);
        assert!(!is_placed(&shop, &[(1, 1)], "the last client").await);
        assert_eq!((order_count(&shop).await, shop.stock(1).await), (1, (1, 1)));
        stopping.cancel();
        work.await.unwrap();
        assert_settled(&shop).await;
    }

    async fn orders_of_two_products_in_either_order_two_hundred_at_a_time_never_deadlock(
        location: Location
    ) {
        let shop = shared(&location, &["1.00", "2.00"], 350).await;

        let mut placed = Vec::new();
        for round in 0..2 {
            placed.extend(at_once(200, |number| {
                let shop = Arc::clone(&shop);
                let lines = if number % 2 == 0 { [(1, 1), (2, 1)] } else { [(2, 1), (1, 1)] };
                async move { is_placed(&shop, &lines, &format!("{round} {number}")).await }
            })
            .await);
        }

        assert_eq!(placed.iter().filter(|placed| **placed).count(), 350);
        assert_eq!((shop.stock(1).await, shop.stock(2).await), ((350, 350), (350, 350)));
        assert_eq!(order_count(&shop).await, 350);
        assert_settled(&shop).await;
    }

    async fn one_product_on_two_lines_that_are_together_above_the_stock_is_refused_to_all_at_once(
        location: Location
    ) {
        // Either line could be had, for as long as it takes to sell three orders of four.
        let shop = shared(&location, &["1.00"], 11).await;

        let placed = at_once(100, |number| {
            let shop = Arc::clone(&shop);
            let lines = if number % 2 == 0 { [(1, 3), (1, 1)] } else { [(1, 1), (1, 3)] };
            async move { is_placed(&shop, &lines, &format!("client {number}")).await }
        })
        .await;

        // Three units are left: enough for the longer line, not for both.
        assert_eq!(placed.iter().filter(|placed| **placed).count(), 2);
        assert_eq!((order_count(&shop).await, shop.stock(1).await), (2, (11, 8)));
        assert!(!is_placed(&shop, &[(1, 3), (1, 1)], "alone").await);
        assert!(is_placed(&shop, &[(1, 2), (1, 1)], "the rest").await);
        assert_settled(&shop).await;
    }
}
