//! Where an entry lands that is dragged to another place of its list.

/// The place of the entry `from` when it is let go at the height `y`. `middles`: the heights of the middles of all entries, from the
/// first to the last; the dragged one counts where it stood.
pub fn place_of(middles: &[f64], from: usize, y: f64) -> usize {
    middles.iter().enumerate().filter(|(at, middle)| *at != from && **middle < y).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_lands_between_the_middles_of_the_others() {
        let middles = [50.0, 150.0, 250.0];
        assert_eq!([10.0, 100.0, 160.0, 240.0, 300.0].map(|y| place_of(&middles, 1, y)), [0, 1, 1, 1, 2]);
        assert_eq!([10.0, 149.0, 151.0, 251.0].map(|y| place_of(&middles, 0, y)), [0, 0, 1, 2]);
        assert_eq!([10.0, 60.0, 160.0, 900.0].map(|y| place_of(&middles, 2, y)), [0, 1, 2, 2]);
        assert_eq!(place_of(&[], 0, 5.0), 0);
    }
}
