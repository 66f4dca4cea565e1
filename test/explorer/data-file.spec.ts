/** @jest-environment jsdom */
import { DATA_MODEL, DataModelFactory } from '../../src/explorer/data-file';
import { english } from '../../src/workload/translator';

describe('DataModelFactory', () => {
  const factory = new DataModelFactory(english);

  it('asks for no contents', () => {
    expect(factory).toMatchObject({
      name: DATA_MODEL,
      fileFormat: null,
      collaborative: false
    });
  });

  it('makes models that can be neither written nor copied', () => {
    const model = factory.createNew();
    model.readOnly = false;
    expect(model).toMatchObject({
      readOnly: true,
      collaborative: true,
      dirty: false
    });
    expect(() => model.toString()).toThrow(
      'This tab shows data and does not change them.'
    );
    model.sharedModel.dispose();
    model.dispose();
  });
});
