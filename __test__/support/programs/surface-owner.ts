// A program of its own that has a surface with a test picture in it, and says what another process needs to read it.
import { allocateSurface } from '../../../ts/index.js'
import { draw } from '../surfaces.js'

const [, , library, layout] = process.argv as [string, string, string, 'pitch' | 'block-linear']

const surface = await allocateSurface({ width: 320, height: 240, format: 'NV12', layout, library })
draw(surface, 7)
const { fd, planes } = surface
console.log(JSON.stringify({ fd, planes, mapParams: Buffer.from(surface.mapParams()).toString('base64') }))
setInterval(() => surface.fd, 1000)
