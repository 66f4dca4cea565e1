import type { ServerConnection } from '@jupyterlab/services';

import { serverHalf } from '../../server/info';
import type { ITranslator } from '../../workload/translator';

/** What Voilà on this server is good for. */
export interface IVoilaState {
  /** Why it cannot show dashboards, a sentence; null when it can. */
  readonly problem: string | null;
  /** Why upstream cells may run in it when it shows other notebooks than compiled ones, a sentence; null when they cannot. */
  readonly warning: string | null;
  /** The template by which published pages are made; null where this Voilà does not have it. */
  readonly template: string | null;
}

/** Ask this server about its Voilà. */
export async function voilaState(
  settings: ServerConnection.ISettings,
  trans: ITranslator
): Promise<IVoilaState> {
  const half = await serverHalf(settings);
  const stopped = (problem: string): IVoilaState => ({
    problem,
    warning: null,
    template: null
  });
  if (half.status === 'unknown') {
    return stopped(
      trans.__('The Jupyter server does not answer. Try again when it does.')
    );
  }
  const voila = half.status === 'there' ? half.info.voila : null;
  if (!voila) {
    return stopped(
      trans.__(
        'The preview needs Workload Explorer’s server extension. Enable it by “jupyter server extension enable jupyterlab_workload_explorer”, and restart the server.'
      )
    );
  }
  if (!voila.installed) {
    return stopped(
      trans.__(
        'The preview needs Voilà, which this server does not have. %1, and restart the server.',
        voila.why ?? 'pip install "jupyterlab-workload-explorer[dashboard]"'
      )
    );
  }
  return {
    problem: null,
    template: voila.template,
    warning: voila.guarded
      ? null
      : trans.__(
          'Notebooks that are not compiled are not guarded on this server: %1',
          voila.why ?? ''
        )
  };
}
