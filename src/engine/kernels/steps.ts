/** Long work in steps, between which a thread can do something else. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Do it all at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) {
      return step.value;
    }
  }
}
