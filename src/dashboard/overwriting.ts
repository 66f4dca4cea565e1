import { contentHash } from './content-hash';
import { isCompiled } from './dashboard-record';
import type { IDashboardRecord } from './dashboard-record';
import { memberOf, parseNotebook } from './notebook-json';

/**
 * What would be lost if a dashboard were written over a file: nothing that compiling again would not bring back; what somebody edited in
 * it by hand; the dashboard of another notebook; values that were set by parameters, when none are; or a file that is no dashboard.
 */
export type Loss = 'none' | 'edits' | 'other' | 'parameters' | 'foreign';

/**
 * What would be lost if a dashboard were written over a file.
 *
 * @param there The text of the file.
 * @param record Of the new dashboard.
 * @param isSource Whether a path that a dashboard there names is its notebook; left out, it is when both name the same path.
 */
export function lossOf(
  there: string,
  record: IDashboardRecord,
  isSource = (path: string): boolean => path === record.source
): Loss {
  const notebook = parseNotebook(there);
  if (!notebook || !isCompiled(notebook)) {
    return 'foreign';
  }
  const said = (...keys: string[]): unknown =>
    memberOf(notebook.metadata, 'workload', ...keys);
  const source = said('dashboard', 'source');
  if (typeof source !== 'string' || !isSource(source)) {
    return 'other';
  }
  if (said('check', 'hash') !== contentHash(notebook)) {
    return 'edits';
  }
  return said('dashboard', 'parameters') !== undefined &&
    record.parameters === undefined
    ? 'parameters'
    : 'none';
}
