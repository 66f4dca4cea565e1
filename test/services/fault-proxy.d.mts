// What tests in TypeScript use of the module beside; `fault_proxy.py` says more.

/** Which requests a fault is for; all by default. */
export interface IFaultyRequests {
  /** Regular expression that is found in the path with its parameters. */
  readonly path?: string;
  readonly method?: string;
  /** How often; always by default. */
  readonly times?: number;
  /** How many of them are let through before. */
  readonly skip?: number;
}

export interface ICutOptions {
  /** `close` by default; by `reset` the client may also lose what had arrived. */
  readonly how?: 'close' | 'reset';
  readonly path?: string;
}

/** A running proxy on 127.0.0.1; it ends when this process ends, however that comes about. */
export interface IFaultProxy {
  /** Origin, without a slash at the end. */
  readonly url: string;
  /** Cuts a connection when so many bytes of answers have passed, then the next, and so on. */
  cut(after: number | readonly number[], options?: ICutOptions): Promise<void>;
  /** Answers in the server's place; by default with the body of a circuit breaker. */
  answer(
    status: number,
    requests?: IFaultyRequests & { readonly body?: unknown }
  ): Promise<void>;
  /** Passes requests on so much later. */
  delay(seconds: number, requests?: IFaultyRequests): Promise<void>;
  /** Never answers. */
  hold(requests?: IFaultyRequests): Promise<void>;
  /** Resets all connections, open and new, as where nobody listens; or no longer. */
  refuse(refuse?: boolean): Promise<void>;
  /** Passes everything on again, and forgets what was counted. */
  clear(): Promise<void>;
  /** Method and path of each request so far. */
  requests(): Promise<readonly { method: string; path: string }[]>;
  /** How many connections were cut. */
  cuts(): Promise<number>;
  /** Ends the proxy; may be called twice. */
  stop(): Promise<void>;
}

export function startFaultProxy(target: string): Promise<IFaultProxy>;
