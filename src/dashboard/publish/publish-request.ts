import type { IDashboard, IPublishRequest } from '../../server/dashboards';
import { readChoice } from '../../server/dashboards';
import type { IParametersChoice } from '../compile-open';
import type { IPublishForm } from './publish-model';

/** Findings that a user has seen, and why they do not stop it. */
export interface IAccepted {
  /** What names them, as `IPublishOutcome.acceptable` says. */
  readonly findings: string;
  readonly reason: string;
}

/** What is filled in for a notebook that was never published: the folder beside it that is called as it is. */
export function newForm(notebook: string): IPublishForm {
  return {
    ...readChoice({}),
    out: `${notebook.replace(/\.ipynb$/, '')}-dashboard`,
    archive: '',
    hadParameters: ''
  };
}

/** What was asked the last time. */
export function formOf({ asked, out, parameters }: IDashboard): IPublishForm {
  return { ...asked, out, archive: '', hadParameters: parameters ? out : '' };
}

/** What is filled in, once it is published. */
export function afterPublished(form: IPublishForm): IPublishForm {
  const { parameters } = parametersOf(form);
  return {
    ...form,
    hadParameters: parameters === undefined ? '' : folderOf(form)
  };
}

/** What compiling is told of parameters. */
export function parametersOf(form: IPublishForm): IParametersChoice {
  const file = form.parameters.trim();
  const isSame =
    form.hadParameters !== '' && form.hadParameters === folderOf(form);
  return {
    ...(file !== '' && { parameters: file }),
    ...(isSame && { publishedWithParameters: form.hadParameters })
  };
}

/** Whether values of parameters would be lost, because their file is not named. */
export function lacksParameters(form: IPublishForm): boolean {
  const { parameters, publishedWithParameters } = parametersOf(form);
  return parameters === undefined && publishedWithParameters !== undefined;
}

/** Where it is published, without blanks around it and `/` behind it. */
function folderOf({ out }: Pick<IPublishForm, 'out'>): string {
  return out.trim().replace(/(?<=[^/])\/+$/, '');
}

/** What the server is asked for what is filled in: without blanks around paths, and without empty lines. */
export function requestOf(
  { hadParameters: _, ...form }: IPublishForm,
  notebook: string,
  accepted: readonly IAccepted[] = []
): IPublishRequest {
  const lines = (paths: readonly string[]): string[] =>
    paths.map(path => path.trim()).filter(path => path !== '');
  return {
    ...form,
    out: folderOf(form),
    parameters: form.parameters.trim(),
    archive: form.archive.trim(),
    image: form.image.trim(),
    raw: lines(form.raw),
    byReference: lines(form.byReference),
    data: lines(form.data),
    allowedHosts: lines(form.allowedHosts),
    notebook,
    accept: [...new Set(accepted.map(({ reason }) => reason))].join('; '),
    acceptOnly: accepted.map(({ findings }) => findings)
  };
}
