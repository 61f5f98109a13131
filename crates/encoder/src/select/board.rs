//! Boards whose hardware encoder is missing, or not reached by this package: why, in a sentence. The doctor has the same
//! sentences in `ts/doctor/findings/other-boards.ts`.

use std::fs;
use std::path::Path;

/// What the device tree calls a board or its chip, in the order in which they are looked for, and what is to be said of it. A
/// name that ends with a comma is a vendor.
const BOARDS: [(&[&str], &str); 10] = [
    (&["brcm,bcm2712"], "A Raspberry Pi 5 has no hardware video encoder."),
    (&["p3767-0003", "p3767-0004", "p3767-0005"], "A Jetson Orin Nano has no hardware video encoder."),
    (
        &["nvidia,tegra264"],
        "The encoder of a Jetson Thor sits behind another plugin of NVIDIA's, with which this package was never tried.",
    ),
    (
        &["rockchip,"],
        "Rockchip's encoder of H.264 and H.265 has no driver in the mainline kernel, where only JPEG is encoded; that of the \
         vendor's kernel (/dev/mpp_service) is not V4L2, and FFmpeg's rkmpp encoders use it.",
    ),
    (
        &["fsl,imx8mp", "fsl,imx8mm"],
        "The encoder of an i.MX8M Plus or Mini has a driver in NXP's own kernel only (vsi_v4l2).",
    ),
    (&["fsl,imx95"], "The encoder of an i.MX95 has no driver in the mainline kernel."),
    (&["allwinner,"], "Allwinner's encoders have no driver in the mainline kernel."),
    (&["amlogic,"], "Amlogic's encoders have no driver in the mainline kernel."),
    (
        &["starfive,jh7110"],
        "The encoder of a JH7110 is reached through its vendor's own library only, which is not V4L2.",
    ),
    (
        &["renesas,"],
        "Renesas' encoders are reached through their vendor's own library only, which is not V4L2.",
    ),
];

/// Why there is no encoder here, where the board is one of those.
pub(crate) fn why_none(root: &Path) -> Option<&'static str> {
    let names = fs::read(root.join("proc/device-tree/compatible")).ok()?;
    let names: Vec<&str> =
        names.split(|byte| *byte == 0).filter_map(|name| str::from_utf8(name).ok()).collect();
    let is = |wanted: &str| {
        names.iter().any(|name|
            // A module stands in the name of its kit.
            *name == wanted
                || (wanted.ends_with(',') && name.starts_with(wanted))
                || (wanted.starts_with("p3767") && name.contains(wanted)))
    };
    BOARDS.iter().find(|(wanted, _)| wanted.iter().any(|one| is(one))).map(|(_, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(number: usize, compatible: &str) -> Option<&'static str> {
        let root = std::env::temp_dir().join(format!("v4l2-board-{}-{number}", std::process::id()));
        fs::create_dir_all(root.join("proc/device-tree")).unwrap();
        fs::write(root.join("proc/device-tree/compatible"), compatible).unwrap();
        let why = why_none(&root);
        fs::remove_dir_all(root).unwrap();
        why
    }

    #[test]
    fn a_board_without_a_reachable_encoder_is_reported_why() {
        for (number, (compatible, words)) in [
            ("raspberrypi,5-model-b\0brcm,bcm2712\0", "Raspberry Pi 5"),
            ("turing,rk1\0rockchip,rk3588\0", "no driver in the mainline kernel, where only JPEG"),
            ("nvidia,p3768-0000+p3767-0005-super\0nvidia,tegra234\0", "Orin Nano"),
            ("nvidia,p4071\0nvidia,tegra264\0", "Jetson Thor"),
            ("toradex,verdin-imx8mp\0fsl,imx8mp\0", "vsi_v4l2"),
            ("fsl,imx95-19x19-evk\0fsl,imx95\0", "i.MX95"),
            ("libretech,aml-s905x-cc\0amlogic,s905x\0", "Amlogic"),
            ("xunlong,orangepi-zero2\0allwinner,sun50i-h616\0", "Allwinner"),
        ]
        .into_iter()
        .enumerate()
        {
            assert!(on(number, compatible).is_some_and(|why| why.contains(words)), "{compatible}");
        }
    }

    #[test]
    fn nothing_is_said_of_boards_with_an_encoder_or_of_unknown_ones() {
        for (number, compatible) in [
            "raspberrypi,4-model-b\0brcm,bcm2711\0",
            "nvidia,p3768-0000+p3767-0000\0nvidia,tegra234\0",
            "qcom,sm8550\0",
            "",
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(on(100 + number, compatible), None, "{compatible}");
        }
    }
}
