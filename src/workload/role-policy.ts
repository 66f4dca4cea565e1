import { isObject } from './json';
import { DEFAULT_ROLE_TAGS, ROLES } from './roles';
import type { IRoleTags } from './roles';

/** How much a finding matters; `off` leaves it out. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * What a site and a notebook say about roles: so that hook, command line, runs and colleagues read the same.
 *
 * It stands under `roles` in the site file, and under `metadata.workload.roles` in a notebook where it differs.
 */
export interface IRolePolicy {
  readonly tags: IRoleTags;
  /** Severities by rule that differ from the rules' own. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  /** Packages that only upstream cells may import; a name stands for its submodules, too. */
  readonly heavyPackages: readonly string[];
}

/** GPU and cluster libraries: where the dashboard runs there is neither. */
export const HEAVY_PACKAGES: readonly string[] = [
  'cudf',
  'cugraph',
  'cuml',
  'cupy',
  'cupyx',
  'cuspatial',
  'dask_cuda',
  'dask_cudf',
  'dask_gateway',
  'dask_jobqueue',
  'dask_mpi',
  'ipyparallel',
  'jax',
  'mpi4py',
  'mxnet',
  'numba.cuda',
  'pycuda',
  'pyopencl',
  'pyspark',
  'ray',
  'rmm',
  'tensorflow',
  'torch'
];

/** Whether a module is one of some packages or lies within one. */
export function isWithin(module: string, packages: readonly string[]): boolean {
  return packages.some(
    each => module === each || module.startsWith(`${each}.`)
  );
}

/** Where nobody says otherwise. */
export const DEFAULT_ROLE_POLICY: IRolePolicy = {
  tags: DEFAULT_ROLE_TAGS,
  severities: {},
  heavyPackages: HEAVY_PACKAGES
};

const SEVERITIES: readonly unknown[] = ['error', 'warning', 'info', 'off'];

/** What a policy is made of, and what of it could not be read. */
export interface IRolePolicyReading {
  readonly policy: IRolePolicy;
  /** Sentences, each about one thing that is left at what it was before. */
  readonly problems: readonly string[];
}

/**
 * The policy in force: the defaults, changed by the site's `roles`, changed by the notebook's.
 *
 * @param layers `roles` objects as read from JSON, weakest first; `undefined` where there is none.
 */
export function readRolePolicy(
  layers: readonly unknown[],
  rules: readonly string[]
): IRolePolicyReading {
  let policy = DEFAULT_ROLE_POLICY;
  const problems: string[] = [];
  for (const layer of layers) {
    if (layer === undefined || layer === null) {
      continue;
    }
    if (!isObject(layer)) {
      problems.push('“roles” must be an object.');
      continue;
    }
    policy = {
      tags: readTags(layer.tags, policy.tags, problems),
      severities: readSeverities(
        layer.severities,
        policy.severities,
        rules,
        problems
      ),
      heavyPackages: readNames(
        layer.heavy_packages,
        policy.heavyPackages,
        problems
      )
    };
  }
  return { policy, problems };
}

function readTags(
  value: unknown,
  base: IRoleTags,
  problems: string[]
): IRoleTags {
  if (value === undefined) {
    return base;
  }
  if (!isObject(value)) {
    problems.push('“roles.tags” must be an object of tags by role.');
    return base;
  }
  const tags = { ...base };
  for (const [role, tag] of Object.entries(value)) {
    const known = ROLES.find(each => each === role);
    if (known === undefined) {
      problems.push(
        `“roles.tags” names the role “${role}”; roles are ${ROLES.join(', ')}.`
      );
    } else if (typeof tag !== 'string' || tag.trim() === '') {
      problems.push(`The tag of the role “${role}” must be a text.`);
    } else {
      tags[known] = tag;
    }
  }
  if (new Set(Object.values(tags)).size < ROLES.length) {
    problems.push('Two roles have the same tag in “roles.tags”.');
    return base;
  }
  return tags;
}

function readSeverities(
  value: unknown,
  base: IRolePolicy['severities'],
  rules: readonly string[],
  problems: string[]
): IRolePolicy['severities'] {
  if (value === undefined) {
    return base;
  }
  if (!isObject(value)) {
    problems.push(
      '“roles.severities” must be an object of severities by rule.'
    );
    return base;
  }
  const severities: Record<string, Severity | 'off'> = { ...base };
  for (const [rule, severity] of Object.entries(value)) {
    if (!rules.includes(rule)) {
      problems.push(
        `“roles.severities” names the rule “${rule}”, which is none.`
      );
    } else if (!SEVERITIES.includes(severity)) {
      problems.push(
        `The severity of “${rule}” must be error, warning, info or off.`
      );
    } else {
      severities[rule] = severity as Severity | 'off';
    }
  }
  return severities;
}

function readNames(
  value: unknown,
  base: readonly string[],
  problems: string[]
): readonly string[] {
  if (value === undefined) {
    return base;
  }
  if (
    !Array.isArray(value) ||
    !value.every((name): name is string => typeof name === 'string')
  ) {
    problems.push('“roles.heavy_packages” must be a list of packages.');
    return base;
  }
  return value;
}
