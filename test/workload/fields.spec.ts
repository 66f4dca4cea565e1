import {
  ALIASES,
  isRole,
  mergeMapping,
  proposeMapping,
  ROLES,
  suits
} from '../../src/workload/fields';
import type { IColumn, Role, ValueType } from '../../src/workload/fields';

function columns(...specs: string[]): IColumn[] {
  // `name:type`, `name:list`; text by default.
  return specs.map(spec => {
    const [name, kind = 'text'] = spec.split(':');
    return kind === 'list'
      ? { name, type: 'text', list: true }
      : { name, type: kind as ValueType, list: false };
  });
}

describe('proposeMapping', () => {
  it('knows the documents of MODS', () => {
    expect(
      proposeMapping(
        columns(
          'event_timestamp:time',
          'service',
          'subservice',
          'version',
          'username',
          'job_id',
          'num_nodes:number',
          'qos',
          'repo',
          'system',
          'subsystem',
          'is_compute:boolean',
          'is_shifter:boolean',
          'is_staff:boolean',
          'executable',
          'main'
        )
      )
    ).toEqual({
      user: ['username'],
      job: ['job_id'],
      package: ['subservice'],
      time: ['event_timestamp'],
      nodes: ['num_nodes'],
      version: ['version'],
      system: ['system'],
      subsystem: ['subsystem'],
      qos: ['qos'],
      account: ['repo'],
      is_staff: ['is_staff'],
      is_compute: ['is_compute'],
      is_container: ['is_shifter'],
      executable: ['executable'],
      main: ['main']
    });
  });

  it('recognises each role by each of its names', () => {
    for (const role of ROLES) {
      for (const alias of ALIASES[role]) {
        const type = role === 'nodes' || role === 'count' ? 'number' : 'text';
        expect(proposeMapping([{ name: alias, type, list: false }])).toEqual({
          [role]: [alias]
        });
      }
    }
  });

  it('drops the envelope, and takes an unwrapped column first', () => {
    expect(proposeMapping(columns('data.username', 'ndc.system'))).toEqual({
      user: ['data.username']
    });
    expect(proposeMapping(columns('data.username', 'username'))).toEqual({
      user: ['username']
    });
    // The best alias wins even when it is wrapped.
    expect(proposeMapping(columns('user', 'data.username')).user).toEqual([
      'data.username'
    ]);
  });

  it('compares names without regard to case, best alias first', () => {
    expect(
      proposeMapping(columns('JobID', 'UserName', 'Module', 'Package'))
    ).toEqual({
      user: ['UserName'],
      job: ['JobID'],
      package: ['Package']
    });
  });

  it('maps columns only to roles that they suit', () => {
    expect(
      proposeMapping(
        columns(
          'num_nodes:text',
          'count:text',
          'time:boolean',
          'package:number'
        )
      )
    ).toEqual({});
    expect(proposeMapping(columns('packages:list', 'username:list'))).toEqual({
      package: ['packages']
    });
    expect(proposeMapping(columns('package:number', 'modules:list'))).toEqual({
      package: ['modules']
    });
    expect(proposeMapping([])).toEqual({});
  });
});

describe('suits', () => {
  const fits = (role: Role, type: ValueType, list = false) =>
    suits(role, { name: 'x', type, list });

  it('lets lists of texts be packages only', () => {
    expect(ROLES.filter(role => fits(role, 'text', true))).toEqual(['package']);
    expect(ROLES.filter(role => fits(role, 'number', true))).toEqual([]);
  });

  it('wants numbers where there is something to add or to compare', () => {
    expect(fits('nodes', 'number')).toBe(true);
    expect(fits('nodes', 'text')).toBe(false);
    expect(fits('count', 'boolean')).toBe(false);
    expect(
      fits('time', 'time') && fits('time', 'text') && fits('time', 'number')
    ).toBe(true);
    expect(fits('job', 'number') && fits('is_staff', 'text')).toBe(true);
  });
});

describe('mergeMapping', () => {
  it('lays choices over a proposal, an empty one takes a role away', () => {
    const proposed = { user: ['username'], job: ['job_id'], qos: ['qos'] };
    expect(
      mergeMapping(proposed, { job: ['jid', 'cluster'], qos: [], nodes: ['n'] })
    ).toEqual({
      user: ['username'],
      job: ['jid', 'cluster'],
      nodes: ['n']
    });
    expect(mergeMapping(proposed, {})).toEqual(proposed);
    expect(proposed.qos).toEqual(['qos']);
  });
});

describe('isRole', () => {
  it('knows roles, and nothing of an object’s own', () => {
    expect(ROLES.every(isRole)).toBe(true);
    expect(['username', 'toString', '__proto__', ''].some(isRole)).toBe(false);
  });
});
