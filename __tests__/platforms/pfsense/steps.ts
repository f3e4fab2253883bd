// The steps of a delivery to a simulated pfSense box, and the state of the box afterwards.

import { parseResult } from '../../../driver/agent-answer';
import { renderReleaseFile } from '../../../driver/release-file';
import { Release } from '../../../lib/agent-protocol/release';
import { freshToken } from '../../agent/stream';
import { MADE, releaseOf } from '../../driver/samples';
import { Mapped, TextParts, textOf } from './box-configuration';
import { Api, TestBox } from './machine';
import { temporaryFolder } from '../../temporary-folder';

interface Sent {
  readonly identity: string;
  readonly upload: string;
  readonly file: string;
}

export const MAIL: Mapped = { name: 'mail', outside: '203.0.113.10', inside: '10.0.1.50', port: '443' };
export const WWW: Mapped = { name: 'www', outside: '203.0.113.11', inside: '10.0.1.51', port: '80' };

export function sent(
  mapped: readonly Mapped[],
  text: TextParts = {},
  parts: Partial<Release> = {},
  lease = 'lease-1',
): Sent {
  const owner = text.owner ?? 'web';
  const release = releaseOf({
    owner,
    platform: 'pfsense',
    text: textOf(mapped, text),
    addresses: mapped.map(({ outside }) => ({ kind: 'alias', interface: 'igb0', address: `${outside}/32` })),
    claims: { outside: mapped.map(({ outside }) => outside), inside: mapped.map(({ inside }) => inside) },
    ...parts,
  });
  const token = freshToken();
  return {
    identity: `gateway ${owner} ${token}`,
    upload: `upload gateway ${owner} ${lease} ${release.digest} ${token}`,
    file: renderReleaseFile(release, lease, token, MADE),
  };
}

export const DELIVERED = 'ok uploaded, ok checked, ok armed, ok confirmed';

/**
 * A box for the tests of one describe, reset before each: the steps of a delivery by hand, and the box's state
 * afterwards.
 */
export function stepsOnBox(api?: Api) {
  let started: TestBox;
  beforeAll(async () => void (started = await TestBox.start(folder, api)), 120_000);
  afterAll(() => started.stop());
  beforeEach(() => started.fresh());
  const folder = temporaryFolder();
  const box = (): TestBox => started;
  const wordOf = (output: string): string => {
    const result = parseResult(output.split('\n').at(-1) ?? '');
    return result ? `${result.is} ${result.word}` : output;
  };
  const upload = (one: Sent): string => wordOf(box().program(one.upload, one.file));
  const check = (one: Sent): string => box().program(`check ${one.identity}`).split('\n').at(-1)!;
  const arm = (one: Sent, seconds = 300): string => wordOf(box().program(`arm ${one.identity} ${seconds}`));
  const confirm = (one: Sent): string => wordOf(box().program(`confirm ${one.identity}`));
  const trial = (one: Sent, seconds = 300): void =>
    expect([upload(one), wordOf(check(one)), arm(one, seconds)]).toEqual(['ok uploaded', 'ok checked', 'ok armed']);
  const rollback = (one: Sent): string => box().program(`rollback ${one.identity}`).split('\n').at(-1)!;
  const deliver = (one: Sent): string => [upload(one), wordOf(check(one)), arm(one), confirm(one)].join(', ');
  const retract = (lease = 'lease-1', owner = 'web'): string =>
    box().program(`retract gateway ${owner} ${lease} ${freshToken()}`).split('\n').at(-1)!;
  const config = (): string =>
    box()
      .read('/cf/conf/config.xml')
      .replace(/\t<revision>[^]*<\/revision>\n/, '');
  const descrs = (): readonly string[] =>
    [...config().matchAll(/<descr><!\[CDATA\[([^\]]*)\]\]/g)].map(([, descr]) => descr!);
  const ours = (): readonly string[] => descrs().filter((descr) => descr.startsWith('cpanel-edge:'));
  const runs = (): string => box().read('/var/pf/nat') + box().read('/var/pf/rules');
  const status = (word: string): string => new RegExp(` ${word}=(\\S+)`).exec(box().program('status'))?.[1] ?? 'nobody';
  return {
    box,
    wordOf,
    upload,
    check,
    arm,
    confirm,
    trial,
    rollback,
    deliver,
    retract,
    config,
    descrs,
    ours,
    runs,
    status,
  };
}
