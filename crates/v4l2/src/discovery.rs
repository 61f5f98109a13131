//! What the nodes of this machine are.
//!
//! A node's existence proves nothing. NVIDIA's node is a stub that only its library answers on, and the nodes
//! called `/dev/videoN` are cameras, encoders, decoders, scalers and loopbacks alike. Here they are distinguished without
//! touching more than `QUERYCAP` and `ENUM_FMT`; NVIDIA's node is not opened at all.

use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;
use std::{fs, io};

use v4l2r::nix::errno::Errno;
use v4l2r::nix::unistd::{AccessFlags, access};

use crate::ioctl::{self, Capability, FormatDescription, FrameSizes};
use crate::transport::Kernel;
use crate::{Failure, PixelFormat, Transport, receive_within, threads};

/// NVIDIA's encoder nodes: JetPack 6 and 7, then JetPack 4 and 5.
pub const NVIDIA_NODES: [&str; 2] = ["dev/v4l2-nvenc", "dev/nvhost-msenc"];

/// Major number of kernel V4L2 nodes (`VIDEO_MAJOR` in the kernel's `v4l2-dev.c`).
const VIDEO4LINUX_MAJOR: u32 = 81;

/// How long a node may take to say what it is.
pub const MAX_WAIT: Duration = Duration::from_secs(5);

/// What a kernel node turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Takes raw frames and gives coded ones in these formats.
    Encoder(Vec<PixelFormat>),
    /// Takes coded frames and gives raw ones.
    Decoder,
    /// Encodes still images only.
    JpegEncoder,
    /// Raw on both sides: a scaler, converter or image processor.
    Converter,
    /// Gives frames only.
    Camera,
    /// `v4l2loopback`, which claims to be memory-to-memory and is not.
    Loopback,
    /// Something else that answers V4L2.
    Other,
}

/// A kernel node that answered.
#[derive(Debug, Clone)]
pub struct KernelNode {
    /// Its path.
    pub device: PathBuf,
    /// The driver's name.
    pub driver: String,
    /// The device's name for people.
    pub card: String,
    /// Where it is attached, such as `platform:bcm2835-codec`.
    pub bus: String,
    /// What it is.
    pub kind: Kind,
}

/// What an encoder can take and give, as far as it reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EncoderAbilities {
    /// Raw formats that it takes.
    pub raw: Vec<PixelFormat>,
    /// Coded formats that it gives, each with its sizes; a driver need not list any.
    pub coded: Vec<(PixelFormat, Vec<FrameSizes>)>,
}

/// Opens a kernel encoder, asks what it can do, and closes it again.
///
/// # Errors
/// As [`examine`].
pub fn encoder_abilities(device: &Path) -> Result<EncoderAbilities, Failure> {
    let transport = Kernel::open(device)?;
    let capability = ioctl::querycap(&transport)?;
    let coded = coded_formats(&ioctl::enum_fmt(&transport, capability.capture_queue())?);
    let raw = ioctl::enum_fmt(&transport, capability.output_queue())?
        .iter()
        .map(|format| format.pixel_format)
        .collect();
    let sized = |format| Ok((format, ioctl::enum_framesizes(&transport, format)?));
    Ok(EncoderAbilities { raw, coded: coded.into_iter().map(sized).collect::<Result<_, Failure>>()? })
}

/// NVIDIA's encoder below `root`. JetPack 5 has it under both names, which are one encoder.
#[must_use]
pub fn nvidia_node(root: &Path) -> Option<PathBuf> {
    NVIDIA_NODES.iter().map(|node| root.join(node)).find(|node| node.exists())
}

/// Whether a node has a name that NVIDIA's encoder has.
#[must_use]
pub fn has_nvidia_name(device: &Path) -> bool {
    NVIDIA_NODES.iter().any(|node| Path::new(node).file_name() == device.file_name())
}

/// Asks whether this process may open a device, without opening it.
///
/// # Errors
/// [`Failure::Open`]: `EACCES` by the permissions of the node, `EPERM` by the device rules of a container.
pub fn check_access(device: &Path) -> Result<(), Failure> {
    match access(device, AccessFlags::R_OK | AccessFlags::W_OK) {
        Err(errno @ (Errno::EACCES | Errno::EPERM)) => {
            Err(Failure::Open { device: device.to_owned(), errno })
        }
        // Whatever else is wrong with it shows when it is opened.
        _ => Ok(()),
    }
}

/// Whether a node that the user named is NVIDIA's: everything but a kernel V4L2 node. A stand-in may be any file.
#[must_use]
pub fn is_nvidia_node(device: &Path) -> bool {
    !is_video4linux(device)
}

fn is_video4linux(device: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(device).is_ok_and(|metadata| {
        metadata.file_type().is_char_device() && major(metadata.rdev()) == VIDEO4LINUX_MAJOR
    })
}

fn major(device: u64) -> u32 {
    libc::major(device)
}

/// The kernel's `/dev/videoN` below `root`, by number: 0 to 3 come first by themselves.
#[must_use]
pub fn kernel_nodes(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root.join("dev")) else { return Vec::new() };
    let mut numbered: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("video")?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    numbered.sort();
    numbered.into_iter().map(|(_, path)| path).collect()
}

/// What `look` returns, on a thread of its own, as a driver may never return from any call. `None` after that time: the thread is
/// left alone then.
///
/// # Errors
/// Where no thread can be started.
pub fn in_time<T: Send + 'static>(
    max_wait: Duration,
    look: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Option<T>> {
    let (report, reported) = channel();
    // Nobody listens any more to one that is too late.
    threads::spawn("v4l2enc probe", move || {
        threads::may_panic("probe");
        drop(report.send(look()));
    })?;
    Ok(receive_within(&reported, max_wait).ok())
}

/// Opens a kernel node, asks what it is, and closes it again.
///
/// # Errors
/// [`Failure::Open`] or [`Failure::Ioctl`]: `EACCES` without the right to use it, `ENOTTY` where nothing answers.
pub fn examine(device: &Path) -> Result<KernelNode, Failure> {
    let transport = Kernel::open(device)?;
    let capability = ioctl::querycap(&transport)?;
    let kind = if capability.is_loopback() {
        Kind::Loopback
    } else if capability.is_memory_to_memory() {
        memory_to_memory_kind(&transport, &capability)?
    } else if capability.is_capture() {
        Kind::Camera
    } else {
        Kind::Other
    };
    let Capability { driver, card, bus_info: bus, .. } = capability;
    Ok(KernelNode { device: device.to_owned(), driver, card, bus, kind })
}

fn memory_to_memory_kind(transport: &dyn Transport, capability: &Capability) -> Result<Kind, Failure> {
    let coded = coded_formats(&ioctl::enum_fmt(transport, capability.capture_queue())?);
    let takes_coded = !coded_formats(&ioctl::enum_fmt(transport, capability.output_queue())?).is_empty();
    Ok(kind_of(coded, takes_coded))
}

fn coded_formats(formats: &[FormatDescription]) -> Vec<PixelFormat> {
    formats.iter().filter(|format| format.compressed).map(|format| format.pixel_format).collect()
}

fn kind_of(coded: Vec<PixelFormat>, takes_coded: bool) -> Kind {
    let still = |format: &PixelFormat| {
        [PixelFormat::from_fourcc(b"JPEG"), PixelFormat::from_fourcc(b"MJPG")].contains(format)
    };
    match (coded.is_empty(), takes_coded) {
        (false, false) if coded.iter().all(still) => Kind::JpegEncoder,
        (false, false) => Kind::Encoder(coded),
        (true, true) => Kind::Decoder,
        (true, false) => Kind::Converter,
        (false, true) => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use super::*;

    #[test]
    fn nodes_are_tried_by_number_not_by_spelling() {
        let root = std::env::temp_dir().join(format!("v4l2-discovery-{}", std::process::id()));
        fs::create_dir_all(root.join("dev")).unwrap();
        for name in ["video10", "video2", "video0", "videodev", "v4l-subdev0"] {
            fs::write(root.join("dev").join(name), "").unwrap();
        }
        let names: Vec<_> =
            kernel_nodes(&root).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(names, ["video0", "video2", "video10"]);
    }

    #[test]
    fn formats_tell_an_encoder_from_its_relatives() {
        let h264 = vec![crate::fourcc::H264];
        assert_eq!(kind_of(h264.clone(), false), Kind::Encoder(h264));
        assert_eq!(kind_of(vec![PixelFormat::from_fourcc(b"MJPG")], false), Kind::JpegEncoder);
        assert_eq!(kind_of(Vec::new(), true), Kind::Decoder);
        assert_eq!(kind_of(Vec::new(), false), Kind::Converter);
    }

    #[test]
    fn a_look_that_never_ends_is_left_alone() {
        assert_eq!(in_time(MAX_WAIT, || 7).unwrap(), Some(7));
        let (end, ends) = channel::<()>();
        assert_eq!(in_time(Duration::from_millis(10), move || ends.recv()).unwrap(), None);
        drop(end);
    }

    #[test]
    #[expect(unsafe_code, reason = "setresuid(2) of one thread, as root may open everything")]
    fn access_is_checked_without_opening() {
        let path = std::env::temp_dir().join(format!("v4l2-access-{}", std::process::id()));
        fs::write(&path, "").unwrap();
        let open = check_access(&path);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        let node = path.clone();
        let look = thread::spawn(move || {
            let nobody = 65534;
            // SAFETY: the bare system call changes this thread only, which ends here; it fails where the user is not root.
            unsafe { libc::syscall(libc::SYS_setresuid, nobody, nobody, nobody) };
            check_access(&node)
        });
        let closed = look.join().unwrap();
        fs::remove_file(&path).unwrap();
        assert!(open.is_ok());
        assert!(matches!(closed, Err(Failure::Open { errno: Errno::EACCES, .. })), "{closed:?}");
    }

    #[test]
    fn a_stub_node_is_not_a_kernel_node() {
        assert!(is_nvidia_node(Path::new("/dev/null")));
    }
}
