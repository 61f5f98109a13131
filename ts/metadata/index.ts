/**
 * Reads capture times, frame ids and user data that an encoder with `metadata` put into an H.264 or H.265 stream. It has no native
 * code and needs nothing of Node.js, so it also runs in browsers.
 *
 * @module
 */
export type { MetadataBitstream, MetadataFormat } from './codec.js'
export { MetadataReader, readMetadata } from './reader.js'
export type { StreamMetadata } from './sei.js'
