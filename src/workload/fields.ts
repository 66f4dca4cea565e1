/**
 * The roles that columns play: the only names that queries, mappings and the command line use
 * (the field table of the study's MODS documents, with the aliases of XALT and of generic exports).
 */

/** A role of a column. Other columns keep their own names. */
export type Role = (typeof ROLES)[number];

/** All roles, in the order in which a mapping is shown. */
export const ROLES = [
  'user',
  'job',
  'package',
  'time',
  'nodes',
  'version',
  'system',
  'subsystem',
  'qos',
  'account',
  'is_staff',
  'is_compute',
  'is_container',
  'executable',
  'main',
  'process',
  'count',
  'python_version',
  'context',
  'origin'
] as const;

/** Column names by which a role is recognised, best first; compared without regard to case. */
export const ALIASES: Readonly<Record<Role, readonly string[]>> = {
  user: ['username', 'user', 'uid_name'],
  job: ['job_id', 'jobid', 'slurm_job_id', 'job'],
  package: [
    'subservice',
    'package',
    'module',
    'module_name',
    'import',
    'packages',
    'imports',
    'modules'
  ],
  time: ['event_timestamp', '@timestamp', 'timestamp', 'time', 'date'],
  nodes: ['num_nodes', 'nodes', 'nnodes'],
  version: ['version', 'package_version'],
  system: ['system'],
  subsystem: ['subsystem', 'partition'],
  qos: ['qos', 'queue'],
  account: ['repo', 'account', 'project'],
  is_staff: ['is_staff'],
  is_compute: ['is_compute'],
  is_container: ['is_shifter', 'is_container'],
  executable: ['executable', 'exe', 'exec_path'],
  main: ['main', 'script'],
  process: ['process_id', 'process'],
  count: ['count', 'n', 'weight'],
  python_version: ['python_version'],
  context: ['context', 'node_type'],
  origin: ['origin']
};

/** Roles whose value may be made of several columns, which then form one key. */
export const KEY_ROLES: readonly Role[] = ['user', 'job', 'process'];

/** Roles that hold yes or no, whatever the column's type. */
export const FLAG_ROLES: readonly Role[] = [
  'is_staff',
  'is_compute',
  'is_container'
];

/** The kind of interpreter a record came from; derived from `executable` and `is_container`. */
export const ENVIRONMENT = 'environment';

/** Type of a column's values, as far as questions are concerned. */
export type ValueType = 'text' | 'number' | 'boolean' | 'time';

/** A column of a dataset. */
export interface IColumn {
  /** Dotted path in the file, or the name of a Hive partition key. */
  readonly name: string;
  readonly type: ValueType;
  /** One row holds a list of values (the wide shape's packages). */
  readonly list: boolean;
}

/** Which columns play which role. Several columns form one key (`KEY_ROLES` only). */
export type Mapping = Readonly<Partial<Record<Role, readonly string[]>>>;

/** Whether a text names a role. */
export function isRole(name: string): name is Role {
  return (ROLES as readonly string[]).includes(name);
}

/** Envelope that MODS documents may be wrapped in; dropped before names are compared. */
const ENVELOPE = 'data.';

/** A column's name as aliases are written: without the envelope, in lower case. */
export function plainName(name: string): string {
  const own = name.startsWith(ENVELOPE) ? name.slice(ENVELOPE.length) : name;
  return own.toLowerCase();
}

/**
 * Propose a mapping from column names.
 *
 * #### Notes
 * The first alias that some column bears wins; a leading `data.` is dropped, and an unwrapped
 * column wins over a wrapped one. A list column can only be `package`, and only lists
 * or texts can be.
 */
export function proposeMapping(columns: readonly IColumn[]): Mapping {
  const mapping: Partial<Record<Role, readonly string[]>> = {};
  const plainFirst = [...columns].sort(
    (a, b) =>
      Number(a.name.startsWith(ENVELOPE)) - Number(b.name.startsWith(ENVELOPE))
  );
  for (const role of ROLES) {
    for (const alias of ALIASES[role]) {
      const found = plainFirst.find(
        column => plainName(column.name) === alias && suits(role, column)
      );
      if (found) {
        mapping[role] = [found.name];
        break;
      }
    }
  }
  return mapping;
}

/** Whether a column's type can play a role. */
export function suits(role: Role, column: IColumn): boolean {
  if (column.list) {
    return role === 'package' && column.type === 'text';
  }
  switch (role) {
    case 'package':
      return column.type === 'text';
    case 'time':
      return column.type !== 'boolean';
    case 'nodes':
    case 'count':
      return column.type === 'number';
    default:
      return true;
  }
}

/**
 * Lay a user's choices over a proposed mapping; an empty list takes a role away.
 */
export function mergeMapping(proposed: Mapping, chosen: Mapping): Mapping {
  const merged: Partial<Record<Role, readonly string[]>> = { ...proposed };
  for (const role of ROLES) {
    const columns = chosen[role];
    if (columns?.length === 0) {
      delete merged[role];
    } else if (columns) {
      merged[role] = columns;
    }
  }
  return merged;
}
