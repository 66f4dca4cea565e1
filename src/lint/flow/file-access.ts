import type { IFileAccess } from '../python/facts';
import type { CellReport } from './cell-report';
import { filePattern, filePatterns } from './evaluate';
import type { GivenTexts } from './given';
import type { NameTable } from './name-table';
import { touches } from './paths';
import { knownText } from './patterns';
import type { PathPattern } from './patterns';

/** Tell that a file is read or written, under what its path is at this time of the run. */
export function reportFile(
  step: IFileAccess,
  report: CellReport,
  table: NameTable,
  given: GivenTexts
): void {
  const asked = (step.asked ?? []).map(text => filePattern(text, table, given));
  const isAskedFor = (path: PathPattern): boolean => {
    const known = knownText(path);
    return asked.some(each => known === null || touches(each, known));
  };
  const paths = filePatterns(step.path, table, given);
  const isGuarded =
    step.guarded ||
    (step.access === 'write' ? asked.length > 0 : paths.some(isAskedFor));
  report.file({ ...step, guarded: isGuarded }, paths);
}
