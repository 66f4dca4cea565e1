import { RULES } from '../lint/rules';
import type { ITranslator } from '../workload/translator';

/**
 * What a rule is about: why it matters and what to do.
 *
 * @throws Error when there is no such rule.
 */
export function explainRule(rule: string, trans: ITranslator): string {
  const found = RULES.find(({ id }) => id === rule);
  if (!found) {
    throw new Error(`There is no rule ${rule}.`);
  }
  return `${found.title(trans)}\n${found.description(trans)}`;
}
