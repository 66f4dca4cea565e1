import type { IDashboard, IPublishRequest } from '../../server/dashboards';
import { readChoice } from '../../server/dashboards';
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
    archive: ''
  };
}

/** What was asked the last time. */
export function formOf({ asked, out }: IDashboard): IPublishForm {
  return { ...asked, out, archive: '' };
}

/** What the server is asked for what is filled in: without blanks around paths, and without empty lines. */
export function requestOf(
  form: IPublishForm,
  notebook: string,
  accepted: readonly IAccepted[] = []
): IPublishRequest {
  const lines = (paths: readonly string[]): string[] =>
    paths.map(path => path.trim()).filter(path => path !== '');
  return {
    ...form,
    out: form.out.trim().replace(/(?<=[^/])\/+$/, ''),
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
