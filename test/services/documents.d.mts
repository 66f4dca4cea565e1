// What tests in TypeScript use of the module beside; `documents.py` says more.
import type { IServerAddress } from './elasticsearch.mjs';

/** Elasticsearch's type of each field: keyword, date, boolean, integer, long, … */
export type FieldTypes = Readonly<Record<string, string>>;

export interface IDocumentOptions {
  /** The object that all fields are within, such as `data`; none by default. */
  readonly envelope?: string;
}

export function createIndex(
  server: IServerAddress,
  index: string,
  fields: FieldTypes,
  options?: IDocumentOptions & { readonly settings?: object }
): Promise<void>;

/** A document's `_id`, where it has one, is its id. */
export function loadDocuments(
  server: IServerAddress,
  index: string,
  documents: readonly object[],
  options?: IDocumentOptions
): Promise<void>;

/**
 * @param options `fields` over what the columns' types suggest
 * @returns the number of documents
 */
export function loadParquet(
  server: IServerAddress,
  index: string,
  path: string,
  options?: IDocumentOptions & { readonly fields?: FieldTypes }
): Promise<number>;
