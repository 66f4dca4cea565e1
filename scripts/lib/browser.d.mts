// What tests in TypeScript use of the module beside.
export function findChromium(): string | undefined;
export function chromiumOptions(): {
  executablePath: string | undefined;
  chromiumSandbox: boolean;
  args: string[];
};
