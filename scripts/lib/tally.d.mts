// What tests in TypeScript use of the module beside.
export interface ITally {
  passed: number;
  failed: number;
  skipped: number;
}
export function addTallies(tallies: ITally[]): ITally;
export function jestTally(text: string): ITally;
export function junitTally(text: string): ITally;
export function playwrightTally(text: string): ITally;
