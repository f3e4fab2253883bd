import { Exposure } from '../lib/exposure/exposure';
import { printAddress } from '../lib/net/address';
import { Device, Vantage, vantageKey } from '../lib/net/device';
import { Packet } from '../lib/net/packet';
import { evaluatePf } from '../lib/reading/pf/evaluate';
import { PfRules } from '../lib/reading/pf/model';
import { leavesAs } from './leaves';
import { BOX, at, binat, block, pass, rulesOf } from './pf-rules';

const SERVER = '10.0.0.11';
const PUBLIC = '203.0.113.10';
const PEER = '198.51.100.7';
const WAN: Vantage = { kind: 'interface', name: 'em0' };
const LAN: Vantage = { kind: 'interface', name: 'em1' };

const tcp = (from: string, to: string, port = 443, sourcePort = 40_000): Packet => ({
  source: at(from),
  destination: at(to),
  protocol: 6,
  port,
  sourcePort,
});

/** `allowed as 198.51.100.7:40000 > 10.0.0.11:443`, `denied`, `unknown: why`. A free source port is a star, what isn't known a question mark. */
function said(exposure: Exposure, vantage: Vantage, packet: Packet): string {
  const view = exposure.views.find((one) => vantageKey(one.vantage) === vantageKey(vantage))!;
  const verdict = view.verdicts.at(packet);
  if (!verdict) return 'denied';
  if (verdict.is === 'unknown') return `unknown: ${verdict.because}`;
  const as = view.translations.at(packet)!;
  const left = leavesAs(packet, { ...as, source: as.source.is === 'unclear' ? { is: 'kept' } : as.source })!;
  const source = as.source.is === 'unclear' ? '?' : printAddress(left.source);
  return `allowed as ${source}:${as.sourcePort === 'free' ? '*' : left.sourcePort} > ${printAddress(left.destination)}:${left.port}`;
}

const asking =
  (rules: Partial<PfRules>, device: Device = BOX) =>
  (vantage: Vantage, packet: Packet): string =>
    said(evaluatePf(rulesOf(rules), device), vantage, packet);

const ONE_TO_ONE = binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32` });
const CLOSED = block({});
const OUT = pass({ way: 'out' });

describe('1:1 NAT', () => {
  const ask = asking({ binat: [ONE_TO_ONE], filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: SERVER, port: 443, quick: true })] });

  it('leads what comes for the public address to the private one, before the filter', () => {
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
  });

  it('does not tell the way over the public address from the direct one', () => {
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('says nothing of other interfaces: there the public address is the box', () => {
    const open = asking({ binat: [ONE_TO_ONE], filter: [CLOSED, OUT, pass({ way: 'in', on: 'em1' })] });
    expect(open(LAN, tcp('10.0.0.20', PUBLIC))).toBe('allowed as 10.0.0.20:40000 > 203.0.113.10:443');
  });
});
