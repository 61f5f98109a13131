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
        let kind = if self.since_idr.is_none()
            || forced == Some(PictureKind::Idr)
            || due(self.idr_interval, since_idr)
        {
            PictureKind::Idr
        } else if self.all_intra || forced == Some(PictureKind::Intra) || due(self.gop_size, self.since_intra)
        {
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
