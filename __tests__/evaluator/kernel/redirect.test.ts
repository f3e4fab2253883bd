// Compares the evaluator with a kernel: connections to a port that a server's rules redirect to another one.

import { parseAddress, printAddress } from '../../../lib/net/address';
import { parseQuestion } from '../../../lib/exposure/answer/question';
import { createExposureReport } from '../../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../../lib/exposure/facts/device-facts';
import { recognizeText } from '../../../lib/exposure/texts/recognize-text';
import { describeKernel } from './kernel-tests';
import { KernelPlace } from './place';

const RULES = `table inet filter {
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 80 redirect to :8080
	}
	chain input {
		type filter hook input priority filter; policy drop;
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
		tcp dport 8080 accept
	}
}
`;

/** A server, and a client outside. */
class Pair {
  readonly server = new KernelPlace(`cpk-${process.pid}-rs`);
  readonly other = new KernelPlace(`cpk-${process.pid}-ro`);

  constructor() {
    this.server.joins('eth0', '02:00:00:00:03:01', this.other, 'up0', '02:00:00:00:03:02');
    this.other.ip(['addr add 192.0.2.1/24 dev up0', 'addr add 2001:db8:9::1/64 dev up0 nodad']);
    this.server.run(['nft', '-f', '-'], RULES);
  }

  remove(): void {
    this.server.remove();
    this.other.remove();
  }
}

describeKernel(
  'redirects by a kernel',
  () => new Pair(),
  (pair) =>
    test.each([
      [
        'the first',
        [
          '203.0.113.10/24',
          '203.0.113.11/24',
          '198.51.100.5/32',
          '192.0.2.2/24',
          '2001:db8:1::5/64',
          '2001:db8:9::2/64',
        ],
      ],
      ['another order', ['192.0.2.2/24', '203.0.113.11/24', '203.0.113.10/24', '2001:db8:9::2/64', '2001:db8:1::5/64']],
      ['one that is private', ['10.0.0.9/24', '192.0.2.2/24', '2001:db8:9::2/64']],
    ])('%s, as evaluated from the output of ip', async (_, addresses) => {
      const { server, other } = pair();
      server.ip([
        'addr flush dev eth0',
        ...addresses.map((one) => `addr add ${one} dev eth0${one.includes(':') ? ' nodad' : ''}`),
      ]);
      const facts = server.run(['ip', '-o', 'addr', 'show', 'scope', 'global']);
      const recognized = recognizeText(`${RULES}${facts}`, 'rules.nft');
      if (recognized.is !== 'rules') throw new Error(recognized.is);
      const report = createExposureReport(
        [{ ...recognized, name: 'rules.nft' }],
        NO_FACTS,
        parseQuestion({ to: ['192.0.2.2', '2001:db8:9::2'], port: ['80/tcp'] }),
      );
      const said = report.devices.flatMap(({ sections }) => sections.flatMap(({ entries }) => entries));
      expect(said.map(({ disposition }) => disposition)).not.toContain('unknown');

      server.watch('input priority 2000');
      await other.send([
        { from: '192.0.2.1', to: '192.0.2.2', protocol: 6, port: 80, sourcePort: 40_001, size: 0 },
        { from: '2001:db8:9::1', to: '2001:db8:9::2', protocol: 6, port: 80, sourcePort: 40_002, size: 0 },
      ]);
      const arrived = server.seen().filter(({ port }) => port === 8080);
      const at = (to: string): string =>
        said.find((one) => one.destinations.includes(to))!.translatedDestination.replace(/^the same/, to);
      const told = ['192.0.2.2', '2001:db8:9::2'].map((to) => at(to));
      expect(
        arrived.map(({ destination, port }) => `${printAddress(parseAddress(destination)!)} port ${port}`).sort(),
      ).toEqual(told.sort());
    }),
);
