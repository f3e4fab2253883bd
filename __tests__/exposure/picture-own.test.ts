// Tests the picture in the HTML exposure report of a stack of our own: the boxes of its gateways and servers, and what
// reaches servers past the gateways.

import { Policy } from '../../lib/policy/policy';
import { printExposureHtml } from '../../lib/exposure/print/exposure-html';
import { parsed, sha256, textWithin } from '../printing/parsed';
import { edge, profile, server } from '../review/samples';
import { stack } from './report-on-policies';

/** Returns the labels of its boxes. */
function boxes(policies: readonly Policy[]): readonly string[] {
  const texts = parsed(printExposureHtml(stack(policies), sha256)).elements.filter(({ tagName }) => tagName === 'text');
  return texts.filter((one) => one.attrs.some(({ value }) => value === 'middle')).map((one) => textWithin(one).trim());
}

const all = edge(
  { a: '203.0.113.10', b: '203.0.113.11' },
  [
    server('web1', '10.0.0.10', profile(['https']), {
      addresses: ['10.0.0.10/24', '10.0.0.12/24', '2001:db8:1::10/64'],
    }),
    server('web2', '10.0.0.11', profile(['smtp'])),
  ],
  [
    { name: 'one', virtualIp: 'a', internal: { server: 'web1', address: '10.0.0.10' } },
    { name: 'two', virtualIp: 'b', internal: { server: 'web2' } },
  ],
);
const of = (kind: Policy['kind']): readonly Policy[] => all.filter((one) => one.kind === kind);

describe('the picture of a stack shows devices', () => {
  it('gateways and servers, and an arrow past the gateways to unmapped addresses', () => {
    expect(boxes(all)).toEqual(['the internet', 'edge', 'web1', 'web2', 'web1']);
  });
  it('servers with the same exposure in one box, by their names', () => {
    const alike = (count: number): readonly Policy[] => {
      const each = Array.from({ length: count }, (_, at) => at);
      return edge(
        Object.fromEntries(each.map((at) => [`v${at}`, `203.0.113.${10 + 2 * at}`])),
        each.map((at) => server(`web${at}`, `10.0.0.${10 + 2 * at}`, profile(['https']))),
        each.map((at) => ({ name: `m${at}`, virtualIp: `v${at}`, internal: { server: `web${at}` } })),
      );
    };
    expect(boxes(alike(2))).toEqual(['the internet', 'edge', 'web0, web1']);
    expect(boxes(alike(22))).toEqual(['the internet', 'edge', 'web0, web1, web2 and 19', 'more']);
  });
  it('gateways alone', () => {
    expect(boxes(of('gateway'))).toEqual(['the internet', 'edge', '10.0.0.10', '10.0.0.11']);
  });
  it('servers alone, each with all of its addresses', () => {
    expect(boxes(of('server'))).toEqual(['the internet', 'web1', 'web2']);
  });
});
