/**
 * Write to standard output, and wait until it is written.
 *
 * @throws What the system says when it cannot be written: a disk that is full, a reader that is gone (`EPIPE`).
 */
export function writeOut(text: string): Promise<void> {
  return new Promise((done, fail) => {
    process.stdout.once('error', fail);
    process.stdout.write(text, error => {
      // The stream tells the same error as an event after this, which must have a listener.
      if (error) {
        fail(error);
      } else {
        process.stdout.off('error', fail);
        done();
      }
    });
  });
}
