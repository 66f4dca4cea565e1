import type { IAnswer, IProvenance } from './answer';
import { ANALYSES } from './analyses';
import { groupPhrase, groupsByPackage } from './count-sentence';
import { describeFilter } from './describe-filter';
import { describePeriod } from './describe-period';
import type { IPeriodOptions } from './describe-period';
import { DEFAULT_LOCALE, numberText } from './format';
import type { Mapping } from './fields';
import type { DefaultField, Filter, IQuestion } from './query';
import { unitTitle } from './titles';
import { errorText } from './error-text';
import type { ITranslator } from './translator';

export {
  countSentence,
  describePopulation,
  sentenceParts
} from './count-sentence';
export type { ISentencePart } from './count-sentence';
export { alternatives, describeFilter, fieldTitle } from './describe-filter';
export { describePeriod } from './describe-period';
export type { IPeriodOptions } from './describe-period';
export {
  analysisDescription,
  analysisTitle,
  calendarTitle,
  columnNote,
  columnTitle,
  unitTitle
} from './titles';

export interface ICaptionOptions {
  readonly locale?: string;
  /** First and last record, where the answer's own provenance does not know them. */
  readonly span?: IPeriodOptions['span'];
  /** The chart's transform, as arquero code; what is shown is then no longer the answer itself. */
  readonly transform?: string;
}

/**
 * What an answer counted, as one sentence: "Users, counted once for each package · all nodes, staff excluded · Jan – May 2021 ·
 * 2,612 users in 1,018,332 records · exact". The same in charts, exports and cells.
 *
 * @param answer An answer, or its provenance alone.
 */
export function caption(
  answer: IProvenance | Pick<IAnswer, 'provenance'>,
  trans: ITranslator,
  options: ICaptionOptions = {}
): string {
  const provenance = 'provenance' in answer ? answer.provenance : answer;
  const { query, mapping } = provenance;
  const locale = options.locale ?? DEFAULT_LOCALE;
  const period = describePeriod(query.period, trans, {
    span: provenance.span ?? options.span,
    zone: query.zone,
    locale
  });
  return [
    countedPhrase(provenance, trans, locale),
    populationPhrase(query, provenance.filters, query.defaults, mapping, trans),
    isOpen(query.period) && !(provenance.span ?? options.span)
      ? trans.__('all time')
      : period,
    sizePhrase(provenance, trans, locale),
    topPhrase(query, trans),
    transformPhrase(options.transform ?? '', trans),
    differingPhrase(provenance, trans, locale),
    qualityPhrase(provenance, trans, locale)
  ]
    .filter(part => part !== null)
    .join(' · ');
}

function transformPhrase(code: string, trans: ITranslator): string | null {
  const text = code.trim().replace(/\s+/g, ' ');
  return text === '' ? null : trans.__('then %1', text);
}

/** What no computation on these data can know; one line for every board (domain: "What the numbers cannot say"). */
export function limitsLine(trans: ITranslator): string {
  return trans.__(
    'Limits: imported is not used; only processes that ended normally report, and only tracked packages are seen; whole collaborations opt out together; the conda tool itself imports multiprocessing.'
  );
}

function countedPhrase(
  provenance: IProvenance,
  trans: ITranslator,
  locale: string
): string {
  const question = provenance.query;
  const unit = capital(
    unitTitle(question.distinct, groupsByPackage(question), trans)
  );
  switch (question.analysis) {
    case 'users':
      return trans.__('Users, each counted once');
    case 'user-share':
      return question.of === null
        ? trans.__('Users, each counted once')
        : trans.__(
            'Users, each counted once, of %1 users of the site',
            numberText(question.of, locale)
          );
    case 'module-share':
      return moduleSharePhrase(provenance, trans);
    case 'mkl-share':
      return trans.__(
        'Jobs with numpy, scipy, numexpr or sklearn, each counted once, and those of them with mkl'
      );
    case 'package-correlation':
      return trans.__(
        'Pearson’s r between packages over jobs, each counted once'
      );
    case 'package-affinity':
      return trans.__(
        'Pearson’s r between %1 and each other package over jobs, each counted once',
        question.package ?? '?'
      );
    default:
      return question.distinct === 'record'
        ? trans.__(
            '%1, counted for each %2',
            unit,
            groupPhrase(question, trans)
          )
        : trans.__(
            '%1, counted once for each %2',
            unit,
            groupPhrase(question, trans)
          );
  }
}

/** Users are counted over all nodes and jobs over compute nodes, as far as nothing says otherwise. */
function moduleSharePhrase(
  { query, filters, mapping }: IProvenance,
  trans: ITranslator
): string {
  if (
    filters.some(({ field, disabled }) => field === 'is_compute' && !disabled)
  ) {
    return trans.__('Users and jobs, counted once for each environment');
  }
  return query.defaults.includes('is_compute') &&
    mapping.is_compute !== undefined
    ? trans.__(
        'Users over all nodes and jobs on compute nodes, counted once for each environment'
      )
    : trans.__(
        'Users and jobs over all nodes, counted once for each environment'
      );
}

/** What is included: nodes and staff first, then every filter in force. */
function populationPhrase(
  question: IQuestion,
  filters: readonly Filter[],
  defaults: readonly DefaultField[],
  mapping: Mapping,
  trans: ITranslator
): string {
  const wanted = ANALYSES[question.analysis].population;
  const active = filters.filter(filter => !filter.disabled);
  const has = (field: DefaultField) =>
    active.some(filter => filter.field === field);
  const unknown = (field: DefaultField) =>
    mapping[field] === undefined &&
    wanted.includes(field) &&
    defaults.includes(field);
  const parts: string[] = [];
  if (!has('is_compute') && question.analysis !== 'module-share') {
    parts.push(
      unknown('is_compute')
        ? trans.__('all nodes (no column tells compute nodes)')
        : trans.__('all nodes')
    );
  }
  if (!has('is_staff')) {
    parts.push(
      unknown('is_staff')
        ? trans.__('staff included (no column tells them)')
        : trans.__('staff included')
    );
  }
  const first = (filter: Filter) =>
    filter.field === 'is_compute' ? 0 : filter.field === 'is_staff' ? 1 : 2;
  const described = [...active]
    .sort((a, b) => first(a) - first(b))
    .map(filter => describeFilter(filter, trans));
  const nodes = active.some(filter => filter.field === 'is_compute') ? 1 : 0;
  // Nodes lead, whether they are all or some.
  return [
    ...described.slice(0, nodes),
    ...parts,
    ...described.slice(nodes)
  ].join(', ');
}

function sizePhrase(
  provenance: IProvenance,
  trans: ITranslator,
  locale: string
): string {
  const { records, users, jobs } = provenance.population;
  const { distinct, analysis } = provenance.query;
  const inRecords = trans._n(
    '%2 record',
    '%2 records',
    records,
    numberText(records, locale)
  );
  const usersText =
    users === null
      ? null
      : trans._n('%2 user', '%2 users', users, numberText(users, locale));
  const jobsText =
    jobs === null
      ? null
      : trans._n('%2 job', '%2 jobs', jobs, numberText(jobs, locale));
  const units =
    analysis === 'module-share'
      ? [usersText, jobsText]
      : distinct.startsWith('user')
        ? [usersText]
        : distinct.startsWith('job')
          ? [jobsText]
          : [];
  const known = units.filter(text => text !== null);
  return known.length === 0
    ? inRecords
    : trans.__('%1 in %2', known.join(trans.__(' and ')), inRecords);
}

function topPhrase(question: IQuestion, trans: ITranslator): string | null {
  if (question.top === null) {
    return null;
  }
  const shown = trans._n('the highest only', 'the %1 highest', question.top);
  return question.other ? trans.__('%1, all others together', shown) : shown;
}

function differingPhrase(
  provenance: IProvenance,
  trans: ITranslator,
  locale: string
): string | null {
  const jobs = provenance.jobs_with_differing_nodes;
  return jobs === null || jobs === 0
    ? null
    : trans._n(
        '%2 job with differing node numbers, the largest taken',
        '%2 jobs with differing node numbers, the largest taken',
        jobs,
        numberText(jobs, locale)
      );
}

/** Whether an answer is exact, how far off an estimate may be, and how much has been read so far. */
export function qualityPhrase(
  provenance: IProvenance,
  trans: ITranslator,
  locale: string
): string {
  if (provenance.partial) {
    const { rows } = provenance.source;
    return trans.__(
      'so far: %1 of %2 rows read',
      numberText(provenance.rows_read, locale),
      numberText(rows - provenance.rows_skipped, locale)
    );
  }
  if (provenance.exact) {
    return trans.__('exact');
  }
  const error = errorText(provenance.estimate, trans, locale);
  return error === null
    ? trans.__('estimate, error unknown')
    : trans.__('estimate, %1', error);
}

function isOpen({
  from,
  to
}: {
  from: string | null;
  to: string | null;
}): boolean {
  return from === null && to === null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
