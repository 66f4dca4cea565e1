import { MessageChannel } from 'node:worker_threads';
import type { MessagePort, TransferListItem } from 'node:worker_threads';

import type { IEndpoint } from '../../src/engine/rpc';

/** One end of a channel in this process, over a real message port: messages are cloned, buffers move. */
export interface ITestEndpoint extends IEndpoint {
  /** Everything that was posted here, as it was posted. */
  readonly posted: unknown[];
  readonly closed: boolean;
  /** Break this end, as a thread that dies does. */
  fail(error: Error): void;
}

const open: MessagePort[] = [];

/** Both ends of a channel. */
export function channel(): [ITestEndpoint, ITestEndpoint] {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return [endpoint(port1), endpoint(port2)];
}

/** Close all channels, so that the process can end. */
export function closeChannels(): void {
  open.splice(0).forEach(port => port.close());
}

function endpoint(port: MessagePort): ITestEndpoint {
  const posted: unknown[] = [];
  let failing: (error: Error) => void = () => undefined;
  let closed = false;
  return {
    posted,
    get closed() {
      return closed;
    },
    post: (message, transfer) => {
      posted.push(message);
      port.postMessage(message, [...transfer] as TransferListItem[]);
    },
    listen: (handle, fail) => {
      failing = fail;
      port.on('message', handle);
    },
    close: () => {
      closed = true;
      port.close();
    },
    fail: error => failing(error)
  };
}
