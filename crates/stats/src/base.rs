//! Low bases and privacy: what may be shown and tested of how many people.

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, same_length};

/// How far a number of people (the base, n) carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// Under 5 people: nothing is shown, to protect each of them.
    Hidden,
    /// 5 to 29: shown and marked `**`, but no test is made.
    Untested,
    /// 30 to 99: tested and marked `*`.
    Low,
    /// 100 or more.
    Full,
}

/// Fewest people of whom anything is shown.
pub const PRIVACY_MINIMUM: usize = 5;
/// Fewest people in each group of a test.
pub const TEST_MINIMUM: usize = 30;
/// From this many people on a base bears no mark.
pub const UNMARKED_MINIMUM: usize = 100;

impl Base {
    /// The class of `people`.
    #[must_use]
    pub const fn of(people: usize) -> Self {
        match people {
            0..PRIVACY_MINIMUM => Self::Hidden,
            PRIVACY_MINIMUM..TEST_MINIMUM => Self::Untested,
            TEST_MINIMUM..UNMARKED_MINIMUM => Self::Low,
            _ => Self::Full,
        }
    }

    /// The mark beside a number: `**`, `*` or nothing.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Hidden | Self::Untested => "**",
            Self::Low => "*",
            Self::Full => "",
        }
    }

    /// A curve or a number may be shown.
    #[must_use]
    pub const fn may_show(self) -> bool {
        !matches!(self, Self::Hidden)
    }

    /// A test may be made with this group.
    #[must_use]
    pub const fn may_test(self) -> bool {
        matches!(self, Self::Low | Self::Full)
    }
}

/// Which groups of a panel may be shown when the panel as a whole is: `sizes` are those of groups without common
/// members.
///
/// Whoever knows the whole and all groups but some can compute those: so a group under the privacy minimum is hidden,
/// and if the hidden ones together are fewer than the minimum, the smallest of the others is hidden with them (of
/// equals the first). People of no group count as a group: put their number into `sizes`.
#[must_use]
pub fn groups_to_show(sizes: &[usize]) -> Vec<bool> {
    let mut shown: Vec<bool> = sizes.iter().map(|&size| Base::of(size).may_show()).collect();
    loop {
        let hidden: usize =
            sizes.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(size, _)| size).sum();
        if hidden == 0 || hidden >= PRIVACY_MINIMUM {
            return shown;
        }
        let next = (0..sizes.len()).filter(|&group| shown[group]).min_by_key(|&group| sizes[group]);
        match next {
            Some(group) => shown[group] = false,
            None => return shown,
        }
    }
}

/// True if showing both sets of people would tell of fewer than the privacy minimum: the people who are in one of the
/// two only are some, but under five. By the two means and bases anyone could compute theirs. `a[i]` and `b[i]` say
/// whether person i belongs.
///
/// # Errors
/// [`StatsError::Length`] if the two lists are not of one length.
pub fn difference_reveals(a: &[bool], b: &[bool]) -> Result<bool, StatsError> {
    same_length("members of the second group", b.len(), a.len())?;
    let apart = a.iter().zip(b).filter(|(a, b)| a != b).count();
    Ok(apart > 0 && !Base::of(apart).may_show())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_at_their_borders() {
        use Base::{Full, Hidden, Low, Untested};
        let classes = [0, 4, 5, 29, 30, 99, 100].map(Base::of);
        assert_eq!(classes, [Hidden, Hidden, Untested, Untested, Low, Low, Full]);
        assert_eq!([Untested, Low, Full].map(Base::mark), ["**", "*", ""]);
        assert!(!Untested.may_test() && Low.may_test() && !Hidden.may_show());
    }

    #[test]
    fn a_small_group_takes_another_with_it() {
        assert_eq!(groups_to_show(&[60, 39, 1]), [true, false, false]);
        assert_eq!(groups_to_show(&[60, 39]), [true, true]);
        assert_eq!(groups_to_show(&[60, 3, 2]), [true, false, false], "five hidden people hide each other");
        assert_eq!(groups_to_show(&[4]), [false]);
        assert_eq!(groups_to_show(&[60, 0]), [true, false], "an empty group reveals nobody");
        assert_eq!(groups_to_show(&[7, 7, 1]), [false, true, false]);
    }

    #[test]
    fn a_difference_of_few_people_reveals_them() {
        let all = [true; 40];
        let but = |n: usize| -> Vec<bool> { (0..40).map(|i| i >= n).collect() };
        assert!(!difference_reveals(&all, &all).unwrap());
        assert!(difference_reveals(&all, &but(1)).unwrap());
        assert!(difference_reveals(&but(4), &all).unwrap());
        assert!(!difference_reveals(&all, &but(5)).unwrap());
        assert!(difference_reveals(&all, &[true; 3]).is_err());
    }
}
