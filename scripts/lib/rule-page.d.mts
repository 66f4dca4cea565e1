import type { IFinding } from '../../src/lint/finding';
import type { IExample, IRule } from '../../src/lint/rule';
import type { ITranslator } from '../../src/workload/translator';

export function rulePage(
  rule: IRule,
  trans: ITranslator,
  check: (example: IExample) => readonly IFinding[]
): string;
