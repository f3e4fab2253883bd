// Compares the exposure of sample APF servers with the one written by hand.

import { truthRows } from '../server-rows';
import { printed, seen } from './folder';
import { WILD } from './wild-folders';

describe('APF: sample servers', () => {
  it.each(Object.entries(WILD))('%s', (_, { conf, files, truth }) =>
    expect(seen(printed(conf, files))).toEqual(truthRows(truth)),
  );
});
