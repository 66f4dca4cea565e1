import { ANALYSES, answerColumns } from '../workload/analyses';
import type { IProvenance } from '../workload/answer';
import type { IQuery } from '../workload/query';
import { filtersOf } from './answers';
import type { IWorkload } from './answers';
import type { ISegment } from './dataset';
import type { IDatasetInfo } from './engine';
import type { MappedWorkload } from './mapped-workload';
import type { INeeds } from './needs';
import { notesOf } from './notes';
import type { Population } from './population';
import type { WorkloadIndex } from './workload-index';

/** What an answer was counted from. */
export interface ICounted {
  readonly workload: MappedWorkload;
  readonly needs: INeeds;
  /** Segments that were read. */
  readonly segments: readonly ISegment[];
  /** Segments that the whole answer needs. */
  readonly wanted: readonly ISegment[];
  /** The rows, or what they were put together to. */
  readonly drawn: IWorkload;
  readonly population: Population;
}

/** The dataset that it was counted in, and by what. */
export interface ICountedIn {
  /** Name and version of the program. */
  readonly tool: string;
  readonly info: IDatasetInfo;
  readonly index: WorkloadIndex;
  /** Bytes fetched so far. */
  readonly bytesRead: number;
}

/** When it was asked, and when all that it needs was there, milliseconds of `performance.now()`. */
export interface ITimes {
  readonly began: number;
  readonly read: number;
}

/** All that is said of an answer besides its numbers. It is `partial` as long as segments are wanting. */
export function provenanceOf(
  query: IQuery,
  { workload, needs, segments, wanted, drawn, population }: ICounted,
  { tool, info, index, bytesRead }: ICountedIn,
  { began, read }: ITimes
): IProvenance {
  const span = needs.columns.some(({ form }) => form === 'seconds')
    ? workload.span(segments, query)
    : null;
  return {
    version: 1,
    tool,
    query,
    mapping: workload.mapping,
    filters: filtersOf(query, workload),
    source: {
      files: info.files,
      bytes: info.bytes,
      rows: info.rows,
      modified: info.modified,
      index: info.index?.expression ?? null
    },
    counted: countedColumns(query),
    population: {
      records: population.total('record'),
      users: needs.units.includes('user') ? population.total('user') : null,
      jobs: needs.units.includes('job') ? population.total('job') : null
    },
    span: span && { from: rfc3339(span.from), to: rfc3339(span.to) },
    exact: true,
    estimate: null,
    partial: segments.length < wanted.length,
    rows_read: recordsOf(segments),
    rows_skipped: info.rows - recordsOf(wanted),
    rows_condensed: drawn.condensed,
    bytes_read: bytesRead,
    pages: { ...index.pages },
    jobs_with_differing_nodes:
      ANALYSES[query.analysis].needs.includes('nodes') && workload.mapping.job
        ? population.nodeCounts().differing
        : null,
    notes: notesOf(query, workload, needs, index),
    timing: { read_ms: read - began, answer_ms: performance.now() - read }
  };
}

/** Columns of an answer that hold counts. */
export function countedColumns(query: IQuery): string[] {
  const counts =
    /^(records|processes|users|jobs|job_packages|user_packages|jobs_both|jobs_a|jobs_b|eligible_jobs|mkl_jobs)$/;
  return answerColumns(query).filter(name => counts.test(name));
}

function recordsOf(segments: readonly ISegment[]): number {
  return segments.reduce((sum, { records }) => sum + records, 0);
}

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
