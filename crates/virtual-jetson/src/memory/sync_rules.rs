use crate::settings::{CodecKind, Settings};

/// What a sync does, and whether it works.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyncRules {
    pub(crate) generation: u32,
    pub(crate) coherent: bool,
    pub(crate) surface_fails: bool,
    pub(crate) dma_buf_fails: bool,
    pub(super) keeps_shadow: bool,
}

impl SyncRules {
    pub(crate) fn of(settings: &Settings) -> Self {
        // Where no sync can work the device sees the memory itself, or nothing would ever reach it.
        let coherent = settings.coherent || (settings.sync_fails && settings.dma_buf_sync_fails);
        Self {
            generation: settings.generation,
            coherent,
            surface_fails: settings.sync_fails,
            dma_buf_fails: settings.dma_buf_sync_fails,
            keeps_shadow: !coherent && settings.codec == CodecKind::Libav,
        }
    }

    pub(crate) fn coherent() -> Self {
        Self {
            generation: 6,
            coherent: true,
            surface_fails: false,
            dma_buf_fails: false,
            keeps_shadow: false,
        }
    }
}
