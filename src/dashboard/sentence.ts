/** What went wrong, as our own code and the server half tell it: a sentence. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
