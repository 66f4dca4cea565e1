import type { ITable } from '../../workload/answer';
import type { ITranslator } from '../../workload/translator';

/**
 * Read and run a transform. arquero is loaded on first use.
 *
 * @throws TransformError with its place in the code.
 */
export async function applyTransform(
  code: string,
  table: ITable,
  trans: ITranslator
): Promise<ITable> {
  const [{ parseTransform }, { transformColumns }, { runTransform }] =
    await Promise.all([
      import('../../transform/parse'),
      import('../../transform/columns'),
      import('../../transform/run')
    ]);
  return runTransform(
    parseTransform(code, transformColumns(table), trans),
    table,
    trans
  );
}
