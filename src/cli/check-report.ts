import { createHash } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';

import type { IFinding, IFix, IRange } from '../lint/finding';
import type { INotebook } from '../lint/notebook';
import type { Severity } from '../workload/role-policy';
import { cellLines } from './notebook-edit';

/** A notebook that was checked. */
export interface ICheckedNotebook {
  /** As the command line names it. */
  readonly path: string;
  /** The text of its file as it is now. */
  readonly text: string;
  readonly notebook: INotebook;
  readonly findings: readonly IFinding[];
}

/** A place in a source: line and column from 1, in code points. */
interface IPlace {
  readonly line: number;
  readonly column: number;
}

/** One line a finding: `nb.ipynb: cell 3, line 2:5 error name-upstream-only …`. Cells are counted from 1. */
export function asText(checked: readonly ICheckedNotebook[]): string {
  return checked
    .flatMap(({ path, notebook, findings }) =>
      findings.map(({ cell, range, severity, rule, message }) => {
        const { line, column } = placeIn(notebook, cell, range?.from ?? null);
        const place = range ? `, line ${line}:${column}` : '';
        return `${path}: cell ${cell + 1}${place} ${severity} ${rule} ${message}\n`;
      })
    )
    .join('');
}

/** A list of findings of all notebooks, one a line. */
export function asJson(checked: readonly ICheckedNotebook[]): string {
  const all = checked.flatMap(({ path, notebook, findings }) =>
    findings.map(finding => JSON.stringify(entry(path, notebook, finding)))
  );
  return all.length === 0 ? '[]\n' : `[\n${all.join(',\n')}\n]\n`;
}

function entry(path: string, notebook: INotebook, finding: IFinding): unknown {
  const { cell, cellId, rule, severity, range, name, message, fix } = finding;
  const start = placeIn(notebook, cell, range?.from ?? null);
  const end = placeIn(notebook, cell, range?.to ?? null);
  return {
    notebook: path,
    cell,
    cell_id: cellId,
    rule,
    severity,
    line: start.line,
    column: start.column,
    end_line: end.line,
    end_column: end.column,
    ...(name !== undefined && { name }),
    message,
    ...(fix && { fix: fixEntry(notebook, fix) })
  };
}

function fixEntry(notebook: INotebook, fix: IFix): unknown {
  const points = (cell: number, offset: number): number =>
    codePoints(notebook.cells[cell].source.slice(0, offset));
  return {
    title: fix.title,
    edits: fix.edits.map(({ cell, from, to, text }) => ({
      cell,
      start: points(cell, from),
      end: points(cell, to),
      text
    })),
    tags: fix.tags.map(({ cell, add, remove }) => ({ cell, add, remove })),
    ...(fix.insert &&
      fix.insert.length > 0 && {
        insert: fix.insert.map(({ before, source, tags }) => ({
          before,
          source,
          tags
        }))
      })
  };
}

const GITLAB_SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'major',
  warning: 'minor',
  info: 'info'
};

/** A code quality report as GitLab reads it. Fingerprints stay when cells move and other lines change. */
export function asGitlab(checked: readonly ICheckedNotebook[]): string {
  const all = checked.flatMap(({ path, text, notebook, findings }) => {
    const lines = findings.length > 0 ? cellLines(text) : [];
    const seen = new Map<string, number>();
    const file = fromHere(path);
    return findings.map(finding => {
      const { cell, cellId, rule, severity, name, message } = finding;
      const what = JSON.stringify([file, rule, cellId ?? cell, name ?? null]);
      const times = (seen.get(what) ?? 0) + 1;
      seen.set(what, times);
      return JSON.stringify({
        description: message,
        check_name: rule,
        fingerprint: createHash('sha256')
          .update(`${what} ${times}`)
          .digest('hex')
          .slice(0, 40),
        severity: GITLAB_SEVERITIES[severity],
        location: {
          path: file,
          lines: { begin: fileLine(lines[cell], notebook, cell, finding.range) }
        }
      });
    });
  });
  return all.length === 0 ? '[]\n' : `[\n${all.join(',\n')}\n]\n`;
}

/** A path as GitLab wants it: relative to the working folder, when it lies in it. */
function fromHere(path: string): string {
  const inside = relative(process.cwd(), path);
  return isAbsolute(inside) || inside.split(sep)[0] === '..'
    ? path
    : inside.split(sep).join('/');
}

/** The line of the file, from 1. */
function fileLine(
  lines: ReturnType<typeof cellLines>[number] | undefined,
  notebook: INotebook,
  cell: number,
  range: IRange | null
): number {
  if (!lines) {
    return 1;
  }
  const { line } = placeIn(notebook, cell, range?.from ?? null);
  const inSource = lines.source[line - 1] ?? lines.source.at(-1);
  return (range && inSource) ?? lines.cell;
}

/** Where an offset is; 1, 1 for the cell as a whole. */
function placeIn(
  { cells }: INotebook,
  cell: number,
  offset: number | null
): IPlace {
  if (offset === null) {
    return { line: 1, column: 1 };
  }
  const before = cells[cell].source.slice(0, offset);
  const newline = before.lastIndexOf('\n');
  return {
    line: before.split('\n').length,
    column: codePoints(before.slice(newline + 1)) + 1
  };
}

/** The length of a text in code points. */
function codePoints(text: string): number {
  let count = text.length;
  for (const pair of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) {
    count -= pair[0].length - 1;
  }
  return count;
}

/** What was found in all, as a sentence; nothing when no notebook could be checked. */
export function summary(checked: readonly ICheckedNotebook[]): string {
  const all = checked.flatMap(({ findings }) => findings);
  const counts = (['error', 'warning', 'info'] as const).flatMap(severity => {
    const n = all.filter(each => each.severity === severity).length;
    const noun = severity === 'info' ? 'remark' : severity;
    return n === 0 ? [] : [`${n} ${noun}${n === 1 ? '' : 's'}`];
  });
  if (checked.length === 0) {
    return '';
  }
  const notebooks = `${checked.length} notebook${checked.length === 1 ? '' : 's'}`;
  return counts.length === 0
    ? `Nothing found in ${notebooks}.\n`
    : `${counts.join(', ')} in ${notebooks}.\n`;
}
