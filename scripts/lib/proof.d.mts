// What tests in TypeScript use of the module beside.
import type { ITally } from './tally.mjs';

export function proofText(options: {
  results: [name: string, tally: ITally][];
  total: ITally;
  sizes: Record<string, { test: number; prove: number }>;
  date: string;
  commit?: string;
}): string;
