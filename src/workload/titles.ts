import type { AnalysisId, CalendarUnit, Distinct, IQuestion } from './query';
import type { ITranslator } from './translator';

/** An analysis's name, for headings and menus; with its package where it has one. */
export function analysisTitle(
  question: Pick<IQuestion, 'analysis' | 'package'>,
  trans: ITranslator
): string {
  switch (question.analysis) {
    case 'users':
      return trans.__('Users');
    case 'user-share':
      return trans.__('Share of users');
    case 'partition-shares':
      return trans.__('Partitions');
    case 'module-share':
      return trans.__('Environments');
    case 'mkl-share':
      return trans.__('MKL use');
    case 'top-packages':
      return trans.__('Top packages');
    case 'job-sizes':
      return trans.__('Job sizes');
    case 'package-job-size':
      return trans.__('Package × job size');
    case 'package-correlation':
      return trans.__('Packages used together');
    case 'package-affinity':
      return question.package === null
        ? trans.__('Used together with one package')
        : trans.__('Used together with %1', question.package);
    case 'package-trend':
      return trans.__('Packages over time');
  }
}

/** What an analysis answers, in one sentence. */
export function analysisDescription(
  id: AnalysisId,
  trans: ITranslator
): string {
  switch (id) {
    case 'users':
      return trans.__('How many people use Python.');
    case 'user-share':
      return trans.__('Which part of all users of the site uses Python.');
    case 'partition-shares':
      return trans.__('Which part of the jobs runs on which partition.');
    case 'module-share':
      return trans.__(
        'Who uses the center’s Python, conda, containers or something else; a user of two counts in both.'
      );
    case 'mkl-share':
      return trans.__(
        'Which part of the jobs with numpy, scipy, numexpr or sklearn also has MKL loaded.'
      );
    case 'top-packages':
      return trans.__('Which packages most people import.');
    case 'job-sizes':
      return trans.__('How many nodes jobs have.');
    case 'package-job-size':
      return trans.__('Which packages are imported in jobs of which size.');
    case 'package-correlation':
      return trans.__(
        'Which packages are imported in the same jobs, as Pearson’s r.'
      );
    case 'package-affinity':
      return trans.__(
        'Which packages are imported in the same jobs as one package, as Pearson’s r.'
      );
    case 'package-trend':
      return trans.__('How the use of packages changes over time.');
  }
}

/** The unit counted, in the plural and in lower case; a pair counts the other half where package is among the groups. */
export function unitTitle(
  distinct: Distinct,
  byPackage: boolean,
  trans: ITranslator
): string {
  switch (distinct) {
    case 'record':
      return trans.__('records');
    case 'process':
      return trans.__('processes');
    case 'user':
      return trans.__('users');
    case 'job':
      return trans.__('jobs');
    case 'job+package':
      return byPackage ? trans.__('jobs') : trans.__('job–package pairs');
    case 'user+package':
      return byPackage ? trans.__('users') : trans.__('user–package pairs');
  }
}

/** A calendar unit in the singular. */
export function calendarTitle(unit: CalendarUnit, trans: ITranslator): string {
  switch (unit) {
    case 'day':
      return trans.__('day');
    case 'month':
      return trans.__('month');
    case 'quarter':
      return trans.__('quarter');
    case 'year':
      return trans.__('year');
  }
}

/** Heading of a column of an answer, for tables and axes; columns made by a transform keep their names. */
export function columnTitle(name: string, trans: ITranslator): string {
  switch (name) {
    case 'package':
      return trans.__('Package');
    case 'package_a':
      return trans.__('Package A');
    case 'package_b':
      return trans.__('Package B');
    case 'users':
      return trans.__('Users');
    case 'jobs':
      return trans.__('Jobs');
    case 'processes':
      return trans.__('Processes');
    case 'records':
      return trans.__('Records');
    case 'job_packages':
      return trans.__('Job–package pairs');
    case 'user_packages':
      return trans.__('User–package pairs');
    case 'of':
      return trans.__('Of');
    case 'share':
      return trans.__('Share');
    case 'user_share':
      return trans.__('Share of users');
    case 'job_share':
      return trans.__('Share of jobs');
    case 'subsystem':
      return trans.__('Partition');
    case 'environment':
      return trans.__('Environment');
    case 'eligible_jobs':
      return trans.__('Jobs that could use MKL');
    case 'mkl_jobs':
      return trans.__('Jobs that use MKL');
    case 'num_nodes':
      return trans.__('Nodes');
    case 'nodes_from':
      return trans.__('Nodes from');
    case 'nodes_to':
      return trans.__('Nodes to');
    case 'r':
      return trans.__('Correlation r');
    case 'jobs_a':
      return trans.__('Jobs with A');
    case 'jobs_b':
      return trans.__('Jobs with B');
    case 'jobs_both':
      return trans.__('Jobs with both');
    case 'period':
      return trans.__('Period');
    case 'other':
      return trans.__('All others');
    default:
      return name;
  }
}

/** What a column's numbers mean, in a sentence, where its heading does not say it all; null where it does. */
export function columnNote(name: string, trans: ITranslator): string | null {
  switch (name) {
    case 'users':
      return trans.__(
        'Distinct users with at least one record. They cannot be added up: one user may count in several rows.'
      );
    case 'jobs':
      return trans.__(
        'Distinct jobs with at least one record. Where a job counts in several rows, they cannot be added up.'
      );
    case 'records':
      return trans.__(
        'A record is one package of one process in the long form, so it is no invocation.'
      );
    case 'job_packages':
      return trans.__(
        'Pairs of a job and a package: a job with five packages counts five times.'
      );
    case 'user_packages':
      return trans.__(
        'Pairs of a user and a package: a user of five packages counts five times.'
      );
    case 'share':
    case 'user_share':
    case 'job_share':
      return trans.__(
        'A part of what the caption names; parts that overlap add up to more than 100 %.'
      );
    case 'r':
      return trans.__(
        'Pearson’s r over all included jobs, 0 or 1 by package; empty where a package is in all jobs or in none.'
      );
    case 'num_nodes':
      return trans.__('The largest node count among a job’s included records.');
    case 'eligible_jobs':
      return trans.__('Jobs with numpy, scipy, numexpr or sklearn.');
    case 'of':
      return trans.__('All users of the site, as given in the question.');
    default:
      return null;
  }
}
