/**
 * The contract of the addon stands twice: in `ts/native`, written by hand with its documentation, and in the typings that
 * `napi build` generates from the Rust code. This file compiles only while both say the same, in both directions. Names of values
 * (`'jetson' | 'v4l2'`) are strings for Rust, so they count as such here; `__test__/native/names.spec.ts` compares them.
 */

import type * as Generated from '../../../.cache/native.js'
import type * as Addon from '../../../ts/native/addon.js'
import type * as Camera from '../../../ts/native/camera.js'
import type * as Config from '../../../ts/native/config.js'
import type * as Device from '../../../ts/native/device.js'
import type * as Errors from '../../../ts/native/error.js'
import type * as Surface from '../../../ts/native/surface.js'

/** What Node-API knows of a type: names of values are strings, and what the addon knows its own objects by is opaque. */
type Plain<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends null | undefined | void
        ? null
        : T extends Uint8Array | Uint32Array | Int32Array | ArrayBuffer
          ? T[typeof Symbol.toStringTag]
          : T extends Promise<infer Value>
            ? Promise<Plain<Value>>
            : T extends readonly (infer Element)[]
              ? Plain<Element>[]
              : T extends (...given: infer Given extends readonly unknown[]) => infer Answer
                ? [PlainList<Given>, Plain<Answer>]
                : T extends object
                  ? '' extends keyof T
                    ? 'handle'
                    : 'of' extends keyof T
                      ? 'handle'
                      : 'type' extends keyof T
                        ? 'event'
                        : Members<T>
                  : T

/** What is left out in a call is null there. */
type PlainList<List extends readonly unknown[]> = { [Index in keyof List]-?: Plain<List[Index]> }

/** With optional members told from those that are always there. */
type Members<T> = {
  [Name in keyof T]-?: object extends Pick<T, Name> ? ['optional', Plain<Exclude<T[Name], undefined>>] : Plain<T[Name]>
}

/** The members of all events in one, as the addon has them. */
type AllNames<Union> = Union extends unknown ? keyof Union : never
type MemberOf<Union, Name> = Union extends unknown
  ? Name extends keyof Union
    ? Exclude<Union[Name], undefined>
    : never
  : never
type Merged<Union> = { [Name in AllNames<Union>]: Plain<MemberOf<Union, Name>> }

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false

/** The names of both sides, and of each whether it is the same on both. */
type Differences<One, Other> = {
  [
    Name in keyof One | keyof Other as Name extends keyof One & keyof Other
      ? Same<Members<One>[Name], Members<Other>[Name]> extends true
        ? never
        : Name
      : Name
  ]: [
    written: Name extends keyof One ? Members<One>[Name] : 'missing',
    generated: Name extends keyof Other ? Members<Other>[Name] : 'missing',
  ]
}

/** Types of the addon, by their names. */
interface Written {
  NativeActive: Addon.NativeActive
  NativeAnswer: Device.NativeAnswer
  NativeCamera: Camera.NativeCamera
  NativeCameraFormat: Camera.NativeCameraFormat
  NativeCameraInfo: Camera.NativeCameraInfo
  NativeCameraListing: Camera.NativeCameraListing
  NativeCameraOptions: Camera.NativeCameraOptions
  NativeCameraSettings: Camera.NativeCameraSettings
  NativeCameraSize: Camera.NativeCameraSize
  NativeChannel: Addon.NativeChannel
  NativeCodecChoice: Config.NativeCodecChoice
  NativeCodecSizes: Addon.NativeCodecSizes
  NativeColorSpace: Config.NativeColorSpace
  NativeConfig: Config.NativeConfig
  NativeControl: Camera.NativeControl
  NativeDecoderConfig: Addon.NativeDecoderConfig
  NativeDevice: Device.NativeDevice
  NativeDeviceOptions: Device.NativeDeviceOptions
  NativeDmabuf: Camera.NativeDmabuf
  NativeEncoderInfo: Addon.NativeEncoderInfo
  NativeError: Errors.NativeError
  NativeInput: Addon.NativeInput
  NativeInputPlane: Addon.NativeInputPlane
  NativeLease: Addon.NativeLease
  NativeLentFrame: Addon.NativeLentFrame
  NativeLentPlane: Addon.NativeLentPlane
  NativeMemory: Device.NativeMemory
  NativeCameraFrame: Camera.NativeCameraFrame
  NativeFailure: Errors.NativeFailure
  NativeRejection: Errors.NativeRejection
  NativeResolvedConfig: Config.NativeResolvedConfig
  NativeSession: Addon.NativeSession
  NativeSetting: Addon.NativeSetting
  NativeStats: Addon.NativeStats
  NativeSupport: Addon.NativeSupport
  NativeSurface: Surface.NativeSurface
  NativeSurfaceOptions: Surface.NativeSurfaceOptions
  NativeSurfacePlane: Surface.NativeSurfacePlane
  NativeTuning: Addon.NativeTuning
  NativeWarning: Addon.NativeWarning
}

interface Made {
  NativeActive: Generated.NativeActive
  NativeAnswer: Generated.NativeAnswer
  NativeCamera: Generated.NativeCamera
  NativeCameraFormat: Generated.NativeCameraFormat
  NativeCameraInfo: Generated.NativeCameraInfo
  NativeCameraListing: Generated.NativeCameraListing
  NativeCameraOptions: Generated.NativeCameraOptions
  NativeCameraSettings: Generated.NativeCameraSettings
  NativeCameraSize: Generated.NativeCameraSize
  NativeChannel: Generated.NativeChannel
  NativeCodecChoice: Generated.NativeCodecChoice
  NativeCodecSizes: Generated.NativeCodecSizes
  NativeColorSpace: Generated.NativeColorSpace
  NativeConfig: Generated.NativeConfig
  NativeControl: Generated.NativeControl
  NativeDecoderConfig: Generated.NativeDecoderConfig
  NativeDevice: Generated.NativeDevice
  NativeDeviceOptions: Generated.NativeDeviceOptions
  NativeDmabuf: Generated.NativeDmabuf
  NativeEncoderInfo: Generated.NativeEncoderInfo
  NativeError: Generated.NativeError
  NativeInput: Generated.NativeInput
  NativeInputPlane: Generated.NativeInputPlane
  NativeLease: Generated.NativeLease
  NativeLentFrame: Generated.NativeLentFrame
  NativeLentPlane: Generated.NativeLentPlane
  NativeMemory: Generated.NativeMemory
  NativeCameraFrame: Generated.NativeCameraFrame
  NativeFailure: Generated.NativeFailure
  NativeRejection: Generated.NativeRejection
  NativeResolvedConfig: Generated.NativeResolvedConfig
  NativeSession: Generated.NativeSession
  NativeSetting: Generated.NativeSetting
  NativeStats: Generated.NativeStats
  NativeSupport: Generated.NativeSupport
  NativeSurface: Generated.NativeSurface
  NativeSurfaceOptions: Generated.NativeSurfaceOptions
  NativeSurfacePlane: Generated.NativeSurfacePlane
  NativeTuning: Generated.NativeTuning
  NativeWarning: Generated.NativeWarning
}

type OfTypes = {
  [Name in keyof Written as keyof Differences<Written[Name], Made[Name]> extends never ? never : Name]: Differences<
    Written[Name],
    Made[Name]
  >
}

/** The addon's functions; its classes are made by them and not by their constructors. */
type Functions = Pick<
  typeof Generated,
  { [Name in keyof typeof Generated]: Name extends Capitalize<Name & string> ? never : Name }[keyof typeof Generated]
>

/** What the compiler prints where the two sides differ: the type, the member, and what each side says of it. */
type None = Record<never, never>
const none: None = {}
export const inTypes: OfTypes = none
export const inFunctions: Differences<Addon.NativeAddon, Functions> = none
export const inEvents: Differences<Merged<Addon.NativeEvent>, Merged<Required<Generated.NativeEvent>>> = none
