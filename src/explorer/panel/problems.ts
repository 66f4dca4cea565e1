import { EngineError } from '../../engine/engine';
import type { ITranslator } from '../../workload/translator';
import type { IProblem, ITransformProblem } from './session-state';

/** Whether an error only says that work was called off. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** An error as a sentence. What is no `EngineError` is a fault of ours, and says so. */
export function toProblem(error: unknown, trans: ITranslator): IProblem {
  if (error instanceof EngineError) {
    return { code: error.code, message: error.message, field: error.field };
  }
  return {
    code: 'other',
    message: trans.__(
      'This should not have happened: %1 Reloading the source may help; if not, please report it.',
      withStop(error instanceof Error ? error.message : String(error))
    ),
    field: null
  };
}

/** An error of a transform, with its place: the whole text when it names none. */
export function toTransformProblem(
  error: unknown,
  code: string
): ITransformProblem {
  const message = error instanceof Error ? error.message : String(error);
  const from = position(error, 'from') ?? 0;
  const to = position(error, 'to') ?? code.length;
  return {
    message,
    from: Math.min(from, code.length),
    to: Math.min(Math.max(from, to), code.length)
  };
}

function position(error: unknown, name: 'from' | 'to'): number | null {
  if (typeof error !== 'object' || error === null || !(name in error)) {
    return null;
  }
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'number' ? value : null;
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
