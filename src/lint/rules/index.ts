import type { IRule } from '../rule';
import { fileNameDiffers } from './file-name-differs';
import { fileNotWritten } from './file-not-written';
import { importHeavy } from './import-heavy';
import { importRepeated } from './import-repeated';
import { importUpstreamOnly } from './import-upstream-only';
import { mutationUpstream } from './mutation-upstream';
import { nameDownstreamOnly } from './name-downstream-only';
import { nameUndefined } from './name-undefined';
import { nameUpstreamOnly } from './name-upstream-only';
import { order } from './order';
import { parametersRole } from './parameters-role';
import { roleConflict } from './role-conflict';
import { roleMissing } from './role-missing';
import { roleUnknown } from './role-unknown';
import { sourceReadDownstream } from './source-read-downstream';
import { unparsed } from './unparsed';
import { upstreamOutputShown } from './upstream-output-shown';

/** All rules, in the order of the documentation. */
export const RULES: readonly IRule[] = [
  roleMissing,
  roleConflict,
  roleUnknown,
  nameUpstreamOnly,
  nameDownstreamOnly,
  nameUndefined,
  order,
  importUpstreamOnly,
  importRepeated,
  importHeavy,
  fileNotWritten,
  fileNameDiffers,
  sourceReadDownstream,
  parametersRole,
  upstreamOutputShown,
  mutationUpstream,
  unparsed
];

/** The ids of all rules. */
export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);
