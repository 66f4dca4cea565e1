// What tests in TypeScript use of the module beside.
export const ROOT: string;
export const CLI: string;
export function cacheFolder(): string;
