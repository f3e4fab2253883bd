// Tests that the agent's steps upload, check, arm and confirm refuse if a program that they start (awk, sed, nft …) is
// missing, and that upload refuses a hostile text if one is killed. A sample of silent-programs.full.test.ts. Runs on
// a test device with the real nft.

import { withSilentPrograms } from './silent-programs';
import { sent, tableText } from './stream';
import { EL_SHELL, Step, gateway, underShells } from './under-shell';

jest.setTimeout(120_000);

const STEPS: readonly Step[] = ['upload', 'check', 'arm', 'confirm'];

underShells([EL_SHELL], 'a step whose programs are missing', (under) => {
  const { prepare, answer } = withSilentPrograms(under);
  const release = gateway(1001);
  beforeAll(() => prepare());

  test.each(STEPS)('%s refuses, whichever program it is', (step) => {
    under.fresh();
    expect(under.delivered(release, STEPS.slice(0, STEPS.indexOf(step))).every((said) => said.startsWith('ok'))).toBe(
      true,
    );
    const again = under.device().kept();
    const all = ['awk', 'cat', 'dd', 'grep', 'sed', 'sha256sum', 'wc', ...(step === 'upload' ? ['tr'] : ['nft'])];
    const used = all.filter((tool) => step === 'check' || !['grep', 'sed'].includes(tool));
    for (const tool of used) {
      const answerText = answer(step, release, tool, 'missing');
      const loaded = step === 'confirm' ? ['1001'] : [];
      expect([tool, answerText, under.ports()]).toEqual([tool, expect.stringMatching(/^refused /), loaded]);
      again();
    }
  });

  test('upload refuses a hostile text if a program is killed', () => {
    under.fresh();
    for (const tool of ['awk', 'cat', 'dd', 'sha256sum', 'tr', 'wc']) {
      const bad = sent({ text: tableText(1001).replace('    chain', '  include "/etc/passwd"\n    chain') });
      expect([tool, answer('upload', bad, tool, 'killed')]).toEqual([tool, expect.stringMatching(/^refused /)]);
      under.fresh();
    }
  });
});
