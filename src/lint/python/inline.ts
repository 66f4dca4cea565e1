import type { Step } from './facts';

/** Steps that may run or not, as those of a function that was handed to another one. */
export function mayRun(body: readonly Step[]): Step[] {
  const steps = withoutReturns(body);
  return steps.length === 0
    ? []
    : [{ kind: 'branch', alternatives: [steps, []] }];
}

/**
 * The steps of a function's body at the place of its call: there `return` would end what calls it.
 *
 * What stands behind a statement that may return may run.
 */
export function withoutReturns(body: readonly Step[]): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < body.length; i++) {
    const step = body[i];
    if (step.kind === 'exit' && step.how === 'return') {
      break;
    }
    if (!returns(step)) {
      steps.push(step);
      continue;
    }
    steps.push(stripped(step));
    const rest = withoutReturns(body.slice(i + 1));
    if (rest.length > 0) {
      steps.push({ kind: 'branch', alternatives: [rest, []] });
    }
    break;
  }
  return steps;
}

function stripped(step: Step): Step {
  switch (step.kind) {
    case 'branch':
      return { ...step, alternatives: step.alternatives.map(withoutReturns) };
    case 'loop':
      return {
        ...step,
        body: withoutReturns(step.body),
        otherwise: withoutReturns(step.otherwise)
      };
    case 'try':
      return {
        kind: 'try',
        body: withoutReturns(step.body),
        handlers: step.handlers.map(withoutReturns),
        otherwise: withoutReturns(step.otherwise),
        finally: withoutReturns(step.finally)
      };
    default:
      return step;
  }
}

function returns(step: Step): boolean {
  switch (step.kind) {
    case 'exit':
      return step.how === 'return';
    case 'branch':
      return step.alternatives.some(steps => steps.some(returns));
    case 'loop':
      return step.body.some(returns) || step.otherwise.some(returns);
    case 'try':
      return [step.body, ...step.handlers, step.otherwise, step.finally].some(
        steps => steps.some(returns)
      );
    default:
      return false;
  }
}

/** How many steps there are, with those in steps. */
export function sizeOf(steps: readonly Step[]): number {
  let size = steps.length;
  for (const step of steps) {
    const parts =
      step.kind === 'branch'
        ? step.alternatives
        : step.kind === 'loop'
          ? [step.body, step.otherwise]
          : step.kind === 'try'
            ? [step.body, ...step.handlers, step.otherwise, step.finally]
            : [];
    for (const part of parts) {
      size += sizeOf(part);
    }
  }
  return size;
}
