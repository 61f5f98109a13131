//! What goes with the next frame that is taken, in whichever way. It is said beforehand, so that a frame without it costs nothing.

use std::sync::Arc;

use bitstream::sei::{self, Metadata};

use super::Session;
use crate::error::{Code, Error, Result};
use crate::input::request::FrameRequest;

impl Session {
    /// What goes into the stream with the next frame that is taken, in whichever way; it replaces what was set and has not gone
    /// with a frame yet.
    ///
    /// # Errors
    /// [`Code::Config`] where the session was started without [`Config::metadata`], [`Code::Frame`] for user data of more than 64
    /// KiB.
    pub fn set_metadata(&self, metadata: Metadata) -> Result<()> {
        if !self.shared.config.metadata {
            let message = "The encoder was made without the option `metadata`, so nothing goes into the stream with a frame.";
            return Err(
                Error::range(Code::Config, message).with_hint("Make the encoder with `metadata: true`.")
            );
        }
        let bytes = metadata.user_data.as_ref().map_or(0, Vec::len);
        if bytes > sei::MAX_USER_DATA {
            let message = format!(
                "The frame's user data has {bytes} bytes, but at most {} are allowed.",
                sei::MAX_USER_DATA
            );
            return Err(Error::range(Code::Frame, message));
        }
        self.shared.lock().next_metadata = Some(Box::new(metadata));
        Ok(())
    }

    /// What is requested of the next frame that is taken; it replaces what was requested and has not gone with a frame yet. With `None`
    /// nothing is.
    ///
    /// # Errors
    /// [`Code::Config`] for a quantizer in another mode than `quantizer`, and for regions of a session that was not started for them,
    /// [`Code::Frame`] for numbers outside their ranges, [`Code::Control`] where the encoder cannot do it for a single frame.
    pub fn set_request(&self, request: Option<FrameRequest>) -> Result<()> {
        let size = self.shared.size();
        let mut state = self.shared.lock();
        state.next_request = None;
        let Some(request) = request else { return Ok(()) };
        if let Some(active) = &state.active {
            request.check(&active.config, state.per_frame, size)?;
        }
        state.next_request = Some(Arc::new(request));
        Ok(())
    }
}
