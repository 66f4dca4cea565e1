// What tests in TypeScript use of the module beside.

/** The servers there are; see elasticsearch/README.md. */
export type ServerProfile =
  'es8' | 'es8-esql' | 'es8-full' | 'es9' | 'opensearch';

export interface IServerOptions {
  /** `es8-esql` by default. */
  readonly profile?: ServerProfile;
  /** A free one by default. */
  readonly port?: number;
  /** Settings as in elasticsearch.yml. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** Where a server answers. */
export interface IServerAddress {
  /** Origin, without a slash at the end. */
  readonly url: string;
  /** Who may do everything; undefined on a server without security. */
  readonly auth?: { readonly user: string; readonly password: string };
}

/** A running server on 127.0.0.1; it ends when this process ends, however that comes about. */
export interface IElasticsearch extends IServerAddress {
  readonly profile: ServerProfile;
  /** The server's process; another one after a restart. */
  readonly pid: number;
  /** Configuration, data and logs. */
  readonly home: string;
  /** Ends the server at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts the server again on the same port with the same data, killed or not. */
  restart(): Promise<void>;
  /** Ends the server and removes its home; may be called twice. */
  stop(): Promise<void>;
}

export function startElasticsearch(
  options?: IServerOptions
): Promise<IElasticsearch>;

/**
 * Asks a server. A body that is a text is sent as lines of JSON.
 * @returns the answer, parsed; an answer that is not 2xx is thrown as an error with its text
 */
export function ask(
  server: IServerAddress,
  method: string,
  path: string,
  body?: unknown
): Promise<unknown>;
