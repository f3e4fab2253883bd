// Tests that the matchers of `cpanel-edge/testing` work in a project of `cdktf init`, with Jest's global `expect`.

import { exposureMatchers, exposureOf, portExposure } from 'cpanel-edge/testing';
import { shop } from '../shop';

expect.extend(exposureMatchers);
expect.addSnapshotSerializer(portExposure);

it('exposes the shop', () => {
  const stack = shop();
  expect(stack).toExpose('https on 203.0.113.10 from anywhere');
  expect(stack).not.toExpose({ to: '203.0.113.10', service: 'mysql' });
  expect(stack).toMatchSnapshot();
  expect(exposureOf(stack)).toContain('443');
});
