/**
 * Ends this process when the one that started it has ended, or has given it up, in whatever way: standard input is a pipe of the
 * starter's. What hangs inside of a driver could not be waited for.
 *
 * @internal
 */
export function endWithParent(): void {
  const { stdin } = process
  const end = () => process.kill(process.pid, 'SIGKILL')
  for (const event of ['end', 'error', 'close']) stdin.on(event, end)
  stdin.resume()
  stdin.unref()
}
