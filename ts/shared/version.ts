/**
 * The version of the package. Not read from `package.json`, which a bundled program does not have beside it.
 *
 * @internal
 */
export const VERSION: string = '0.1.0'
