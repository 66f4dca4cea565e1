/** A notebook as far as the check needs it. */
export interface INotebook {
  readonly cells: readonly ICell[];
  /** Where it is, with `/`; paths that its cells name are relative to its folder. Null when it has no file. */
  readonly path: string | null;
}

/** A cell. */
export interface ICell {
  /** The cell's id of nbformat 4.5; null in older notebooks. */
  readonly id: string | null;
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly tags: readonly string[];
  /** Whether outputs are stored with it. */
  readonly hasOutputs?: boolean;
}
