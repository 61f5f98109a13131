// Made by "npm run api": what users of the package see. scripts/api says what it is for.
export { ArgumentError, ErrorCode, RejectedEncoder, V4l2EncoderError } from './index.js';

/** A control by its id, by its name in the kernel's headers (`'V4L2_CID_…'`), or by the one that `v4l2-ctl` uses. */
type ControlReference = number | string;

/** How a member of a struct lies in memory, on 64-bit Linux. */
interface Field<T> {
    /** In bytes. */
    readonly size: number;
    /** In bytes. */
    readonly alignment: number;
    /** What it holds, for the type checker only: there is no such property. */
    readonly holds?: T;
}
/** What a field holds. */
type ValueOf<F> = F extends Field<infer T> ? T : never;
/** What is given for a struct: what is left out stays zero. */
type Given<T> = T extends Uint8Array ? T : T extends (infer E)[] ? Given<E>[] : T extends object ? {
    [K in keyof T]?: Given<T[K]> | undefined;
} : T;
/** One of V4L2's structs. */
interface Struct<T> extends Field<T> {
    /** The kernel's name for it. */
    readonly name: string;
    /** Where each member begins, in bytes. */
    readonly offsets: Readonly<Record<string, number>>;
    /** Its members. */
    readonly fields: Readonly<Record<string, Field<unknown>>>;
}
/** Members that share their place; which of them counts, the rest of the struct says. */
interface Union<T> extends Field<T> {
    /** Whether the kernel's header gives it no name, so that its members are the struct's. */
    readonly isAnonymous: boolean;
    /** Its members. */
    readonly fields: Readonly<Record<string, Field<unknown>>>;
}

/** Asks for buffers: REQBUFS. */
declare const v4l2_requestbuffers: Struct<{
    count: number;
    type: number;
    memory: number;
    capabilities: number;
    flags: number;
    reserved: Uint8Array;
}>;
/** A time of day. */
declare const timeval: Struct<{
    tv_sec: bigint;
    tv_usec: bigint;
}>;
/** A time in nanoseconds. */
declare const timespec: Struct<{
    tv_sec: bigint;
    tv_nsec: bigint;
}>;
/** A time code of a tape. */
declare const v4l2_timecode: Struct<{
    type: number;
    flags: number;
    frames: number;
    seconds: number;
    minutes: number;
    hours: number;
    userbits: Uint8Array;
}>;
/** One plane of a buffer. */
declare const v4l2_plane: Struct<{
    bytesused: number;
    length: number;
    m: Partial<{
        mem_offset: number;
        fd: number;
        userptr: bigint;
    }>;
    data_offset: number;
}>;
/** A buffer: QUERYBUF, QBUF, DQBUF, PREPARE_BUF. Of the multi-planar API, `length` counts `m.planes`. */
declare const v4l2_buffer: Struct<{
    index: number;
    type: number;
    bytesused: number;
    flags: number;
    field: number;
    timestamp: {
        tv_sec: bigint;
        tv_usec: bigint;
    };
    timecode: {
        type: number;
        flags: number;
        frames: number;
        seconds: number;
        minutes: number;
        hours: number;
        userbits: Uint8Array;
    };
    sequence: number;
    memory: number;
    m: Partial<{
        offset: number;
        fd: number;
        userptr: bigint;
        planes: {
            bytesused: number;
            length: number;
            m: Partial<{
                mem_offset: number;
                fd: number;
                userptr: bigint;
            }>;
            data_offset: number;
        }[] | undefined;
    }>;
    length: number;
    reserved2: number;
    request_fd: number;
}>;
/** Makes a plane a DMABUF: EXPBUF. */
declare const v4l2_exportbuffer: Struct<{
    type: number;
    index: number;
    plane: number;
    flags: number;
    fd: number;
}>;
/** Asks for more buffers: CREATE_BUFS. */
declare const v4l2_create_buffers: Struct<{
    index: number;
    count: number;
    memory: number;
    format: {
        type: number;
        fmt: Partial<{
            pix: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                bytesperline: number;
                sizeimage: number;
                colorspace: number;
                priv: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
            };
            pix_mp: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                colorspace: number;
                plane_fmt: {
                    sizeimage: number;
                    bytesperline: number;
                }[];
                num_planes: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
                reserved: Uint8Array;
            };
            win: {
                w: {
                    left: number;
                    top: number;
                    width: number;
                    height: number;
                };
                field: number;
                chromakey: number;
                clips: {
                    c: {
                        left: number;
                        top: number;
                        width: number;
                        height: number;
                    };
                    next: number[] | undefined;
                }[] | undefined;
                clipcount: number;
                bitmap: number[] | undefined;
                global_alpha: number;
            };
            vbi: {
                sampling_rate: number;
                offset: number;
                samples_per_line: number;
                sample_format: number;
                start: number[];
                count: number[];
                flags: number;
            };
            sliced: {
                service_set: number;
                service_lines: number[][];
                io_size: number;
            };
            sdr: {
                pixelformat: number;
                buffersize: number;
                reserved: Uint8Array;
            };
            meta: {
                dataformat: number;
                buffersize: number;
            };
            raw_data: Uint8Array;
        }>;
    };
    capabilities: number;
    flags: number;
    max_num_buffers: number;
}>;
/** Gives buffers back: REMOVE_BUFS, since Linux 6.10. */
declare const v4l2_remove_buffers: Struct<{
    index: number;
    count: number;
    type: number;
}>;
/** An entry of an encoder's index. */
declare const v4l2_enc_idx_entry: Struct<{
    offset: bigint;
    pts: bigint;
    length: number;
    flags: number;
}>;
/** Where the frames of a stream are: G_ENC_INDEX. */
declare const v4l2_enc_idx: Struct<{
    entries: number;
    entries_cap: number;
    entry: {
        offset: bigint;
        pts: bigint;
        length: number;
        flags: number;
    }[];
}>;
/** Starts, stops, pauses an encoder: ENCODER_CMD, TRY_ENCODER_CMD. */
declare const v4l2_encoder_cmd: Struct<{
    cmd: number;
    flags: number;
    raw: {
        data: number[];
    };
}>;
/** Starts, stops, pauses a decoder: DECODER_CMD, TRY_DECODER_CMD. */
declare const v4l2_decoder_cmd: Struct<{
    cmd: number;
    flags: number;
    u: Partial<{
        stop: {
            pts: bigint;
        };
        start: {
            speed: number;
            format: number;
        };
        raw: {
            data: number[];
        };
    }>;
}>;

/** A number of the oldest kind: G_CTRL, S_CTRL. */
declare const v4l2_control: Struct<{
    id: number;
    value: number;
}>;
/** One of several controls. With a `size` its value is `bytes` of that length. */
declare const v4l2_ext_control: Struct<{
    id: number;
    size: number;
    u: Partial<{
        value64: bigint;
        value: number;
        ptr: Uint8Array | undefined;
    }>;
}>;
/** Several controls at once: G_EXT_CTRLS, S_EXT_CTRLS, TRY_EXT_CTRLS. */
declare const v4l2_ext_controls: Struct<{
    which: number;
    count: number;
    error_idx: number;
    request_fd: number;
    controls: {
        id: number;
        size: number;
        u: Partial<{
            value64: bigint;
            value: number;
            ptr: Uint8Array | undefined;
        }>;
    }[] | undefined;
}>;
/** What a control is, up to 32 bits: QUERYCTRL. */
declare const v4l2_queryctrl: Struct<{
    id: number;
    type: number;
    name: string;
    minimum: number;
    maximum: number;
    step: number;
    default_value: number;
    flags: number;
}>;
/** What a control is: QUERY_EXT_CTRL. */
declare const v4l2_query_ext_ctrl: Struct<{
    id: number;
    type: number;
    name: string;
    minimum: bigint;
    maximum: bigint;
    step: bigint;
    default_value: bigint;
    flags: number;
    elem_size: number;
    elems: number;
    nr_of_dims: number;
    dims: number[];
}>;
/** An entry of a menu: QUERYMENU. `name` of a menu, `value` of one of numbers. */
declare const v4l2_querymenu: Struct<{
    id: number;
    index: number;
    u: Partial<{
        name: string;
        value: bigint;
    }>;
}>;
/** A control changed. */
declare const v4l2_event_ctrl: Struct<{
    changes: number;
    type: number;
    u: Partial<{
        value64: bigint;
        value: number;
    }>;
    flags: number;
    minimum: number;
    maximum: number;
    step: number;
    default_value: number;
}>;
/** A frame begins to be displayed. */
declare const v4l2_event_vsync: Struct<{
    field: number;
}>;
/** A frame begins to be received. */
declare const v4l2_event_frame_sync: Struct<{
    frame_sequence: number;
}>;
/** What comes in is another format now. */
declare const v4l2_event_src_change: Struct<{
    changes: number;
}>;
/** Something moved. */
declare const v4l2_event_motion_det: Struct<{
    flags: number;
    frame_sequence: number;
    region_mask: number;
}>;
/** What happened: DQEVENT. */
declare const v4l2_event: Struct<{
    type: number;
    u: Partial<{
        ctrl: {
            changes: number;
            type: number;
            u: Partial<{
                value64: bigint;
                value: number;
            }>;
            flags: number;
            minimum: number;
            maximum: number;
            step: number;
            default_value: number;
        };
        vsync: {
            field: number;
        };
        frame_sync: {
            frame_sequence: number;
        };
        src_change: {
            changes: number;
        };
        motion_det: {
            flags: number;
            frame_sequence: number;
            region_mask: number;
        };
        data: Uint8Array;
    }>;
    pending: number;
    sequence: number;
    timestamp: {
        tv_sec: bigint;
        tv_nsec: bigint;
    };
    id: number;
}>;
/** An event to subscribe to: SUBSCRIBE_EVENT, UNSUBSCRIBE_EVENT. */
declare const v4l2_event_subscription: Struct<{
    type: number;
    id: number;
    flags: number;
}>;

/** What a device is: QUERYCAP. */
declare const v4l2_capability: Struct<{
    driver: string;
    card: string;
    bus_info: string;
    version: number;
    capabilities: number;
    device_caps: number;
}>;
/** One format of a queue: ENUM_FMT. */
declare const v4l2_fmtdesc: Struct<{
    index: number;
    type: number;
    flags: number;
    description: string;
    pixelformat: number;
    mbus_code: number;
}>;
/** A rectangle in pixels. */
declare const v4l2_rect: Struct<{
    left: number;
    top: number;
    width: number;
    height: number;
}>;
/** A fraction, such as seconds from one frame to the next. */
declare const v4l2_fract: Struct<{
    numerator: number;
    denominator: number;
}>;
/** A frame in one buffer. */
declare const v4l2_pix_format: Struct<{
    width: number;
    height: number;
    pixelformat: number;
    field: number;
    bytesperline: number;
    sizeimage: number;
    colorspace: number;
    priv: number;
    flags: number;
    ycbcr_enc: number;
    quantization: number;
    xfer_func: number;
}>;
/** One plane of a frame in several buffers. */
declare const v4l2_plane_pix_format: Struct<{
    sizeimage: number;
    bytesperline: number;
}>;
/** A frame in several buffers. */
declare const v4l2_pix_format_mplane: Struct<{
    width: number;
    height: number;
    pixelformat: number;
    field: number;
    colorspace: number;
    plane_fmt: {
        sizeimage: number;
        bytesperline: number;
    }[];
    num_planes: number;
    flags: number;
    ycbcr_enc: number;
    quantization: number;
    xfer_func: number;
    reserved: Uint8Array;
}>;
/** A rectangle that hides an overlay. */
declare const v4l2_clip: Struct<{
    c: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
    next: number[] | undefined;
}>;
/** Where an overlay is. Clips and bitmaps are addresses, and refused. */
declare const v4l2_window: Struct<{
    w: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
    field: number;
    chromakey: number;
    clips: {
        c: {
            left: number;
            top: number;
            width: number;
            height: number;
        };
        next: number[] | undefined;
    }[] | undefined;
    clipcount: number;
    bitmap: number[] | undefined;
    global_alpha: number;
}>;
/** Raw data of the vertical blanking interval. */
declare const v4l2_vbi_format: Struct<{
    sampling_rate: number;
    offset: number;
    samples_per_line: number;
    sample_format: number;
    start: number[];
    count: number[];
    flags: number;
}>;
/** Decoded data of the vertical blanking interval. */
declare const v4l2_sliced_vbi_format: Struct<{
    service_set: number;
    service_lines: number[][];
    io_size: number;
}>;
/** Samples of a software-defined radio. */
declare const v4l2_sdr_format: Struct<{
    pixelformat: number;
    buffersize: number;
    reserved: Uint8Array;
}>;
/** Metadata of frames. */
declare const v4l2_meta_format: Struct<{
    dataformat: number;
    buffersize: number;
}>;
/** The format of a queue: G_FMT, S_FMT, TRY_FMT. */
declare const v4l2_format: Struct<{
    type: number;
    fmt: Partial<{
        pix: {
            width: number;
            height: number;
            pixelformat: number;
            field: number;
            bytesperline: number;
            sizeimage: number;
            colorspace: number;
            priv: number;
            flags: number;
            ycbcr_enc: number;
            quantization: number;
            xfer_func: number;
        };
        pix_mp: {
            width: number;
            height: number;
            pixelformat: number;
            field: number;
            colorspace: number;
            plane_fmt: {
                sizeimage: number;
                bytesperline: number;
            }[];
            num_planes: number;
            flags: number;
            ycbcr_enc: number;
            quantization: number;
            xfer_func: number;
            reserved: Uint8Array;
        };
        win: {
            w: {
                left: number;
                top: number;
                width: number;
                height: number;
            };
            field: number;
            chromakey: number;
            clips: {
                c: {
                    left: number;
                    top: number;
                    width: number;
                    height: number;
                };
                next: number[] | undefined;
            }[] | undefined;
            clipcount: number;
            bitmap: number[] | undefined;
            global_alpha: number;
        };
        vbi: {
            sampling_rate: number;
            offset: number;
            samples_per_line: number;
            sample_format: number;
            start: number[];
            count: number[];
            flags: number;
        };
        sliced: {
            service_set: number;
            service_lines: number[][];
            io_size: number;
        };
        sdr: {
            pixelformat: number;
            buffersize: number;
            reserved: Uint8Array;
        };
        meta: {
            dataformat: number;
            buffersize: number;
        };
        raw_data: Uint8Array;
    }>;
}>;
/** The memory of an overlay. Its `base` is an address, which VIDIOC_G_FBUF returns and which is not exposed here. */
declare const v4l2_framebuffer: Struct<{
    capability: number;
    flags: number;
    base: number[] | undefined;
    fmt: {
        width: number;
        height: number;
        pixelformat: number;
        field: number;
        bytesperline: number;
        sizeimage: number;
        colorspace: number;
        priv: number;
    };
}>;
/** What sliced VBI a device does: G_SLICED_VBI_CAP. */
declare const v4l2_sliced_vbi_cap: Struct<{
    service_set: number;
    service_lines: number[][];
    type: number;
}>;
/** JPEG compression of old drivers: G_JPEGCOMP, S_JPEGCOMP. */
declare const v4l2_jpegcompression: Struct<{
    quality: number;
    APPn: number;
    APP_len: number;
    APP_data: Uint8Array;
    COM_len: number;
    COM_data: Uint8Array;
    jpeg_markers: number;
}>;

/** One size. */
declare const v4l2_frmsize_discrete: Struct<{
    width: number;
    height: number;
}>;
/** A range of sizes. */
declare const v4l2_frmsize_stepwise: Struct<{
    min_width: number;
    max_width: number;
    step_width: number;
    min_height: number;
    max_height: number;
    step_height: number;
}>;
/** A size that a format comes in: ENUM_FRAMESIZES. */
declare const v4l2_frmsizeenum: Struct<{
    index: number;
    pixel_format: number;
    type: number;
    u: Partial<{
        discrete: {
            width: number;
            height: number;
        };
        stepwise: {
            min_width: number;
            max_width: number;
            step_width: number;
            min_height: number;
            max_height: number;
            step_height: number;
        };
    }>;
}>;
/** A range of times from one frame to the next. */
declare const v4l2_frmival_stepwise: Struct<{
    min: {
        numerator: number;
        denominator: number;
    };
    max: {
        numerator: number;
        denominator: number;
    };
    step: {
        numerator: number;
        denominator: number;
    };
}>;
/** A frame rate that a format comes in at a size: ENUM_FRAMEINTERVALS. */
declare const v4l2_frmivalenum: Struct<{
    index: number;
    pixel_format: number;
    width: number;
    height: number;
    type: number;
    u: Partial<{
        discrete: {
            numerator: number;
            denominator: number;
        };
        stepwise: {
            min: {
                numerator: number;
                denominator: number;
            };
            max: {
                numerator: number;
                denominator: number;
            };
            step: {
                numerator: number;
                denominator: number;
            };
        };
    }>;
}>;
/** How frames are captured. */
declare const v4l2_captureparm: Struct<{
    capability: number;
    capturemode: number;
    timeperframe: {
        numerator: number;
        denominator: number;
    };
    extendedmode: number;
    readbuffers: number;
}>;
/** How frames are sent. */
declare const v4l2_outputparm: Struct<{
    capability: number;
    outputmode: number;
    timeperframe: {
        numerator: number;
        denominator: number;
    };
    extendedmode: number;
    writebuffers: number;
}>;
/** The frame rate: G_PARM, S_PARM. */
declare const v4l2_streamparm: Struct<{
    type: number;
    parm: Partial<{
        capture: {
            capability: number;
            capturemode: number;
            timeperframe: {
                numerator: number;
                denominator: number;
            };
            extendedmode: number;
            readbuffers: number;
        };
        output: {
            capability: number;
            outputmode: number;
            timeperframe: {
                numerator: number;
                denominator: number;
            };
            extendedmode: number;
            writebuffers: number;
        };
        raw_data: number[];
    }>;
}>;
/** A rectangle of frames: G_SELECTION, S_SELECTION. */
declare const v4l2_selection: Struct<{
    type: number;
    target: number;
    flags: number;
    r: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
}>;
/** What can be cropped: CROPCAP. */
declare const v4l2_cropcap: Struct<{
    type: number;
    bounds: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
    defrect: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
    pixelaspect: {
        numerator: number;
        denominator: number;
    };
}>;
/** What is cropped: G_CROP, S_CROP. */
declare const v4l2_crop: Struct<{
    type: number;
    c: {
        left: number;
        top: number;
        width: number;
        height: number;
    };
}>;

/** Where frames come from: ENUMINPUT. */
declare const v4l2_input: Struct<{
    index: number;
    name: string;
    type: number;
    audioset: number;
    tuner: number;
    std: bigint;
    status: number;
    capabilities: number;
}>;
/** Where frames go to: ENUMOUTPUT. */
declare const v4l2_output: Struct<{
    index: number;
    name: string;
    type: number;
    audioset: number;
    modulator: number;
    std: bigint;
    capabilities: number;
}>;
/** A standard of analogue television: ENUMSTD. */
declare const v4l2_standard: Struct<{
    index: number;
    id: bigint;
    name: string;
    frameperiod: {
        numerator: number;
        denominator: number;
    };
    framelines: number;
}>;
/** A tuner: G_TUNER, S_TUNER. */
declare const v4l2_tuner: Struct<{
    index: number;
    name: string;
    type: number;
    capability: number;
    rangelow: number;
    rangehigh: number;
    rxsubchans: number;
    audmode: number;
    signal: number;
    afc: number;
}>;
/** A modulator: G_MODULATOR, S_MODULATOR. */
declare const v4l2_modulator: Struct<{
    index: number;
    name: string;
    capability: number;
    rangelow: number;
    rangehigh: number;
    txsubchans: number;
    type: number;
}>;
/** A tuner's frequency: G_FREQUENCY, S_FREQUENCY. */
declare const v4l2_frequency: Struct<{
    tuner: number;
    type: number;
    frequency: number;
}>;
/** A range of a tuner: ENUM_FREQ_BANDS. */
declare const v4l2_frequency_band: Struct<{
    tuner: number;
    type: number;
    index: number;
    capability: number;
    rangelow: number;
    rangehigh: number;
    modulation: number;
}>;
/** Looks for a station: S_HW_FREQ_SEEK. */
declare const v4l2_hw_freq_seek: Struct<{
    tuner: number;
    type: number;
    seek_upward: number;
    wrap_around: number;
    spacing: number;
    rangelow: number;
    rangehigh: number;
}>;
/** An audio input: G_AUDIO, S_AUDIO, ENUMAUDIO. */
declare const v4l2_audio: Struct<{
    index: number;
    name: string;
    capability: number;
    mode: number;
}>;
/** An audio output: G_AUDOUT, S_AUDOUT, ENUMAUDOUT. */
declare const v4l2_audioout: Struct<{
    index: number;
    name: string;
    capability: number;
    mode: number;
}>;
/** What a display says of itself: G_EDID, S_EDID. `blocks` counts 128 bytes of `edid`. */
declare const v4l2_edid: Struct<{
    pad: number;
    start_block: number;
    blocks: number;
    edid: Uint8Array | undefined;
}>;
/** The timings of a digital video signal, its porches in pixels and lines. */
declare const v4l2_bt_timings: Struct<{
    width: number;
    height: number;
    interlaced: number;
    polarities: number;
    pixelclock: bigint;
    hfrontporch: number;
    hsync: number;
    hbackporch: number;
    vfrontporch: number;
    vsync: number;
    vbackporch: number;
    il_vfrontporch: number;
    il_vsync: number;
    il_vbackporch: number;
    standards: number;
    flags: number;
    picture_aspect: {
        numerator: number;
        denominator: number;
    };
    cea861_vic: number;
    hdmi_vic: number;
    reserved: Uint8Array;
}>;
/** The timings of an input or output: G_DV_TIMINGS, S_DV_TIMINGS, QUERY_DV_TIMINGS. */
declare const v4l2_dv_timings: Struct<{
    type: number;
    u: Partial<{
        bt: {
            width: number;
            height: number;
            interlaced: number;
            polarities: number;
            pixelclock: bigint;
            hfrontporch: number;
            hsync: number;
            hbackporch: number;
            vfrontporch: number;
            vsync: number;
            vbackporch: number;
            il_vfrontporch: number;
            il_vsync: number;
            il_vbackporch: number;
            standards: number;
            flags: number;
            picture_aspect: {
                numerator: number;
                denominator: number;
            };
            cea861_vic: number;
            hdmi_vic: number;
            reserved: Uint8Array;
        };
    }>;
}>;
/** One of the timings that a device knows: ENUM_DV_TIMINGS. */
declare const v4l2_enum_dv_timings: Struct<{
    index: number;
    pad: number;
    timings: {
        type: number;
        u: Partial<{
            bt: {
                width: number;
                height: number;
                interlaced: number;
                polarities: number;
                pixelclock: bigint;
                hfrontporch: number;
                hsync: number;
                hbackporch: number;
                vfrontporch: number;
                vsync: number;
                vbackporch: number;
                il_vfrontporch: number;
                il_vsync: number;
                il_vbackporch: number;
                standards: number;
                flags: number;
                picture_aspect: {
                    numerator: number;
                    denominator: number;
                };
                cea861_vic: number;
                hdmi_vic: number;
                reserved: Uint8Array;
            };
        }>;
    };
}>;
/** The range of timings. */
declare const v4l2_bt_timings_cap: Struct<{
    min_width: number;
    max_width: number;
    min_height: number;
    max_height: number;
    min_pixelclock: bigint;
    max_pixelclock: bigint;
    standards: number;
    capabilities: number;
}>;
/** What timings a device does: DV_TIMINGS_CAP. */
declare const v4l2_dv_timings_cap: Struct<{
    type: number;
    pad: number;
    u: Partial<{
        bt: {
            min_width: number;
            max_width: number;
            min_height: number;
            max_height: number;
            min_pixelclock: bigint;
            max_pixelclock: bigint;
            standards: number;
            capabilities: number;
        };
        raw_data: number[];
    }>;
}>;
/** A chip on a board, for debugging. */
declare const v4l2_dbg_match: Struct<{
    type: number;
    u: Partial<{
        addr: number;
        name: string;
    }>;
}>;
/** A register of it: DBG_G_REGISTER, DBG_S_REGISTER. */
declare const v4l2_dbg_register: Struct<{
    match: {
        type: number;
        u: Partial<{
            addr: number;
            name: string;
        }>;
    };
    size: number;
    reg: bigint;
    val: bigint;
}>;
/** What it is: DBG_G_CHIP_INFO. */
declare const v4l2_dbg_chip_info: Struct<{
    match: {
        type: number;
        u: Partial<{
            addr: number;
            name: string;
        }>;
    };
    name: string;
    flags: number;
}>;

/** What a media device is: MEDIA_IOC_DEVICE_INFO. */
declare const media_device_info: Struct<{
    driver: string;
    model: string;
    serial: string;
    bus_info: string;
    media_version: number;
    hw_revision: number;
    driver_version: number;
}>;
/** A part of a media device: a sensor, a codec, a queue of frames. */
declare const media_v2_entity: Struct<{
    id: number;
    name: string;
    function: number;
    flags: number;
}>;
/** The numbers of a node below `/dev`. */
declare const media_v2_intf_devnode: Struct<{
    major: number;
    minor: number;
}>;
/** A node through which programs reach a part. */
declare const media_v2_interface: Struct<{
    id: number;
    intf_type: number;
    flags: number;
    u: Partial<{
        devnode: {
            major: number;
            minor: number;
        };
        raw: number[];
    }>;
}>;
/** Where data go into a part, or come out of it. */
declare const media_v2_pad: Struct<{
    id: number;
    entity_id: number;
    flags: number;
    index: number;
}>;
/** What connects two pads, or a node with a part. */
declare const media_v2_link: Struct<{
    id: number;
    source_id: number;
    sink_id: number;
    flags: number;
}>;
/** Everything of a media device: MEDIA_IOC_G_TOPOLOGY. A list that is not given is only counted. */
declare const media_v2_topology: Struct<{
    topology_version: bigint;
    num_entities: number;
    reserved1: number;
    ptr_entities: {
        id: number;
        name: string;
        function: number;
        flags: number;
    }[] | undefined;
    num_interfaces: number;
    reserved2: number;
    ptr_interfaces: {
        id: number;
        intf_type: number;
        flags: number;
        u: Partial<{
            devnode: {
                major: number;
                minor: number;
            };
            raw: number[];
        }>;
    }[] | undefined;
    num_pads: number;
    reserved3: number;
    ptr_pads: {
        id: number;
        entity_id: number;
        flags: number;
        index: number;
    }[] | undefined;
    num_links: number;
    reserved4: number;
    ptr_links: {
        id: number;
        source_id: number;
        sink_id: number;
        flags: number;
    }[] | undefined;
}>;

declare const index_d_media_device_info: typeof media_device_info;
declare const index_d_media_v2_entity: typeof media_v2_entity;
declare const index_d_media_v2_interface: typeof media_v2_interface;
declare const index_d_media_v2_intf_devnode: typeof media_v2_intf_devnode;
declare const index_d_media_v2_link: typeof media_v2_link;
declare const index_d_media_v2_pad: typeof media_v2_pad;
declare const index_d_media_v2_topology: typeof media_v2_topology;
declare const index_d_timespec: typeof timespec;
declare const index_d_timeval: typeof timeval;
declare const index_d_v4l2_audio: typeof v4l2_audio;
declare const index_d_v4l2_audioout: typeof v4l2_audioout;
declare const index_d_v4l2_bt_timings: typeof v4l2_bt_timings;
declare const index_d_v4l2_bt_timings_cap: typeof v4l2_bt_timings_cap;
declare const index_d_v4l2_buffer: typeof v4l2_buffer;
declare const index_d_v4l2_capability: typeof v4l2_capability;
declare const index_d_v4l2_captureparm: typeof v4l2_captureparm;
declare const index_d_v4l2_clip: typeof v4l2_clip;
declare const index_d_v4l2_control: typeof v4l2_control;
declare const index_d_v4l2_create_buffers: typeof v4l2_create_buffers;
declare const index_d_v4l2_crop: typeof v4l2_crop;
declare const index_d_v4l2_cropcap: typeof v4l2_cropcap;
declare const index_d_v4l2_dbg_chip_info: typeof v4l2_dbg_chip_info;
declare const index_d_v4l2_dbg_match: typeof v4l2_dbg_match;
declare const index_d_v4l2_dbg_register: typeof v4l2_dbg_register;
declare const index_d_v4l2_decoder_cmd: typeof v4l2_decoder_cmd;
declare const index_d_v4l2_dv_timings: typeof v4l2_dv_timings;
declare const index_d_v4l2_dv_timings_cap: typeof v4l2_dv_timings_cap;
declare const index_d_v4l2_edid: typeof v4l2_edid;
declare const index_d_v4l2_enc_idx: typeof v4l2_enc_idx;
declare const index_d_v4l2_enc_idx_entry: typeof v4l2_enc_idx_entry;
declare const index_d_v4l2_encoder_cmd: typeof v4l2_encoder_cmd;
declare const index_d_v4l2_enum_dv_timings: typeof v4l2_enum_dv_timings;
declare const index_d_v4l2_event: typeof v4l2_event;
declare const index_d_v4l2_event_ctrl: typeof v4l2_event_ctrl;
declare const index_d_v4l2_event_frame_sync: typeof v4l2_event_frame_sync;
declare const index_d_v4l2_event_motion_det: typeof v4l2_event_motion_det;
declare const index_d_v4l2_event_src_change: typeof v4l2_event_src_change;
declare const index_d_v4l2_event_subscription: typeof v4l2_event_subscription;
declare const index_d_v4l2_event_vsync: typeof v4l2_event_vsync;
declare const index_d_v4l2_exportbuffer: typeof v4l2_exportbuffer;
declare const index_d_v4l2_ext_control: typeof v4l2_ext_control;
declare const index_d_v4l2_ext_controls: typeof v4l2_ext_controls;
declare const index_d_v4l2_fmtdesc: typeof v4l2_fmtdesc;
declare const index_d_v4l2_format: typeof v4l2_format;
declare const index_d_v4l2_fract: typeof v4l2_fract;
declare const index_d_v4l2_framebuffer: typeof v4l2_framebuffer;
declare const index_d_v4l2_frequency: typeof v4l2_frequency;
declare const index_d_v4l2_frequency_band: typeof v4l2_frequency_band;
declare const index_d_v4l2_frmival_stepwise: typeof v4l2_frmival_stepwise;
declare const index_d_v4l2_frmivalenum: typeof v4l2_frmivalenum;
declare const index_d_v4l2_frmsize_discrete: typeof v4l2_frmsize_discrete;
declare const index_d_v4l2_frmsize_stepwise: typeof v4l2_frmsize_stepwise;
declare const index_d_v4l2_frmsizeenum: typeof v4l2_frmsizeenum;
declare const index_d_v4l2_hw_freq_seek: typeof v4l2_hw_freq_seek;
declare const index_d_v4l2_input: typeof v4l2_input;
declare const index_d_v4l2_jpegcompression: typeof v4l2_jpegcompression;
declare const index_d_v4l2_meta_format: typeof v4l2_meta_format;
declare const index_d_v4l2_modulator: typeof v4l2_modulator;
declare const index_d_v4l2_output: typeof v4l2_output;
declare const index_d_v4l2_outputparm: typeof v4l2_outputparm;
declare const index_d_v4l2_pix_format: typeof v4l2_pix_format;
declare const index_d_v4l2_pix_format_mplane: typeof v4l2_pix_format_mplane;
declare const index_d_v4l2_plane: typeof v4l2_plane;
declare const index_d_v4l2_plane_pix_format: typeof v4l2_plane_pix_format;
declare const index_d_v4l2_query_ext_ctrl: typeof v4l2_query_ext_ctrl;
declare const index_d_v4l2_queryctrl: typeof v4l2_queryctrl;
declare const index_d_v4l2_querymenu: typeof v4l2_querymenu;
declare const index_d_v4l2_rect: typeof v4l2_rect;
declare const index_d_v4l2_remove_buffers: typeof v4l2_remove_buffers;
declare const index_d_v4l2_requestbuffers: typeof v4l2_requestbuffers;
declare const index_d_v4l2_sdr_format: typeof v4l2_sdr_format;
declare const index_d_v4l2_selection: typeof v4l2_selection;
declare const index_d_v4l2_sliced_vbi_cap: typeof v4l2_sliced_vbi_cap;
declare const index_d_v4l2_sliced_vbi_format: typeof v4l2_sliced_vbi_format;
declare const index_d_v4l2_standard: typeof v4l2_standard;
declare const index_d_v4l2_streamparm: typeof v4l2_streamparm;
declare const index_d_v4l2_timecode: typeof v4l2_timecode;
declare const index_d_v4l2_tuner: typeof v4l2_tuner;
declare const index_d_v4l2_vbi_format: typeof v4l2_vbi_format;
declare const index_d_v4l2_window: typeof v4l2_window;
declare namespace index_d {
  export {
    index_d_media_device_info as media_device_info,
    index_d_media_v2_entity as media_v2_entity,
    index_d_media_v2_interface as media_v2_interface,
    index_d_media_v2_intf_devnode as media_v2_intf_devnode,
    index_d_media_v2_link as media_v2_link,
    index_d_media_v2_pad as media_v2_pad,
    index_d_media_v2_topology as media_v2_topology,
    index_d_timespec as timespec,
    index_d_timeval as timeval,
    index_d_v4l2_audio as v4l2_audio,
    index_d_v4l2_audioout as v4l2_audioout,
    index_d_v4l2_bt_timings as v4l2_bt_timings,
    index_d_v4l2_bt_timings_cap as v4l2_bt_timings_cap,
    index_d_v4l2_buffer as v4l2_buffer,
    index_d_v4l2_capability as v4l2_capability,
    index_d_v4l2_captureparm as v4l2_captureparm,
    index_d_v4l2_clip as v4l2_clip,
    index_d_v4l2_control as v4l2_control,
    index_d_v4l2_create_buffers as v4l2_create_buffers,
    index_d_v4l2_crop as v4l2_crop,
    index_d_v4l2_cropcap as v4l2_cropcap,
    index_d_v4l2_dbg_chip_info as v4l2_dbg_chip_info,
    index_d_v4l2_dbg_match as v4l2_dbg_match,
    index_d_v4l2_dbg_register as v4l2_dbg_register,
    index_d_v4l2_decoder_cmd as v4l2_decoder_cmd,
    index_d_v4l2_dv_timings as v4l2_dv_timings,
    index_d_v4l2_dv_timings_cap as v4l2_dv_timings_cap,
    index_d_v4l2_edid as v4l2_edid,
    index_d_v4l2_enc_idx as v4l2_enc_idx,
    index_d_v4l2_enc_idx_entry as v4l2_enc_idx_entry,
    index_d_v4l2_encoder_cmd as v4l2_encoder_cmd,
    index_d_v4l2_enum_dv_timings as v4l2_enum_dv_timings,
    index_d_v4l2_event as v4l2_event,
    index_d_v4l2_event_ctrl as v4l2_event_ctrl,
    index_d_v4l2_event_frame_sync as v4l2_event_frame_sync,
    index_d_v4l2_event_motion_det as v4l2_event_motion_det,
    index_d_v4l2_event_src_change as v4l2_event_src_change,
    index_d_v4l2_event_subscription as v4l2_event_subscription,
    index_d_v4l2_event_vsync as v4l2_event_vsync,
    index_d_v4l2_exportbuffer as v4l2_exportbuffer,
    index_d_v4l2_ext_control as v4l2_ext_control,
    index_d_v4l2_ext_controls as v4l2_ext_controls,
    index_d_v4l2_fmtdesc as v4l2_fmtdesc,
    index_d_v4l2_format as v4l2_format,
    index_d_v4l2_fract as v4l2_fract,
    index_d_v4l2_framebuffer as v4l2_framebuffer,
    index_d_v4l2_frequency as v4l2_frequency,
    index_d_v4l2_frequency_band as v4l2_frequency_band,
    index_d_v4l2_frmival_stepwise as v4l2_frmival_stepwise,
    index_d_v4l2_frmivalenum as v4l2_frmivalenum,
    index_d_v4l2_frmsize_discrete as v4l2_frmsize_discrete,
    index_d_v4l2_frmsize_stepwise as v4l2_frmsize_stepwise,
    index_d_v4l2_frmsizeenum as v4l2_frmsizeenum,
    index_d_v4l2_hw_freq_seek as v4l2_hw_freq_seek,
    index_d_v4l2_input as v4l2_input,
    index_d_v4l2_jpegcompression as v4l2_jpegcompression,
    index_d_v4l2_meta_format as v4l2_meta_format,
    index_d_v4l2_modulator as v4l2_modulator,
    index_d_v4l2_output as v4l2_output,
    index_d_v4l2_outputparm as v4l2_outputparm,
    index_d_v4l2_pix_format as v4l2_pix_format,
    index_d_v4l2_pix_format_mplane as v4l2_pix_format_mplane,
    index_d_v4l2_plane as v4l2_plane,
    index_d_v4l2_plane_pix_format as v4l2_plane_pix_format,
    index_d_v4l2_query_ext_ctrl as v4l2_query_ext_ctrl,
    index_d_v4l2_queryctrl as v4l2_queryctrl,
    index_d_v4l2_querymenu as v4l2_querymenu,
    index_d_v4l2_rect as v4l2_rect,
    index_d_v4l2_remove_buffers as v4l2_remove_buffers,
    index_d_v4l2_requestbuffers as v4l2_requestbuffers,
    index_d_v4l2_sdr_format as v4l2_sdr_format,
    index_d_v4l2_selection as v4l2_selection,
    index_d_v4l2_sliced_vbi_cap as v4l2_sliced_vbi_cap,
    index_d_v4l2_sliced_vbi_format as v4l2_sliced_vbi_format,
    index_d_v4l2_standard as v4l2_standard,
    index_d_v4l2_streamparm as v4l2_streamparm,
    index_d_v4l2_timecode as v4l2_timecode,
    index_d_v4l2_tuner as v4l2_tuner,
    index_d_v4l2_vbi_format as v4l2_vbi_format,
    index_d_v4l2_window as v4l2_window,
  };
}

/** An event to subscribe to. */
interface EventSubscription {
    /** As one of `V4L2_EVENT`: of a control, of the end of a stream, of another size. */
    type: number;
    /**
     * Which one: the id of a control, the number of an input.
     * @default 0
     */
    id?: number;
    /**
     * Whether the driver sends the current state as the first event (`V4L2_EVENT_SUB_FL_SEND_INITIAL`); other subscribers to the same event get it as well.
     * @default false
     */
    initial?: boolean;
}
/** Something that happened. */
interface DeviceEvent {
    /** As one of `V4L2_EVENT`. */
    type: number;
    /** Of which control or input. */
    id: number;
    /** Counts events of the device; a gap shows how many were lost, because nobody took them. */
    sequence: number;
    /** When, in microseconds of the system's monotonic clock. */
    timestamp: number;
    /** What it was, as the kernel's struct has it: `ctrl`, `src_change`, `frame_sync`, `vsync`, `motion_det` or `data`. */
    payload: ValueOf<typeof v4l2_event>['u'];
}

/** What a device is, as QUERYCAP tells. */
interface Capability {
    /** The driver, such as `'uvcvideo'`. */
    driver: string;
    /** What the device calls itself. */
    card: string;
    /** Where it is attached, such as `'usb-0000:00:14.0-1'`. */
    busInfo: string;
    /** The kernel's version: major << 16 | minor << 8 | patch. */
    version: number;
    /** What the whole device can do: bits of `V4L2_CAP`. */
    capabilities: number;
    /** What this node can do: bits of `V4L2_CAP`; those of the whole device where the driver does not tell. */
    deviceCaps: number;
}
/** One format of a queue. */
interface FormatDescription {
    /** Its place in the driver's list. */
    index: number;
    /** The queue, as one of `V4L2_BUF_TYPE`. */
    type: number;
    /** Bits of `V4L2_FMT_FLAG`. */
    flags: number;
    /** The driver's or the kernel's words. */
    description: string;
    /** The four-character code as a number, as V4L2 has it. */
    fourcc: number;
    /** The same as text: `'NV12'`, `'H264'`. */
    code: string;
}
/** A size that a format comes in, or a range of sizes, in pixels. */
type FrameSize = {
    type: 'discrete';
    width: number;
    height: number;
} | {
    type: 'continuous' | 'stepwise';
    minWidth: number;
    maxWidth: number;
    stepWidth: number;
    minHeight: number;
    maxHeight: number;
    stepHeight: number;
};
/** A fraction: seconds from one frame to the next, or a pixel's width to its height. */
interface Fraction {
    /** Above the line. */
    numerator: number;
    /** Below it. */
    denominator: number;
}
/** Seconds from one frame to the next that a format comes in at a size, or a range of them. */
type FrameInterval = {
    type: 'discrete';
    interval: Fraction;
} | {
    type: 'continuous' | 'stepwise';
    min: Fraction;
    max: Fraction;
    step: Fraction;
};
/** The kinds of controls. */
type ControlType = 'integer' | 'boolean' | 'menu' | 'button' | 'integer64' | 'class' | 'string' | 'bitmask' | 'integer-menu' | 'u8' | 'u16' | 'u32' | 'compound';
/** An entry of a control's menu. */
interface MenuItem {
    /** The control's value for it. */
    index: number;
    /** Its name, in a menu of names. */
    name?: string;
    /** Its number, in a menu of numbers. */
    value?: bigint;
}
/** A control as the driver describes it. */
interface ControlInfo {
    /** As in `V4L2_CID_…`. */
    id: number;
    /** The driver's name for people: `'Brightness'`. */
    name: string;
    /** The name that `v4l2-ctl` makes of it: `'brightness'`. */
    key: string;
    /** What its value is. */
    type: ControlType;
    /** The number of its type in V4L2, as one of `V4L2_CTRL_TYPE`. */
    typeNumber: number;
    /** Least value; of a string, its least length. */
    minimum: bigint;
    /** Greatest value; of a string, its greatest length. */
    maximum: bigint;
    /** Values are this far apart. */
    step: bigint;
    /** The driver's own choice. */
    default: bigint;
    /** Bits of `V4L2_CTRL_FLAG`. */
    flags: number;
    /** Bytes of one element. */
    elemSize: number;
    /** How many elements there are; 1 of a control that is no array. */
    elems: number;
    /** The array's dimensions; empty of a control that is none. */
    dims: readonly number[];
    /** The entries of a menu. */
    menu?: readonly MenuItem[];
    /**
     * There where NVIDIA's library, which describes no control, is the driver: all of this is from its headers. Then `default` says
     * nothing, and a range may be the type's.
     */
    fromHeaders?: true;
}
/** A control's value: a number (also of booleans, menus, buttons and bit masks), a bigint of 64 bits, a text, or bytes. */
type ControlValue = number | bigint | string | Uint8Array;
/** A rectangle in pixels. */
interface Rect {
    /** From the left edge. */
    left: number;
    /** From the upper edge. */
    top: number;
    /** Columns. */
    width: number;
    /** Rows. */
    height: number;
}
/** One plane of a format. */
interface PlaneFormat {
    /** Bytes from one row to the next; 0 of coded data. */
    bytesPerLine: number;
    /** Bytes of a buffer. */
    sizeImage: number;
}
/** The format of a queue of frames, single- or multi-planar. */
interface PixFormat {
    /** The queue, as one of `V4L2_BUF_TYPE`. */
    type: number;
    /** Columns. */
    width: number;
    /** Rows. */
    height: number;
    /** The four-character code as a number. */
    fourcc: number;
    /** The same as text. */
    code: string;
    /** As one of `V4L2_FIELD`. */
    field: number;
    /** As one of `V4L2_COLORSPACE`. */
    colorspace: number;
    /** As one of `V4L2_XFER_FUNC`. */
    xferFunc: number;
    /** As one of `V4L2_YCBCR_ENC`. */
    ycbcrEnc: number;
    /** As one of `V4L2_QUANTIZATION`. */
    quantization: number;
    /** Bits of `V4L2_PIX_FMT_FLAG`. */
    flags: number;
    /** Its planes in memory; one in the single-planar API. */
    planes: readonly PlaneFormat[];
}
/** A rectangle of frames. */
interface Selection {
    /** The queue, as one of `V4L2_BUF_TYPE`, without `_MPLANE`. */
    type: number;
    /** As one of `V4L2_SEL_TGT`. */
    target: number;
    /** Bits of `V4L2_SEL_FLAG`. */
    flags: number;
    /** Where it is. */
    rect: Rect;
}
/** The frame rate of a queue. */
interface StreamParm {
    /** The queue, as one of `V4L2_BUF_TYPE`. */
    type: number;
    /** 0x1000 where the rate can be set. */
    capability: number;
    /** 1 where quality goes before speed. */
    mode: number;
    /** Seconds from one frame to the next. */
    timePerFrame: Fraction;
    /** Buffers that `read()` or `write()` uses. */
    buffers: number;
}

/** A format to set: what is left out, the driver chooses, but the queue, which has to be named. */
type PixFormatRequest = Pick<PixFormat, 'type'> & Partial<Omit<PixFormat, 'type' | 'planes'>> & {
    /** Sizes to ask for, such as a larger buffer for coded data. */
    planes?: readonly Partial<PlaneFormat>[];
};

/** One of the driver's buffers, mapped. */
declare class MappedBuffer {
    #private;
    /** Its number in the queue. */
    readonly index: number;
    /** The memory of each plane, until the queue is freed or the device closed; then they are detached (length 0). */
    readonly planes: readonly Uint8Array[];
    private constructor();
}

/** How many buffers, and whose memory they are. */
interface QueueOptions {
    /**
     * How many buffers to ask for, from 1 to 64; a driver may give more or fewer.
     * @default 4
     */
    count?: number;
    /**
     * `'mmap'`: the driver's memory, mapped. `'dmabuf'`: another device's, given by descriptor with each frame.
     * @default 'mmap'
     */
    memory?: 'mmap' | 'dmabuf';
}
/** What goes along with a buffer. */
interface EnqueueOptions {
    /** Bytes of each plane that hold data; of an output, needed for coded data, and else the whole plane. */
    bytesUsed?: readonly number[];
    /** Microseconds, a whole number from 0 up. An encoder gives it back with the coded frame. */
    timestamp?: number;
    /** Bits of `V4L2_BUF_FLAG`. */
    flags?: number;
    /** As one of `V4L2_FIELD`. */
    field?: number;
    /** Of a queue of DMABUFs: the descriptor of each plane. */
    fds?: readonly number[];
    /** Of a queue of DMABUFs: the length of each plane in bytes. */
    lengths?: readonly number[];
}
/** How long to wait for a buffer. */
interface DequeueOptions {
    /**
     * Milliseconds, from 0 to 600 000; then it is `ERR_TIMEOUT`.
     * @default the device's time-out
     */
    timeout?: number;
    /** Ends the waiting with the signal's reason. No buffer is lost by it. */
    signal?: AbortSignal;
}

/** A buffer that the driver gave back. */
interface DequeuedBuffer {
    /** Its number in the queue. */
    index: number;
    /** Bits of `V4L2_BUF_FLAG`. */
    flags: number;
    /** As one of `V4L2_FIELD`. */
    field: number;
    /** Microseconds. */
    timestamp: number;
    /** Counts frames; a gap shows how many were dropped. */
    sequence: number;
    /** What each plane holds: views of the mapped memory, good until the buffer is enqueued again; empty of DMABUFs. */
    planes: readonly Uint8Array[];
    /** Bytes that each plane holds. */
    bytesUsed: readonly number[];
}
/** One queue of a device, with its buffers. */
declare class Queue {
    #private;
    /** The queue, as one of `V4L2_BUF_TYPE`. */
    readonly type: number;
    /** The mapped buffers; empty of a queue of DMABUFs. */
    readonly buffers: readonly MappedBuffer[];
    /** How many buffers there are. */
    readonly count: number;
    private constructor();
    /** Starts the stream of this queue. */
    start(): Promise<void>;
    /** Stops the stream. The driver gives every buffer back, without its being dequeued. */
    stop(): Promise<void>;
    /** Gives the driver a buffer. Its `planes` must not be touched until it is dequeued. */
    enqueue(index: number, options?: EnqueueOptions): Promise<void>;
    /**
     * Takes the next buffer that the driver is done with, and waits for it. Resolves with null after the last one of a stream
     * (`EPIPE`). Rejects with `ERR_TIMEOUT`, with `ERR_CLOSED` when the queue is freed, or with what the driver said.
     */
    dequeue(options?: DequeueOptions): Promise<DequeuedBuffer | null>;
    /** Makes a plane of a buffer a DMABUF; the descriptor is the caller's to close. */
    export(index: number, plane?: number): Promise<number>;
    /** Stops the stream, detaches the arrays over the buffers, and gives the memory back. May be called more than once. */
    free(): Promise<void>;
    /** Frees the queue at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
}
/** Whether the buffer is the last of a drained stream. */
declare function isLast(buffer: DequeuedBuffer): boolean;

/** One of V4L2's requests. */
interface Request<T> {
    /** As in the kernel's documentation, such as `'VIDIOC_QUERYCAP'`. */
    readonly name: string;
    /** Direction, size of the struct, type and number, as `ioctl(2)` takes it. */
    readonly number: number;
    /** Its struct, or for some requests a number. */
    readonly layout: Field<T>;
}
/** Every request of `<linux/videodev2.h>`, by its name there without `VIDIOC_`. */
declare const Requests: {
    /** What the device is. */
    readonly QUERYCAP: Request<{
        driver: string;
        card: string;
        bus_info: string;
        version: number;
        capabilities: number;
        device_caps: number;
    }>;
    /** A format of a queue. */
    readonly ENUM_FMT: Request<{
        index: number;
        type: number;
        flags: number;
        description: string;
        pixelformat: number;
        mbus_code: number;
    }>;
    /** The format of a queue. */
    readonly G_FMT: Request<{
        type: number;
        fmt: Partial<{
            pix: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                bytesperline: number;
                sizeimage: number;
                colorspace: number;
                priv: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
            };
            pix_mp: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                colorspace: number;
                plane_fmt: {
                    sizeimage: number;
                    bytesperline: number;
                }[];
                num_planes: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
                reserved: Uint8Array;
            };
            win: {
                w: {
                    left: number;
                    top: number;
                    width: number;
                    height: number;
                };
                field: number;
                chromakey: number;
                clips: {
                    c: {
                        left: number;
                        top: number;
                        width: number;
                        height: number;
                    };
                    next: number[] | undefined;
                }[] | undefined;
                clipcount: number;
                bitmap: number[] | undefined;
                global_alpha: number;
            };
            vbi: {
                sampling_rate: number;
                offset: number;
                samples_per_line: number;
                sample_format: number;
                start: number[];
                count: number[];
                flags: number;
            };
            sliced: {
                service_set: number;
                service_lines: number[][];
                io_size: number;
            };
            sdr: {
                pixelformat: number;
                buffersize: number;
                reserved: Uint8Array;
            };
            meta: {
                dataformat: number;
                buffersize: number;
            };
            raw_data: Uint8Array;
        }>;
    }>;
    /** Sets the format of a queue. */
    readonly S_FMT: Request<{
        type: number;
        fmt: Partial<{
            pix: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                bytesperline: number;
                sizeimage: number;
                colorspace: number;
                priv: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
            };
            pix_mp: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                colorspace: number;
                plane_fmt: {
                    sizeimage: number;
                    bytesperline: number;
                }[];
                num_planes: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
                reserved: Uint8Array;
            };
            win: {
                w: {
                    left: number;
                    top: number;
                    width: number;
                    height: number;
                };
                field: number;
                chromakey: number;
                clips: {
                    c: {
                        left: number;
                        top: number;
                        width: number;
                        height: number;
                    };
                    next: number[] | undefined;
                }[] | undefined;
                clipcount: number;
                bitmap: number[] | undefined;
                global_alpha: number;
            };
            vbi: {
                sampling_rate: number;
                offset: number;
                samples_per_line: number;
                sample_format: number;
                start: number[];
                count: number[];
                flags: number;
            };
            sliced: {
                service_set: number;
                service_lines: number[][];
                io_size: number;
            };
            sdr: {
                pixelformat: number;
                buffersize: number;
                reserved: Uint8Array;
            };
            meta: {
                dataformat: number;
                buffersize: number;
            };
            raw_data: Uint8Array;
        }>;
    }>;
    /** Asks for buffers, or gives all of them back. */
    readonly REQBUFS: Request<{
        count: number;
        type: number;
        memory: number;
        capabilities: number;
        flags: number;
        reserved: Uint8Array;
    }>;
    /** Where a buffer is, and how long. */
    readonly QUERYBUF: Request<{
        index: number;
        type: number;
        bytesused: number;
        flags: number;
        field: number;
        timestamp: {
            tv_sec: bigint;
            tv_usec: bigint;
        };
        timecode: {
            type: number;
            flags: number;
            frames: number;
            seconds: number;
            minutes: number;
            hours: number;
            userbits: Uint8Array;
        };
        sequence: number;
        memory: number;
        m: Partial<{
            offset: number;
            fd: number;
            userptr: bigint;
            planes: {
                bytesused: number;
                length: number;
                m: Partial<{
                    mem_offset: number;
                    fd: number;
                    userptr: bigint;
                }>;
                data_offset: number;
            }[] | undefined;
        }>;
        length: number;
        reserved2: number;
        request_fd: number;
    }>;
    /** The memory of an overlay. */
    readonly G_FBUF: Request<{
        capability: number;
        flags: number;
        base: number[] | undefined;
        fmt: {
            width: number;
            height: number;
            pixelformat: number;
            field: number;
            bytesperline: number;
            sizeimage: number;
            colorspace: number;
            priv: number;
        };
    }>;
    /** Sets the memory of an overlay. */
    readonly S_FBUF: Request<{
        capability: number;
        flags: number;
        base: number[] | undefined;
        fmt: {
            width: number;
            height: number;
            pixelformat: number;
            field: number;
            bytesperline: number;
            sizeimage: number;
            colorspace: number;
            priv: number;
        };
    }>;
    /** Starts (1) or stops (0) an overlay. */
    readonly OVERLAY: Request<number>;
    /** Gives the driver a buffer. */
    readonly QBUF: Request<{
        index: number;
        type: number;
        bytesused: number;
        flags: number;
        field: number;
        timestamp: {
            tv_sec: bigint;
            tv_usec: bigint;
        };
        timecode: {
            type: number;
            flags: number;
            frames: number;
            seconds: number;
            minutes: number;
            hours: number;
            userbits: Uint8Array;
        };
        sequence: number;
        memory: number;
        m: Partial<{
            offset: number;
            fd: number;
            userptr: bigint;
            planes: {
                bytesused: number;
                length: number;
                m: Partial<{
                    mem_offset: number;
                    fd: number;
                    userptr: bigint;
                }>;
                data_offset: number;
            }[] | undefined;
        }>;
        length: number;
        reserved2: number;
        request_fd: number;
    }>;
    /** Makes a plane a DMABUF. */
    readonly EXPBUF: Request<{
        type: number;
        index: number;
        plane: number;
        flags: number;
        fd: number;
    }>;
    /** Takes a buffer back. */
    readonly DQBUF: Request<{
        index: number;
        type: number;
        bytesused: number;
        flags: number;
        field: number;
        timestamp: {
            tv_sec: bigint;
            tv_usec: bigint;
        };
        timecode: {
            type: number;
            flags: number;
            frames: number;
            seconds: number;
            minutes: number;
            hours: number;
            userbits: Uint8Array;
        };
        sequence: number;
        memory: number;
        m: Partial<{
            offset: number;
            fd: number;
            userptr: bigint;
            planes: {
                bytesused: number;
                length: number;
                m: Partial<{
                    mem_offset: number;
                    fd: number;
                    userptr: bigint;
                }>;
                data_offset: number;
            }[] | undefined;
        }>;
        length: number;
        reserved2: number;
        request_fd: number;
    }>;
    /** Starts a queue, by its buffer type. */
    readonly STREAMON: Request<number>;
    /** Stops a queue, by its buffer type. */
    readonly STREAMOFF: Request<number>;
    /** The frame rate. */
    readonly G_PARM: Request<{
        type: number;
        parm: Partial<{
            capture: {
                capability: number;
                capturemode: number;
                timeperframe: {
                    numerator: number;
                    denominator: number;
                };
                extendedmode: number;
                readbuffers: number;
            };
            output: {
                capability: number;
                outputmode: number;
                timeperframe: {
                    numerator: number;
                    denominator: number;
                };
                extendedmode: number;
                writebuffers: number;
            };
            raw_data: number[];
        }>;
    }>;
    /** Sets the frame rate. */
    readonly S_PARM: Request<{
        type: number;
        parm: Partial<{
            capture: {
                capability: number;
                capturemode: number;
                timeperframe: {
                    numerator: number;
                    denominator: number;
                };
                extendedmode: number;
                readbuffers: number;
            };
            output: {
                capability: number;
                outputmode: number;
                timeperframe: {
                    numerator: number;
                    denominator: number;
                };
                extendedmode: number;
                writebuffers: number;
            };
            raw_data: number[];
        }>;
    }>;
    /** The television standard, as bits. */
    readonly G_STD: Request<bigint>;
    /** Sets the television standard. */
    readonly S_STD: Request<bigint>;
    /** A television standard of the input. */
    readonly ENUMSTD: Request<{
        index: number;
        id: bigint;
        name: string;
        frameperiod: {
            numerator: number;
            denominator: number;
        };
        framelines: number;
    }>;
    /** An input. */
    readonly ENUMINPUT: Request<{
        index: number;
        name: string;
        type: number;
        audioset: number;
        tuner: number;
        std: bigint;
        status: number;
        capabilities: number;
    }>;
    /** A control of 32 bits. */
    readonly G_CTRL: Request<{
        id: number;
        value: number;
    }>;
    /** Sets a control of 32 bits. */
    readonly S_CTRL: Request<{
        id: number;
        value: number;
    }>;
    /** A tuner. */
    readonly G_TUNER: Request<{
        index: number;
        name: string;
        type: number;
        capability: number;
        rangelow: number;
        rangehigh: number;
        rxsubchans: number;
        audmode: number;
        signal: number;
        afc: number;
    }>;
    /** Sets what is heard of a tuner. */
    readonly S_TUNER: Request<{
        index: number;
        name: string;
        type: number;
        capability: number;
        rangelow: number;
        rangehigh: number;
        rxsubchans: number;
        audmode: number;
        signal: number;
        afc: number;
    }>;
    /** The audio input. */
    readonly G_AUDIO: Request<{
        index: number;
        name: string;
        capability: number;
        mode: number;
    }>;
    /** Sets the audio input. */
    readonly S_AUDIO: Request<{
        index: number;
        name: string;
        capability: number;
        mode: number;
    }>;
    /** What a control is, up to 32 bits. */
    readonly QUERYCTRL: Request<{
        id: number;
        type: number;
        name: string;
        minimum: number;
        maximum: number;
        step: number;
        default_value: number;
        flags: number;
    }>;
    /** An entry of a menu. */
    readonly QUERYMENU: Request<{
        id: number;
        index: number;
        u: Partial<{
            name: string;
            value: bigint;
        }>;
    }>;
    /** The number of the input. */
    readonly G_INPUT: Request<number>;
    /** Sets the input by its number. */
    readonly S_INPUT: Request<number>;
    /** What a display says of itself, or what this device says. */
    readonly G_EDID: Request<{
        pad: number;
        start_block: number;
        blocks: number;
        edid: Uint8Array | undefined;
    }>;
    /** Sets what this device says of itself. */
    readonly S_EDID: Request<{
        pad: number;
        start_block: number;
        blocks: number;
        edid: Uint8Array | undefined;
    }>;
    /** The number of the output. */
    readonly G_OUTPUT: Request<number>;
    /** Sets the output by its number. */
    readonly S_OUTPUT: Request<number>;
    /** An output. */
    readonly ENUMOUTPUT: Request<{
        index: number;
        name: string;
        type: number;
        audioset: number;
        modulator: number;
        std: bigint;
        capabilities: number;
    }>;
    /** The audio output. */
    readonly G_AUDOUT: Request<{
        index: number;
        name: string;
        capability: number;
        mode: number;
    }>;
    /** Sets the audio output. */
    readonly S_AUDOUT: Request<{
        index: number;
        name: string;
        capability: number;
        mode: number;
    }>;
    /** A modulator. */
    readonly G_MODULATOR: Request<{
        index: number;
        name: string;
        capability: number;
        rangelow: number;
        rangehigh: number;
        txsubchans: number;
        type: number;
    }>;
    /** Sets a modulator. */
    readonly S_MODULATOR: Request<{
        index: number;
        name: string;
        capability: number;
        rangelow: number;
        rangehigh: number;
        txsubchans: number;
        type: number;
    }>;
    /** The frequency of a tuner. */
    readonly G_FREQUENCY: Request<{
        tuner: number;
        type: number;
        frequency: number;
    }>;
    /** Sets the frequency of a tuner. */
    readonly S_FREQUENCY: Request<{
        tuner: number;
        type: number;
        frequency: number;
    }>;
    /** What can be cropped (older than G_SELECTION). */
    readonly CROPCAP: Request<{
        type: number;
        bounds: {
            left: number;
            top: number;
            width: number;
            height: number;
        };
        defrect: {
            left: number;
            top: number;
            width: number;
            height: number;
        };
        pixelaspect: {
            numerator: number;
            denominator: number;
        };
    }>;
    /** What is cropped (older than G_SELECTION). */
    readonly G_CROP: Request<{
        type: number;
        c: {
            left: number;
            top: number;
            width: number;
            height: number;
        };
    }>;
    /** Sets what is cropped (older than S_SELECTION). */
    readonly S_CROP: Request<{
        type: number;
        c: {
            left: number;
            top: number;
            width: number;
            height: number;
        };
    }>;
    /** JPEG compression of old drivers. */
    readonly G_JPEGCOMP: Request<{
        quality: number;
        APPn: number;
        APP_len: number;
        APP_data: Uint8Array;
        COM_len: number;
        COM_data: Uint8Array;
        jpeg_markers: number;
    }>;
    /** Sets JPEG compression of old drivers. */
    readonly S_JPEGCOMP: Request<{
        quality: number;
        APPn: number;
        APP_len: number;
        APP_data: Uint8Array;
        COM_len: number;
        COM_data: Uint8Array;
        jpeg_markers: number;
    }>;
    /** The television standard that comes in. */
    readonly QUERYSTD: Request<bigint>;
    /** What the driver would make of a format. */
    readonly TRY_FMT: Request<{
        type: number;
        fmt: Partial<{
            pix: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                bytesperline: number;
                sizeimage: number;
                colorspace: number;
                priv: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
            };
            pix_mp: {
                width: number;
                height: number;
                pixelformat: number;
                field: number;
                colorspace: number;
                plane_fmt: {
                    sizeimage: number;
                    bytesperline: number;
                }[];
                num_planes: number;
                flags: number;
                ycbcr_enc: number;
                quantization: number;
                xfer_func: number;
                reserved: Uint8Array;
            };
            win: {
                w: {
                    left: number;
                    top: number;
                    width: number;
                    height: number;
                };
                field: number;
                chromakey: number;
                clips: {
                    c: {
                        left: number;
                        top: number;
                        width: number;
                        height: number;
                    };
                    next: number[] | undefined;
                }[] | undefined;
                clipcount: number;
                bitmap: number[] | undefined;
                global_alpha: number;
            };
            vbi: {
                sampling_rate: number;
                offset: number;
                samples_per_line: number;
                sample_format: number;
                start: number[];
                count: number[];
                flags: number;
            };
            sliced: {
                service_set: number;
                service_lines: number[][];
                io_size: number;
            };
            sdr: {
                pixelformat: number;
                buffersize: number;
                reserved: Uint8Array;
            };
            meta: {
                dataformat: number;
                buffersize: number;
            };
            raw_data: Uint8Array;
        }>;
    }>;
    /** An audio input. */
    readonly ENUMAUDIO: Request<{
        index: number;
        name: string;
        capability: number;
        mode: number;
    }>;
    /** An audio output. */
    readonly ENUMAUDOUT: Request<{
        index: number;
        name: string;
        capability: number;
        mode: number;
    }>;
    /** Whose settings win. */
    readonly G_PRIORITY: Request<number>;
    /** Sets whose settings win. */
    readonly S_PRIORITY: Request<number>;
    /** What sliced VBI the device does. */
    readonly G_SLICED_VBI_CAP: Request<{
        service_set: number;
        service_lines: number[][];
        type: number;
    }>;
    /** Has the driver write its state into the kernel's log. */
    readonly LOG_STATUS: Request<{}>;
    /** Several controls. */
    readonly G_EXT_CTRLS: Request<{
        which: number;
        count: number;
        error_idx: number;
        request_fd: number;
        controls: {
            id: number;
            size: number;
            u: Partial<{
                value64: bigint;
                value: number;
                ptr: Uint8Array | undefined;
            }>;
        }[] | undefined;
    }>;
    /** Sets several controls. */
    readonly S_EXT_CTRLS: Request<{
        which: number;
        count: number;
        error_idx: number;
        request_fd: number;
        controls: {
            id: number;
            size: number;
            u: Partial<{
                value64: bigint;
                value: number;
                ptr: Uint8Array | undefined;
            }>;
        }[] | undefined;
    }>;
    /** What the driver would make of several controls. */
    readonly TRY_EXT_CTRLS: Request<{
        which: number;
        count: number;
        error_idx: number;
        request_fd: number;
        controls: {
            id: number;
            size: number;
            u: Partial<{
                value64: bigint;
                value: number;
                ptr: Uint8Array | undefined;
            }>;
        }[] | undefined;
    }>;
    /** A size that a format comes in. */
    readonly ENUM_FRAMESIZES: Request<{
        index: number;
        pixel_format: number;
        type: number;
        u: Partial<{
            discrete: {
                width: number;
                height: number;
            };
            stepwise: {
                min_width: number;
                max_width: number;
                step_width: number;
                min_height: number;
                max_height: number;
                step_height: number;
            };
        }>;
    }>;
    /** A frame rate that a format comes in at a size. */
    readonly ENUM_FRAMEINTERVALS: Request<{
        index: number;
        pixel_format: number;
        width: number;
        height: number;
        type: number;
        u: Partial<{
            discrete: {
                numerator: number;
                denominator: number;
            };
            stepwise: {
                min: {
                    numerator: number;
                    denominator: number;
                };
                max: {
                    numerator: number;
                    denominator: number;
                };
                step: {
                    numerator: number;
                    denominator: number;
                };
            };
        }>;
    }>;
    /** Where the frames of a stream are. */
    readonly G_ENC_INDEX: Request<{
        entries: number;
        entries_cap: number;
        entry: {
            offset: bigint;
            pts: bigint;
            length: number;
            flags: number;
        }[];
    }>;
    /** Starts, stops, pauses an encoder. */
    readonly ENCODER_CMD: Request<{
        cmd: number;
        flags: number;
        raw: {
            data: number[];
        };
    }>;
    /** Whether the encoder knows a command. */
    readonly TRY_ENCODER_CMD: Request<{
        cmd: number;
        flags: number;
        raw: {
            data: number[];
        };
    }>;
    /** Sets a register, for debugging. */
    readonly DBG_S_REGISTER: Request<{
        match: {
            type: number;
            u: Partial<{
                addr: number;
                name: string;
            }>;
        };
        size: number;
        reg: bigint;
        val: bigint;
    }>;
    /** A register, for debugging. */
    readonly DBG_G_REGISTER: Request<{
        match: {
            type: number;
            u: Partial<{
                addr: number;
                name: string;
            }>;
        };
        size: number;
        reg: bigint;
        val: bigint;
    }>;
    /** Looks for a station. */
    readonly S_HW_FREQ_SEEK: Request<{
        tuner: number;
        type: number;
        seek_upward: number;
        wrap_around: number;
        spacing: number;
        rangelow: number;
        rangehigh: number;
    }>;
    /** Sets the timings of a digital input or output. */
    readonly S_DV_TIMINGS: Request<{
        type: number;
        u: Partial<{
            bt: {
                width: number;
                height: number;
                interlaced: number;
                polarities: number;
                pixelclock: bigint;
                hfrontporch: number;
                hsync: number;
                hbackporch: number;
                vfrontporch: number;
                vsync: number;
                vbackporch: number;
                il_vfrontporch: number;
                il_vsync: number;
                il_vbackporch: number;
                standards: number;
                flags: number;
                picture_aspect: {
                    numerator: number;
                    denominator: number;
                };
                cea861_vic: number;
                hdmi_vic: number;
                reserved: Uint8Array;
            };
        }>;
    }>;
    /** The timings of a digital input or output. */
    readonly G_DV_TIMINGS: Request<{
        type: number;
        u: Partial<{
            bt: {
                width: number;
                height: number;
                interlaced: number;
                polarities: number;
                pixelclock: bigint;
                hfrontporch: number;
                hsync: number;
                hbackporch: number;
                vfrontporch: number;
                vsync: number;
                vbackporch: number;
                il_vfrontporch: number;
                il_vsync: number;
                il_vbackporch: number;
                standards: number;
                flags: number;
                picture_aspect: {
                    numerator: number;
                    denominator: number;
                };
                cea861_vic: number;
                hdmi_vic: number;
                reserved: Uint8Array;
            };
        }>;
    }>;
    /** Takes an event. */
    readonly DQEVENT: Request<{
        type: number;
        u: Partial<{
            ctrl: {
                changes: number;
                type: number;
                u: Partial<{
                    value64: bigint;
                    value: number;
                }>;
                flags: number;
                minimum: number;
                maximum: number;
                step: number;
                default_value: number;
            };
            vsync: {
                field: number;
            };
            frame_sync: {
                frame_sequence: number;
            };
            src_change: {
                changes: number;
            };
            motion_det: {
                flags: number;
                frame_sequence: number;
                region_mask: number;
            };
            data: Uint8Array;
        }>;
        pending: number;
        sequence: number;
        timestamp: {
            tv_sec: bigint;
            tv_nsec: bigint;
        };
        id: number;
    }>;
    /** Subscribes to an event. */
    readonly SUBSCRIBE_EVENT: Request<{
        type: number;
        id: number;
        flags: number;
    }>;
    /** Unsubscribes from an event. */
    readonly UNSUBSCRIBE_EVENT: Request<{
        type: number;
        id: number;
        flags: number;
    }>;
    /** Asks for more buffers. */
    readonly CREATE_BUFS: Request<{
        index: number;
        count: number;
        memory: number;
        format: {
            type: number;
            fmt: Partial<{
                pix: {
                    width: number;
                    height: number;
                    pixelformat: number;
                    field: number;
                    bytesperline: number;
                    sizeimage: number;
                    colorspace: number;
                    priv: number;
                    flags: number;
                    ycbcr_enc: number;
                    quantization: number;
                    xfer_func: number;
                };
                pix_mp: {
                    width: number;
                    height: number;
                    pixelformat: number;
                    field: number;
                    colorspace: number;
                    plane_fmt: {
                        sizeimage: number;
                        bytesperline: number;
                    }[];
                    num_planes: number;
                    flags: number;
                    ycbcr_enc: number;
                    quantization: number;
                    xfer_func: number;
                    reserved: Uint8Array;
                };
                win: {
                    w: {
                        left: number;
                        top: number;
                        width: number;
                        height: number;
                    };
                    field: number;
                    chromakey: number;
                    clips: {
                        c: {
                            left: number;
                            top: number;
                            width: number;
                            height: number;
                        };
                        next: number[] | undefined;
                    }[] | undefined;
                    clipcount: number;
                    bitmap: number[] | undefined;
                    global_alpha: number;
                };
                vbi: {
                    sampling_rate: number;
                    offset: number;
                    samples_per_line: number;
                    sample_format: number;
                    start: number[];
                    count: number[];
                    flags: number;
                };
                sliced: {
                    service_set: number;
                    service_lines: number[][];
                    io_size: number;
                };
                sdr: {
                    pixelformat: number;
                    buffersize: number;
                    reserved: Uint8Array;
                };
                meta: {
                    dataformat: number;
                    buffersize: number;
                };
                raw_data: Uint8Array;
            }>;
        };
        capabilities: number;
        flags: number;
        max_num_buffers: number;
    }>;
    /** Has a buffer made ready to be queued. */
    readonly PREPARE_BUF: Request<{
        index: number;
        type: number;
        bytesused: number;
        flags: number;
        field: number;
        timestamp: {
            tv_sec: bigint;
            tv_usec: bigint;
        };
        timecode: {
            type: number;
            flags: number;
            frames: number;
            seconds: number;
            minutes: number;
            hours: number;
            userbits: Uint8Array;
        };
        sequence: number;
        memory: number;
        m: Partial<{
            offset: number;
            fd: number;
            userptr: bigint;
            planes: {
                bytesused: number;
                length: number;
                m: Partial<{
                    mem_offset: number;
                    fd: number;
                    userptr: bigint;
                }>;
                data_offset: number;
            }[] | undefined;
        }>;
        length: number;
        reserved2: number;
        request_fd: number;
    }>;
    /** A rectangle of frames. */
    readonly G_SELECTION: Request<{
        type: number;
        target: number;
        flags: number;
        r: {
            left: number;
            top: number;
            width: number;
            height: number;
        };
    }>;
    /** Sets a rectangle of frames. */
    readonly S_SELECTION: Request<{
        type: number;
        target: number;
        flags: number;
        r: {
            left: number;
            top: number;
            width: number;
            height: number;
        };
    }>;
    /** Starts, stops, pauses a decoder. */
    readonly DECODER_CMD: Request<{
        cmd: number;
        flags: number;
        u: Partial<{
            stop: {
                pts: bigint;
            };
            start: {
                speed: number;
                format: number;
            };
            raw: {
                data: number[];
            };
        }>;
    }>;
    /** Whether the decoder knows a command. */
    readonly TRY_DECODER_CMD: Request<{
        cmd: number;
        flags: number;
        u: Partial<{
            stop: {
                pts: bigint;
            };
            start: {
                speed: number;
                format: number;
            };
            raw: {
                data: number[];
            };
        }>;
    }>;
    /** Timings that the device knows. */
    readonly ENUM_DV_TIMINGS: Request<{
        index: number;
        pad: number;
        timings: {
            type: number;
            u: Partial<{
                bt: {
                    width: number;
                    height: number;
                    interlaced: number;
                    polarities: number;
                    pixelclock: bigint;
                    hfrontporch: number;
                    hsync: number;
                    hbackporch: number;
                    vfrontporch: number;
                    vsync: number;
                    vbackporch: number;
                    il_vfrontporch: number;
                    il_vsync: number;
                    il_vbackporch: number;
                    standards: number;
                    flags: number;
                    picture_aspect: {
                        numerator: number;
                        denominator: number;
                    };
                    cea861_vic: number;
                    hdmi_vic: number;
                    reserved: Uint8Array;
                };
            }>;
        };
    }>;
    /** The timings that come in. */
    readonly QUERY_DV_TIMINGS: Request<{
        type: number;
        u: Partial<{
            bt: {
                width: number;
                height: number;
                interlaced: number;
                polarities: number;
                pixelclock: bigint;
                hfrontporch: number;
                hsync: number;
                hbackporch: number;
                vfrontporch: number;
                vsync: number;
                vbackporch: number;
                il_vfrontporch: number;
                il_vsync: number;
                il_vbackporch: number;
                standards: number;
                flags: number;
                picture_aspect: {
                    numerator: number;
                    denominator: number;
                };
                cea861_vic: number;
                hdmi_vic: number;
                reserved: Uint8Array;
            };
        }>;
    }>;
    /** The range of timings. */
    readonly DV_TIMINGS_CAP: Request<{
        type: number;
        pad: number;
        u: Partial<{
            bt: {
                min_width: number;
                max_width: number;
                min_height: number;
                max_height: number;
                min_pixelclock: bigint;
                max_pixelclock: bigint;
                standards: number;
                capabilities: number;
            };
            raw_data: number[];
        }>;
    }>;
    /** A range of a tuner. */
    readonly ENUM_FREQ_BANDS: Request<{
        tuner: number;
        type: number;
        index: number;
        capability: number;
        rangelow: number;
        rangehigh: number;
        modulation: number;
    }>;
    /** A chip, for debugging. */
    readonly DBG_G_CHIP_INFO: Request<{
        match: {
            type: number;
            u: Partial<{
                addr: number;
                name: string;
            }>;
        };
        name: string;
        flags: number;
    }>;
    /** What a control is. */
    readonly QUERY_EXT_CTRL: Request<{
        id: number;
        type: number;
        name: string;
        minimum: bigint;
        maximum: bigint;
        step: bigint;
        default_value: bigint;
        flags: number;
        elem_size: number;
        elems: number;
        nr_of_dims: number;
        dims: number[];
    }>;
    /** Gives some buffers back; since Linux 6.10. */
    readonly REMOVE_BUFS: Request<{
        index: number;
        count: number;
        type: number;
    }>;
};

/** A four-character code, as a number or as text. */
type FourccLike = number | string;
/** An open device. Every method rejects with what the driver said: `error.ioctl` and `error.errno`. */
declare class Device {
    #private;
    /** What the device is. */
    readonly capability: Readonly<Capability>;
    /** Its node. */
    get path(): string;
    /** How it is reached. */
    get transport(): 'kernel' | 'nvidia';
    /** The queue of frames from the device, as one of `V4L2_BUF_TYPE`; of a memory-to-memory device the coded ones of an encoder. */
    get captureType(): number;
    /** The queue of frames to the device, as one of `V4L2_BUF_TYPE`. */
    get outputType(): number;
    /**
     * Sends any of V4L2's requests. Members that are left out are zero; a member that is an address in C takes an array, whose memory
     * is there during the request. Wrong names, values and lengths are refused before (`ERR_CONFIG`).
     */
    request<T>(request: Request<T>, argument: Given<NoInfer<T>>): Promise<T>;
    /** The formats of a queue. */
    formats(type: number): Promise<FormatDescription[]>;
    /** The sizes that a format comes in; empty where the driver does not tell. */
    frameSizes(format: FourccLike): Promise<FrameSize[]>;
    /** The frame rates that a format comes in at a size, as seconds from one frame to the next. */
    frameIntervals(format: FourccLike, width: number, height: number): Promise<FrameInterval[]>;
    /** The format of a queue of frames. */
    format(type: number): Promise<PixFormat>;
    /** Sets the format of a queue, and resolves with what the driver made of it. */
    setFormat(format: PixFormatRequest): Promise<PixFormat>;
    /** What the driver would make of a format. */
    tryFormat(format: PixFormatRequest): Promise<PixFormat>;
    /** A rectangle of a queue's frames; `target` is one of `V4L2_SEL_TGT`. The type is one without `_MPLANE`. */
    selection(type: number, target: number): Promise<Selection>;
    /** Sets a rectangle, and resolves with what the driver made of it. */
    setSelection(type: number, target: number, rect: Rect, flags?: number): Promise<Selection>;
    /** The frame rate of a queue, and what can be set about it. */
    streamParm(type: number): Promise<StreamParm>;
    /** Sets the time from one frame to the next: `{ numerator: 1, denominator: 30 }`. Resolves with what the driver took. */
    setFrameInterval(type: number, timePerFrame: Fraction): Promise<StreamParm>;
    /** Every control and class of controls. NVIDIA's library lists none: there they are those that its headers name. */
    controls(): Promise<ControlInfo[]>;
    /** One control; rejects with `ERR_CONTROL` (a RangeError) where the device has none of this id or name. */
    control(control: ControlReference): Promise<ControlInfo>;
    /** The value of a control. */
    getControl(control: ControlReference): Promise<ControlValue>;
    /** The values of several controls, in one request. */
    getControls(controls: readonly ControlReference[]): Promise<ControlValue[]>;
    /** Sets a control, and resolves with the value that the driver took. */
    setControl(control: ControlReference, value: ControlValue | boolean): Promise<ControlValue>;
    /** Sets several controls in one request: all of them or none, and the error names the one that was refused. */
    setControls(values: readonly (readonly [ControlReference, ControlValue | boolean])[]): Promise<ControlValue[]>;
    /** Sets a control to the driver's own choice. */
    resetControl(control: ControlReference): Promise<ControlValue>;
    /** Subscribes to events and resolves with an iterator over them. `return()` (a `break`) ends the subscription. */
    events(subscriptions: readonly EventSubscription[], options?: {
        signal?: AbortSignal;
    }): Promise<AsyncIterableIterator<DeviceEvent>>;
    /** Asks the driver for buffers, and maps them. There is one queue of each type at a time (`ERR_BUSY`). */
    queue(type: number, options?: QueueOptions): Promise<Queue>;
    /** Closes the device: streams stop, iterators over events end, and mapped memory is detached. May be called more than once. */
    close(): Promise<void>;
    /** Closes the device at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** How to open a device. */
interface DeviceOptions {
    /**
     * `'kernel'`: by `ioctl(2)`. `'nvidia'`: by NVIDIA's library, the only one that answers on the encoder of a Jetson.
     * `'auto'`: the kernel for V4L2's own nodes, NVIDIA's library for every other.
     * @default 'auto'
     */
    transport?: 'kernel' | 'nvidia' | 'auto';
    /**
     * The file to load instead of NVIDIA's `libnvv4l2.so`.
     * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
     */
    library?: string;
    /**
     * How long a request may take, in milliseconds from 1 to 600 000. One that takes longer is `ERR_TIMEOUT`, and so is every further
     * one until it returns.
     * @default 5000
     */
    timeout?: number;
    /** Ends the opening with the signal's reason. */
    signal?: AbortSignal;
}

/** Which queue of a device, and how its pictures are laid out. */
declare const V4L2_BUF_TYPE: {
    /** Pictures from the device, in one plane of memory. */
    readonly VIDEO_CAPTURE: 1;
    /** Pictures to the device, in one plane of memory. */
    readonly VIDEO_OUTPUT: 2;
    /** A picture that the device puts on the screen by itself. */
    readonly VIDEO_OVERLAY: 3;
    /** Raw lines of the vertical blanking interval, from the device. */
    readonly VBI_CAPTURE: 4;
    /** Raw lines of the vertical blanking interval, to the device. */
    readonly VBI_OUTPUT: 5;
    /** Data that was in the vertical blanking interval, from the device. */
    readonly SLICED_VBI_CAPTURE: 6;
    /** Data for the vertical blanking interval, to the device. */
    readonly SLICED_VBI_OUTPUT: 7;
    /** A picture laid over the one that is put out. */
    readonly VIDEO_OUTPUT_OVERLAY: 8;
    /** Pictures from the device, in any number of planes of memory. */
    readonly VIDEO_CAPTURE_MPLANE: 9;
    /** Pictures to the device, in any number of planes of memory. */
    readonly VIDEO_OUTPUT_MPLANE: 10;
    /** Samples of a software defined radio, from the device. */
    readonly SDR_CAPTURE: 11;
    /** Samples of a software defined radio, to the device. */
    readonly SDR_OUTPUT: 12;
    /** Metadata, such as statistics of an image processor, from the device. */
    readonly META_CAPTURE: 13;
    /** Metadata, such as parameters of an image processor, to the device. */
    readonly META_OUTPUT: 14;
};
/** One of the values of {@link V4L2_BUF_TYPE}. */
type V4L2_BUF_TYPE = (typeof V4L2_BUF_TYPE)[keyof typeof V4L2_BUF_TYPE];
/** Whose memory the buffers of a queue are. */
declare const V4L2_MEMORY: {
    /** The driver's, which can be mapped. */
    readonly MMAP: 1;
    /** The program's. */
    readonly USERPTR: 2;
    /** That of the screen. */
    readonly OVERLAY: 3;
    /** Another device's, by a file descriptor. */
    readonly DMABUF: 4;
};
/** One of the values of {@link V4L2_MEMORY}. */
type V4L2_MEMORY = (typeof V4L2_MEMORY)[keyof typeof V4L2_MEMORY];
/** What is known about one buffer; any of them may be set together. */
declare const V4L2_BUF_FLAG: {
    /** It is mapped. */
    readonly MAPPED: 1;
    /** The driver has it. */
    readonly QUEUED: 2;
    /** The driver is done with it, and it waits to be taken. */
    readonly DONE: 4;
    /** It holds a key frame. */
    readonly KEYFRAME: 8;
    /** It holds a frame predicted from earlier ones. */
    readonly PFRAME: 16;
    /** It holds a frame predicted from earlier and later ones. */
    readonly BFRAME: 32;
    /** Its content is damaged, or the device failed on it. */
    readonly ERROR: 64;
    /** It is part of a request that is not queued yet. */
    readonly IN_REQUEST: 128;
    /** Its time code is valid. */
    readonly TIMECODE: 256;
    /** The picture made of it is kept back until one comes without this. */
    readonly M2M_HOLD_CAPTURE_BUF: 512;
    /** It was prepared for queuing. */
    readonly PREPARED: 1024;
    /** The processor's cache need not be invalidated for it. */
    readonly NO_CACHE_INVALIDATE: 2048;
    /** The processor's cache need not be written back for it. */
    readonly NO_CACHE_CLEAN: 4096;
    /** The bits that say where its time comes from. */
    readonly TIMESTAMP_MASK: 57344;
    /** Nothing is known of its time. */
    readonly TIMESTAMP_UNKNOWN: 0;
    /** Its time is of the monotonic clock. */
    readonly TIMESTAMP_MONOTONIC: 8192;
    /** Its time is that of the buffer it was made of. */
    readonly TIMESTAMP_COPY: 16384;
    /** The bits that say to what moment its time belongs. */
    readonly TSTAMP_SRC_MASK: 458752;
    /** Its time is when the last byte was there, or was sent. */
    readonly TSTAMP_SRC_EOF: 0;
    /** Its time is when the exposure began. */
    readonly TSTAMP_SRC_SOE: 65536;
    /** It is the last one before the queue has to be started anew. */
    readonly LAST: 1048576;
    /** The file descriptor of its request is valid. */
    readonly REQUEST_FD: 8388608;
};
/** One of the values of {@link V4L2_BUF_FLAG}. */
type V4L2_BUF_FLAG = (typeof V4L2_BUF_FLAG)[keyof typeof V4L2_BUF_FLAG];
/** What the buffers of a queue can be, as VIDIOC_REQBUFS tells. */
declare const V4L2_BUF_CAP: {
    /** The driver's memory, mapped. */
    readonly SUPPORTS_MMAP: 1;
    /** The program's memory. */
    readonly SUPPORTS_USERPTR: 2;
    /** Another device's memory. */
    readonly SUPPORTS_DMABUF: 4;
    /** Part of a request. */
    readonly SUPPORTS_REQUESTS: 8;
    /** Given up by the queue while still mapped or exported. */
    readonly SUPPORTS_ORPHANED_BUFS: 16;
    /** Coded in slices that make one picture. */
    readonly SUPPORTS_M2M_HOLD_CAPTURE_BUF: 32;
    /** Told that the cache needs no care. */
    readonly SUPPORTS_MMAP_CACHE_HINTS: 64;
    /** Limited to a number that VIDIOC_CREATE_BUFS tells. */
    readonly SUPPORTS_MAX_NUM_BUFFERS: 128;
    /** Taken away again by VIDIOC_REMOVE_BUFS. */
    readonly SUPPORTS_REMOVE_BUFS: 256;
};
/** One of the values of {@link V4L2_BUF_CAP}. */
type V4L2_BUF_CAP = (typeof V4L2_BUF_CAP)[keyof typeof V4L2_BUF_CAP];
/** How the driver's memory is to be made. */
declare const V4L2_MEMORY_FLAG: {
    /** Cached, so that the cache needs care. */
    readonly NON_COHERENT: 1;
};
/** One of the values of {@link V4L2_MEMORY_FLAG}. */
type V4L2_MEMORY_FLAG = (typeof V4L2_MEMORY_FLAG)[keyof typeof V4L2_MEMORY_FLAG];

/** How the lines of interlaced pictures are laid out. */
declare const V4L2_FIELD: {
    /** As the driver likes. */
    readonly ANY: 0;
    /** Whole pictures, not interlaced. */
    readonly NONE: 1;
    /** Upper fields alone. */
    readonly TOP: 2;
    /** Lower fields alone. */
    readonly BOTTOM: 3;
    /** Both fields, line by line. */
    readonly INTERLACED: 4;
    /** The upper field, then the lower one. */
    readonly SEQ_TB: 5;
    /** The lower field, then the upper one. */
    readonly SEQ_BT: 6;
    /** One field in each buffer, in turns. */
    readonly ALTERNATE: 7;
    /** Both fields line by line, of which the upper one is older. */
    readonly INTERLACED_TB: 8;
    /** Both fields line by line, of which the lower one is older. */
    readonly INTERLACED_BT: 9;
};
/** One of the values of {@link V4L2_FIELD}. */
type V4L2_FIELD = (typeof V4L2_FIELD)[keyof typeof V4L2_FIELD];
/** The primaries and the white of the colors, and what goes with them by default. */
declare const V4L2_COLORSPACE: {
    /** As the driver takes it to be. */
    readonly DEFAULT: 0;
    /** SMPTE 170M, of standard definition television. */
    readonly SMPTE170M: 1;
    /** SMPTE 240M, of early high definition television. */
    readonly SMPTE240M: 2;
    /** ITU-R BT.709, of high definition television. */
    readonly REC709: 3;
    /** Of the Bt878 chip, which has a range of its own. */
    readonly BT878: 4;
    /** NTSC of 1953. */
    readonly '470_SYSTEM_M': 5;
    /** EBU Tech. 3213, of PAL and SECAM. */
    readonly '470_SYSTEM_BG': 6;
    /** That of JPEG files: sRGB in full range and ITU-R BT.601. */
    readonly JPEG: 7;
    /** sRGB, of most cameras and screens. */
    readonly SRGB: 8;
    /** opRGB, also known as AdobeRGB. */
    readonly OPRGB: 9;
    /** ITU-R BT.2020, of ultra high definition television. */
    readonly BT2020: 10;
    /** That of the sensor itself. */
    readonly RAW: 11;
    /** DCI-P3, of cinema. */
    readonly DCI_P3: 12;
};
/** One of the values of {@link V4L2_COLORSPACE}. */
type V4L2_COLORSPACE = (typeof V4L2_COLORSPACE)[keyof typeof V4L2_COLORSPACE];
/** The transfer function: how light becomes numbers. */
declare const V4L2_XFER_FUNC: {
    /** That of the color space. */
    readonly DEFAULT: 0;
    /** ITU-R BT.709. */
    readonly '709': 1;
    /** sRGB. */
    readonly SRGB: 2;
    /** opRGB. */
    readonly OPRGB: 3;
    /** SMPTE 240M. */
    readonly SMPTE240M: 4;
    /** Linear. */
    readonly NONE: 5;
    /** DCI-P3. */
    readonly DCI_P3: 6;
    /** SMPTE ST 2084, of pictures with a high dynamic range. */
    readonly SMPTE2084: 7;
};
/** One of the values of {@link V4L2_XFER_FUNC}. */
type V4L2_XFER_FUNC = (typeof V4L2_XFER_FUNC)[keyof typeof V4L2_XFER_FUNC];
/** How red, green and blue become brightness and color differences. */
declare const V4L2_YCBCR_ENC: {
    /** As the color space has it. */
    readonly DEFAULT: 0;
    /** ITU-R BT.601. */
    readonly '601': 1;
    /** ITU-R BT.709. */
    readonly '709': 2;
    /** xvYCC with the weights of BT.601. */
    readonly XV601: 3;
    /** xvYCC with the weights of BT.709. */
    readonly XV709: 4;
    /** sYCC; drivers say 601 instead. */
    readonly SYCC: 5;
    /** ITU-R BT.2020. */
    readonly BT2020: 6;
    /** ITU-R BT.2020 with constant luminance. */
    readonly BT2020_CONST_LUM: 7;
    /** SMPTE 240M. */
    readonly SMPTE240M: 8;
};
/** One of the values of {@link V4L2_YCBCR_ENC}. */
type V4L2_YCBCR_ENC = (typeof V4L2_YCBCR_ENC)[keyof typeof V4L2_YCBCR_ENC];
/** What the hue of HSV formats counts, in the place of V4L2_YCBCR_ENC. */
declare const V4L2_HSV_ENC: {
    /** Steps of two degrees, from 0 to 179. */
    readonly '180': 128;
    /** 256ths of a turn, from 0 to 255. */
    readonly '256': 129;
};
/** One of the values of {@link V4L2_HSV_ENC}. */
type V4L2_HSV_ENC = (typeof V4L2_HSV_ENC)[keyof typeof V4L2_HSV_ENC];
/** What range of numbers stands for black to white. */
declare const V4L2_QUANTIZATION: {
    /** That of the color space. */
    readonly DEFAULT: 0;
    /** All of them, such as 0 to 255. */
    readonly FULL_RANGE: 1;
    /** Those of television, such as 16 to 235. */
    readonly LIM_RANGE: 2;
};
/** One of the values of {@link V4L2_QUANTIZATION}. */
type V4L2_QUANTIZATION = (typeof V4L2_QUANTIZATION)[keyof typeof V4L2_QUANTIZATION];
/** What holds of a format that is in force or asked for. */
declare const V4L2_PIX_FMT_FLAG: {
    /** The colors are multiplied by the opacity. */
    readonly PREMUL_ALPHA: 1;
    /** The color fields of a capture format are a request, not to be ignored. */
    readonly SET_CSC: 2;
};
/** One of the values of {@link V4L2_PIX_FMT_FLAG}. */
type V4L2_PIX_FMT_FLAG = (typeof V4L2_PIX_FMT_FLAG)[keyof typeof V4L2_PIX_FMT_FLAG];
/** What holds of a format that a driver lists. */
declare const V4L2_FMT_FLAG: {
    /** It is compressed. */
    readonly COMPRESSED: 1;
    /** A library makes it of another one. */
    readonly EMULATED: 2;
    /** Its buffers may begin and end anywhere in the stream. */
    readonly CONTINUOUS_BYTESTREAM: 4;
    /** Its size may change within the stream. */
    readonly DYN_RESOLUTION: 8;
    /** Its frame rate may be set apart from that of the pictures that are coded. */
    readonly ENC_CAP_FRAME_INTERVAL: 16;
    /** The device converts to another color space when asked. */
    readonly CSC_COLORSPACE: 32;
    /** The device converts to another transfer function when asked. */
    readonly CSC_XFER_FUNC: 64;
    /** The device converts to another encoding when asked. */
    readonly CSC_YCBCR_ENC: 128;
    /** The device converts to another range when asked. */
    readonly CSC_QUANTIZATION: 256;
    /** It is metadata in lines. */
    readonly META_LINE_BASED: 512;
};
/** One of the values of {@link V4L2_FMT_FLAG}. */
type V4L2_FMT_FLAG = (typeof V4L2_FMT_FLAG)[keyof typeof V4L2_FMT_FLAG];
/** How the sizes of a format are told. */
declare const V4L2_FRMSIZE_TYPE: {
    /** One by one. */
    readonly DISCRETE: 1;
    /** Any between a least and a largest. */
    readonly CONTINUOUS: 2;
    /** Those between a least and a largest that are so many steps away from the least. */
    readonly STEPWISE: 3;
};
/** One of the values of {@link V4L2_FRMSIZE_TYPE}. */
type V4L2_FRMSIZE_TYPE = (typeof V4L2_FRMSIZE_TYPE)[keyof typeof V4L2_FRMSIZE_TYPE];
/** How the frame intervals of a size are told. */
declare const V4L2_FRMIVAL_TYPE: {
    /** One by one. */
    readonly DISCRETE: 1;
    /** Any between a least and a largest. */
    readonly CONTINUOUS: 2;
    /** Those between a least and a largest that are so many steps away from the least. */
    readonly STEPWISE: 3;
};
/** One of the values of {@link V4L2_FRMIVAL_TYPE}. */
type V4L2_FRMIVAL_TYPE = (typeof V4L2_FRMIVAL_TYPE)[keyof typeof V4L2_FRMIVAL_TYPE];

/** What a device is and can do, as VIDIOC_QUERYCAP tells. */
declare const V4L2_CAP: {
    /** It gives pictures, each in one plane of memory. */
    readonly VIDEO_CAPTURE: 1;
    /** It takes pictures, each in one plane of memory. */
    readonly VIDEO_OUTPUT: 2;
    /** It puts pictures on the screen by itself. */
    readonly VIDEO_OVERLAY: 4;
    /** It gives raw lines of the vertical blanking interval. */
    readonly VBI_CAPTURE: 16;
    /** It takes raw lines of the vertical blanking interval. */
    readonly VBI_OUTPUT: 32;
    /** It gives the data of the vertical blanking interval. */
    readonly SLICED_VBI_CAPTURE: 64;
    /** It takes data for the vertical blanking interval. */
    readonly SLICED_VBI_OUTPUT: 128;
    /** It gives the data that radio stations send along. */
    readonly RDS_CAPTURE: 256;
    /** It lays a picture over the one that it puts out. */
    readonly VIDEO_OUTPUT_OVERLAY: 512;
    /** It looks for stations by itself. */
    readonly HW_FREQ_SEEK: 1024;
    /** It takes data for a radio station to send along. */
    readonly RDS_OUTPUT: 2048;
    /** It gives pictures in any number of planes of memory. */
    readonly VIDEO_CAPTURE_MPLANE: 4096;
    /** It takes pictures in any number of planes of memory. */
    readonly VIDEO_OUTPUT_MPLANE: 8192;
    /** It makes pictures of pictures, in any number of planes of memory: a codec, a converter. */
    readonly VIDEO_M2M_MPLANE: 16384;
    /** It makes pictures of pictures, each in one plane of memory: a codec, a converter. */
    readonly VIDEO_M2M: 32768;
    /** It has a tuner. */
    readonly TUNER: 65536;
    /** It has audio inputs or outputs. */
    readonly AUDIO: 131072;
    /** It is a radio. */
    readonly RADIO: 262144;
    /** It has a modulator. */
    readonly MODULATOR: 524288;
    /** It gives the samples of a software defined radio. */
    readonly SDR_CAPTURE: 1048576;
    /** Its formats tell transfer function, encoding and range. */
    readonly EXT_PIX_FORMAT: 2097152;
    /** It takes the samples of a software defined radio. */
    readonly SDR_OUTPUT: 4194304;
    /** It gives metadata. */
    readonly META_CAPTURE: 8388608;
    /** It can be read or written like a file. */
    readonly READWRITE: 16777216;
    /** It only has to do with the description of a screen. */
    readonly EDID: 33554432;
    /** It passes buffers through queues. */
    readonly STREAMING: 67108864;
    /** It takes metadata. */
    readonly META_OUTPUT: 134217728;
    /** It is a touch screen. */
    readonly TOUCH: 268435456;
    /** Its inputs and outputs are set through its media device. */
    readonly IO_MC: 536870912;
    /** The second set of these flags, those of the node alone, is valid. */
    readonly DEVICE_CAPS: 2147483648;
};
/** One of the values of {@link V4L2_CAP}. */
type V4L2_CAP = (typeof V4L2_CAP)[keyof typeof V4L2_CAP];
/** Who may change a device's settings while others use it. */
declare const V4L2_PRIORITY: {
    /** Nobody has said. */
    readonly UNSET: 0;
    /** Programs in the background. */
    readonly BACKGROUND: 1;
    /** Programs that someone uses; the default. */
    readonly INTERACTIVE: 2;
    /** A recording that nothing shall disturb. */
    readonly RECORD: 3;
};
/** One of the values of {@link V4L2_PRIORITY}. */
type V4L2_PRIORITY = (typeof V4L2_PRIORITY)[keyof typeof V4L2_PRIORITY];
/** How a device takes pictures. */
declare const V4L2_MODE: {
    /** For still pictures, at the cost of the frame rate. */
    readonly HIGHQUALITY: 1;
};
/** One of the values of {@link V4L2_MODE}. */
type V4L2_MODE = (typeof V4L2_MODE)[keyof typeof V4L2_MODE];
/** What JPEG pictures carry. */
declare const V4L2_JPEG_MARKER: {
    /** Huffman tables. */
    readonly DHT: 8;
    /** Quantization tables. */
    readonly DQT: 16;
    /** The restart interval. */
    readonly DRI: 32;
    /** A comment. */
    readonly COM: 64;
    /** Data of an application, which always come. */
    readonly APP: 128;
};
/** One of the values of {@link V4L2_JPEG_MARKER}. */
type V4L2_JPEG_MARKER = (typeof V4L2_JPEG_MARKER)[keyof typeof V4L2_JPEG_MARKER];
/** What an encoder is to do. */
declare const V4L2_ENC_CMD: {
    /** Code, or go on coding. */
    readonly START: 0;
    /** Code what it has, then stop. */
    readonly STOP: 1;
    /** Pause. */
    readonly PAUSE: 2;
    /** Go on after a pause. */
    readonly RESUME: 3;
};
/** One of the values of {@link V4L2_ENC_CMD}. */
type V4L2_ENC_CMD = (typeof V4L2_ENC_CMD)[keyof typeof V4L2_ENC_CMD];
/** When an encoder stops. */
declare const V4L2_ENC_CMD_STOP_AT: {
    /** At the end of the group of pictures. */
    readonly GOP_END: 1;
};
/** One of the values of {@link V4L2_ENC_CMD_STOP_AT}. */
type V4L2_ENC_CMD_STOP_AT = (typeof V4L2_ENC_CMD_STOP_AT)[keyof typeof V4L2_ENC_CMD_STOP_AT];
/** What a decoder is to do. */
declare const V4L2_DEC_CMD: {
    /** Decode, or go on decoding. */
    readonly START: 0;
    /** Decode what it has, then stop. */
    readonly STOP: 1;
    /** Pause. */
    readonly PAUSE: 2;
    /** Go on after a pause. */
    readonly RESUME: 3;
    /** Give out the picture that is kept back. */
    readonly FLUSH: 4;
};
/** One of the values of {@link V4L2_DEC_CMD}. */
type V4L2_DEC_CMD = (typeof V4L2_DEC_CMD)[keyof typeof V4L2_DEC_CMD];
/** Of the capabilities of streaming parameters: the frame interval can be set. */
declare const V4L2_CAP_TIMEPERFRAME = 4096;

/** What the value of a control is. */
declare const V4L2_CTRL_TYPE: {
    /** A whole number of 32 bits. */
    readonly INTEGER: 1;
    /** Yes or no. */
    readonly BOOLEAN: 2;
    /** One of several names. */
    readonly MENU: 3;
    /** Nothing; setting it does something. */
    readonly BUTTON: 4;
    /** A whole number of 64 bits. */
    readonly INTEGER64: 5;
    /** Nothing; it is the heading of a class. */
    readonly CTRL_CLASS: 6;
    /** Text. */
    readonly STRING: 7;
    /** A set of bits. */
    readonly BITMASK: 8;
    /** One of several numbers. */
    readonly INTEGER_MENU: 9;
    /** An array of unsigned bytes. */
    readonly U8: 256;
    /** An array of unsigned numbers of 16 bits. */
    readonly U16: 257;
    /** An array of unsigned numbers of 32 bits. */
    readonly U32: 258;
    /** A width and a height. */
    readonly AREA: 262;
    /** A rectangle. */
    readonly RECT: 263;
    /** The light levels of a film. */
    readonly HDR10_CLL_INFO: 272;
    /** The screen that a film was made on. */
    readonly HDR10_MASTERING_DISPLAY: 273;
    /** A sequence parameter set of H.264. */
    readonly H264_SPS: 512;
    /** A picture parameter set of H.264. */
    readonly H264_PPS: 513;
    /** The scaling matrices of H.264. */
    readonly H264_SCALING_MATRIX: 514;
    /** A slice of H.264. */
    readonly H264_SLICE_PARAMS: 515;
    /** A picture of H.264. */
    readonly H264_DECODE_PARAMS: 516;
    /** The prediction weights of H.264. */
    readonly H264_PRED_WEIGHTS: 517;
    /** A picture of FWHT. */
    readonly FWHT_PARAMS: 544;
    /** A frame of VP8. */
    readonly VP8_FRAME: 576;
    /** The quantization matrices of MPEG-2. */
    readonly MPEG2_QUANTISATION: 592;
    /** A sequence of MPEG-2. */
    readonly MPEG2_SEQUENCE: 593;
    /** A picture of MPEG-2. */
    readonly MPEG2_PICTURE: 594;
    /** The probabilities of VP9. */
    readonly VP9_COMPRESSED_HDR: 608;
    /** A frame of VP9. */
    readonly VP9_FRAME: 609;
    /** A sequence parameter set of H.265. */
    readonly HEVC_SPS: 624;
    /** A picture parameter set of H.265. */
    readonly HEVC_PPS: 625;
    /** A slice of H.265. */
    readonly HEVC_SLICE_PARAMS: 626;
    /** The scaling matrices of H.265. */
    readonly HEVC_SCALING_MATRIX: 627;
    /** A picture of H.265. */
    readonly HEVC_DECODE_PARAMS: 628;
    /** The short-term reference sets of H.265. */
    readonly HEVC_EXT_SPS_ST_RPS: 629;
    /** The long-term reference sets of H.265. */
    readonly HEVC_EXT_SPS_LT_RPS: 630;
    /** A sequence of AV1. */
    readonly AV1_SEQUENCE: 640;
    /** A tile of AV1. */
    readonly AV1_TILE_GROUP_ENTRY: 641;
    /** A frame of AV1. */
    readonly AV1_FRAME: 642;
    /** The film grain of AV1. */
    readonly AV1_FILM_GRAIN: 643;
};
/** One of the values of {@link V4L2_CTRL_TYPE}. */
type V4L2_CTRL_TYPE = (typeof V4L2_CTRL_TYPE)[keyof typeof V4L2_CTRL_TYPE];
/** What holds of a control; any of them may be set together. */
declare const V4L2_CTRL_FLAG: {
    /** It is not there, and is to be ignored. */
    readonly DISABLED: 1;
    /** It cannot be set now, such as while the device streams. */
    readonly GRABBED: 2;
    /** It cannot be set. */
    readonly READ_ONLY: 4;
    /** Setting it changes other controls. */
    readonly UPDATE: 8;
    /** It has no effect as others are set. */
    readonly INACTIVE: 16;
    /** It is best shown as a slider. */
    readonly SLIDER: 32;
    /** It cannot be read. */
    readonly WRITE_ONLY: 64;
    /** Its value changes by itself. */
    readonly VOLATILE: 128;
    /** Its value is memory: text, an array or a structure. */
    readonly HAS_PAYLOAD: 256;
    /** Setting it does something even when the value is the same. */
    readonly EXECUTE_ON_WRITE: 512;
    /** Setting it changes how pictures lie in memory. */
    readonly MODIFY_LAYOUT: 1024;
    /** It is an array of as many elements as are set. */
    readonly DYNAMIC_ARRAY: 2048;
    /** Its least and largest value can be asked for. */
    readonly HAS_WHICH_MIN_MAX: 4096;
    /** In a query: the next control after this number. */
    readonly NEXT_CTRL: 2147483648;
    /** In a query: the next control after this number that is an array or a structure. */
    readonly NEXT_COMPOUND: 1073741824;
};
/** One of the values of {@link V4L2_CTRL_FLAG}. */
type V4L2_CTRL_FLAG = (typeof V4L2_CTRL_FLAG)[keyof typeof V4L2_CTRL_FLAG];
/** What values of controls are meant. */
declare const V4L2_CTRL_WHICH: {
    /** Those in force. */
    readonly CUR_VAL: 0;
    /** The defaults. */
    readonly DEF_VAL: 251658240;
    /** Those of a request. */
    readonly REQUEST_VAL: 251723776;
    /** The least. */
    readonly MIN_VAL: 251789312;
    /** The largest. */
    readonly MAX_VAL: 251854848;
};
/** One of the values of {@link V4L2_CTRL_WHICH}. */
type V4L2_CTRL_WHICH = (typeof V4L2_CTRL_WHICH)[keyof typeof V4L2_CTRL_WHICH];
/** The classes of controls: the upper half of their numbers. */
declare const V4L2_CTRL_CLASS: {
    /** What people set: brightness and the like. */
    readonly USER: 9961472;
    /** Encoders and decoders. */
    readonly CODEC: 10027008;
    /** Cameras. */
    readonly CAMERA: 10092544;
    /** FM transmitters. */
    readonly FM_TX: 10158080;
    /** Flashes of cameras. */
    readonly FLASH: 10223616;
    /** JPEG coders. */
    readonly JPEG: 10289152;
    /** Image sensors. */
    readonly IMAGE_SOURCE: 10354688;
    /** What works on pictures of a sensor. */
    readonly IMAGE_PROC: 10420224;
    /** HDMI and DVI. */
    readonly DV: 10485760;
    /** FM receivers. */
    readonly FM_RX: 10551296;
    /** Tuners of radio frequencies. */
    readonly RF_TUNER: 10616832;
    /** Detection of motion. */
    readonly DETECT: 10682368;
    /** Codecs that are told everything about each picture. */
    readonly CODEC_STATELESS: 10747904;
    /** Light levels and screens. */
    readonly COLORIMETRY: 10813440;
};
/** One of the values of {@link V4L2_CTRL_CLASS}. */
type V4L2_CTRL_CLASS = (typeof V4L2_CTRL_CLASS)[keyof typeof V4L2_CTRL_CLASS];

/** What can happen to a device. */
declare const V4L2_EVENT: {
    /** All of them, to end every subscription. */
    readonly ALL: 0;
    /** A vertical blanking began. */
    readonly VSYNC: 1;
    /** The last buffer of a stream is done. */
    readonly EOS: 2;
    /** A control changed. */
    readonly CTRL: 3;
    /** The device began to take a picture. */
    readonly FRAME_SYNC: 4;
    /** The picture that comes in has another size. */
    readonly SOURCE_CHANGE: 5;
    /** Motion began or ended. */
    readonly MOTION_DET: 6;
    /** The least number of events of drivers' own. */
    readonly PRIVATE_START: 134217728;
};
/** One of the values of {@link V4L2_EVENT}. */
type V4L2_EVENT = (typeof V4L2_EVENT)[keyof typeof V4L2_EVENT];
/** How events are subscribed to. */
declare const V4L2_EVENT_SUB_FL: {
    /** With a first event that tells how things are. */
    readonly SEND_INITIAL: 1;
    /** Also of what was changed through the same file descriptor. */
    readonly ALLOW_FEEDBACK: 2;
};
/** One of the values of {@link V4L2_EVENT_SUB_FL}. */
type V4L2_EVENT_SUB_FL = (typeof V4L2_EVENT_SUB_FL)[keyof typeof V4L2_EVENT_SUB_FL];
/** What changed about a control. */
declare const V4L2_EVENT_CTRL_CH: {
    /** Its value. */
    readonly VALUE: 1;
    /** Its flags. */
    readonly FLAGS: 2;
    /** Its range, step or default. */
    readonly RANGE: 4;
    /** The dimensions of its array. */
    readonly DIMENSIONS: 8;
};
/** One of the values of {@link V4L2_EVENT_CTRL_CH}. */
type V4L2_EVENT_CTRL_CH = (typeof V4L2_EVENT_CTRL_CH)[keyof typeof V4L2_EVENT_CTRL_CH];
/** What changed about the picture that comes in. */
declare const V4L2_EVENT_SRC_CH: {
    /** Its size. */
    readonly RESOLUTION: 1;
};
/** One of the values of {@link V4L2_EVENT_SRC_CH}. */
type V4L2_EVENT_SRC_CH = (typeof V4L2_EVENT_SRC_CH)[keyof typeof V4L2_EVENT_SRC_CH];
/** What is valid in an event of motion. */
declare const V4L2_EVENT_MD_FL: {
    /** The number of the frame. */
    readonly HAVE_FRAME_SEQ: 1;
};
/** One of the values of {@link V4L2_EVENT_MD_FL}. */
type V4L2_EVENT_MD_FL = (typeof V4L2_EVENT_MD_FL)[keyof typeof V4L2_EVENT_MD_FL];

/** What part of the picture is meant. */
declare const V4L2_SEL_TGT: {
    /** What is taken of the picture that comes in. */
    readonly CROP: 0;
    /** What is taken by default. */
    readonly CROP_DEFAULT: 1;
    /** What can be taken. */
    readonly CROP_BOUNDS: 2;
    /** The whole of the sensor, or of the screen. */
    readonly NATIVE_SIZE: 3;
    /** Where it lies in the buffer. */
    readonly COMPOSE: 256;
    /** Where it lies by default. */
    readonly COMPOSE_DEFAULT: 257;
    /** Where it can lie. */
    readonly COMPOSE_BOUNDS: 258;
    /** What of the buffer is written to, padding included. */
    readonly COMPOSE_PADDED: 259;
};
/** One of the values of {@link V4L2_SEL_TGT}. */
type V4L2_SEL_TGT = (typeof V4L2_SEL_TGT)[keyof typeof V4L2_SEL_TGT];
/** How a rectangle that cannot be had exactly is adjusted. */
declare const V4L2_SEL_FLAG: {
    /** Not smaller. */
    readonly GE: 1;
    /** Not larger. */
    readonly LE: 2;
    /** Without changes to what follows in the pipeline. */
    readonly KEEP_CONFIG: 4;
};
/** One of the values of {@link V4L2_SEL_FLAG}. */
type V4L2_SEL_FLAG = (typeof V4L2_SEL_FLAG)[keyof typeof V4L2_SEL_FLAG];

/** What kind of input it is. */
declare const V4L2_INPUT_TYPE: {
    /** A tuner. */
    readonly TUNER: 1;
    /** Anything else that gives pictures. */
    readonly CAMERA: 2;
    /** A touch screen. */
    readonly TOUCH: 3;
};
/** One of the values of {@link V4L2_INPUT_TYPE}. */
type V4L2_INPUT_TYPE = (typeof V4L2_INPUT_TYPE)[keyof typeof V4L2_INPUT_TYPE];
/** What is wrong at an input, and how its picture lies. */
declare const V4L2_IN_ST: {
    /** It has no power. */
    readonly NO_POWER: 1;
    /** It has no signal. */
    readonly NO_SIGNAL: 2;
    /** It has no color. */
    readonly NO_COLOR: 4;
    /** The picture is mirrored. */
    readonly HFLIP: 16;
    /** The picture is upside down. */
    readonly VFLIP: 32;
    /** The lines are not in step. */
    readonly NO_H_LOCK: 256;
    /** A filter takes the color away. */
    readonly COLOR_KILL: 512;
    /** The pictures are not in step. */
    readonly NO_V_LOCK: 1024;
    /** No television standard is recognised. */
    readonly NO_STD_LOCK: 2048;
    /** It is not in step with the digital signal. */
    readonly NO_SYNC: 65536;
    /** The equalizer found nothing. */
    readonly NO_EQU: 131072;
    /** There is no carrier. */
    readonly NO_CARRIER: 262144;
    /** It is protected from being copied. */
    readonly MACROVISION: 16777216;
    /** It is encrypted. */
    readonly NO_ACCESS: 33554432;
    /** Its time constant is that of a tape recorder. */
    readonly VTR: 67108864;
};
/** One of the values of {@link V4L2_IN_ST}. */
type V4L2_IN_ST = (typeof V4L2_IN_ST)[keyof typeof V4L2_IN_ST];
/** What can be set of an input. */
declare const V4L2_IN_CAP: {
    /** Digital timings. */
    readonly DV_TIMINGS: 2;
    /** A television standard. */
    readonly STD: 4;
    /** The native size. */
    readonly NATIVE_SIZE: 8;
};
/** One of the values of {@link V4L2_IN_CAP}. */
type V4L2_IN_CAP = (typeof V4L2_IN_CAP)[keyof typeof V4L2_IN_CAP];
/** What kind of output it is. */
declare const V4L2_OUTPUT_TYPE: {
    /** A modulator. */
    readonly MODULATOR: 1;
    /** An analogue or digital video signal. */
    readonly ANALOG: 2;
    /** Laid over the signal of a screen. */
    readonly ANALOGVGAOVERLAY: 3;
};
/** One of the values of {@link V4L2_OUTPUT_TYPE}. */
type V4L2_OUTPUT_TYPE = (typeof V4L2_OUTPUT_TYPE)[keyof typeof V4L2_OUTPUT_TYPE];
/** What can be set of an output. */
declare const V4L2_OUT_CAP: {
    /** Digital timings. */
    readonly DV_TIMINGS: 2;
    /** A television standard. */
    readonly STD: 4;
    /** The native size. */
    readonly NATIVE_SIZE: 8;
};
/** One of the values of {@link V4L2_OUT_CAP}. */
type V4L2_OUT_CAP = (typeof V4L2_OUT_CAP)[keyof typeof V4L2_OUT_CAP];
/** What an overlay can do. */
declare const V4L2_FBUF_CAP: {
    /** It is laid over by other hardware. */
    readonly EXTERNOVERLAY: 1;
    /** It shows where the screen has a color. */
    readonly CHROMAKEY: 2;
    /** It leaves out rectangles. */
    readonly LIST_CLIPPING: 4;
    /** It leaves out the bits of a bitmap. */
    readonly BITMAP_CLIPPING: 8;
    /** It is transparent by pixel. */
    readonly LOCAL_ALPHA: 16;
    /** It is transparent as a whole. */
    readonly GLOBAL_ALPHA: 32;
    /** It is transparent by pixel, the other way round. */
    readonly LOCAL_INV_ALPHA: 64;
    /** It leaves out a color of its own. */
    readonly SRC_CHROMAKEY: 128;
};
/** One of the values of {@link V4L2_FBUF_CAP}. */
type V4L2_FBUF_CAP = (typeof V4L2_FBUF_CAP)[keyof typeof V4L2_FBUF_CAP];
/** What holds of an overlay. */
declare const V4L2_FBUF_FLAG: {
    /** It lies on the visible screen. */
    readonly PRIMARY: 1;
    /** It has the size of the picture that is put out. */
    readonly OVERLAY: 2;
    /** It shows where the screen has a color. */
    readonly CHROMAKEY: 4;
    /** It is transparent by pixel. */
    readonly LOCAL_ALPHA: 8;
    /** It is transparent as a whole. */
    readonly GLOBAL_ALPHA: 16;
    /** It is transparent by pixel, the other way round. */
    readonly LOCAL_INV_ALPHA: 32;
    /** It leaves out a color of its own. */
    readonly SRC_CHROMAKEY: 64;
};
/** One of the values of {@link V4L2_FBUF_FLAG}. */
type V4L2_FBUF_FLAG = (typeof V4L2_FBUF_FLAG)[keyof typeof V4L2_FBUF_FLAG];
/** What holds of raw lines of the vertical blanking interval. */
declare const V4L2_VBI: {
    /** They need not begin with the upper field. */
    readonly UNSYNC: 1;
    /** Both fields come line by line. */
    readonly INTERLACED: 2;
};
/** One of the values of {@link V4L2_VBI}. */
type V4L2_VBI = (typeof V4L2_VBI)[keyof typeof V4L2_VBI];
/** What is sent in the vertical blanking interval. */
declare const V4L2_SLICED: {
    /** Teletext. */
    readonly TELETEXT_B: 1;
    /** The Video Programme System, for recorders. */
    readonly VPS: 1024;
    /** Closed captions. */
    readonly CAPTION_525: 4096;
    /** Wide screen signalling. */
    readonly WSS_625: 16384;
};
/** One of the values of {@link V4L2_SLICED}. */
type V4L2_SLICED = (typeof V4L2_SLICED)[keyof typeof V4L2_SLICED];

/** What a tuner receives. */
declare const V4L2_TUNER: {
    /** Radio. */
    readonly RADIO: 1;
    /** Analogue television. */
    readonly ANALOG_TV: 2;
    /** Digital television. */
    readonly DIGITAL_TV: 3;
    /** Samples for a software defined radio. */
    readonly SDR: 4;
    /** Radio frequencies, for a software defined radio. */
    readonly RF: 5;
};
/** One of the values of {@link V4L2_TUNER}. */
type V4L2_TUNER = (typeof V4L2_TUNER)[keyof typeof V4L2_TUNER];
/** What a tuner can do. */
declare const V4L2_TUNER_CAP: {
    /** Its unit is 62.5 Hz, else 62.5 kHz. */
    readonly LOW: 1;
    /** It can receive more than one television standard. */
    readonly NORM: 2;
    /** It looks for stations up to the end of its range. */
    readonly HWSEEK_BOUNDED: 4;
    /** It looks for stations and begins again at the other end. */
    readonly HWSEEK_WRAP: 8;
    /** It can receive stereo. */
    readonly STEREO: 16;
    /** It can receive a second language. */
    readonly LANG2: 32;
    /** It can receive a first language. */
    readonly LANG1: 64;
    /** It can receive the data that stations send along. */
    readonly RDS: 128;
    /** It gives that data when it is read. */
    readonly RDS_BLOCK_IO: 256;
    /** It has controls for that data. */
    readonly RDS_CONTROLS: 512;
    /** It tells the bands that it can receive. */
    readonly FREQ_BANDS: 1024;
    /** It can be told where to look for stations. */
    readonly HWSEEK_PROG_LIM: 2048;
    /** Its unit is 1 Hz. */
    readonly '1HZ': 4096;
};
/** One of the values of {@link V4L2_TUNER_CAP}. */
type V4L2_TUNER_CAP = (typeof V4L2_TUNER_CAP)[keyof typeof V4L2_TUNER_CAP];
/** What a station sends. */
declare const V4L2_TUNER_SUB: {
    /** Mono. */
    readonly MONO: 1;
    /** Stereo. */
    readonly STEREO: 2;
    /** A second language. */
    readonly LANG2: 4;
    /** A first language. */
    readonly LANG1: 8;
    /** Data. */
    readonly RDS: 16;
};
/** One of the values of {@link V4L2_TUNER_SUB}. */
type V4L2_TUNER_SUB = (typeof V4L2_TUNER_SUB)[keyof typeof V4L2_TUNER_SUB];
/** What of it is heard. */
declare const V4L2_TUNER_MODE: {
    /** Mono. */
    readonly MONO: 0;
    /** Stereo. */
    readonly STEREO: 1;
    /** The second language. */
    readonly LANG2: 2;
    /** The first language. */
    readonly LANG1: 3;
    /** The first language on the left, the second on the right. */
    readonly LANG1_LANG2: 4;
};
/** One of the values of {@link V4L2_TUNER_MODE}. */
type V4L2_TUNER_MODE = (typeof V4L2_TUNER_MODE)[keyof typeof V4L2_TUNER_MODE];
/** What is known about digital timings. */
declare const V4L2_DV_FL: {
    /** The blanking is reduced. */
    readonly REDUCED_BLANKING: 1;
    /** The rate can be reduced by 1000/1001. */
    readonly CAN_REDUCE_FPS: 2;
    /** The rate is reduced by 1000/1001. */
    readonly REDUCED_FPS: 4;
    /** The second field has half a line more. */
    readonly HALF_LINE: 8;
    /** They are those of consumer electronics. */
    readonly IS_CE_VIDEO: 16;
    /** The first field has a line more. */
    readonly FIRST_FIELD_EXTRA_LINE: 32;
    /** The aspect of the picture is valid. */
    readonly HAS_PICTURE_ASPECT: 64;
    /** The CTA-861 code is valid. */
    readonly HAS_CEA861_VIC: 128;
    /** The HDMI code is valid. */
    readonly HAS_HDMI_VIC: 256;
    /** The device tells a reduced rate from the full one. */
    readonly CAN_DETECT_REDUCED_FPS: 512;
};
/** One of the values of {@link V4L2_DV_FL}. */
type V4L2_DV_FL = (typeof V4L2_DV_FL)[keyof typeof V4L2_DV_FL];
/** Where digital timings are defined. */
declare const V4L2_DV_BT_STD: {
    /** CTA-861. */
    readonly CEA861: 1;
    /** VESA's Display Monitor Timings. */
    readonly DMT: 2;
    /** VESA's Coordinated Video Timings. */
    readonly CVT: 4;
    /** VESA's Generalized Timings Formula. */
    readonly GTF: 8;
    /** The Serial Digital Interface. */
    readonly SDI: 16;
};
/** One of the values of {@link V4L2_DV_BT_STD}. */
type V4L2_DV_BT_STD = (typeof V4L2_DV_BT_STD)[keyof typeof V4L2_DV_BT_STD];
/** What digital timings a device can have. */
declare const V4L2_DV_BT_CAP: {
    /** Interlaced ones. */
    readonly INTERLACED: 1;
    /** Progressive ones. */
    readonly PROGRESSIVE: 2;
    /** Those with reduced blanking. */
    readonly REDUCED_BLANKING: 4;
    /** Any. */
    readonly CUSTOM: 8;
};
/** One of the values of {@link V4L2_DV_BT_CAP}. */
type V4L2_DV_BT_CAP = (typeof V4L2_DV_BT_CAP)[keyof typeof V4L2_DV_BT_CAP];

/** What a part of a media device does. */
declare const MEDIA_ENT_F: {
    /** Nobody knows. */
    readonly UNKNOWN: 0;
    /** The driver does not say. */
    readonly V4L2_SUBDEV_UNKNOWN: 131072;
    /** It passes pictures to and from programs. */
    readonly IO_V4L: 65537;
    /** It passes the vertical blanking interval to and from programs. */
    readonly IO_VBI: 4098;
    /** It passes radio samples to and from programs. */
    readonly IO_SWRADIO: 4099;
    /** It passes digital television to and from programs. */
    readonly IO_DTV: 4097;
    /** It demodulates digital television. */
    readonly DTV_DEMOD: 1;
    /** It takes transport streams apart. */
    readonly TS_DEMUX: 2;
    /** It gives access to encrypted television. */
    readonly DTV_CA: 3;
    /** It takes network packets out of a transport stream. */
    readonly DTV_NET_DECAP: 4;
    /** It is a camera sensor. */
    readonly CAM_SENSOR: 131073;
    /** It is a flash. */
    readonly FLASH: 131074;
    /** It moves a lens. */
    readonly LENS: 131075;
    /** It is a tuner. */
    readonly TUNER: 131077;
    /** It decodes the picture of an intermediate frequency. */
    readonly IF_VID_DECODER: 8193;
    /** It decodes the sound of an intermediate frequency. */
    readonly IF_AUD_DECODER: 8194;
    /** It takes sound. */
    readonly AUDIO_CAPTURE: 12289;
    /** It plays sound. */
    readonly AUDIO_PLAYBACK: 12290;
    /** It mixes sound. */
    readonly AUDIO_MIXER: 12291;
    /** It puts pictures together. */
    readonly PROC_VIDEO_COMPOSER: 16385;
    /** It changes how pixels lie. */
    readonly PROC_VIDEO_PIXEL_FORMATTER: 16386;
    /** It changes how pixels are encoded. */
    readonly PROC_VIDEO_PIXEL_ENC_CONV: 16387;
    /** It looks pixels up in a table. */
    readonly PROC_VIDEO_LUT: 16388;
    /** It scales pictures. */
    readonly PROC_VIDEO_SCALER: 16389;
    /** It gathers statistics of pictures. */
    readonly PROC_VIDEO_STATISTICS: 16390;
    /** It encodes video. */
    readonly PROC_VIDEO_ENCODER: 16391;
    /** It decodes video. */
    readonly PROC_VIDEO_DECODER: 16392;
    /** It processes the pictures of a sensor. */
    readonly PROC_VIDEO_ISP: 16393;
    /** It chooses between pictures. */
    readonly VID_MUX: 20481;
    /** It connects one interface with another. */
    readonly VID_IF_BRIDGE: 20482;
    /** It decodes analogue video. */
    readonly ATV_DECODER: 131076;
    /** It decodes digital video. */
    readonly DV_DECODER: 24577;
    /** It encodes digital video. */
    readonly DV_ENCODER: 24578;
};
/** One of the values of {@link MEDIA_ENT_F}. */
type MEDIA_ENT_F = (typeof MEDIA_ENT_F)[keyof typeof MEDIA_ENT_F];
/** What holds of a part of a media device. */
declare const MEDIA_ENT_FL: {
    /** It is the default one of its kind. */
    readonly DEFAULT: 1;
    /** It is a connector. */
    readonly CONNECTOR: 2;
};
/** One of the values of {@link MEDIA_ENT_FL}. */
type MEDIA_ENT_FL = (typeof MEDIA_ENT_FL)[keyof typeof MEDIA_ENT_FL];
/** What kind of node a media device has. */
declare const MEDIA_INTF_T: {
    /** A front end of digital television. */
    readonly DVB_FE: 256;
    /** A demultiplexer of digital television. */
    readonly DVB_DEMUX: 257;
    /** A recording of digital television. */
    readonly DVB_DVR: 258;
    /** Access to encrypted television. */
    readonly DVB_CA: 259;
    /** The network of digital television. */
    readonly DVB_NET: 260;
    /** Video. */
    readonly V4L_VIDEO: 512;
    /** The vertical blanking interval. */
    readonly V4L_VBI: 513;
    /** Radio. */
    readonly V4L_RADIO: 514;
    /** A part of a device. */
    readonly V4L_SUBDEV: 515;
    /** Software defined radio. */
    readonly V4L_SWRADIO: 516;
    /** A touch screen. */
    readonly V4L_TOUCH: 517;
};
/** One of the values of {@link MEDIA_INTF_T}. */
type MEDIA_INTF_T = (typeof MEDIA_INTF_T)[keyof typeof MEDIA_INTF_T];
/** Which way a pad goes. */
declare const MEDIA_PAD_FL: {
    /** Data come in. */
    readonly SINK: 1;
    /** Data go out. */
    readonly SOURCE: 2;
    /** It has to be linked for the device to work. */
    readonly MUST_CONNECT: 4;
};
/** One of the values of {@link MEDIA_PAD_FL}. */
type MEDIA_PAD_FL = (typeof MEDIA_PAD_FL)[keyof typeof MEDIA_PAD_FL];
/** What holds of a link. */
declare const MEDIA_LNK_FL: {
    /** It is in use. */
    readonly ENABLED: 1;
    /** It cannot be changed. */
    readonly IMMUTABLE: 2;
    /** It can be changed while the device streams. */
    readonly DYNAMIC: 4;
    /** It is between two pads. */
    readonly DATA_LINK: 0;
    /** It is between a node and what it controls. */
    readonly INTERFACE_LINK: 268435456;
    /** It is between parts that belong together. */
    readonly ANCILLARY_LINK: 536870912;
    /** The bits that say between what it is. */
    readonly LINK_TYPE: 4026531840;
};
/** One of the values of {@link MEDIA_LNK_FL}. */
type MEDIA_LNK_FL = (typeof MEDIA_LNK_FL)[keyof typeof MEDIA_LNK_FL];

/** What the value of a control is; `'compound'` is memory: an array or a structure. */
type ControlKind = 'integer' | 'boolean' | 'menu' | 'integer-menu' | 'button' | 'bitmask' | 'integer64' | 'string' | 'compound';
/** What is known about a control beyond its number and kind. */
interface ControlFacts {
    /** The least and the largest value that it can have anywhere; a device may allow less. */
    readonly range?: readonly [least: number, largest: number];
    /** The unit of its value, such as `'bit/s'` or `'ms'`. */
    readonly unit?: string;
    /** Of a menu that is the same everywhere: the names of its entries, by their value. */
    readonly menu?: readonly string[];
    /** Of a menu of numbers that is the same everywhere: its entries, by their value. */
    readonly values?: readonly number[];
    /** Of a control whose value is memory: what an element is in C, such as `'struct v4l2_area'`. */
    readonly payload?: string;
}
/** A control as V4L2's headers and documentation define it, whatever device has it. */
interface ControlDefinition extends ControlFacts {
    /** Its name in the kernel's headers, such as `'V4L2_CID_BRIGHTNESS'`. */
    readonly name: string;
    /** Its number. */
    readonly id: number;
    /** What its value is. */
    readonly kind: ControlKind;
    /** What the kernel calls it, such as `'White Balance, Automatic'`. */
    readonly label?: string;
}

/** Every control of V4L2, by number. */
declare const CONTROLS: readonly ControlDefinition[];
/**
 * What is known about the control of this number, if it is a standard one or, through NVIDIA's library, one of its own.
 *
 * @example
 * ```ts
 * import { controlById } from 'v4l2-encoder/device'
 *
 * controlById(0x009909cf)?.unit // 'bit/s'
 * ```
 */
declare function controlById(id: number, transport?: 'kernel' | 'nvidia'): ControlDefinition | undefined;
/**
 * What is known about the control of this name: the kernel's, such as `'V4L2_CID_BRIGHTNESS'`, or the short one that
 * `v4l2-ctl` shows, such as `'brightness'`. NVIDIA's controls have short names after their long ones, such as
 * `'mpeg_videoenc_qp_range'`.
 *
 * @example
 * ```ts
 * import { controlByName } from 'v4l2-encoder/device'
 *
 * controlByName('video_bitrate')?.id // 0x009909cf
 * ```
 */
declare function controlByName(name: string, transport?: 'kernel' | 'nvidia'): ControlDefinition | undefined;

/** What a field of a payload is, in the byte order of the machine; a pointer is filled in by the native side only. */
type PayloadFieldType = 'u8' | 'u16' | 'u32' | 's32' | 'pointer';
/** One field of a structure that NVIDIA's library reads or writes. */
interface PayloadField {
    /** Its name. */
    readonly name: string;
    /** What it is. */
    readonly type: PayloadFieldType;
    /** Where it begins, in bytes. */
    readonly offset: number;
}
/**
 * How large the memory of every payload has to be, in bytes: the structures grow from release to release, and the library
 * writes as much as its own release has.
 */
declare const NVIDIA_PAYLOAD_BYTES = 4096;
/**
 * The beginning of each structure, which is the same in every release from JetPack 4 to 7. What differs between them
 * (regions of interest, reference picture sets) is not here.
 */
declare const NVIDIA_PAYLOADS: Readonly<Record<string, readonly PayloadField[]>>;
/**
 * The memory of a payload with these fields; the rest is zero. Boards are little-endian, so the bytes are too.
 *
 * @throws TypeError for a payload or field that there is none of; RangeError for a value that does not fit
 */
declare function encodePayload(payload: string, values: Readonly<Record<string, number>>): ReturnType<Uint8ArrayConstructor['of']>;
/**
 * The fields of a payload but its addresses.
 *
 * @throws TypeError for a payload that there is none of; RangeError for memory that is too short for it
 */
declare function decodePayload(payload: string, memory: Uint8Array): Record<string, number>;

/**
 * When NVIDIA's library takes a control: `'open'` first of all, `'formats'` between the two formats, `'before-buffers'` after
 * both formats and before buffers are asked for, `'after-buffers'` once there are buffers, `'frame'` before each picture,
 * `'chunk'` after each coded buffer and before it is given back, `'any'` at any time after the formats.
 */
type NvidiaControlTime = 'open' | 'formats' | 'before-buffers' | 'after-buffers' | 'frame' | 'chunk' | 'any';
/** A control of NVIDIA's library, which are all in the codec class. */
interface NvidiaControlDefinition extends ControlDefinition {
    /** When it may be set, or read where it tells something. */
    readonly when: NvidiaControlTime;
}
/**
 * Those that concern encoders. Where a number is also that of a standard control (513 is VP9's level elsewhere), NVIDIA's library
 * means its own. The payload is the name of a layout, of which {@link NVIDIA_PAYLOADS} has those that every release shares.
 */
declare const NVIDIA_CONTROLS: readonly NvidiaControlDefinition[];

/** A pixel format as the kernel's headers define it, whatever device has it. */
interface FormatDefinition {
    /** Its name in the kernel's headers, such as `'V4L2_PIX_FMT_NV12'`. */
    readonly name: string;
    /** Its four-character code, such as `'NV12'`; `'-BE'` at the end where it is the big-endian twin of another one. */
    readonly code: string;
    /** The same as a number. */
    readonly fourcc: number;
    /** What the kernel calls it, which differs a little from release to release. */
    readonly description: string;
    /** Whether it is compressed. */
    readonly isCoded: boolean;
    /** In how many planes of memory it lies where a device has the multi-planar API. */
    readonly planes: number;
}

/** Every pixel format of V4L2. */
declare const FORMATS: readonly FormatDefinition[];
/**
 * What is known about the pixel format of this four-character code, or of this number.
 *
 * @example
 * ```ts
 * import { formatByCode } from 'v4l2-encoder/device'
 *
 * formatByCode('NM12')?.planes // 2
 * ```
 */
declare function formatByCode(code: string | number, transport?: 'kernel' | 'nvidia'): FormatDefinition | undefined;

/**
 * The number of a four-character code: `'NV12'`, with blanks at the end where it has fewer letters (`'Y10'` is `'Y10 '`), and
 * with `-BE` behind it for a big-endian format (`'Y16 -BE'`).
 *
 * @example
 * ```ts
 * import { fourcc } from 'v4l2-encoder/device'
 *
 * fourcc('H264') // 0x34363248
 * ```
 *
 * @throws TypeError for anything but one to four ASCII characters
 */
declare function fourcc(code: string): number;
/**
 * A four-character code as `v4l2-ctl` writes it. What is no letter that can be shown, which only a faulty driver gives, is a dot.
 *
 * @throws TypeError or RangeError for anything but a whole number of 32 bits
 *
 * @example
 * ```ts
 * import { fourccText } from 'v4l2-encoder/device'
 *
 * fourccText(0xb6315559) // 'YU16-BE'
 * ```
 */
declare function fourccText(value: number): string;

/** Those of NVIDIA's library that differ from the standard ones, or that there is no standard one of. */
declare const NVIDIA_FORMATS: readonly FormatDefinition[];

/**
 * V4L2 in TypeScript: every request, with its structs, controls and their meaning.
 *
 * @module
 */

/**
 * Opens a V4L2 device, and asks what it is. Nothing of it blocks JavaScript's thread: each request runs on a thread of the device's own.
 *
 * @throws `ERR_DEVICE_NOT_FOUND`, `ERR_PERMISSION`, `ERR_BUSY`, `ERR_LIBRARY_MISSING`, `ERR_DEVICE` for what is no V4L2 device,
 *   `ERR_TIMEOUT`; `ERR_CONFIG` for a wrong option
 *
 * @example
 * ```ts
 * import { openDevice } from 'v4l2-encoder/device'
 *
 * await using device = await openDevice('/dev/video0')
 * console.log(device.capability.card, await device.formats(device.captureType))
 * await device.setControl('brightness', 128)
 * ```
 */
declare function openDevice(path: string, options?: DeviceOptions): Promise<Device>;

export { CONTROLS, Device, FORMATS, MEDIA_ENT_F, MEDIA_ENT_FL, MEDIA_INTF_T, MEDIA_LNK_FL, MEDIA_PAD_FL, MappedBuffer, NVIDIA_CONTROLS, NVIDIA_FORMATS, NVIDIA_PAYLOADS, NVIDIA_PAYLOAD_BYTES, Queue, Requests, V4L2_BUF_CAP, V4L2_BUF_FLAG, V4L2_BUF_TYPE, V4L2_CAP, V4L2_CAP_TIMEPERFRAME, V4L2_COLORSPACE, V4L2_CTRL_CLASS, V4L2_CTRL_FLAG, V4L2_CTRL_TYPE, V4L2_CTRL_WHICH, V4L2_DEC_CMD, V4L2_DV_BT_CAP, V4L2_DV_BT_STD, V4L2_DV_FL, V4L2_ENC_CMD, V4L2_ENC_CMD_STOP_AT, V4L2_EVENT, V4L2_EVENT_CTRL_CH, V4L2_EVENT_MD_FL, V4L2_EVENT_SRC_CH, V4L2_EVENT_SUB_FL, V4L2_FBUF_CAP, V4L2_FBUF_FLAG, V4L2_FIELD, V4L2_FMT_FLAG, V4L2_FRMIVAL_TYPE, V4L2_FRMSIZE_TYPE, V4L2_HSV_ENC, V4L2_INPUT_TYPE, V4L2_IN_CAP, V4L2_IN_ST, V4L2_JPEG_MARKER, V4L2_MEMORY, V4L2_MEMORY_FLAG, V4L2_MODE, V4L2_OUTPUT_TYPE, V4L2_OUT_CAP, V4L2_PIX_FMT_FLAG, V4L2_PRIORITY, V4L2_QUANTIZATION, V4L2_SEL_FLAG, V4L2_SEL_TGT, V4L2_SLICED, V4L2_TUNER, V4L2_TUNER_CAP, V4L2_TUNER_MODE, V4L2_TUNER_SUB, V4L2_VBI, V4L2_XFER_FUNC, V4L2_YCBCR_ENC, controlById, controlByName, decodePayload, encodePayload, formatByCode, fourcc, fourccText, isLast, openDevice, index_d as structs };

export type { Capability, ControlDefinition, ControlFacts, ControlInfo, ControlKind, ControlReference, ControlType, ControlValue, DequeueOptions, DequeuedBuffer, DeviceEvent, DeviceOptions, EnqueueOptions, EventSubscription, Field, FormatDefinition, FormatDescription, FourccLike, Fraction, FrameInterval, FrameSize, Given, MenuItem, NvidiaControlDefinition, NvidiaControlTime, PayloadField, PayloadFieldType, PixFormat, PixFormatRequest, PlaneFormat, QueueOptions, Rect, Request, Selection, StreamParm, Struct, Union, ValueOf };
