import type { IEngine } from './engine';
import type { QuestionApi } from './engine-api';
import type { Handlers } from './rpc';

/** Serve the questions of an engine in this thread to the thread at the other end. */
export function serveEngine(current: () => IEngine): Handlers<QuestionApi> {
  return {
    answer: async ({ query, partial }, { signal, emit }) => ({
      value: await current().answer(query, {
        signal,
        onProgress: progress => emit({ progress }),
        onPartial: partial ? answer => emit({ partial: answer }) : undefined
      })
    }),
    overview: async ({ selection, estimate }, { signal, emit }) => ({
      value: await current().overview(selection, {
        signal,
        onProgress: progress => emit({ progress }),
        onEstimate: estimate ? found => emit({ estimate: found }) : undefined
      })
    }),
    values: async ({ field, selection, ...options }, { signal }) => ({
      value: await current().values(field, selection, { ...options, signal })
    }),
    cost: async queries => ({ value: await current().cost(queries) }),
    requests: async () => ({ value: await current().requests() })
  };
}
