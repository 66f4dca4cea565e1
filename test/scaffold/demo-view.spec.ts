import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { newView } from '../../src/workload/view';
import { formatView } from '../../src/workload/view-format';

it('opens the demo data as a view that the panel itself would write', () => {
  const path = join(__dirname, '../../scripts/demo/demo.workload.json');
  const source = { paths: ['import-records/records.parquet'] };
  expect(readFileSync(path, 'utf8')).toBe(formatView(newView(source)));
});
