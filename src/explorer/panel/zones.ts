/**
 * Time zones to choose from: UTC and the browser's own first.
 *
 * @param current Always among them.
 */
export function zones(current: string): string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [
    ...new Set(['UTC', own, current, ...Intl.supportedValuesOf('timeZone')])
  ];
}
