// Tests the message of a delivery to a simulated device that fails because the release's rules were edited while it was
// armed: it names the edits first.

import { ending, refuses, release } from './simulated-device';

// Our rules in the device's answer after a person edited them.
const read = (line: string): string => `ok read\ncpanel-edge: section edits\n|${line}`;

const GONE = `${release.role} ${release.owner} < table inet cpanel_edge_web {`;

describe('a failed proof of an armed release whose rules were edited', () => {
  test('names the edits first, with their lines: the further differences follow from them', async () => {
    const { paragraph } = await ending({ read: read(GONE) }, refuses);
    expect(paragraph[0]).toMatch(
      /^device\/edited-meanwhile at web on gw: Our rules on the device were changed or flushed .* It says: < table inet cpanel_edge_web \{/,
    );
    expect(paragraph.filter((line) => line.startsWith('driver/not-proven'))).toHaveLength(1);
  });

  test("doesn't, if another owner's rules were edited", async () => {
    const { paragraph } = await ending({ read: read(GONE.replace(release.owner, 'blog')) }, refuses);
    expect(paragraph[0]).toMatch(/^driver\/not-proven/);
  });
});
