/** A transform that cannot be read or run. The message is a sentence for the user. */
export class TransformError extends Error {
  /**
   * @param from Offset in the typed code where the trouble begins.
   * @param to Offset after its last character; at least `from`.
   */
  constructor(
    message: string,
    readonly from: number,
    readonly to: number
  ) {
    super(message);
    this.name = 'TransformError';
  }
}
