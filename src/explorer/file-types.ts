import type { DocumentRegistry } from '@jupyterlab/docregistry';

import type { ITranslator } from '../workload/translator';
import { VIEW_EXTENSION } from './commands';
import { workloadIcon } from './icon';

/** Names of file types; JupyterLab's context menu selects entries of the file browser by them. */
export const VIEW_TYPE = 'workload-view';
export const PARQUET_TYPE = 'parquet';

/** A view's document. */
export function viewFileType(trans: ITranslator): DocumentRegistry.IFileType {
  return {
    name: VIEW_TYPE,
    displayName: trans.__('Workload View'),
    extensions: [VIEW_EXTENSION],
    mimeTypes: ['application/json'],
    icon: workloadIcon,
    iconClass: undefined,
    iconLabel: '',
    contentType: 'file',
    fileFormat: 'text'
  };
}

/** Data; named as other extensions that know Parquet name it. */
export function parquetFileType(
  trans: ITranslator
): DocumentRegistry.IFileType {
  return {
    name: PARQUET_TYPE,
    displayName: trans.__('Parquet'),
    extensions: ['.parquet', '.parq', '.pq'],
    mimeTypes: ['application/vnd.apache.parquet'],
    icon: workloadIcon,
    contentType: 'file',
    fileFormat: 'base64'
  };
}
