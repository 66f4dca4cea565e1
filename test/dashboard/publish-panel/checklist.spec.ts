import { nullTranslator } from '@jupyterlab/translation';

import type { ICompiling } from '../../../src/dashboard/compile-open';
import { checklist } from '../../../src/dashboard/publish/checklist';
import { readPublishing, STEPS } from '../../../src/server/dashboards';

const trans = nullTranslator.load('test');
const COMPILED: ICompiling = {
  kind: 'compiled',
  path: 'report.dashboard.ipynb',
  isNew: true,
  places: [0, 2],
  notices: [],
  template: null
};

/** States of the lines, in their order. */
function states(compiling: ICompiling | null, told: object | null): string {
  const publishing = told && readPublishing(told);
  return checklist({ compiling, publishing }, trans, bytes => `${bytes} B`)
    .map(({ state }) => state)
    .join(' ');
}

/** A line as the server's answer has it. */
function line(name: string, told: object) {
  const items = checklist(
    { compiling: COMPILED, publishing: readPublishing(told) },
    trans,
    bytes => `${bytes} B`
  );
  const found = items.find(item => item.name === name);
  if (!found) {
    throw new Error(`no ${name}`);
  }
  return found;
}

describe('checklist', () => {
  it('fills itself from the top', () => {
    expect(states(null, null)).toBe('running waiting waiting waiting waiting');
    expect(states(COMPILED, null)).toBe(
      'running waiting waiting waiting waiting'
    );
    const running = (step: string | null) =>
      states(COMPILED, { state: 'running', step });
    expect(running(null)).toBe('running waiting waiting waiting waiting');
    expect(STEPS.map(running)).toEqual([
      'running waiting waiting waiting waiting',
      'done running waiting waiting waiting',
      'done done running waiting waiting',
      'done done running waiting waiting',
      'done done done running waiting',
      'done done done done running',
      'done done done done running'
    ]);
    expect(states(COMPILED, { state: 'published', step: 'swap' })).toBe(
      'done done done done done'
    );
  });

  it('shows where it was stopped, cancelled, or failed', () => {
    expect(states(COMPILED, { state: 'stopped', step: 'privacy' })).toBe(
      'done done done failed waiting'
    );
    expect(states(COMPILED, { state: 'cancelled', step: 'verify' })).toBe(
      'done waiting waiting waiting waiting'
    );
    expect(states(COMPILED, { state: 'failed', step: null })).toBe(
      'waiting waiting waiting waiting waiting'
    );
  });

  it('has errors of roles, with their cells', () => {
    const compiling: ICompiling = {
      kind: 'findings',
      errors: [{ cell: 'a', index: 2, message: 'No role.' }]
    };
    const [roles] = checklist({ compiling, publishing: null }, trans, String);
    expect(roles).toMatchObject({
      state: 'failed',
      findings: [{ message: 'No role.', place: 'cell 3', cell: 'a' }]
    });
    const [problem] = checklist(
      { compiling: { kind: 'problem', message: 'No.' }, publishing: null },
      trans,
      String
    );
    expect(problem.findings).toMatchObject([{ message: 'No.', cell: null }]);
    const [parameters] = checklist(
      {
        compiling: { kind: 'problem', message: 'No.', file: '2021.yaml' },
        publishing: null
      },
      trans,
      String
    );
    expect(parameters).toMatchObject({
      state: 'failed',
      findings: [{ message: 'No.', place: '2021.yaml', cell: null }]
    });
  });

  it('has what was found at the step that stopped it', () => {
    const told = {
      state: 'stopped',
      step: 'verify bundle',
      outcome: {
        published: false,
        findings: [
          { rule: 'file', message: 'Reads it.', place: 'cell 1', cell: 'a' },
          7
        ]
      }
    };
    expect(line('reads', told).findings).toHaveLength(1);
    expect(line('runs', told).findings).toEqual([]);
  });

  it('tells what proves each line', () => {
    const told = {
      state: 'published',
      step: 'swap',
      outcome: {
        published: true,
        version: '0002-abc',
        data: [
          { path: 'a', size: 1200 },
          { path: '/b', size: null }
        ],
        reports: {
          verify: { seconds: 3.14, cells: [1, 2], proof: { way: 'strace' } },
          privacy: { searched: [1], smallest: 5, findings: [] }
        }
      }
    };
    const evidence = (name: string) => line(name, told).evidence;
    expect(evidence('roles')).toBe('2 cells in it');
    expect(evidence('runs')).toBe('2 cells in 3.1 s');
    expect(evidence('reads')).toBe(
      '2 data files, 1200 B · proven by its system calls'
    );
    expect(evidence('people')).toBe(
      '1 file searched, nothing for fewer than 5 people'
    );
    expect(evidence('bundle')).toBe('version 0002-abc');
    told.outcome.reports.privacy.findings.push({
      file: 'a.parquet',
      place: 'user',
      message: 'Names.'
    } as never);
    expect(evidence('people')).toBe('1 finding, accepted with a reason');
    // What was accepted stays in sight.
    expect(line('people', told).findings).toMatchObject([
      { place: 'a.parquet: user', message: 'Names.' }
    ]);
  });

  it('never says that what was not seen is proven', () => {
    const told = {
      state: 'published',
      step: 'swap',
      outcome: {
        published: true,
        reports: { verify: { proof: { way: 'none' } } }
      }
    };
    expect(line('reads', told).evidence).toContain('not proven');
  });
});
