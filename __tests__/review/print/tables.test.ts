// Tests that the tables of a review with several gateways name the gateway of each row.

import { printMarkdown } from '../../../lib/review/print/review-markdown';
import { Change } from '../../../lib/review/review';
import * as samples from './samples';

test('tables name the gateway of an end-to-end row if there are several', () => {
  const [change] = samples.example.changes as [Change];
  const sides = (...changes: readonly Change[]): readonly string[] =>
    printMarkdown({ ...samples.example, changes }).match(/(?<=\| )🌐 [^|]*(?= \|)/g) ?? [];
  expect(sides(change)).toEqual(['🌐 the internet by wan0']);
  expect(sides(change, { ...change, device: 'gw2/hosting', kind: 'closed' })).toEqual([
    '🌐 the internet by wan0<br>through edge/hosting',
    '🌐 the internet by wan0<br>through gw2/hosting',
  ]);
});
