// Tests the table of a reachability that Jest snapshots hold: each line once, and one port more changes exactly one
// line.

import { printTable } from '../../lib/reachability/print-table';
import { printExposureTable, verifyPolicy } from '../../lib/verifier/verify-policy';
import { printReport } from '../../lib/verifier/verification-report';
import { caseWish, compiled, Wish } from '../support';

const linesOf = (wish: Wish): readonly (readonly string[])[] => {
  const proofs = compiled(wish, 'nftables').policies.map((policy) => verifyPolicy(policy));
  return proofs.map((proof) => printExposureTable(proof, printTable).split('\n'));
};

it('each line stands once, with its start locations', () => {
  expect(linesOf(caseWish('hairpin/same-subnet'))).toEqual([
    [
      '203.0.113.10 tcp 443 from anywhere [wan0 lan0]',
      '203.0.113.10 is 10.0.0.10 [wan0]',
      'any IPv4 but 10.0.0.0/24, 127.0.0.0/8, 203.0.113.2, 203.0.113.10, 224.0.0.0/3 all protocols from 10.0.0.10 [lan0]',
      '203.0.113.10 from anywhere but 10.0.0.0/24 is 10.0.0.10 [lan0]',
      '203.0.113.10 from 10.0.0.0/24 is 10.0.0.10, source translated to 10.0.0.1 [lan0]',
      'any IPv4 but 10.0.0.0/24, 127.0.0.0/8, 203.0.113.2, 203.0.113.10, 224.0.0.0/3 from 10.0.0.10, source translated to 203.0.113.10 [lan0]',
      '',
    ],
  ]);
});

it('names the outgoing interface only if it matters', () => {
  const [lines] = linesOf(caseWish('gateway/two-ways-out'));
  expect(lines).toContain('203.0.113.10 tcp 443 from anywhere [wan0]');
  expect(lines!.filter((line) => line.endsWith('[lan0>wan1]'))).toHaveLength(2);
});

it('one more open port on gateway and server changes exactly one line of each table', () => {
  const wish = caseWish('guide/mail-server');
  const [server] = wish.servers!;
  const wider: Wish = {
    ...wish,
    servers: [{ ...server!, profile: { ...server!.profile, services: [...server!.profile.services, '3306/tcp'] } }],
  };
  const report = (one: Wish): readonly string[] =>
    printReport(
      compiled(one, 'nftables').policies.map((policy) => verifyPolicy(policy)),
      [],
      printTable,
    ).split('\n');
  const [before, after] = [report(wish), report(wider)];
  expect(after).toHaveLength(before.length);
  expect(after.filter((line, i) => line !== before[i])).toEqual([
    '  203.0.113.10 tcp 25,443,465,993,3306 from anywhere [wan0 lan0]',
    '  10.0.0.10 tcp 25,443,465,993,3306 from anywhere [eth0]',
    '  203.0.113.10 tcp 25,443,465,993,3306 from anywhere [wan0 lan0]',
  ]);
});
