// What tests in TypeScript use of the module beside.
export function findChromium(): string | undefined;
