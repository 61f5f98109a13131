/*
 * The system's <linux/videodev2.h>, completed for v4l2r.
 *
 * v4l2r names the stateless-decoder controls of Linux 6.5. Debian 12 has the headers of 6.1, JetPack 6 those of
 * 5.15. We use none of those controls, so for older headers this file declares one-byte stand-ins: structs,
 * the pointer members of the union in v4l2_ext_control, and the control ids.
 */
#ifndef V4L2_ENCODER_UAPI_VIDEODEV2_H
#define V4L2_ENCODER_UAPI_VIDEODEV2_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define V4L2_ENCODER_LACKS_AV1
struct v4l2_ctrl_av1_sequence { unsigned char stand_in; };
struct v4l2_ctrl_av1_tile_group_entry { unsigned char stand_in; };
struct v4l2_ctrl_av1_frame { unsigned char stand_in; };
struct v4l2_ctrl_av1_film_grain { unsigned char stand_in; };
#define V4L2_ENCODER_AV1_MEMBERS \
	struct v4l2_ctrl_av1_sequence *p_av1_sequence; \
	struct v4l2_ctrl_av1_tile_group_entry *p_av1_tile_group_entry; \
	struct v4l2_ctrl_av1_frame *p_av1_frame; \
	struct v4l2_ctrl_av1_film_grain *p_av1_film_grain;
#else
#define V4L2_ENCODER_AV1_MEMBERS
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 0, 0)
#define V4L2_ENCODER_LACKS_HEVC
struct v4l2_ctrl_hevc_sps { unsigned char stand_in; };
struct v4l2_ctrl_hevc_pps { unsigned char stand_in; };
struct v4l2_ctrl_hevc_slice_params { unsigned char stand_in; };
struct v4l2_ctrl_hevc_scaling_matrix { unsigned char stand_in; };
struct v4l2_ctrl_hevc_decode_params { unsigned char stand_in; };
#define V4L2_ENCODER_HEVC_MEMBERS \
	struct v4l2_ctrl_hevc_sps *p_hevc_sps; \
	struct v4l2_ctrl_hevc_pps *p_hevc_pps; \
	struct v4l2_ctrl_hevc_slice_params *p_hevc_slice_params; \
	struct v4l2_ctrl_hevc_scaling_matrix *p_hevc_scaling_matrix; \
	struct v4l2_ctrl_hevc_decode_params *p_hevc_decode_params;
#else
#define V4L2_ENCODER_HEVC_MEMBERS
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 17, 0)
#define V4L2_ENCODER_LACKS_VP9
struct v4l2_ctrl_vp9_frame { unsigned char stand_in; };
struct v4l2_ctrl_vp9_compressed_hdr { unsigned char stand_in; };
#define V4L2_ENCODER_VP9_MEMBERS \
	struct v4l2_ctrl_vp9_frame *p_vp9_frame; \
	struct v4l2_ctrl_vp9_compressed_hdr *p_vp9_compressed_hdr_probs;
#else
#define V4L2_ENCODER_VP9_MEMBERS
#endif

/* p_u32 stands in v4l2_ext_control's union in every version, and nowhere else that matters here. */
#define p_u32 p_u32; V4L2_ENCODER_AV1_MEMBERS V4L2_ENCODER_HEVC_MEMBERS V4L2_ENCODER_VP9_MEMBERS __u32 *p_u32_stand_in
#include_next <linux/videodev2.h>
#undef p_u32

/* Nameless, because bindgen would put a name in front of each id. */
enum {
	V4L2_ENCODER_STAND_IN_IDS_END = 0,
#ifdef V4L2_ENCODER_LACKS_AV1
	V4L2_CID_STATELESS_AV1_SEQUENCE = V4L2_CID_CODEC_STATELESS_BASE + 500,
	V4L2_CID_STATELESS_AV1_TILE_GROUP_ENTRY = V4L2_CID_CODEC_STATELESS_BASE + 501,
	V4L2_CID_STATELESS_AV1_FRAME = V4L2_CID_CODEC_STATELESS_BASE + 502,
	V4L2_CID_STATELESS_AV1_FILM_GRAIN = V4L2_CID_CODEC_STATELESS_BASE + 505,
#endif
#ifdef V4L2_ENCODER_LACKS_HEVC
	V4L2_CID_STATELESS_HEVC_SPS = V4L2_CID_CODEC_STATELESS_BASE + 400,
	V4L2_CID_STATELESS_HEVC_PPS = V4L2_CID_CODEC_STATELESS_BASE + 401,
	V4L2_CID_STATELESS_HEVC_SLICE_PARAMS = V4L2_CID_CODEC_STATELESS_BASE + 402,
	V4L2_CID_STATELESS_HEVC_SCALING_MATRIX = V4L2_CID_CODEC_STATELESS_BASE + 403,
	V4L2_CID_STATELESS_HEVC_DECODE_PARAMS = V4L2_CID_CODEC_STATELESS_BASE + 404,
#endif
#ifdef V4L2_ENCODER_LACKS_VP9
	V4L2_CID_STATELESS_VP9_FRAME = V4L2_CID_CODEC_STATELESS_BASE + 300,
	V4L2_CID_STATELESS_VP9_COMPRESSED_HDR = V4L2_CID_CODEC_STATELESS_BASE + 301,
#endif
};

#endif
