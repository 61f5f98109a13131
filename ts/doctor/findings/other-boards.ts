import type { BoardFacts } from '../facts/board.js'

/**
 * Boards whose hardware encoder is missing, or not reached by this package, by what the device tree calls them or their chip, and why.
 * The native part has the same sentences (`crates/encoder/src/select/board.rs`), for errors; boards with findings of their own are not
 * here.
 */
const BOARDS: readonly (readonly [names: RegExp, why: string])[] = [
  [
    /^rockchip,/,
    "Rockchip's encoder of H.264 and H.265 has no driver in the mainline kernel, where only JPEG is encoded; that of the vendor's kernel (/dev/mpp_service) is not V4L2, and FFmpeg's rkmpp encoders use it.",
  ],
  [/^fsl,imx8m[pm]$/, "The encoder of an i.MX8M Plus or Mini has a driver in NXP's own kernel only (vsi_v4l2)."],
  [/^fsl,imx95$/, 'The encoder of an i.MX95 has no driver in the mainline kernel.'],
  [/^allwinner,/, "Allwinner's encoders have no driver in the mainline kernel."],
  [/^amlogic,/, "Amlogic's encoders have no driver in the mainline kernel."],
  [/^starfive,jh7110$/, "The encoder of a JH7110 is reached through its vendor's own library only, which is not V4L2."],
  [/^renesas,/, "Renesas' encoders are reached through their vendor's own library only, which is not V4L2."],
]

/**
 * Why there is no encoder, where the board is one of those.
 *
 * @internal
 */
export function whyNone({ compatible }: BoardFacts): string | undefined {
  return BOARDS.find(([names]) => compatible.some((name) => names.test(name)))?.[1]
}
