import { readAnswer } from '../driver/answer';
import { look } from '../driver/look';
import { Remote } from '../driver/ssh';
import { Refusal } from '../lib/problems/problem';
import { connectionOf } from './driver-samples';

const SECTIONS = ['ruleset', 'version', 'addresses', 'links', 'routes', 'forwarding', 'legacy'];

/** A device whose program says these sections. */
const device = (sections: readonly string[]): Remote => ({
  connection: connectionOf(),
  run: ([word]) => {
    const read = sections.map((name) => `cpanel-edge: section ${name}\n|${name} of it\n`).join('');
    return Promise.resolve(readAnswer(word === 'read' ? `${read}cpanel-edge: ok read\n` : 'cpanel-edge: ok status protocol=1\n', '', 0));
  },
  script: () => Promise.reject(new Error('nothing is installed here')),
});

it('says what the device runs and what its rules depend on', async () => {
  const { ruleset, facts } = await look(device(SECTIONS));
  expect([ruleset, facts.routes]).toEqual(['ruleset of it\n', 'routes of it\n']);
});

it('a program that does not say where the device routes to is too old to judge by', async () => {
  const asked = look(device(SECTIONS.filter((name) => name !== 'routes')));
  await expect(asked).rejects.toThrow(Refusal);
  await expect(asked).rejects.toThrow(/driver\/program-too-old/);
});
