//! The table of drivers' differences and the models stand for each other.

use super::super::quirks;
use super::drivers;

#[test]
fn every_row_has_a_model_and_every_model_a_row() {
    let mut rows: Vec<_> = quirks::TABLE.iter().map(|row| row.driver).collect();
    let mut models: Vec<_> = drivers::all().iter().map(|driver| driver.name).collect();
    rows.sort_unstable();
    models.sort_unstable();
    assert_eq!(rows, models);
}
