/**
 * A transform may come from somebody else, so what it can cost is bounded. Answers are small; whoever meets one of
 * these limits is better served by a narrower question.
 */
export const LIMITS = {
  /** Characters of code. */
  code: 10_000,
  /** Verbs in one transform. */
  verbs: 50,
  /** Nodes of one expression, and how deep they may nest. */
  nodes: 500,
  depth: 40,
  /** Rows and columns a table may have before and after each verb. */
  rows: 250_000,
  columns: 500,
  cells: 5_000_000,
  /** Characters in one cell, so that doubling a text verb by verb ends early. */
  text: 10_000
} as const;
