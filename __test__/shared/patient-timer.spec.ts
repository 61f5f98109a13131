import test from 'ava'
import { patientTimer } from '../../ts/shared/patient-timer.js'
import type { Clock } from '../../ts/shared/patient-timer.js'

/** A clock that is made up: timers fire when the test says how late it is. */
class MadeUp implements Clock {
  #time = 1000
  #timers: { at: number; callback: () => void }[] = []
  /** What comes in the same turn as a timer. */
  input = () => {}

  now = () => this.#time

  setTimeout = (callback: () => void, ms: number) => {
    this.#timers.push({ at: this.#time + ms, callback })
    return { unref() {} } as NodeJS.Timeout
  }

  afterInput = (callback: () => void) => {
    this.input()
    callback()
  }

  /** So much time passes at once, as for a process that is stopped meanwhile. */
  pass(ms: number): void {
    this.#time += ms
    const due = this.#timers.filter(({ at }) => at <= this.#time)
    this.#timers = this.#timers.filter(({ at }) => at > this.#time)
    for (const { callback } of due) callback()
  }
}

function started(ms: number) {
  const clock = new MadeUp()
  let isDue = false
  patientTimer(ms, () => (isDue = true), { clock })
  return { clock, isDue: () => isDue }
}

test('a timer is due when its time is over', (t) => {
  const { clock, isDue } = started(200)
  clock.pass(199)
  t.false(isDue())
  clock.pass(1)
  t.true(isDue())
})

test('a timer that overslept, as that of a stopped process, runs once more before it judges', (t) => {
  const { clock, isDue } = started(200)
  clock.pass(60_000)
  t.false(isDue())
  clock.pass(199)
  t.false(isDue())
  clock.pass(1)
  t.true(isDue())
})

test('an answer that came while JavaScript was busy counts', (t) => {
  const clock = new MadeUp()
  const stop = patientTimer(200, () => t.fail(), { clock })
  clock.input = stop
  clock.pass(210)
  clock.pass(60_000)
  t.pass()
})

test('a machine that always oversleeps is judged all the same', (t) => {
  const { clock, isDue } = started(200)
  let turns = 0
  while (!isDue() && turns < 100) {
    clock.pass(1000)
    turns++
  }
  t.is(turns, 4)
})
