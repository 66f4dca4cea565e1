import type { IEndpoint } from './rpc';

/** The far end of a web worker. */
export function workerEndpoint(worker: Worker): IEndpoint {
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (handle, fail) => {
      worker.onmessage = event => handle(event.data);
      worker.onerror = event => {
        event.preventDefault();
        fail(
          new Error(event.message || 'A background thread could not start.')
        );
      };
      worker.onmessageerror = () =>
        fail(new Error('A message between threads could not be read.'));
    },
    close: () => worker.terminate()
  };
}

/** The far end as a worker sees it: the page, or the worker that started it. */
export function parentEndpoint(): IEndpoint {
  return {
    post: (message, transfer) =>
      self.postMessage(message, { transfer: [...transfer] }),
    listen: handle => {
      self.onmessage = (event: MessageEvent<unknown>) => handle(event.data);
    },
    close: () => self.close()
  };
}
