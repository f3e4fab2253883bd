// Tests rules of ip6tables for extension headers (-m ah, -m frag): such a header may be there or not. Both back ends
// load the same rules.

import { spawnSync } from 'node:child_process';
import { parser } from '../../../lib/platforms/iptables/parse/parser';
import { probe } from '../../evaluator/cases/cases';
import { getDisposition, refusals } from '../../evaluator/get-disposition';
import { describeWhere } from '../../where-possible';
import { BACK_ENDS, canUseIptables } from './kernel';
import { HEADER, filter } from './printed';

const SSH = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const toText = (...rules: readonly string[]): string => HEADER.ip6 + filter('DROP', 'DROP', ...rules);
const getVerdicts = (text: string): readonly string[] =>
  [22, 443].map((port) => getDisposition(parser, text, probe('out', '2001:db8:1::7', '2001:db8:1::2', port)));

const HEADERS = [
  '-m ah',
  '-m ah --ahspi 256',
  '-m frag --fragid 1:42 --fragfirst',
  '-m rt --rt-type 0',
  '-m hbh --hbh-len 42',
  '-m dst --dst-opts 149:92',
  '-m srh --srh-next-hdr 17',
];
const REFUSED = ['-f', '-m mh --mh-type 1', '-m esp --espspi 1', '-p ipv6-mh --mh-type 1'];

describe('an extension header of IPv6', () => {
  it.each(HEADERS)('may be left out by a packet: a rule that drops by %s keeps nothing out', (match) => {
    const [ssh, web] = getVerdicts(toText(`-A INPUT ${match} -j DROP`, SSH));
    expect([ssh !== 'denied' && ssh !== 'unknown', web]).toEqual([true, 'denied']);
  });
  it.each(HEADERS)('may be put in by a packet: a rule that accepts by %s makes all unknown', (match) =>
    expect(getVerdicts(toText(`-A INPUT ${match} -j ACCEPT`))).toEqual(['unknown', 'unknown']),
  );
  it.each(REFUSED)('is no %s', (match) =>
    expect(refusals(parser, toText(`-A INPUT ${match} -j DROP`))[0]).toMatch(/not-loaded|unknown-option/),
  );
});

describeWhere(
  canUseIptables(),
  'ip6tables-restore',
  'root on Linux, with iptables',
)('ip6tables-restore', () => {
  it.each(BACK_ENDS)('of %s takes and refuses the same', (backEnd) => {
    const isTaken = (match: string): boolean =>
      spawnSync('unshare', ['-n', `ip6tables-${backEnd}-restore`], { input: toText(`-A INPUT ${match} -j DROP`) })
        .status === 0;
    expect([...HEADERS, ...REFUSED].filter(isTaken)).toEqual(HEADERS);
  });
});
