import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { ExecutionContext } from 'ava'

/** JPEG has a payload type of its own (RFC 2435), so nothing about the stream has to be told. */
const DESCRIPTION = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=test',
  't=0 0',
  'm=video 0 RTP/AVP 26',
  'a=control:video',
  '',
].join('\r\n')

/** ffmpeg's moving picture as RTP packets of JPEG, at its rate. */
function startCamera(port: number): ChildProcess {
  const input = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25']
  const output = [
    '-c:v',
    'mjpeg',
    '-huffman',
    'default',
    '-pix_fmt',
    'yuvj420p',
    '-f',
    'rtp',
    `rtp://127.0.0.1:${port}?pkt_size=1200`,
  ]
  return spawn('ffmpeg', ['-v', 'error', '-nostdin', ...input, ...output], { stdio: 'ignore' })
}

/** Packets within the connection of the requests (RFC 2326, 10.12). */
function interleaved(packet: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]), packet])
}

async function serve(client: Socket, url: string, onEnd: (end: () => void) => void): Promise<void> {
  const packets = createSocket('udp4').bind(0, '127.0.0.1')
  await once(packets, 'listening')
  let camera: ChildProcess | undefined
  onEnd(() => {
    camera?.kill('SIGKILL')
    packets.close()
    client.destroy()
  })
  packets.on('message', (packet) => client.write(interleaved(packet)))
  client.on('error', () => {})
  client.on('data', (data) => {
    const request = data.toString('latin1')
    const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1]
    // What else comes are reports about the reception.
    if (sequence === undefined) return
    const answer = (...lines: string[]) => client.write(['RTSP/1.0 200 OK', `CSeq: ${sequence}`, ...lines].join('\r\n'))
    const method = request.slice(0, request.indexOf(' '))
    if (method === 'DESCRIBE') {
      const length = `Content-Length: ${DESCRIPTION.length}`
      answer('Content-Type: application/sdp', `Content-Base: ${url}/`, length, '', DESCRIPTION)
    } else if (method === 'SETUP') {
      answer('Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 1', '', '')
    } else if (method === 'PLAY') {
      answer('Session: 1', '', '')
      camera = startCamera(packets.address().port)
    } else {
      answer('Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN', 'Session: 1', '', '')
    }
  })
}

/** A camera on the network, 160x96 at 25 frames a second over TCP; returns its address. */
export async function startRtspServer(t: ExecutionContext): Promise<string> {
  const ends: (() => void)[] = []
  const server = createServer((client) => void serve(client, url, (end) => ends.push(end)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/live`
  t.teardown(() => {
    for (const end of ends) end()
    server.close()
  })
  return url
}
