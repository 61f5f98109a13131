import { array, pointer, reserved, struct, text, u32, u64, union } from '../layout.js'

/** What a media device is: MEDIA_IOC_DEVICE_INFO. */
export const media_device_info = struct('media_device_info', {
  driver: text(16),
  model: text(32),
  serial: text(40),
  bus_info: text(32),
  media_version: u32,
  hw_revision: u32,
  driver_version: u32,
  reserved: reserved(31),
})

/** A part of a media device: a sensor, a codec, a queue of frames. */
export const media_v2_entity = struct('media_v2_entity', {
  id: u32,
  name: text(64),
  function: u32,
  flags: u32,
  reserved: reserved(5),
})

/** The numbers of a node below `/dev`. */
export const media_v2_intf_devnode = struct('media_v2_intf_devnode', { major: u32, minor: u32 })

/** A node through which programs reach a part. */
export const media_v2_interface = struct('media_v2_interface', {
  id: u32,
  intf_type: u32,
  flags: u32,
  reserved: reserved(9),
  u: union({ devnode: media_v2_intf_devnode, raw: array(u32, 16) }, { isAnonymous: true, chosenBy: () => 'devnode' }),
})

/** Where data go into a part, or come out of it. */
export const media_v2_pad = struct('media_v2_pad', {
  id: u32,
  entity_id: u32,
  flags: u32,
  index: u32,
  reserved: reserved(4),
})

/** What connects two pads, or a node with a part. */
export const media_v2_link = struct('media_v2_link', {
  id: u32,
  source_id: u32,
  sink_id: u32,
  flags: u32,
  reserved: reserved(6),
})

/** Everything of a media device: MEDIA_IOC_G_TOPOLOGY. A list that is not given is only counted. */
export const media_v2_topology = struct('media_v2_topology', {
  topology_version: u64,
  num_entities: u32,
  reserved1: u32,
  ptr_entities: pointer(media_v2_entity),
  num_interfaces: u32,
  reserved2: u32,
  ptr_interfaces: pointer(media_v2_interface),
  num_pads: u32,
  reserved3: u32,
  ptr_pads: pointer(media_v2_pad),
  num_links: u32,
  reserved4: u32,
  ptr_links: pointer(media_v2_link),
})
