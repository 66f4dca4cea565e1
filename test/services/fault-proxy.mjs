// A proxy in front of a server that fails as asked; `fault_proxy.py` is the same for Python.
import { join } from 'node:path';

import { ROOT } from '../../scripts/lib/project.mjs';
import { startProgram } from './program.mjs';

const SCRIPT = join(ROOT, 'test/services/fault_server.py');

/** Starts a proxy for a server's URL. */
export async function startFaultProxy(target) {
  const program = startProgram(SCRIPT, [target]);
  const { url } = await program.answer();
  const act = async (what, command = {}) => {
    const answer = await program.ask(JSON.stringify({ do: what, ...command }));
    if (answer.error !== undefined) {
      throw new Error(answer.error);
    }
    return answer;
  };
  return {
    url,
    cut: async (after, options = {}) => {
      await act('cut', { after: [after].flat(), ...options });
    },
    answer: async (status, requests = {}) => {
      await act('answer', { status, ...requests });
    },
    delay: async (seconds, requests = {}) => {
      await act('delay', { seconds, ...requests });
    },
    hold: async (requests = {}) => {
      await act('hold', requests);
    },
    refuse: async (refuse = true) => {
      await act('refuse', { refuse });
    },
    clear: async () => {
      await act('clear');
    },
    requests: async () => (await act('requests')).requests,
    cuts: async () => (await act('requests')).cuts,
    stop: program.stop
  };
}
