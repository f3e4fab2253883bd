// Tests that the agent's steps upload, check, arm and confirm refuse if a program that they start is missing, is
// killed or is cut off in its output: each call of each program, one at a time. Runs on a test device with the real
// nft.

import { ENDINGS, Ending, withSilentPrograms } from './silent-programs';
import { Step, gateway, underShells } from './under-shell';

jest.setTimeout(1_800_000);

const STEPS: readonly Step[] = ['upload', 'check', 'arm', 'confirm'];

/** Calls on which no decision of a step depends, each with the reason. */
const DECIDE_NOTHING: readonly (readonly [Step, RegExp, string])[] = [
  ['arm', /^ip -6 neigh flush all/, 'neighbours expire by themselves'],
  ['confirm', /^awk .*wanted= closed /, 'the release is confirmed by then, and its own section closes'],
  ['confirm', /^systemctl (stop|show) /, 'a timer that fires finds the release confirmed'],
  ['confirm', /^tail .*history$/, 'whom a later delivery is told'],
];

underShells(['dash'], 'a step in which one program ends without output', (under) => {
  const { prepare, calls, answer } = withSilentPrograms(under);
  const release = gateway(1001);
  beforeAll(() => prepare());

  test.each(STEPS)('%s refuses, whichever program it is and however it ends', (step) => {
    under.fresh();
    expect(under.delivered(release, STEPS.slice(0, STEPS.indexOf(step))).every((said) => said.startsWith('ok'))).toBe(
      true,
    );
    const again = under.device().kept();
    const [said, all] = calls(step, release);
    expect([said, all.length > 20]).toEqual([expect.stringMatching(/^ok /), true]);
    const taken = Object.keys(ENDINGS).flatMap((ending) =>
      all.flatMap((call) => {
        again();
        const got = answer(step, release, call.nth, ending as Ending);
        const decides = !DECIDE_NOTHING.some(
          ([of, pattern]) => of === step && pattern.test(`${call.tool} ${call.words}`),
        );
        return got.startsWith('ok') && decides ? [`${ending}: ${call.tool} ${call.words}: ${got}`] : [];
      }),
    );
    expect(taken).toEqual([]);
  });
});
