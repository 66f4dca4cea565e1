import type { ServerConnection } from '@jupyterlab/services';

import { serverHalf } from '../../server/info';
import type { ITranslator } from '../../workload/translator';

/** Why this server cannot show dashboards, a sentence; null when it can. */
export async function voilaProblem(
  settings: ServerConnection.ISettings,
  trans: ITranslator
): Promise<string | null> {
  const half = await serverHalf(settings);
  switch (half.status) {
    case 'unknown':
      return trans.__(
        'The Jupyter server does not answer. Try again when it does.'
      );
    case 'missing':
      return trans.__(
        'The preview needs Workload Explorer’s server extension. Enable it by “jupyter server extension enable jupyterlab_workload_explorer”, and restart the server.'
      );
    case 'there': {
      const extra = half.info.missing.find(({ name }) => name === 'dashboard');
      return extra
        ? trans.__(
            'The preview needs Voilà, which this server does not have. Install it by “%1”, and restart the server.',
            extra.install
          )
        : null;
    }
  }
}
