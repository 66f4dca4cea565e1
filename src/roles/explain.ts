import type { ITranslator } from '../workload/translator';

/** What a rule is about, in a few sentences. */
export async function explainRule(
  rule: string,
  _trans: ITranslator
): Promise<string> {
  throw new Error(`Nothing is known of the rule ${rule}.`);
}
