/** What can be read about the rules. */
export interface IRuleTexts {
  /** What a rule is about, in a few sentences; rejected when it cannot be told. */
  readonly explain: (rule: string) => Promise<string>;
  /** Open the page of a rule, with examples. */
  readonly showPage: (rule: string) => void;
}
