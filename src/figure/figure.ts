import { countedColumn, ANALYSES } from '../workload/analyses';
import type { ITable, Row } from '../workload/answer';
import { correlationText, numberText, percentText } from '../workload/format';
import type { IQuestion } from '../workload/query';
import { columnTitle, unitTitle } from '../workload/titles';
import type { ITranslator } from '../workload/translator';
import type { ILook } from '../workload/view';
import { groupedBars, horizontalBars } from './bars';
import type { IBar } from './bars';
import { correlation } from './correlation';
import { generic } from './generic';
import { jobSizes } from './job-sizes';
import type { IFigure, INumberFigure, IPlotFigure } from './model';
import { packageSizes } from './package-sizes';
import { cellLines, exceptNames, hasColumns, nameOf, numberOf } from './rows';
import type { IFigureStyle } from './style';
import { trend } from './trend';

/**
 * The figure of a table: a pure function of what is shown, asked, looked like and drawn on.
 *
 * #### Notes
 * A table that a transform changed keeps its analysis's figure as long as it has the columns for it, in the order of its rows;
 * else its first text and its first number are drawn.
 *
 * @param table An answer's table, or what a transform made of it.
 */
export function figure(
  table: ITable,
  question: IQuestion,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IFigure {
  const byPackage = ANALYSES[question.analysis].columns.includes('package');
  const counted = countedColumn(question.distinct, byPackage);
  const has = (...columns: string[]) => hasColumns(table, columns);
  const fallback = () => generic(table, look, style, trans);
  switch (question.analysis) {
    case 'users':
    case 'user-share':
    case 'mkl-share':
      return numbers(table, question, style, trans) ?? fallback();
    case 'partition-shares':
      return has('subsystem', counted, 'share')
        ? bars(table, 'subsystem', 'share', question, look, style, trans)
        : fallback();
    case 'module-share':
      return has('environment', 'users', 'jobs', 'user_share', 'job_share')
        ? moduleShare(table, style, trans)
        : fallback();
    case 'top-packages':
      return has('package', counted)
        ? bars(table, 'package', counted, question, look, style, trans)
        : fallback();
    case 'package-affinity':
      return has('package', 'r')
        ? bars(table, 'package', 'r', question, look, style, trans)
        : fallback();
    case 'job-sizes':
      return (has('num_nodes') || has('nodes_from', 'nodes_to')) && has(counted)
        ? jobSizes(table, counted, question, look, style, trans)
        : fallback();
    case 'package-job-size':
      return has('package', counted) &&
        (has('num_nodes') || has('nodes_from', 'nodes_to'))
        ? packageSizes(table, counted, question, look, style, trans)
        : fallback();
    case 'package-correlation':
      return has('package_a', 'package_b', 'r')
        ? correlation(table, look, style, trans)
        : fallback();
    case 'package-trend':
      return has('period', 'package', counted)
        ? trend(table, counted, question, look, style, trans)
        : fallback();
  }
}

/** Answers of one row of numbers. */
function numbers(
  table: ITable,
  question: IQuestion,
  style: IFigureStyle,
  trans: ITranslator
): INumberFigure | null {
  const [row, more] = table.rows;
  if (!row || more) {
    return null;
  }
  const count = (column: string) => {
    const value = numberOf(row[column]);
    return value === null ? '–' : numberText(value, style.locale);
  };
  const share = (column: string) => {
    const value = numberOf(row[column]);
    return value === null ? '–' : percentText(value, style.locale);
  };
  const one = (
    value: string,
    label: string,
    detail: string | null
  ): INumberFigure => ({
    kind: 'number',
    numbers: [{ value, label, detail }]
  });
  switch (question.analysis) {
    case 'users':
      return hasColumns(table, ['users'])
        ? one(count('users'), trans.__('users'), null)
        : null;
    case 'user-share':
      return hasColumns(table, ['users', 'of', 'share'])
        ? one(
            share('share'),
            trans.__('of all users of the site'),
            trans.__('%1 of %2 users', count('users'), count('of'))
          )
        : null;
    case 'mkl-share':
      return hasColumns(table, ['eligible_jobs', 'mkl_jobs', 'share'])
        ? one(
            share('share'),
            trans.__('of the jobs that could use MKL do'),
            trans.__(
              '%1 of %2 jobs with numpy, scipy, numexpr or sklearn',
              count('mkl_jobs'),
              count('eligible_jobs')
            )
          )
        : null;
    default:
      return null;
  }
}

/** One bar a row. */
function bars(
  table: ITable,
  nameColumn: string,
  column: string,
  question: IQuestion,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const isRatio = column === 'share';
  const isR = column === 'r';
  const given = table.rows.map((row): IBar => {
    const value = numberOf(row[column]);
    const name = nameOf(row, nameColumn, trans);
    return {
      name,
      value,
      text:
        value === null
          ? isR
            ? trans.__('undefined')
            : '–'
          : isRatio
            ? percentText(value, style.locale)
            : isR
              ? correlationText(value, style.locale)
              : numberText(value, style.locale),
      lines: [
        name,
        ...cellLines(row, table.columns, style, trans, [nameColumn])
      ],
      values: barValues(row, nameColumn),
      except: exceptNames(row, table.rows, nameColumn)
    };
  });
  const unit = unitTitle(question.distinct, nameColumn === 'package', trans);
  const title = isRatio
    ? trans.__('share of %1', unit)
    : isR
      ? trans.__('Pearson’s r with %1', question.package ?? '?')
      : look.log
        ? trans.__('%1 (log)', unit)
        : unit;
  return horizontalBars(
    given,
    { title, percent: isRatio, correlation: isR, log: look.log && !isRatio },
    style,
    trans
  );
}

function barValues(row: Row, nameColumn: string): Row {
  return { [nameColumn]: row[nameColumn] ?? null };
}

/** Users and jobs by environment, each as a part of its own whole. */
function moduleShare(
  table: ITable,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const names = table.rows.map(row => nameOf(row, 'environment', trans));
  const series = (
    [
      ['user_share', 'users', trans.__('users'), style.palette.count],
      ['job_share', 'jobs', trans.__('jobs'), style.palette.second]
    ] as const
  ).map(([share, count, title, color]) => ({
    title,
    color,
    bars: table.rows.map((row, i): IBar => {
      const value = numberOf(row[share]);
      const amount = numberOf(row[count]);
      return {
        name: names[i],
        value,
        text: value === null ? '–' : percentText(value, style.locale),
        lines: [
          names[i],
          trans.__(
            '%1: %2',
            columnTitle(share, trans),
            value === null ? '–' : percentText(value, style.locale)
          ),
          trans.__(
            '%1: %2',
            columnTitle(count, trans),
            amount === null ? '–' : numberText(amount, style.locale)
          )
        ],
        values: barValues(row, 'environment'),
        except: null
      };
    })
  }));
  return groupedBars(
    names,
    series,
    { title: trans.__('share of all users, of all jobs'), percent: true },
    style
  );
}
