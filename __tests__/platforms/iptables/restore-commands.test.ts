// Tests files for iptables-restore with commands such as -F, -X and -D inside a table: each packet fares as with what
// both back ends load, or is unknown; what a back end refuses is refused or may be missing.

import { spawnSync } from 'node:child_process';
import { parser } from '../../../lib/platforms/iptables/parse/parser';
import { toLocationKey } from '../../../lib/net/device';
import { packetOf } from '../../evaluator/kernel/probes';
import { probe } from '../../evaluator/cases/cases';
import { GATEWAY } from '../../evaluator/packets';
import { refusals } from '../../evaluator/get-disposition';
import { describeWhere } from '../../where-possible';
import { BACK_ENDS, canUseIptables } from './kernel';
import { HEADER, filter } from './printed';

const [TCP, SSH, WEB, OWN] = [
  '-A INPUT -p tcp -j ACCEPT',
  '-A INPUT -p tcp --dport 22 -j ACCEPT',
  '-A INPUT -p tcp --dport 443 -j ACCEPT',
  ':own - [0:0]',
];
/** Commands of a table filter with policy DROP, and the verdicts of tcp 22 and 443 into it and of tcp 443 through it. */
const FILES: readonly (readonly [readonly string[], string])[] = [
  [['-F', SSH], 'allowed denied denied'],
  [[WEB, '-F INPUT', SSH], 'allowed denied denied'],
  [[OWN, '-A own -j ACCEPT', '-F own', '-A INPUT -j own', SSH], 'allowed denied denied'],
  [[OWN, '-F own', '-X own', '-N own', '-A own -j ACCEPT', '-A INPUT -j own'], 'allowed allowed denied'],
  [[OWN, '-X own', SSH], 'allowed denied denied'],
  [['-F', '-X', SSH], 'allowed unknown unknown'],
  [['--flush', '--delete-chain', '--zero', '-P INPUT DROP', SSH], 'allowed denied unknown'],
  [['-X', ':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', SSH], 'allowed denied denied'],
  [['-Z', SSH], 'allowed unknown unknown'],
  [[SSH, '-Z FORWARD'], 'allowed denied unknown'],
  [['-Z OUTPUT', SSH], 'allowed denied denied'],
  [[WEB, SSH, '-D INPUT 1'], 'allowed denied denied'],
  [[WEB, SSH, '-D INPUT -p 6 --destination-port https -j ACCEPT'], 'allowed denied denied'],
  [[TCP, SSH, TCP, '--delete INPUT -p tcp -j ACCEPT', '-D INPUT -p tcp -j ACCEPT'], 'allowed denied denied'],
  [[SSH, '-A INPUT -s 10.1.1.1/8 -j DROP', '-D INPUT -s 10.0.0.0/8 -j DROP'], 'allowed denied denied'],
  [
    [SSH, '-A INPUT -m state --state NEW,INVALID -j DROP', '-D INPUT -m state --state INVALID,NEW -j DROP'],
    'allowed denied denied',
  ],
  [
    ['-A INPUT -s 10.0.0.1,10.0.0.2 -j DROP', '-I INPUT 3 -p tcp --dport 22 -j ACCEPT', '-D INPUT 3'],
    'denied denied denied',
  ],
  [[SSH, '-I INPUT 1 -p tcp -j DROP'], 'denied denied denied'],
  [[SSH, '-C INPUT -p tcp --dport 22 -j ACCEPT', '-L INPUT -n', '-S', '--list'], 'allowed denied denied'],
  [['-P INPUT ACCEPT', '-A INPUT -p tcp --dport 443 -j DROP', '-P FORWARD ACCEPT'], 'allowed denied allowed'],
  [[SSH, ':INPUT ACCEPT [0:0]'], 'allowed allowed denied'],
  [[TCP, '-R INPUT 1 -p tcp --dport 22 -j ACCEPT'], 'allowed unknown unknown'],
  [[SSH, '-Z INPUT 1'], 'allowed unknown unknown'],
  [[OWN, '-E own mine', '-A mine -j ACCEPT', '-A INPUT -p tcp --dport 22 -j mine'], 'allowed unknown unknown'],
  [['-X OUTPUT', SSH], 'allowed unknown unknown'],
];
/** Commands that both back ends refuse. */
const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [['-D INPUT -p udp -j ACCEPT'], 'unexpected-text'],
  [[SSH, '-D INPUT -p tcp -j ACCEPT'], 'unexpected-text'],
  [[SSH, '-D INPUT 2'], 'unexpected-text'],
  [[SSH, '-D INPUT 0'], 'unexpected-text'],
  [[SSH, '-R INPUT 2 -p udp -j DROP'], 'unexpected-text'],
  [[SSH, '-R INPUT -p udp -j DROP'], 'unexpected-text'],
  [['-C INPUT -p udp -j ACCEPT'], 'unexpected-text'],
  [['-F INPUT more'], 'unexpected-text'],
  [['-L -F'], 'unexpected-text'],
  [['-F none'], 'no-such-chain'],
  [['-X none'], 'no-such-chain'],
  [['-Z none'], 'no-such-chain'],
  [['-L none'], 'no-such-chain'],
  [['-D none -j ACCEPT'], 'no-such-chain'],
  [[OWN, '-A own -j ACCEPT', '-X own'], 'not-loaded'],
  [[OWN, '-A INPUT -j own', '-X own'], 'not-loaded'],
  [[OWN, '-A INPUT -j own', '-X'], 'not-loaded'],
  [[OWN, '-N own'], 'duplicate-chain'],
  [['-P none DROP'], 'wrong-policy'],
  [['-t filter -A INPUT -j ACCEPT'], 'unexpected-text'],
];
const KEPT_BY_ONE = [[SSH, '-F'], 'unexpected-text'] as const;

const toText = (lines: readonly string[]): string => HEADER.ip + filter('DROP', 'DROP', ...lines);
const PROBES = [
  probe('out', '198.51.100.7', '198.51.100.2', 22),
  probe('out', '198.51.100.7', '198.51.100.2', 443),
  probe('out', '198.51.100.7', '10.20.0.9', 443),
];
function findVerdicts(text: string): readonly string[] {
  const view = parser
    .read(text, GATEWAY)
    .reachability.views.find(({ startLocation }) => toLocationKey(startLocation) === 'interface wan0')!;
  return PROBES.map((packet) => view.dispositions.findValue(packetOf(packet))?.is ?? 'denied');
}

describe('a file for iptables-restore', () => {
  it.each(FILES)('has one meaning, or is unknown where the back ends differ: %j', (lines, verdicts) =>
    expect(findVerdicts(toText(lines)).join(' ')).toBe(verdicts),
  );
  it.each([...REFUSED, KEPT_BY_ONE])('is refused: %j', (lines, code) =>
    expect(refusals(parser, toText(lines)).map((refusal) => refusal.replace(/^iptables\/(.*) at .*/, '$1'))).toEqual([
      code,
    ]),
  );
});

describeWhere(
  canUseIptables(),
  'iptables-restore',
  'root on Linux, with iptables',
)('iptables-restore 1.8.9', () => {
  /** Returns the rules that a back end has of a file; undefined if it refuses the file, or fails. */
  const load = (backEnd: string, lines: readonly string[]): string | undefined => {
    const script = `iptables-${backEnd}-restore >&2 && iptables-${backEnd}-save -t filter`;
    const { status, stdout } = spawnSync('unshare', ['-n', 'sh', '-c', script], {
      input: toText(lines),
      encoding: 'utf8',
    });
    return status === 0 && stdout !== '' ? stdout : undefined;
  };

  it.each(FILES)('of both back ends loads what is answered: %j', (lines, verdicts) => {
    const loaded = BACK_ENDS.map((backEnd) => load(backEnd, lines)).map((text) =>
      text === undefined ? PROBES.map(() => 'allowed') : findVerdicts(text),
    );
    const joined = PROBES.map((_, at) =>
      loaded.every((backEndVerdicts) => backEndVerdicts[at] === loaded[0]![at]) ? loaded[0]![at] : 'unknown',
    );
    expect(joined.join(' ')).toBe(verdicts);
  });
  it.each(REFUSED)('of both back ends refuses: %j', (lines) =>
    expect(BACK_ENDS.map((backEnd) => load(backEnd, lines))).toEqual([undefined, undefined]),
  );
  it('keeps rules above -F with one back end alone', () => {
    const [kept, removed] = BACK_ENDS.map((backEnd) => load(backEnd, KEPT_BY_ONE[0])!.includes('--dport 22'));
    expect([kept, removed]).toEqual([true, false]);
  });
});
