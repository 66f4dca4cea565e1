import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type React from 'react';

import type { IPreviewCell } from '../../server/preview';
import type { ICompiling } from '../compile-open';
import type { PreviewModel } from './preview-model';

/** What the list of what ran needs. */
export interface IWhatRanOptions {
  readonly model: PreviewModel;
  readonly trans: TranslationBundle;
  /** Shows a cell in the notebook. */
  readonly reveal: (cell: string) => void;
  /** A cell of the notebook as it is now; null when it is gone. */
  readonly find: (place: ICellPlace) => IFoundCell | null;
}

/** What is known of where a cell is: its id, where notebooks have ids, and its place when it was compiled, from 0. */
export interface ICellPlace {
  readonly id: string | null;
  readonly index: number | null;
}

/** A cell of the notebook. */
export interface IFoundCell {
  readonly id: string;
  /** From 0. */
  readonly index: number;
  readonly firstLine: string;
}

/** What ran for the page, or why there is none; each cell leads to the one in the notebook. */
export class WhatRan extends ReactWidget {
  constructor(private readonly _whatRan: IWhatRanOptions) {
    super();
    this.addClass('jp-WorkloadPreview-ran');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _whatRan.trans.__('What ran'));
  }

  protected override render(): React.ReactElement {
    const { model } = this._whatRan;
    return (
      <UseSignal signal={model.changed}>
        {() => <Status {...this._whatRan} />}
      </UseSignal>
    );
  }
}

function Status(options: IWhatRanOptions): React.ReactElement {
  const { model, trans } = options;
  const { status, ran } = model;
  switch (status.kind) {
    case 'compiling':
      return <p role="status">{trans.__('Compiling the dashboard…')}</p>;
    case 'refused':
      return <Refusal {...options} compiling={status.compiling} />;
    case 'page':
      return (
        <>
          <p
            role={
              // While cells run, what is said changes with each of them.
              ran?.state === 'running'
                ? undefined
                : ran?.state === 'done'
                  ? 'status'
                  : 'alert'
            }
          >
            {sentence(model, trans)}
          </p>
          {status.compiled.notices.map(notice => (
            <p key={notice}>{notice}</p>
          ))}
          <Cells
            {...options}
            places={status.compiled.places}
            cells={ran?.cells ?? []}
          />
        </>
      );
  }
}

function sentence(
  { ran, knowledge, problem }: PreviewModel,
  trans: TranslationBundle
): string | null {
  if (problem !== null) {
    return problem;
  }
  if (knowledge === 'lost') {
    return trans.__(
      'The server has forgotten this page: it was started again, perhaps. Run it again by the first button above.'
    );
  }
  if (knowledge === 'unknown') {
    return trans.__(
      'Voilà answered without running anything; the page above says why. Where it is empty, see whether Voilà’s server extension is enabled: jupyter server extension list.'
    );
  }
  if (!ran) {
    return trans.__('Starting Voilà…');
  }
  const { cells, state } = ran;
  const failed =
    state === 'failed' ? cells.filter(({ error }) => error !== null).length : 0;
  const seconds = cells.reduce((sum, cell) => sum + (cell.seconds ?? 0), 0);
  switch (state) {
    case 'refused':
      return ran.refusal;
    case 'running':
      return trans._n(
        '%1 cell has run, %2 s…',
        '%1 cells have run, %2 s…',
        cells.filter(cell => cell.seconds !== null).length,
        seconds.toFixed(1)
      );
    case 'failed':
      return failed > 0
        ? trans._n(
            '%1 cell failed. Readers see its error, and may see none of what follows.',
            '%1 cells failed. Readers see their errors, and may see none of what follows.',
            failed
          )
        : trans.__(
            'Voilà could not make the page. It says why above; the server’s log says more.'
          );
    case 'done':
      return trans._n(
        '%1 cell ran in %2 s.',
        '%1 cells ran in %2 s.',
        cells.length,
        seconds.toFixed(1)
      );
  }
}

function Cells({
  cells,
  places,
  reveal,
  find,
  trans
}: IWhatRanOptions & {
  readonly cells: readonly IPreviewCell[];
  /** Where each cell of the compiled notebook stands in the notebook. */
  readonly places: readonly (number | null)[];
}): React.ReactElement | null {
  if (cells.length === 0) {
    return null;
  }
  const where = ({ cell, index }: IPreviewCell): ICellPlace => ({
    id: cell,
    index: places[index] ?? null
  });
  return (
    <ol className="jp-WorkloadPreview-cells">
      {cells.map(cell => (
        <li key={cell.index} data-failed={cell.error !== null || undefined}>
          <Jump place={where(cell)} {...{ reveal, find, trans }} />
          <span className="jp-WorkloadPreview-seconds">
            {cell.seconds === null
              ? trans.__('running…')
              : trans.__('%1 s', cell.seconds.toFixed(2))}
          </span>
          <span className="jp-WorkloadPreview-outputs">
            {outputs(cell, trans)}
          </span>
          <code className="jp-WorkloadPreview-source">
            {find(where(cell))?.firstLine ?? ''}
          </code>
          {cell.error && (
            <details open>
              <summary>{`${cell.error.name}: ${cell.error.value}`}</summary>
              {/* A long one is scrolled, without a mouse as well. */}
              <pre tabIndex={0}>{cell.error.traceback}</pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Plain words for what a cell showed. */
function outputs(
  { outputs: types, seconds }: IPreviewCell,
  trans: TranslationBundle
): string {
  if (types.length === 0) {
    return seconds === null ? '' : trans.__('no output');
  }
  const kind = (type: string): string =>
    type.includes('plotly')
      ? trans.__('chart')
      : type.startsWith('image/')
        ? trans.__('picture')
        : type === 'text/html'
          ? trans.__('HTML')
          : type.includes('widget')
            ? trans.__('widget')
            : trans.__('text');
  return [...new Set(types.map(kind))].join(', ');
}

function Refusal({
  compiling,
  reveal,
  find,
  trans
}: IWhatRanOptions & {
  readonly compiling: ICompiling;
}): React.ReactElement {
  if (compiling.kind === 'problem') {
    return <p role="alert">{compiling.message}</p>;
  }
  if (compiling.kind !== 'findings') {
    return <p role="status" />;
  }
  const { errors } = compiling;
  return (
    <div role="alert">
      <p>
        {trans._n(
          'There is no dashboard yet: the notebook has %1 error in its roles. Mend it, and save.',
          'There is no dashboard yet: the notebook has %1 errors in its roles. Mend them, and save.',
          errors.length
        )}
      </p>
      <ol className="jp-WorkloadPreview-cells">
        {errors.map((error, i) => (
          <li key={i} data-failed>
            <Jump
              place={{ id: error.cell, index: error.index }}
              {...{ reveal, find, trans }}
            />
            <span className="jp-WorkloadPreview-message">{error.message}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The number of a cell, which leads to it; where it is gone, there is nothing to lead to. */
function Jump({
  place,
  reveal,
  find,
  trans
}: Pick<IWhatRanOptions, 'reveal' | 'find' | 'trans'> & {
  readonly place: ICellPlace;
}): React.ReactElement {
  const found = find(place);
  return found === null ? (
    <span>{trans.__('Gone')}</span>
  ) : (
    <button
      type="button"
      className="jp-WorkloadPreview-jump"
      title={trans.__('Show it in the notebook')}
      onClick={() => reveal(found.id)}
    >
      {trans.__('Cell %1', found.index + 1)}
    </button>
  );
}
