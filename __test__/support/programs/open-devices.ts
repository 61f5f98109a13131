import { Channel } from '../../../ts/device/channel.js'
import { Requests } from '../../../ts/device/requests.js'
import { loadAddon } from '../../../ts/native/loader.js'

const open = () => Channel.open(loadAddon(), { path: '/dev/null', transport: 'kernel' }, 5000)

const [mode] = process.argv.slice(2)
const first = await open()
if (mode === 'forget') {
  console.log('opened')
} else {
  const others: Channel[] = []
  try {
    for (;;) others.push(await open())
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    console.log(`${others.length} opened, then ${code}: ${message}`)
  }
  const { errno } = await first.attempt(Requests.G_INPUT, 0)
  console.log(`the first still answers ${errno}`)
}
