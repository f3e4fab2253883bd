// Tests that the matchers of `cpanel-edge/testing` work with the `expect` of @jest/globals, with the types of
// `cpanel-edge/testing/globals`.

import { expect, it } from '@jest/globals';
import { exposureMatchers } from 'cpanel-edge/testing';
import 'cpanel-edge/testing/globals';
import { shop } from '../shop';

expect.extend(exposureMatchers);

it('exposes the shop, says the expect of @jest/globals, too', () => {
  expect(shop()).toExpose('https on 203.0.113.10 from anywhere');
  expect(shop()).not.toExpose('mysql on 203.0.113.10 from anywhere');
});
