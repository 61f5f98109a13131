use super::{Parsed, SampleEntry};
use crate::h265::Tier;
use crate::{Codec, Error};

const FORMS: &str = "expected avc1.PPCCLL, avc3.PPCCLL, hvc1.P.C.TLL.… or hev1.P.C.TLL.…";
const AVC_FORM: &str = "expected six hexadecimal digits after the dot, for example avc1.42e01f";
const HEVC_PARTS: &str = "expected profile, compatibility and tier with level, for example hvc1.1.6.L93.B0";
const HEVC_PROFILE: &str = "expected a profile of 0 to 31 after the first dot, for example hvc1.1.6.L93.B0";
const HEVC_COMPATIBILITY: &str =
    "expected the compatibility flags as up to eight hexadecimal digits, for example hvc1.1.6.L93.B0";
const HEVC_LEVEL: &str =
    "expected L or H and thirty times the level, for example hvc1.1.6.L93.B0 for level 3.1";
const HEVC_CONSTRAINTS: &str = "expected at most six constraint bytes of one or two hexadecimal digits each";

/// Reads a codec string of the forms `avc1.PPCCLL`, `avc3.PPCCLL`, `hvc1.…` and `hev1.…`.
///
/// The four characters must be in lower case, hexadecimal digits may be in either. Whether profile and
/// level exist is not judged here.
///
/// ```
/// # fn main() -> Result<(), bitstream::Error> {
/// let parsed = bitstream::codec_string::parse("avc1.42E01F")?;
/// assert_eq!((parsed.profile_idc, parsed.level_idc), (66, 31));
/// assert_eq!(parsed.to_string(), "avc1.42e01f");
/// assert!(bitstream::codec_string::parse("vp8").is_err());
/// # Ok(()) }
/// ```
pub fn parse(text: &str) -> Result<Parsed, Error> {
    read(text).map_err(|reason| Error::CodecString { text: text.to_owned(), reason })
}

fn read(text: &str) -> Result<Parsed, &'static str> {
    let (name, rest) = text.split_once('.').unwrap_or((text, ""));
    let entries = [SampleEntry::Avc1, SampleEntry::Avc3, SampleEntry::Hvc1, SampleEntry::Hev1];
    let entry = entries.into_iter().find(|entry| entry.name() == name).ok_or(FORMS)?;
    let parsed = match entry.codec() {
        Codec::H264 => avc(rest)?,
        Codec::H265 => hevc(rest)?,
    };
    Ok(Parsed { sample_entry: entry, ..parsed })
}

fn avc(digits: &str) -> Result<Parsed, &'static str> {
    if digits.len() != 6 {
        return Err(AVC_FORM);
    }
    let [_, profile_idc, flags, level_idc] = hex(digits).ok_or(AVC_FORM)?.to_be_bytes();
    Ok(Parsed::h264(profile_idc, flags, level_idc))
}

fn hevc(rest: &str) -> Result<Parsed, &'static str> {
    let mut parts = rest.split('.');
    let (profile, flags, level) = match (parts.next(), parts.next(), parts.next()) {
        (Some(profile), Some(flags), Some(level)) => (profile, flags, level),
        _ => return Err(HEVC_PARTS),
    };
    let (profile_space, profile_idc) = hevc_profile(profile).ok_or(HEVC_PROFILE)?;
    let compatibility_flags = hex(flags).ok_or(HEVC_COMPATIBILITY)?.reverse_bits();
    let (tier, level_idc) = hevc_level(level).ok_or(HEVC_LEVEL)?;
    Ok(Parsed {
        codec: Codec::H265,
        sample_entry: SampleEntry::Hvc1,
        profile_idc,
        profile_space,
        compatibility_flags,
        constraint_bytes: hevc_constraints(parts).ok_or(HEVC_CONSTRAINTS)?,
        tier,
        level_idc,
    })
}

fn hevc_profile(text: &str) -> Option<(u8, u8)> {
    let (space, digits) = match text.as_bytes().first()? {
        letter @ b'A'..=b'C' => (letter - b'A' + 1, text.get(1..)?),
        _ => (0, text),
    };
    Some((space, decimal(digits).filter(|&idc| idc < 32)?))
}

fn hevc_level(text: &str) -> Option<(Tier, u8)> {
    if let Some(digits) = text.strip_prefix('L') {
        return Some((Tier::Main, decimal(digits)?));
    }
    Some((Tier::High, decimal(text.strip_prefix('H')?)?))
}

fn hevc_constraints<'a>(parts: impl Iterator<Item = &'a str>) -> Option<[u8; 6]> {
    let mut bytes = [0; 6];
    for (at, part) in parts.enumerate() {
        *bytes.get_mut(at)? = u8::try_from(hex(part)?).ok()?;
    }
    Some(bytes)
}

/// One to eight hexadecimal digits; `from_str_radix` alone would take a sign.
fn hex(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.len() <= 8;
    digits.then(|| u32::from_str_radix(text, 16).ok())?
}

fn decimal(text: &str) -> Option<u8> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_strings_come_back_as_they_were() {
        for text in [
            "avc1.42e01f",
            "avc1.4d0028",
            "avc3.640033",
            "hvc1.1.6.L93.B0",
            "hev1.2.4.L93.B0",
            "hvc1.1.6.H153.B0",
            "hvc1.A4.10.L120.B0.23.0.0.0.8",
            "hvc1.1.60000000.L93",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn takes_hevc_apart() {
        let parsed = parse("hvc1.1.6.L93.b0").unwrap();
        assert_eq!((parsed.codec, parsed.profile_idc, parsed.level_idc), (Codec::H265, 1, 93));
        assert_eq!((parsed.tier, parsed.compatibility_flags), (Tier::Main, 0x6000_0000));
        assert_eq!(parsed.constraint_bytes, [0xb0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        for (text, reason) in [
            ("", FORMS),
            ("h264", FORMS),
            ("AVC1.42e01f", FORMS),
            ("vp09.00.10.08", FORMS),
            ("avc1", AVC_FORM),
            ("avc1.66.30", AVC_FORM),
            ("avc1.42e01", AVC_FORM),
            ("avc1.+2e01f", AVC_FORM),
            ("avc1.42e01é", AVC_FORM),
            ("hvc1", HEVC_PARTS),
            ("hvc1.1.6", HEVC_PARTS),
            ("hvc1.D1.6.L93.B0", HEVC_PROFILE),
            ("hvc1.32.6.L93.B0", HEVC_PROFILE),
            ("hvc1..6.L93", HEVC_PROFILE),
            ("hvc1.1.g.L93.B0", HEVC_COMPATIBILITY),
            ("hvc1.1.123456789.L93", HEVC_COMPATIBILITY),
            ("hvc1.1.6.93.B0", HEVC_LEVEL),
            ("hvc1.1.6.L300", HEVC_LEVEL),
            ("hvc1.1.6.L", HEVC_LEVEL),
            ("hvc1.1.6.L93.B00", HEVC_CONSTRAINTS),
            ("hvc1.1.6.L93.0.0.0.0.0.0.0", HEVC_CONSTRAINTS),
        ] {
            assert_eq!(parse(text), Err(Error::CodecString { text: text.to_owned(), reason }), "{text}");
        }
    }
}
