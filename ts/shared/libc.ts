/**
 * The C library of this process, from Node's own report: `'glibc 2.35'` or `'musl'`. Building the network part of the report would
 * look up host names.
 *
 * @internal
 */
export function libc(): string {
  const report = process.report as (typeof process.report & { excludeNetwork?: boolean }) | undefined
  if (!report) return 'unknown libc'
  report.excludeNetwork = true
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime ? `glibc ${header.glibcVersionRuntime}` : 'musl'
}
