import type { TranslationBundle } from '@jupyterlab/translation';

import { STEPS } from '../../server/dashboards';
import type {
  IPublishFinding,
  IPublishing,
  PublishStep
} from '../../server/dashboards';
import type { ICompiling } from '../compile-open';

/** Where publishing stands. */
export interface IProgress {
  /** What came of compiling; null before it. */
  readonly compiling: ICompiling | null;
  /** What the server says; null before it was asked. */
  readonly publishing: IPublishing | null;
}

export type ItemState = 'waiting' | 'running' | 'done' | 'failed';

/** A line of the checklist, with what stands for it, and what stands against it. */
export interface IItem {
  readonly name: 'roles' | 'runs' | 'reads' | 'people' | 'bundle';
  readonly title: string;
  readonly state: ItemState;
  /** What proves it, in a few words. */
  readonly evidence: string;
  /** What was found, or stands in the way. */
  readonly findings: readonly IPublishFinding[];
}

/** The server's steps that a line stands for. */
const LINES: Readonly<Record<IItem['name'], readonly PublishStep[]>> = {
  roles: ['check'],
  runs: ['verify'],
  reads: ['stage', 'verify bundle'],
  people: ['privacy'],
  bundle: ['write', 'swap']
};

/** The checklist of publishing, as it fills itself. */
export function checklist(
  progress: IProgress,
  trans: TranslationBundle,
  formatBytes: (bytes: number) => string
): IItem[] {
  const titles: Record<IItem['name'], string> = {
    roles: trans.__('Roles'),
    runs: trans.__('Runs clean'),
    reads: trans.__('Reads only what is published'),
    people: trans.__('No person, no small group'),
    bundle: trans.__('Bundle')
  };
  const names = ['roles', 'runs', 'reads', 'people', 'bundle'] as const;
  return names.map(name => ({
    name,
    title: titles[name],
    state: stateOf(name, progress),
    evidence: evidenceOf(name, progress, trans, formatBytes),
    findings: findingsOf(name, progress, trans)
  }));
}

function stateOf(
  name: IItem['name'],
  { compiling, publishing }: IProgress
): ItemState {
  if (publishing === null) {
    if (name !== 'roles') {
      return 'waiting';
    }
    return compiling === null || compiling.kind === 'compiled'
      ? 'running'
      : 'failed';
  }
  const { state, step } = publishing;
  if (state === 'published') {
    return 'done';
  }
  const now = step === null ? -1 : STEPS.indexOf(step);
  const [first, last] = [LINES[name][0], LINES[name][LINES[name].length - 1]];
  if (now > STEPS.indexOf(last)) {
    return 'done';
  }
  if (now < STEPS.indexOf(first)) {
    return name === 'roles' && state === 'running' ? 'running' : 'waiting';
  }
  return state === 'running'
    ? 'running'
    : state === 'cancelled'
      ? 'waiting'
      : 'failed';
}

function evidenceOf(
  name: IItem['name'],
  { compiling, publishing }: IProgress,
  trans: TranslationBundle,
  formatBytes: (bytes: number) => string
): string {
  const outcome = publishing?.outcome ?? null;
  switch (name) {
    case 'roles':
      return compiling?.kind === 'compiled'
        ? trans._n('%1 cell in it', '%1 cells in it', compiling.places.length)
        : '';
    case 'runs':
      return outcome?.run
        ? trans._n(
            '%1 cell in %2 s',
            '%1 cells in %2 s',
            outcome.run.cells,
            outcome.run.seconds.toFixed(1)
          )
        : '';
    case 'reads': {
      if (!outcome?.published || !outcome.run) {
        return '';
      }
      const bytes = outcome.data.reduce((sum, one) => sum + (one.size ?? 0), 0);
      const files = trans._n(
        '%1 data file, %2',
        '%1 data files, %2',
        outcome.data.length,
        formatBytes(bytes)
      );
      return [files, wayOf(outcome.run.way, trans)].join(' · ');
    }
    case 'people':
      if (outcome?.search && outcome.search.findings.length > 0) {
        return outcome.published
          ? trans._n(
              '%1 finding, accepted with a reason',
              '%1 findings, accepted with a reason',
              outcome.search.findings.length
            )
          : '';
      }
      return outcome?.search
        ? trans._n(
            '%1 file searched, nothing for fewer than %2 people',
            '%1 files searched, nothing for fewer than %2 people',
            outcome.search.files,
            outcome.search.smallest
          )
        : '';
    case 'bundle':
      return !outcome?.published
        ? ''
        : outcome.unchanged
          ? trans.__('unchanged: what is published is the same')
          : trans.__('version %1', outcome.version ?? '');
  }
}

function wayOf(way: string, trans: TranslationBundle): string {
  switch (way) {
    case 'strace':
      return trans.__('proven by its system calls');
    case 'landlock':
      return trans.__('proven: all else was refused');
    default:
      return trans.__('not proven');
  }
}

function findingsOf(
  name: IItem['name'],
  { compiling, publishing }: IProgress,
  trans: TranslationBundle
): readonly IPublishFinding[] {
  if (publishing === null) {
    return name === 'roles' && compiling ? problems(compiling, trans) : [];
  }
  const { step, state, outcome } = publishing;
  if (name === 'people' && outcome?.published) {
    // Accepted ones stay in sight.
    return outcome.search?.findings ?? [];
  }
  const isHere = LINES[name].some(each => each === (step ?? 'check'));
  return isHere && state === 'stopped' ? (outcome?.findings ?? []) : [];
}

/** Why there is no dashboard, as findings. */
function problems(
  compiling: ICompiling,
  trans: TranslationBundle
): readonly IPublishFinding[] {
  switch (compiling.kind) {
    case 'findings':
      return compiling.errors.map(({ cell, index, message }) => ({
        rule: 'roles',
        message,
        place: trans.__('cell %1', index + 1),
        cell
      }));
    case 'problem':
      return [
        {
          rule: 'compile',
          message: compiling.message,
          place: compiling.file ?? null,
          cell: null
        }
      ];
    case 'loss':
    case 'compiled':
      return [];
  }
}
