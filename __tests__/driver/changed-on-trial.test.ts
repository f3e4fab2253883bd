// Tests the message of a delivery that fails because the release's rules were edited while it was armed: it names the
// edits first.

import { ending, refuses, release } from './simulated-device';

// What the device says of our rules as it is asked for all that it runs.
const read = (line: string): string => `ok read\ncpanel-edge: section edits\n|${line}`;

const GONE = `${release.role} ${release.owner} < table inet cpanel_edge_web {`;

describe('a proof that fails where a person has touched our rules meanwhile', () => {
  test('says that first, with the lines: what would pass is an echo of it', async () => {
    const { paragraph } = await ending({ read: read(GONE) }, refuses);
    expect(paragraph[0]).toMatch(
      /^device\/edited-meanwhile at web on gw: Our rules on the device were changed or flushed .* It says: < table inet cpanel_edge_web \{/,
    );
    expect(paragraph.filter((line) => line.startsWith('driver/not-proven'))).toHaveLength(1);
  });

  test('and not where it was another owner’s', async () => {
    const { paragraph } = await ending({ read: read(GONE.replace(release.owner, 'blog')) }, refuses);
    expect(paragraph[0]).toMatch(/^driver\/not-proven/);
  });
});
