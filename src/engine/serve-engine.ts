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
    estimate: async ({ query, atOnce }, { signal }) => ({
      value: await current().estimate(query, { signal, atOnce })
    }),
    estimateOverview: async (selection, { signal }) => ({
      value: await current().estimateOverview(selection, { signal })
    }),
    quiet: async () => {
      current().quiet();
      return { value: null };
    },
    cost: async (queries, { signal, emit }) => ({
      value: await current().cost(queries, { signal, onLacking: emit })
    }),
    requests: async last => ({
      value: await current().requests(last ?? undefined)
    })
  };
}
