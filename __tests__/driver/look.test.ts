// Tests how the status and the facts that an agent prints are parsed: what runs, what the rules depend on, and what the
// next boot loads.

import { parseAnswer } from '../../driver/agent-answer';
import { askStatus } from '../../driver/device-status';
import { Remote } from '../../driver/ssh';
import { Refusal } from '../../lib/problems/problem';
import { connectionOf } from './samples';

const SECTIONS = ['ruleset', 'version', 'addresses', 'links', 'routes', 'forwarding', 'legacy'];

/** A device whose agent answers with these sections. */
const device = (sections: readonly string[]): Remote => ({
  connection: connectionOf(),
  run: ([word]) => {
    const read = sections.map((name) => `cpanel-edge: section ${name}\n|${name} of it\n`).join('');
    return Promise.resolve(
      parseAnswer(word === 'read' ? `${read}cpanel-edge: ok read\n` : 'cpanel-edge: ok status protocol=1\n', '', 0),
    );
  },
  script: () => Promise.reject(new Error('nothing is installed here')),
});

it('returns what the device runs and the facts its rules depend on', async () => {
  const { ruleset, facts } = await askStatus(device(SECTIONS));
  expect([ruleset, facts.routes]).toEqual(['ruleset of it\n', 'routes of it\n']);
});

it("an agent that doesn't list routes is too old to judge by", async () => {
  const asked = askStatus(device(SECTIONS.filter((name) => name !== 'routes')));
  await expect(asked).rejects.toThrow(Refusal);
  await expect(asked).rejects.toThrow(/driver\/program-too-old/);
});

describe("cPanel's additions to the rules", () => {
  const answer = (lines: string): Remote => {
    const asked = device(SECTIONS);
    const read = SECTIONS.map((name) => `cpanel-edge: section ${name}\n`).join('');
    return {
      ...asked,
      run: (words) =>
        words[0] === 'read'
          ? Promise.resolve(parseAnswer(`${read}${lines}cpanel-edge: ok read\n`, '', 0))
          : asked.run(words),
    };
  };
  const said = async (lines: string): Promise<unknown> => (await askStatus(answer(lines))).facts.cpanelRules;
  const section = 'cpanel-edge: section cpanel-rules\n';

  test.each(['added', 'skipped', 'zone'])('%s', async (word) => expect(await said(`${section}|${word}\n`)).toBe(word));

  test.each([
    ['an agent without this section', ''],
    ['a device without cPanel', section],
    ['a word of a newer agent', `${section}|sometimes\n`],
    ['two words', `${section}|added\n|skipped\n`],
    ['a word with trailing text', `${section}|added \n`],
    ['the name of a property of every object', `${section}|constructor\n`],
    ['unmarked text', `${section}added\n`],
  ])('unknown: %s', async (_, lines) =>
    expect((await askStatus(answer(lines))).facts).not.toHaveProperty('cpanelRules'),
  );
});

it('returns what the next boot loads and the author of the release, as far as the agent says it', async () => {
  const held = async (line: string): Promise<unknown> => {
    const asked = device(SECTIONS);
    const status = (): ReturnType<Remote['run']> =>
      Promise.resolve(parseAnswer(`|${line}\ncpanel-edge: ok status protocol=6\n`, '', 0));
    return (await askStatus({ ...asked, run: (words) => (words[0] === 'status' ? status() : asked.run(words)) }))
      .owners[0];
  };
  const before =
    'owner=web role=server digest=abc lease=one armed=none rules=as-loaded fingerprint=f state=confirmed seconds=none tried=none';
  expect(await held(before)).not.toHaveProperty('boot');
  expect(
    await held(`${before} boot=as-written runs=release made=1700000000 runner=ci@host platform=iptables`),
  ).toMatchObject({
    boot: [],
    runs: 'release',
    made: 1_700_000_000,
    runner: 'ci@host',
    platform: 'iptables',
  });
  const broken = await held(
    `${before} boot=unit-disabled,drop-in-missing,frobnicated runs=closed made=none runner=none`,
  );
  expect(broken).toMatchObject({ boot: ['unit-disabled', 'drop-in-missing', 'other'], runs: 'closed' });
  expect(broken).not.toHaveProperty('made');
  expect(broken).not.toHaveProperty('runner');
  expect(await held(`${before} boot=as-written platform=none`)).not.toHaveProperty('platform');
});

it('an owner that a device lists twice counts once, since its metrics would be duplicated', async () => {
  const asked = device(SECTIONS);
  const lines = ['digest=abc', 'digest=def']
    .map((digest) => `|owner=web role=gateway ${digest} state=confirmed\n`)
    .join('');
  const status = Promise.resolve(
    parseAnswer(`${lines}|owner=web role=server digest=abc\ncpanel-edge: ok status protocol=6\n`, '', 0),
  );
  const { owners } = await askStatus({ ...asked, run: (words) => (words[0] === 'status' ? status : asked.run(words)) });
  expect(owners.map(({ role, owner, digest }) => [role, owner, digest])).toEqual([
    ['gateway', 'web', 'abc'],
    ['server', 'web', 'abc'],
  ]);
});
