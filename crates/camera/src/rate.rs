use v4l2::ioctl::FrameIntervals;

/// Frames a second that a camera can give in a format and size.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Rates {
    /// These, highest first; empty where the driver does not list them.
    Listed(Vec<f64>),
    /// Everything between the two.
    Range {
        /// The lowest.
        least: f64,
        /// The highest.
        most: f64,
    },
}

/// Rates this close count as the same: 29.97 is not 30, but 30000/1001 may be written in other fractions.
const SAME: f64 = 0.001;

/// Frames a second that a driver can mean; what is outside of it is no answer.
pub(crate) const SENSIBLE: std::ops::RangeInclusive<f64> = 0.01..=10_000.0;

impl Rates {
    pub(crate) fn of(intervals: &[FrameIntervals]) -> Self {
        if let [FrameIntervals::Stepwise { shortest, longest }] = intervals {
            let (least, most) = (rate(*longest), rate(*shortest));
            return if most > 0.0 { Self::Range { least, most } } else { Self::Listed(Vec::new()) };
        }
        let mut rates: Vec<f64> = intervals
            .iter()
            .filter_map(|interval| match interval {
                FrameIntervals::Discrete(interval) => Some(rate(*interval)),
                FrameIntervals::Stepwise { .. } => None,
            })
            .filter(|rate| *rate > 0.0)
            .collect();
        rates.sort_by(|a, b| b.total_cmp(a));
        rates.dedup();
        Self::Listed(rates)
    }

    /// What a camera gives at best for `wanted`: the lowest rate that is high enough, else the highest.
    /// Where nothing is listed, the wanted one.
    pub(crate) fn nearest(&self, wanted: f64) -> f64 {
        match self {
            Self::Range { least, most } => wanted.clamp(*least, most.max(*least)),
            Self::Listed(rates) => {
                let enough = rates.iter().rev().find(|rate| reaches(**rate, wanted));
                enough.or(rates.first()).copied().unwrap_or(wanted)
            }
        }
    }
}

/// Whether a rate is as high as wanted.
pub(crate) fn reaches(rate: f64, wanted: f64) -> bool {
    rate >= wanted * (1.0 - SAME)
}

/// Frames a second of an interval in seconds; 0 of one that makes no sense.
pub(crate) fn rate((numerator, denominator): (u32, u32)) -> f64 {
    if numerator == 0 { 0.0 } else { f64::from(denominator) / f64::from(numerator) }
}

/// The interval of a rate as a fraction of a second; exact for whole rates and for those of television.
pub(crate) fn interval(rate: f64) -> (u32, u32) {
    let television = rate * 1001.0 / 1000.0;
    if rate >= 0.5 && (rate - rate.round()).abs() < 1e-6 {
        (1, rate.round() as u32)
    } else if rate >= 0.5 && (television - television.round()).abs() < 2e-3 {
        (1001, (television.round() as u32).saturating_mul(1000))
    } else {
        (1000, (rate * 1000.0).round().max(1.0) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_rate_that_is_high_enough_is_taken() {
        let rates = Rates::of(&[(1, 15), (1, 60), (1, 30)].map(FrameIntervals::Discrete));
        assert_eq!(rates, Rates::Listed(vec![60.0, 30.0, 15.0]));
        assert_eq!(rates.nearest(24.0), 30.0);
        assert_eq!(rates.nearest(90.0), 60.0);
        assert_eq!(Rates::Listed(Vec::new()).nearest(25.0), 25.0);
    }

    #[test]
    fn a_range_is_kept_within() {
        let range = Rates::of(&[FrameIntervals::Stepwise { shortest: (1, 120), longest: (1, 5) }]);
        assert_eq!((range.nearest(200.0), range.nearest(1.0), range.nearest(29.97)), (120.0, 5.0, 29.97));
    }

    #[test]
    fn intervals_that_make_no_sense_are_none() {
        let range = |shortest, longest| Rates::of(&[FrameIntervals::Stepwise { shortest, longest }]);
        for (shortest, longest) in [((0, 0), (0, 0)), ((1, 0), (1, 0)), ((0, 1), (1, 30))] {
            assert_eq!(range(shortest, longest), Rates::Listed(Vec::new()));
        }
        let listed = [(0, 30), (1, 0), (0, 0)].map(FrameIntervals::Discrete);
        assert_eq!(Rates::of(&listed).nearest(30.0), 30.0);
        // The longest is shorter than the shortest.
        assert_eq!(range((1, 5), (1, 30)).nearest(60.0), 30.0);
    }

    #[test]
    fn every_rate_has_an_interval_that_is_none_of_zero() {
        for rate in
            [1e-12, 0.0005, 0.001, 0.0011, 0.4999, 1.0 / 3.0, f64::from(u32::MAX) / 7.0, f64::from(u32::MAX)]
        {
            let (numerator, denominator) = interval(rate);
            assert!(numerator > 0 && denominator > 0, "{rate}");
        }
    }

    #[test]
    fn rates_of_television_are_exact_fractions() {
        assert_eq!(interval(30.0), (1, 30));
        assert_eq!(interval(29.97), (1001, 30_000));
        assert_eq!(interval(59.94), (1001, 60_000));
        assert_eq!(interval(7.5), (1000, 7500));
    }
}
