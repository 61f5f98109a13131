// The licences that what we ship may carry: those that deny.toml allows, where they are written once.
import { readFileSync } from 'node:fs'

const [, list] = /^allow = \[(.*)\]$/m.exec(readFileSync(new URL('../../deny.toml', import.meta.url), 'utf8'))
export const ALLOWED = new Set(JSON.parse(`[${list}]`))
