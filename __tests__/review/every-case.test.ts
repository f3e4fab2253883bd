// Tests, for every case on every platform, that the review of its first plan leaves nothing unknown, and that the same
// policies again are no change.

import { existsSync } from 'node:fs';
import { platforms } from '../../lib/registry';
import { caseFile, caseNames, caseWish, compiled, concerns } from '../support';
import { drawCases } from '../randomly';
import { reviewed } from './samples';

const ids = Object.keys(platforms) as (keyof typeof platforms)[];

/** Each case on each platform that generates its text without another platform. */
const written = caseNames().flatMap((name) =>
  ids
    .filter((id) => concerns(caseWish(name), id))
    .filter(
      (id) =>
        !['problems.txt', `${id}.problems.txt`, `${id}.surroundings.xml`].some((file) =>
          existsSync(caseFile(name, file)),
        ),
    )
    .map((id) => [name, id] as const),
);

test.each(drawCases(written, 15))(
  '%s on %s: the first plan leaves nothing unknown, and the same policies again are no change',
  (name, id) => {
    const { policies } = compiled(caseWish(name), id);
    const [first, same] = [reviewed([], policies), reviewed(policies, policies)];
    expect([first.unknown, first.counts.unknown, first.counts.closed]).toEqual([[], 0, 0]);
    expect(first.counts.opened).toBeGreaterThan(0);
    expect([same.unknown, same.changes]).toEqual([[], []]);
  },
);
