/** The first of these that is set and not empty counts, as in every program that follows POSIX. */
const VARIABLES = ['LC_ALL', 'LC_CTYPE', 'LANG'] as const

/** Whether it is one of UTF-8. */
export function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = VARIABLES.map((name) => env[name]).find((value) => value !== undefined && value !== '')
  return /utf-?8/i.test(locale ?? '')
}

/** The same for JSON, in which every character can be written in ASCII. */
export function jsonForLocale(json: string, env: NodeJS.ProcessEnv): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return isUtf8(env) ? json : json.replaceAll(/[^\t\n\u0020-\u007E]/g, escaped)
}

/** The text with nothing in it that the terminal's locale cannot show. */
export function forLocale(text: string, env: NodeJS.ProcessEnv): string {
  return isUtf8(env) ? text : text.replaceAll(/[^\t\n\u0020-\u007E]/gu, '?')
}
