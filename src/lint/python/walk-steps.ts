import type { IBranch, IExit, ILoop, ITry, Step } from './facts';

/** A step that holds no others. */
export type LeafStep = Exclude<Step, IBranch | ILoop | ITry>;

/** All steps that hold no others, in the order of the source, whether they would run or not; bodies of functions are not among them. */
export function* leafSteps(
  steps: readonly Step[]
): Generator<Exclude<LeafStep, IExit>> {
  for (const step of steps) {
    switch (step.kind) {
      case 'branch':
        for (const alternative of step.alternatives) {
          yield* leafSteps(alternative);
        }
        break;
      case 'loop':
        yield* leafSteps(step.body);
        yield* leafSteps(step.otherwise);
        break;
      case 'try':
        yield* leafSteps(step.body);
        for (const handler of step.handlers) {
          yield* leafSteps(handler);
        }
        yield* leafSteps(step.otherwise);
        yield* leafSteps(step.finally);
        break;
      case 'exit':
        break;
      default:
        yield step;
    }
  }
}
