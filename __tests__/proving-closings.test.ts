import { closings } from '../lib/proving/closings';
import { Proof, prove } from '../lib/proving/prove';
import { platforms } from '../lib/registry';
import { MANAGEMENT } from './cases/edge';
import { Wish, caseWish, compiled } from './support';

const [gateway, server] = compiled(caseWish('guide/mail-server'), 'nftables').policies.map((policy) => prove(policy)) as [Proof, Proof];
const { reader } = platforms.nftables;

/** What the text closes once one part of it says something else. */
function closed({ policy, written, device, expected }: Proof, from: string, to: string): string {
  expect(written.text).toContain(from);
  const reading = reader.read(written.text.replace(from, to), device);
  return closings(policy, expected, reading, reader.read('', device), device)
    .map(({ text }) => text)
    .join('\n');
}

it('finds nothing in what is written', () => {
  for (const { differences } of [gateway, server]) expect(differences).toEqual([]);
});

it('names the inside of a server that is cut off', () => {
  const found = closed(server, 'ip saddr 10.0.0.0/24 accept comment "inside"', 'ip saddr 10.0.0.0/25 accept');
  expect(found).toMatch(/from 10\.0\.0\.128\/25 would not pass, and is not ours to close/);
});

it('names hosts behind a gateway that are cut off though no mapping is theirs', () => {
  const FORWARD = 'hook forward priority filter - 10; policy';
  expect(closed(gateway, `${FORWARD} accept`, `${FORWARD} drop`)).toMatch(
    /from inside by lan0: .* would not pass, and is not ours to close/,
  );
});

it('names the gateway that is cut off from its own administrators', () => {
  expect(closed(gateway, 'iif "lo" accept', 'ip daddr 203.0.113.2 tcp dport 22 drop')).toMatch(
    /203\.0\.113\.2 tcp 22 from anywhere would not pass, and is not ours to close/,
  );
});

it('leaves a blocked part of the inside closed, errors and all', () => {
  const blocked: Wish['servers'] = [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      inside: ['10.0.0.0/24'],
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT, blocked: ['10.0.0.128/25'] },
    },
  ];
  expect(compiled({ servers: blocked }, 'nftables').policies.map((policy) => prove(policy).differences)).toEqual([[]]);
});
