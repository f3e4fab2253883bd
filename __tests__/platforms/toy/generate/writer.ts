import { printAddress } from '../../../../lib/net/address';
import { NumberRange } from '../../../../lib/net/device';
import { Range, joined } from '../../../../lib/net/range';
import { Opening, Policy } from '../../../../lib/policy/policy';
import { Refusal, refuseIfAny } from '../../../../lib/problems/problem';
import { refused } from '../../../../lib/generate/refuse';
import { Writer } from '../../../../lib/generate/writer';
import { capabilities } from '../capabilities';

const NOTHING = { text: '', captured: false };

export const writer: Writer = {
  write: (policy) => ({ text: written(policy), surroundings: NOTHING, addresses: [] }),
  closing: (policy) => written(policy, ({ management }) => management),
  without: () => NOTHING,
};

/** Management, then what is blocked, then the rest: the first line that matches decides. */
function written(policy: Policy, kept: (opening: Opening) => boolean = () => true): string {
  const found = refused(policy, capabilities);
  if (policy.kind !== 'server') throw new Refusal(found);
  refuseIfAny(found);
  const { entries, blocked } = policy.openings;
  const openings = entries.filter(kept);
  return [
    `slate ${policy.owner}`,
    `keep ${policy.whenClosed === 'cut' ? 'answers' : 'sessions'}`,
    ...openings.filter(({ management }) => management).flatMap(lines),
    ...printedAll(blocked).map((range) => `drop any all from ${range}`),
    ...(policy.insideConnections === 'unmanaged'
      ? printedAll(policy.inside).map((range) => `accept any all from ${range}`)
      : []),
    ...openings.filter(({ management }) => !management).flatMap(lines),
    'end',
    '',
  ].join('\n');
}

const lines = ({ protocol, ports, sources }: Opening): readonly string[] =>
  printedAll(sources).flatMap((range) =>
    (ports === 'all' ? ['all'] : ports.map(printed)).map((port) => `accept ${protocol} ${port} from ${range}`),
  );

const printed = ({ first, last }: NumberRange): string => `${first}-${last}`;
const printedAll = (sources: 'anywhere' | readonly Range[]): readonly string[] =>
  sources === 'anywhere'
    ? ['any']
    : joined(sources).map(({ first, last }) => `${printAddress(first)}-${printAddress(last)}`);
