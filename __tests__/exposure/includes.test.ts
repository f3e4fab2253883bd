// Tests nftables texts with `include` lines: the given files stand in their place, a file that isn't given or isn't
// the only one of its name is refused, and so is one that includes itself.

import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { parseQuestion } from '../../lib/exposure/answer/question';
import { ExposureInput, createExposureReport } from '../../lib/exposure/create-exposure-report';
import { joinFiles } from '../../lib/exposure/join-files';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { problemsOf } from '../problems';

const main = (...includes: readonly string[]): string => `#!/usr/sbin/nft -f
${includes.map((one) => `include "${one}"\n`).join('')}table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    tcp dport $PORTS accept
  }
}
`;
const PORTS = 'define PORTS = { 22, 80 }\n';

function report(files: Readonly<Record<string, string>>) {
  const given = Object.entries(files).map(([name, text]): ExposureInput => ({
    ...(recognizeText(text, name) as ExposureInput),
    name,
  }));
  return createExposureReport(joinFiles(given), NO_FACTS, parseQuestion({}));
}

describe('an included file', () => {
  it.each([
    ['./ports.nft', 'ports.nft'],
    ['/etc/nftables.d/ports.nft', 'ports.nft'],
    ['/etc/nftables.d/*.nft', 'etc/nftables.d/ports.nft'],
  ])('replaces the line %s if %s is given', (path, name) => {
    const { headline, devices } = report({ [name]: PORTS, 'nftables.conf': main(path) });
    expect(headline).toBe('Open to the internet: tcp 22,80.');
    expect(devices).toHaveLength(1);
    expect(devices[0]!.assumptions.join()).toContain(`nftables.conf includes ${name}`);
    expect(devices[0]!.sections[0]!.entries[0]!.decidingLines).toMatchObject([{ file: 'nftables.conf' }]);
  });

  it.each([
    ['of another name', { 'other.nft': PORTS, 'nftables.conf': main('ports.nft') }],
    ['one of two with its name', { 'a/ports.nft': PORTS, 'b/ports.nft': PORTS, 'nftables.conf': main('./ports.nft') }],
    [
      'in another folder than the pattern names',
      { 'a/ports.nft': PORTS, 'nftables.conf': main('/etc/nftables.d/*.nft') },
    ],
  ])('is refused if the given file is %s', (_, files) => {
    expect(problemsOf(() => report(files)).map(({ code }) => code)).toEqual(['nftables/include']);
  });

  it('may include another one, but not itself', () => {
    expect(report({ 'b.nft': PORTS, 'a.nft': 'include "b.nft"\n', 'main.nft': main('a.nft') }).headline).toContain(
      'tcp 22,80.',
    );
    expect(problemsOf(() => report({ 'a.nft': 'include "a.nft"\n', 'b.nft': 'include "a.nft"\n' }))[0]?.code).toBe(
      'nftables/include',
    );
  });
});
