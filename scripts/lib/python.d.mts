// What tests in TypeScript use of the module beside.
export function venvProgram(name: string): string;
