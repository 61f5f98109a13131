use v4l2r::bindings as v4l2;

/// How the rows of a frame came to be: all at once, or every other one first (`enum v4l2_field`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field {
    /// All at once; so count as well drivers that do not say.
    #[default]
    Progressive,
    /// Two fields, row by row.
    Interlaced,
    /// The field with the first row, then the other one.
    TopThenBottom,
    /// The field with the second row, then the other one.
    BottomThenTop,
    /// A field in each buffer, of both kinds in turn.
    Alternate,
    /// Fields of one kind only.
    Single,
}

impl Field {
    /// What a driver's number means.
    #[must_use]
    pub fn of(number: u32) -> Self {
        match number {
            v4l2::v4l2_field_V4L2_FIELD_TOP | v4l2::v4l2_field_V4L2_FIELD_BOTTOM => Self::Single,
            v4l2::v4l2_field_V4L2_FIELD_INTERLACED
            | v4l2::v4l2_field_V4L2_FIELD_INTERLACED_TB
            | v4l2::v4l2_field_V4L2_FIELD_INTERLACED_BT => Self::Interlaced,
            v4l2::v4l2_field_V4L2_FIELD_SEQ_TB => Self::TopThenBottom,
            v4l2::v4l2_field_V4L2_FIELD_SEQ_BT => Self::BottomThenTop,
            v4l2::v4l2_field_V4L2_FIELD_ALTERNATE => Self::Alternate,
            _ => Self::Progressive,
        }
    }

    /// Whether a buffer holds both fields, one after the other.
    #[must_use]
    pub fn is_sequential(self) -> bool {
        matches!(self, Self::TopThenBottom | Self::BottomThenTop)
    }

    /// The number to ask for it by.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Progressive => v4l2::v4l2_field_V4L2_FIELD_NONE,
            Self::Interlaced => v4l2::v4l2_field_V4L2_FIELD_INTERLACED,
            Self::TopThenBottom => v4l2::v4l2_field_V4L2_FIELD_SEQ_TB,
            Self::BottomThenTop => v4l2::v4l2_field_V4L2_FIELD_SEQ_BT,
            Self::Alternate => v4l2::v4l2_field_V4L2_FIELD_ALTERNATE,
            Self::Single => v4l2::v4l2_field_V4L2_FIELD_TOP,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_a_driver_has_a_meaning() {
        use Field::{Alternate, BottomThenTop, Interlaced, Progressive, Single, TopThenBottom};
        let meanings = [
            Progressive,
            Progressive,
            Single,
            Single,
            Interlaced,
            TopThenBottom,
            BottomThenTop,
            Alternate,
            Interlaced,
            Interlaced,
            Progressive,
        ];
        assert_eq!(std::array::from_fn(|number| Field::of(number as u32)), meanings);
        for field in meanings {
            assert_eq!(Field::of(field.number()), field);
        }
    }
}
