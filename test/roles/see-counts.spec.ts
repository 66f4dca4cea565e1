import type { IFinding } from '../../src/lint/finding';
import {
  countRoles,
  countsSentence,
  statusSentence,
  worstSeverity
} from '../../src/roles/counts';
import type { ICellRoleState } from '../../src/roles/model';
import type { Severity } from '../../src/workload/role-policy';
import type { CellRole } from '../../src/workload/roles';
import { english } from '../../src/workload/translator';

function cell(role: CellRole, needsRole = true): ICellRoleState {
  return { id: role, type: 'code', role, needsRole };
}

function finding(severity: Severity, rule = 'order'): IFinding {
  return { rule, cell: 0, cellId: null, severity, range: null, message: '' };
}

describe('countRoles', () => {
  it('counts cells by role, and findings by severity', () => {
    const { roles, findings } = countRoles(
      [cell('upstream'), cell('upstream'), cell('none'), cell('conflict')],
      [finding('error'), finding('warning'), finding('warning')]
    );
    expect(roles).toEqual({
      upstream: 2,
      downstream: 0,
      shared: 0,
      none: 1,
      conflict: 1
    });
    expect(findings).toEqual({ error: 1, warning: 2, info: 0 });
  });

  it('passes over cells that need no role, and findings that the roles tell already', () => {
    const counts = countRoles(
      [cell('none', false), cell('shared', false)],
      [finding('error', 'role-missing'), finding('error', 'role-conflict')]
    );
    expect(counts.roles.none).toBe(0);
    expect(counts.roles.shared).toBe(1);
    expect(counts.findings.error).toBe(0);
  });
});

describe('countsSentence', () => {
  const sentence = (
    roles: Partial<Record<CellRole, number>>,
    findings: Partial<Record<Severity, number>> = {}
  ): string =>
    countsSentence(
      {
        roles: {
          upstream: 0,
          downstream: 0,
          shared: 0,
          none: 0,
          conflict: 0,
          ...roles
        },
        findings: { error: 0, warning: 0, info: 0, ...findings }
      },
      english
    );

  it('tells what there is, and leaves out what there is none of', () => {
    expect(
      sentence({ upstream: 12, downstream: 7, none: 2 }, { error: 1 })
    ).toBe('12 upstream · 7 downstream · 2 without role · 1 mix-up');
    expect(sentence({ shared: 1 }, { error: 2, warning: 1, info: 9 })).toBe(
      '1 shared · 2 mix-ups · 1 warning'
    );
  });

  it('has a sentence for nothing', () => {
    expect(sentence({})).toBe('No cell with a role');
  });
});

describe('statusSentence', () => {
  it('says when nobody looked', () => {
    const counts = countRoles([cell('shared')], []);
    expect(statusSentence(counts, true, english)).toBe('1 shared');
    expect(statusSentence(counts, false, english)).toBe(
      '1 shared · not checked'
    );
  });
});

describe('worstSeverity', () => {
  it('is what weighs most', () => {
    expect(worstSeverity([])).toBeNull();
    expect(worstSeverity([finding('info'), finding('warning')])).toBe(
      'warning'
    );
    expect(worstSeverity([finding('info'), finding('error')])).toBe('error');
  });
});
