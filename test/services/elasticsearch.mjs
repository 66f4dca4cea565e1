// Real Elasticsearch servers for tests and measurements in Node; `nodes.py` is the same for Python.
import { join } from 'node:path';

import { ROOT } from '../../scripts/lib/project.mjs';
import { startProgram } from './program.mjs';

const LAUNCHER = join(ROOT, 'test/services/elasticsearch/launch.py');

/** The one who may do everything, on a server with security. */
const ADMIN = { user: 'admin', password: 'testpass123' };

/** Starts a server and waits until it answers. */
export async function startElasticsearch(options = {}) {
  const { profile = 'es8-esql', port = 0, settings = {} } = options;
  // scripts/test.mjs has tried before, and says what is missing.
  const reason = process.env.WORKLOAD_SERVICES_REASON;
  if (reason) {
    throw new Error(reason);
  }
  const program = startProgram(LAUNCHER, [
    `--profile=${profile}`,
    `--port=${port}`,
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  ]);
  let { url, pid, home } = await program.answer();
  const kill = async () => {
    await program.ask('kill');
  };
  return {
    url,
    home,
    profile,
    auth: profile === 'es8-full' ? ADMIN : undefined,
    get pid() {
      return pid;
    },
    kill,
    async restart() {
      await kill();
      ({ pid } = await program.ask('start'));
    },
    stop: program.stop
  };
}

/** Asks a server; the answer as JSON. */
export async function ask(server, method, path, body) {
  const isLines = typeof body === 'string';
  const login = server.auth
    ? Buffer.from(`${server.auth.user}:${server.auth.password}`)
    : undefined;
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      ...(body === undefined
        ? {}
        : {
            'Content-Type': isLines
              ? 'application/x-ndjson'
              : 'application/json'
          }),
      ...(login ? { Authorization: `Basic ${login.toString('base64')}` } : {})
    },
    body: body === undefined || isLines ? body : JSON.stringify(body)
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path} answers ${answer.status}: ${text}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}
