import { defaultQuestion } from './analyses';
import { defaultSelection } from './query';
import type {
  AnalysisId,
  Filter,
  IQuestion,
  ISelection,
  ISource
} from './query';

/**
 * A view: what a `*.workload.json` document holds. Plain JSON, one thing a line where a person edits it, so that git shows what changed.
 */
export interface IView extends ISelection {
  readonly $schema: string;
  readonly version: number;
  readonly board: readonly IChart[];
}

/** A chart of the board. */
export interface IChart {
  /** Unique within the view; stays with the chart when it moves. */
  readonly id: string;
  readonly question: IQuestion;
  /** arquero verbs as typed by the user; empty for none. */
  readonly transform: string;
  readonly look: ILook;
  /** What the user clicked in this chart: filters all other charts, never this one. Absent when there is none. */
  readonly picks?: readonly Filter[];
}

/** How a chart looks; says nothing about what it counts. */
export interface ILook {
  /** Columns of the board that the chart takes. */
  readonly width: 1 | 2 | 3;
  /** Logarithmic value axis. */
  readonly log: boolean;
  /** Order of a heatmap's rows and columns. */
  readonly order: 'cluster' | 'name' | 'value';
  /** Band of correlations that is drawn strongly, [from, to]. */
  readonly band: readonly [number, number];
}

/** Version that this program writes. */
export const VIEW_VERSION = 1;

export const VIEW_SCHEMA =
  'https://jupyterlab-workload-explorer.readthedocs.io/schema/view-1.json';

export const DEFAULT_LOOK: ILook = {
  width: 1,
  log: false,
  order: 'cluster',
  band: [0.6, 0.8]
};

/** A chart with an analysis's defaults. `top` is what a board can show; the large chart and the command line show all. */
export function newChart(id: string, analysis: AnalysisId): IChart {
  return {
    id,
    question: { ...defaultQuestion(analysis), ...BOARD_QUESTION[analysis] },
    transform: '',
    look: { ...DEFAULT_LOOK, ...BOARD_LOOK[analysis] }
  };
}

/** The board of the study's figures that a source opens with. */
export function newView(source: ISource): IView {
  return {
    $schema: VIEW_SCHEMA,
    version: VIEW_VERSION,
    ...defaultSelection(source),
    board: START_BOARD.map((analysis, i) => newChart(`c${i + 1}`, analysis))
  };
}

const BOARD_QUESTION: Partial<Record<AnalysisId, Partial<IQuestion>>> = {
  'top-packages': { top: 20 },
  'package-job-size': { top: 15 },
  'package-affinity': { top: 20 },
  'package-trend': { top: 6 }
};

const BOARD_LOOK: Partial<Record<AnalysisId, Partial<ILook>>> = {
  'job-sizes': { log: true },
  'package-job-size': { width: 2 },
  'package-correlation': { width: 2 }
};

const START_BOARD: readonly AnalysisId[] = [
  'top-packages',
  'job-sizes',
  'package-trend',
  'package-job-size',
  'package-correlation',
  'partition-shares',
  'module-share',
  'mkl-share'
];
