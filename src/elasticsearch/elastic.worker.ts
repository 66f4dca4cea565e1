/** The thread that asks Elasticsearch through the gateway, holds what it got, and answers. */
import { EngineError } from '../engine/engine';
import { serve } from '../engine/rpc';
import { serveEngine } from '../engine/serve-engine';
import { parentEndpoint } from '../engine/web-endpoint';
import type { ElasticApi } from './elastic-api';
import { ElasticEngine } from './elastic-engine';
import { gatewayTransport } from './gateway-transport';
import { SearchClient } from './search-client';

let engine: ElasticEngine | null = null;

serve<ElasticApi>(parentEndpoint(), {
  open: async ({ base, indices, headers, ...options }, { signal }) => {
    engine = await ElasticEngine.open(
      new SearchClient(gatewayTransport(base, headers), indices),
      { ...options, anticipate: true },
      signal
    );
    return { value: engine.info };
  },
  close: async () => {
    await engine?.close();
    return { value: null };
  },
  ...serveEngine(() => {
    if (!engine) {
      throw new EngineError('internal', 'No index is open.');
    }
    return engine;
  })
});
