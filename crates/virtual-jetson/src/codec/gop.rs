//! Which kind of picture comes next.

use crate::controls::{PictureKind, Setup};

/// Counts frames since the last IDR and the last intra picture; the two intervals are independent.
pub(crate) struct Gop {
    idr_interval: u32,
    gop_size: u32,
    all_intra: bool,
    since_idr: Option<u32>,
    since_intra: u32,
}

impl Gop {
    pub(crate) fn new(setup: &Setup) -> Self {
        let Setup { idr_interval, gop_size, all_intra, .. } = *setup;
        Self { idr_interval, gop_size, all_intra, since_idr: None, since_intra: 0 }
    }

    /// The kind of the next frame.
    pub(crate) fn next(&mut self, forced: Option<PictureKind>) -> PictureKind {
        let due = |interval: u32, since: u32| interval > 0 && since >= interval;
        let since_idr = self.since_idr.map_or(0, |frames| frames.saturating_add(1));
        self.since_intra = self.since_intra.saturating_add(1);
        let asked = if self.all_intra { forced.max(Some(PictureKind::Intra)) } else { forced };
        let kind = if self.since_idr.is_none() || due(self.idr_interval, since_idr) {
            PictureKind::Idr
        } else if let Some(kind) = asked {
            kind
        } else if due(self.gop_size, self.since_intra) {
            PictureKind::Intra
        } else {
            PictureKind::Inter
        };
        self.since_idr = Some(if kind == PictureKind::Idr { 0 } else { since_idr });
        if kind != PictureKind::Inter {
            self.since_intra = 0;
        }
        kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{abi, controls::Controls, controls::id, geometry::RawFormat};

    fn kinds(values: &[(u32, u32)], forced: Option<usize>, frames: usize) -> String {
        let mut controls = Controls::default();
        values.iter().for_each(|&(control, value)| controls.set(control, [value, 0, 0, 0, 0, 0]));
        let raw = RawFormat::new(abi::YUV420M, 320, 240, 64);
        let mut gop = Gop::new(&controls.setup(abi::H264, raw));
        let kind = |number| gop.next((forced == Some(number)).then_some(PictureKind::Idr));
        (0..frames).map(kind).map(|kind| ["P", "I", "D"][kind as usize]).collect()
    }

    #[test]
    fn key_frames_and_intra_pictures_have_intervals_of_their_own() {
        assert_eq!(kinds(&[(id::IDR_INTERVAL, 5), (id::GOP_SIZE, 0)], None, 11), "DPPPPDPPPPD");
        assert_eq!(kinds(&[(id::IDR_INTERVAL, 6), (id::GOP_SIZE, 3)], None, 10), "DPPIPPDPPI");
        assert_eq!(kinds(&[(id::GOP_SIZE, 0), (id::IDR_INTERVAL, 4)], Some(2), 8), "DPDPPPDP");
        assert_eq!(kinds(&[(id::ALL_I_FRAMES, 1), (id::IDR_INTERVAL, 0)], None, 4), "DIII");
    }
}
