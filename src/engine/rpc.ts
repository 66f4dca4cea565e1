import { EngineError } from './engine';
import type { EngineErrorCode } from './engine';

/**
 * Calls between threads: a promise a call, events on the way, and an end by `AbortSignal`. The same over a web worker and a
 * thread of Node.
 */

/** One end of a channel between threads. */
export interface IEndpoint {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Set once, before anything is posted. */
  listen(
    handle: (message: unknown) => void,
    fail: (error: Error) => void
  ): void;
  close(): void;
}

/** Methods of the other side: what they take and give, and what they tell on the way. */
export type Api = Record<
  string,
  { readonly args: unknown; readonly result: unknown; readonly event: unknown }
>;

type Request =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly method: string;
      readonly args: unknown;
    }
  | { readonly type: 'abort'; readonly id: number };

type Response =
  | { readonly type: 'event'; readonly id: number; readonly value: unknown }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'error';
      readonly id: number;
      readonly error: IErrorRecord;
    };

interface IErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly code: EngineErrorCode | null;
  readonly field: string | null;
}

/** How a call is served: `emit` sends events, `signal` tells that the caller gave up. */
export interface IServed<T> {
  readonly value: T;
  /** Buffers that move instead of being copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

export type Handlers<A extends Api> = {
  readonly [M in keyof A]: (
    args: A[M]['args'],
    context: {
      signal: AbortSignal;
      emit: (event: A[M]['event']) => void;
    }
  ) => Promise<IServed<A[M]['result']>>;
};

/** The calling side. */
export class Caller<A extends Api> {
  constructor(private readonly _endpoint: IEndpoint) {
    _endpoint.listen(
      message => this._receive(message as Response),
      error => this._failAll(error)
    );
  }

  /** Calls that have not ended. */
  get pending(): number {
    return this._calls.size;
  }

  /** Whether the other side is gone, so that every call fails. */
  get broken(): boolean {
    return this._broken !== null;
  }

  /**
   * @throws what the other side threw; an `AbortError` at once when the signal aborts.
   */
  call<M extends keyof A & string>(
    method: M,
    args: A[M]['args'],
    options: {
      signal?: AbortSignal;
      onEvent?: (event: A[M]['event']) => void;
    } = {}
  ): Promise<A[M]['result']> {
    const { signal, onEvent } = options;
    return new Promise((resolve, reject) => {
      if (this._broken) {
        reject(this._broken);
        return;
      }
      if (signal?.aborted) {
        reject(abortError());
        return;
      }
      const id = this._next++;
      const abort = () => {
        this._calls.delete(id);
        this._endpoint.post({ type: 'abort', id } satisfies Request, []);
        reject(abortError());
      };
      signal?.addEventListener('abort', abort, { once: true });
      this._calls.set(id, {
        resolve,
        reject,
        onEvent,
        done: () => signal?.removeEventListener('abort', abort)
      });
      try {
        this._endpoint.post(
          { type: 'call', id, method, args } satisfies Request,
          []
        );
      } catch (error) {
        this._calls.delete(id);
        signal?.removeEventListener('abort', abort);
        throw error;
      }
    });
  }

  close(): void {
    this._failAll(abortError());
    this._endpoint.close();
  }

  private _receive(message: Response): void {
    const call = this._calls.get(message.id);
    if (!call) {
      return;
    }
    if (message.type === 'event') {
      call.onEvent?.(message.value);
      return;
    }
    this._calls.delete(message.id);
    call.done();
    if (message.type === 'result') {
      call.resolve(message.value);
    } else {
      call.reject(reviveError(message.error));
    }
  }

  private _failAll(reason: Error): void {
    const error =
      reason instanceof EngineError || isAbort(reason)
        ? reason
        : new EngineError('internal', reason.message);
    this._broken ??= error;
    const calls = [...this._calls.values()];
    this._calls.clear();
    for (const call of calls) {
      call.done();
      call.reject(error);
    }
  }

  private _broken: Error | null = null;
  private _next = 1;
  private readonly _calls = new Map<
    number,
    {
      resolve(value: unknown): void;
      reject(error: Error): void;
      onEvent?: (event: unknown) => void;
      done(): void;
    }
  >();
}

/** Serve calls that arrive at an endpoint. */
export function serve<A extends Api>(
  endpoint: IEndpoint,
  handlers: Handlers<A>
): void {
  const running = new Map<number, AbortController>();
  const post = (message: Response, transfer: readonly ArrayBuffer[] = []) =>
    endpoint.post(message, transfer);
  endpoint.listen(
    message => {
      const request = message as Request;
      const { id } = request;
      if (request.type === 'abort') {
        running.get(id)?.abort();
        return;
      }
      const controller = new AbortController();
      running.set(id, controller);
      // What a handler throws at once, or that there is none, is the call's failure like any other.
      const handled = async () =>
        handlers[request.method](request.args, {
          signal: controller.signal,
          emit: value => post({ type: 'event', id, value })
        });
      handled()
        .then(({ value, transfer }) =>
          post({ type: 'result', id, value }, transfer)
        )
        .catch((error: unknown) =>
          post({ type: 'error', id, error: recordError(error) })
        )
        .finally(() => running.delete(id));
    },
    () => running.forEach(controller => controller.abort())
  );
}

/** The error with which an aborted call is rejected, as the platform's own functions do. */
export function abortError(): Error {
  return new DOMException('The question was given up.', 'AbortError');
}

/** Whether an error says that somebody gave up, which is no failure. */
export function isAbort(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'name' in error &&
    error.name === 'AbortError'
  );
}

function recordError(error: unknown): IErrorRecord {
  if (isAbort(error)) {
    return { name: 'AbortError', message: '', code: null, field: null };
  }
  const known = error instanceof Error ? error : new Error(String(error));
  return {
    name: known.name,
    message: known.message,
    code: known instanceof EngineError ? known.code : null,
    field: known instanceof EngineError ? known.field : null
  };
}

function reviveError({ name, message, code, field }: IErrorRecord): Error {
  if (name === 'AbortError') {
    return abortError();
  }
  return new EngineError(code ?? 'internal', message, field);
}
