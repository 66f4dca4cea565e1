/**
 * Prefix of a source's path that names indices of Elasticsearch: `elasticsearch:<connection>/<indices>`. In a module of its own, because
 * it is needed when JupyterLab starts.
 */
export const ELASTIC_PREFIX = 'elasticsearch:';
