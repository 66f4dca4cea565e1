// What tests in TypeScript use of the module beside.
export const ROOT: string;
export const CLI: string;
export const LABEXTENSION: string;
export function cacheFolder(): string;
export function filesBelow(path: string): string[];
