/**
 * A name that a driver gave: what would move the cursor of a terminal or change its colors is a question mark.
 *
 * @internal
 */
export function shown(name: string): string {
  // oxlint-disable-next-line no-control-regex
  return name.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?')
}
