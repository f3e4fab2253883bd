// Asserts that the agent for pfSense rolls back a release that the box can't load.

import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';

type Cause = readonly [cause: string, switched: string, says: RegExp];

/** A release that does not load for one of these causes, each made by a file of the box. */
export function isUndoneAndSaid(onBox: ReturnType<typeof stepsOnBox>, causes: readonly Cause[]): void {
  const { box, wordOf, upload, check, rollback, deliver, config, runs, status } = onBox;

  test.each(causes)('a release that does not load is rolled back and reported: %s', (_, switched, says) => {
    expect(deliver(sent([WWW]))).toBe(DELIVERED);
    const before = config();
    const release = sent([WWW, MAIL]);
    expect([upload(release), wordOf(check(release))]).toEqual(['ok uploaded', 'ok checked']);
    box().write(switched, '');
    const answer = box().program(`arm ${release.identity} 300`);
    expect(answer).toMatch(says);
    // A box that can't write or generate can't roll back either, until it can again.
    if (!switched.startsWith('/var/pf')) {
      expect(answer).toMatch(/failed load-and-undo-failed$/);
      expect(status('state')).toBe('undoing');
      box().remove(switched);
      expect(rollback(release)).toMatch(/ok rolled-back digest=[0-9a-f]{64} from=undoing$/);
    } else expect(answer).toMatch(/refused load-failed$/);
    box().remove(switched);
    expect(config()).toBe(before);
    expect(runs()).toContain('203.0.113.11');
    expect(runs()).not.toContain('203.0.113.10');
    expect(box().read('/var/box/addresses')).toMatch(/203\.0\.113\.11/);
    expect(upload(sent([WWW]))).toBe('ok running');
  });
}
