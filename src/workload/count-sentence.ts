import { ANALYSES } from './analyses';
import { describeFilter } from './describe-filter';
import type { Mapping } from './fields';
import { effectiveFilters } from './query';
import type { AnalysisId, Filter, IQuestion, ISelection } from './query';
import { calendarTitle, unitTitle } from './titles';
import type { ITranslator } from './translator';

/**
 * What a chart counts, as a sentence with the parts that can be chosen between double asterisks:
 * "Count **users** once for each **package**, from **records on compute nodes, no staff**".
 *
 * @param mapping The whole mapping in force; without it every part of the default population is taken to apply.
 */
export function countSentence(
  question: IQuestion,
  selection: ISelection,
  trans: ITranslator,
  mapping: Mapping | null = null
): string {
  const from = describePopulation(
    selection,
    question.analysis,
    trans,
    mapping,
    question.distinct.startsWith('job')
  );
  const unit = unitTitle(question.distinct, groupsByPackage(question), trans);
  switch (question.analysis) {
    case 'users':
    case 'user-share':
      return trans.__('Count **%1**, each once, from **%2**', unit, from);
    case 'mkl-share':
      return trans.__(
        'Count **%1**, each once, that could use MKL and that do, from **%2**',
        unit,
        from
      );
    case 'package-correlation':
      return trans.__(
        'Correlate **packages** over **%1**, each counted once, from **%2**',
        unit,
        from
      );
    case 'package-affinity':
      return trans.__(
        'Correlate **%1** with each other package over **%2**, each counted once, from **%3**',
        question.package ?? trans.__('one package'),
        unit,
        from
      );
    default:
      return question.distinct === 'record'
        ? trans.__(
            'Count **%1** for each **%2**, from **%3**',
            unit,
            groupPhrase(question, trans),
            from
          )
        : trans.__(
            'Count **%1** once for each **%2**, from **%3**',
            unit,
            groupPhrase(question, trans),
            from
          );
  }
}

/**
 * The included records in a few words, shorter than in captions: "compute nodes, no staff, package numpy".
 *
 * @param mapping The whole mapping in force; without it every part of the default population is taken to apply.
 * @param jobs Whether jobs are counted, and so named: "jobs on compute nodes, …".
 */
export function describePopulation(
  selection: ISelection,
  analysis: AnalysisId,
  trans: ITranslator,
  mapping: Mapping | null = null,
  jobs = ANALYSES[analysis].distincts[0].startsWith('job')
): string {
  const wanted = ANALYSES[analysis].population.filter(
    field => mapping === null || mapping[field] !== undefined
  );
  const filters = effectiveFilters(selection, wanted);
  const nodes = filters.filter(filter => filter.field === 'is_compute');
  const onCompute = nodes.length === 1 && isFlag(nodes[0], 'true');
  const where = onCompute
    ? [jobs ? trans.__('jobs on compute nodes') : trans.__('compute nodes')]
    : nodes.length === 0
      ? [trans.__('all nodes')]
      : nodes.map(filter => describeFilter(filter, trans));
  const rest = filters
    .filter(filter => filter.field !== 'is_compute')
    .sort(
      (a, b) => Number(b.field === 'is_staff') - Number(a.field === 'is_staff')
    );
  const staff = rest.some(filter => filter.field === 'is_staff')
    ? []
    : [trans.__('staff too')];
  return [
    ...where,
    ...staff,
    ...rest.map(filter => shortFilter(filter, trans))
  ].join(', ');
}

/** A part of a sentence; strong parts were between double asterisks. */
export interface ISentencePart {
  readonly text: string;
  readonly strong: boolean;
}

/** Take a sentence apart at its double asterisks. */
export function sentenceParts(sentence: string): ISentencePart[] {
  return sentence
    .split('**')
    .map((text, i) => ({ text, strong: i % 2 === 1 }))
    .filter(part => part.text !== '');
}

/** What the units are counted by. */
export function groupPhrase(question: IQuestion, trans: ITranslator): string {
  switch (question.analysis) {
    case 'partition-shares':
      return trans.__('partition');
    case 'module-share':
      return trans.__('environment');
    case 'top-packages':
      return trans.__('package');
    case 'job-sizes':
      return question.bins === null
        ? trans.__('number of nodes')
        : trans.__('class of node numbers');
    case 'package-job-size':
      return trans.__('package and job size');
    case 'package-trend':
      return trans.__(
        'package and %1',
        calendarTitle(question.by ?? 'month', trans)
      );
    default:
      return trans.__('group');
  }
}

/** Whether package is among the groups, so that a pair counts the other half. */
export function groupsByPackage(question: IQuestion): boolean {
  return ANALYSES[question.analysis].columns.includes('package');
}

function shortFilter(filter: Filter, trans: ITranslator): string {
  return filter.field === 'is_staff' && isFlag(filter, 'false')
    ? trans.__('no staff')
    : describeFilter(filter, trans);
}

/** Whether a filter says just that its field is so. */
function isFlag(filter: Filter, value: 'true' | 'false'): boolean {
  return (
    filter.op === 'any' &&
    filter.not !== true &&
    filter.values.length === 1 &&
    filter.values[0] === value
  );
}
