import type {
  IDashboard,
  IPublishChoice,
  IPublishRequest
} from '../../server/dashboards';
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
  return filledIn(
    readChoice({}),
    `${notebook.replace(/\.ipynb$/, '')}-dashboard`
  );
}

/** What was asked the last time. */
export function formOf({ asked, out, parameters }: IDashboard): IPublishForm {
  return { ...filledIn(asked, out), hadParameters: parameters ? out : '' };
}

function filledIn(
  { mapping, ...choice }: IPublishChoice,
  out: string
): IPublishForm {
  const map = Object.entries(mapping).map(entry => entry.join('='));
  return { ...choice, map, out, archive: '', hadParameters: '' };
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

/** What the server is asked for what is filled in: without blanks around paths, names and `=`, and without empty lines. */
export function requestOf(
  { hadParameters: _, ...form }: IPublishForm,
  notebook: string,
  accepted: readonly IAccepted[] = []
): IPublishRequest {
  const lines = (texts: readonly string[]): string[] =>
    texts.map(text => text.trim()).filter(text => text !== '');
  return {
    ...form,
    out: folderOf(form),
    parameters: form.parameters.trim(),
    archive: form.archive.trim(),
    image: form.image.trim(),
    kernel: form.kernel.trim(),
    raw: lines(form.raw),
    byReference: lines(form.byReference),
    data: lines(form.data),
    allowedHosts: lines(form.allowedHosts),
    map: lines(form.map).map(line => line.replace(/\s*=\s*/, '=')),
    notebook,
    accept: [...new Set(accepted.map(({ reason }) => reason))].join('; '),
    acceptOnly: accepted.map(({ findings }) => findings)
  };
}
