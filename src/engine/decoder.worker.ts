/** A thread that fetches and decodes column chunks. Headers of its requests arrive as its name. */
import { serveDecoder } from './decoder';
import { httpSource } from './http-source';
import { parentEndpoint } from './web-endpoint';

serveDecoder(parentEndpoint(), httpSource(headersOf(self.name)));

function headersOf(name: string): Record<string, string> {
  const parsed: unknown = name ? JSON.parse(name) : {};
  return Object.fromEntries(
    Object.entries(parsed ?? {}).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string'
    )
  );
}
