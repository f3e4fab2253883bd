// Tests the message of a delivery to a simulated device on which firewalld is stopped meanwhile: what the device runs,
// and what to type.

import { TAINTED, again, block, ending, former, refuses, short } from './simulated-device';

// A person stopped firewalld before the confirmation: the operator reads what runs and what to type.

const failed = (runs: string, next: string): readonly string[] => [
  `Release ${short} of web on gw was not delivered.`,
  `  On the device: ${runs}`,
  TAINTED,
  `  Next, in /srv/edge: ${next}`,
];

test.each([
  [former, 'it loads release ffffffffffff when it starts'],
  ['none', 'it loads nothing of web when it starts'],
])('a stopped firewalld with %s to roll back to', async (digest, loads) => {
  const rollback = `ok rolled-back digest=${digest} from=armed stopped=firewalld`;
  for (const outcome of [
    await ending({ rollback }, refuses),
    await ending({ rollback, confirm: 'refused firewalld-stopped' }),
    await ending({ rollback, arm: 'refused firewalld-stopped' }),
  ]) {
    expect(outcome.paragraph.slice(0, 2).join('\n')).toMatch(
      /^device\/firewalld-stopped at web on gw: firewalld was stopped while the release was armed, .*\n {2}instead: systemctl start firewalld there, /,
    );
    expect(outcome.paragraph.join('\n').match(/device\/firewalld-stopped/g)).toHaveLength(1);
    expect(block(outcome)).toEqual(
      failed(
        `nothing of web: the new release was rolled back, firewalld is stopped, and ${loads}. Until then the server may be open.`,
        `start firewalld there, as the first line above says; ${again}`,
      ),
    );
  }
  // If nothing was loaded, it was stopped before.
  expect(block(await ending({ rollback, check: 'refused firewalld-not-running' }))).toEqual(
    failed('what it ran before; nothing was loaded.', again),
  );
});
