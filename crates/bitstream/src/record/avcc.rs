use super::{LENGTH_SIZE_MINUS_ONE, count, push_sets};
use crate::{Error, h264};

/// Writes an `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 5.3.3.1) for units with four-byte
/// lengths, from parameter sets without start codes.
///
/// Profile and level are those of the first SPS. The chroma format and bit depths follow for every
/// profile but Baseline, Main and Extended; no SPS extensions are listed.
///
/// # Errors
///
/// A missing or unreadable SPS, a missing PPS, more than 31 SPS or 255 PPS.
pub fn avcc(sps: &[&[u8]], pps: &[&[u8]]) -> Result<Vec<u8>, Error> {
    let (sps_count, pps_count) = (count("SPS", sps, 31)?, count("PPS", pps, 255)?);
    let first = h264::Sps::parse(sps.first().copied().unwrap_or_default())?;
    let mut out = vec![1, first.profile_idc, first.constraint_flags, first.level_idc];
    out.push(0xfc | LENGTH_SIZE_MINUS_ONE);
    out.push(0xe0 | sps_count);
    push_sets(&mut out, sps)?;
    out.push(pps_count);
    push_sets(&mut out, pps)?;
    if !matches!(first.profile_idc, 66 | 77 | 88) {
        out.push(0xfc | first.chroma_format_idc);
        out.push(0xf8 | (first.bit_depth_luma - 8));
        out.push(0xf8 | (first.bit_depth_chroma - 8));
        out.push(0); // numOfSequenceParameterSetExt
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPS: [u8; 8] = [0x67, 0x42, 0xc0, 0x1e, 0xda, 0x05, 0x07, 0xe4];

    #[test]
    fn baseline_has_no_extension() {
        let record = avcc(&[&SPS], &[&[0x68, 0xce, 0x38, 0x80]]).unwrap();
        let mut expected = vec![1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 8];
        expected.extend_from_slice(&SPS);
        expected.extend_from_slice(&[1, 0, 4, 0x68, 0xce, 0x38, 0x80]);
        assert_eq!(record, expected);
    }

    #[test]
    fn says_what_is_missing_or_too_much() {
        assert_eq!(avcc(&[], &[&[0x68]]), Err(Error::Missing("SPS")));
        assert_eq!(avcc(&[&SPS], &[]), Err(Error::Missing("PPS")));
        let many = Error::TooManySets { kind: "SPS", count: 32, limit: 31 };
        assert_eq!(avcc(&[&SPS[..]; 32], &[&[0x68]]), Err(many));
        let long = vec![0x68; 65_536];
        assert_eq!(avcc(&[&SPS], &[&long]), Err(Error::UnitTooLong { length: 65_536 }));
    }
}
