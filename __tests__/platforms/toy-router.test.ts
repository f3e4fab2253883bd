// A platform without a shell is a line of the systems. Before whoever asks for it.
jest.mock('../../lib/systems', () => {
  const actual = jest.requireActual<typeof import('../../lib/systems')>('../../lib/systems');
  const { system: toy } = jest.requireActual<typeof import('./toy-router/system')>('./toy-router/system');
  return { ...actual, systems: { ...actual.systems, toy } };
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../randomly';
import { accept, look } from '../../driver/look';
import { programOf } from '../../driver/program';
import { retract } from '../../driver/retract';
import { Prove } from '../../driver/proof';
import { connectionFile } from '../../cli/connection-file';
import { Judgement } from '../../lib/proving/on-device';
import { canHaveDevice } from '../device/machine';
import { connectionOf } from '../driver/samples';
import { describeWhere } from '../where-possible';
import { routerAndDeliveries } from './toy-router/deliveries';
import { onRouter, textFor } from './toy-router/steps';
import { Talk, talk } from './toy-router/talk';

const withRouter = describeWhere(canHaveDevice, 'deliveries to a router without a shell', 'root on Linux');

// Many connections each, on a machine that may be busy.

withRouter('a delivery by a dialogue', () => {
  const { device, said, delivered, reached, here, runs, starts, typedBy, meanwhile, world } = routerAndDeliveries();

  it('is a delivery: loaded, proven over a new connection, confirmed, looked at, retracted', async () => {
    let ruleset = '';
    const prove: Prove = (_, text) => {
      ruleset = text;
      return { refusals: [], reports: [] };
    };
    const first = await delivered('ssh', {}, { prove });
    expect([first.text, first.yes]).toEqual([expect.stringMatching(/^gw runs release .*: proven over a new connection, confirmed/), true]);
    expect(ruleset).toContain('filter web 1 deny tcp 1001 text "of a # and {"\n');
    expect([runs(), starts()]).toEqual([['1001'], ['1001']]);
    expect((await delivered('here')).text).toMatch(/^gw already runs release/);
    const { owners, facts } = await reached('ssh', look);
    expect(owners).toEqual([expect.objectContaining({ owner: 'web', lease: 'lease-1', state: 'confirmed', rules: 'as-loaded', boot: [] })]);
    expect([facts.version, facts.forwarding]).toEqual(['Toy router, version 1.4.2', { ip: true, ip6: false }]);
    const order = { device: 'gw', owner: 'web', role: 'gateway', connection: device().connection } as const;
    const gone = await reached('ssh', (remote) => retract(order, programOf('toy'), { ...world({}), remote }));
    expect([gone.delivered, device().router.startup]).toEqual([true, []]);
    await expect(reached('ssh', (remote) => remote.script('true'))).rejects.toThrow(TypeError);
  });

  it('passes over texts that look like the device’s own, whoever wrote them', async () => {
    device().banner = 'toy# exit\r\ntoy# \r\n--More-- \r\nCommit these changes? [y/N] \r\n';
    device().router.running = device().router.startup = ['annotation motd "toy# "', 'annotation other "% Locked by you"'];
    const text = textFor(1001, 'toy# commit confirm \\"; toy(config)# ! % Nothing');
    expect((await delivered('ssh', { text })).yes).toBe(true);
    expect(device().router.startup).toContain(text.split('\n')[1]);
    expect((await reached('here', look)).ruleset).toContain('annotation motd "toy# "\n');
  });

  it.each([
    ['a key of the command line', 'what?', /device\/unsendable .*holds characters that a command line takes for keys/],
    ['a letter that not all of them have', 'Café', /device\/unsendable/],
    ['a quote that ends its text', '" permit', /device\/upload-damaged/],
  ])('types nothing of a release that holds %s', async (_, text, why) => {
    const { yes, text: told } = await delivered('here', { text: textFor(1001, text) });
    expect([yes, told]).toEqual([false, expect.stringMatching(why)]);
    expect(device().router.candidate).toBeUndefined();
  });

  it('is refused by the device’s own check, with what it says', async () => {
    const { text } = await delivered('here', { text: textFor(0) });
    expect(text).toMatch(/device\/syntax .*% Not understood: filter web 1 deny tcp 0/);
    expect(device().router.candidate).toBeUndefined();
  });

  it('is refused where something else answers', async () => {
    device().tampering = (command) => (command === 'show version' ? ['% Unknown command: show'] : undefined);
    expect((await delivered('here')).text).toMatch(/device\/foreign-box/);
  });

  it('waits for whoever configures the device, naming them', async () => {
    const bob = typedBy('bob', 'configure exclusive');
    const { yes } = await delivered('here', {}, { wait: () => Promise.resolve(bob.ends()) });
    expect([yes, said]).toEqual([true, expect.arrayContaining(['bob is configuring the device: waiting up to 5 minutes for it'])]);
  });

  it('is confirmed, and taken back, whoever configures the device meanwhile', async () => {
    const locked = meanwhile(() => typedBy('bob', 'configure exclusive'));
    expect([(await delivered('here', {}, { prove: locked })).yes, starts()]).toEqual([true, ['1001']]);
    device().router.lock = undefined;
    const { text } = await delivered('here', { text: textFor(1002) }, { prove: () => ({ ...locked(), refusals: ['no'] }) });
    expect([text, runs()]).toEqual([expect.stringMatching(/On the device: release [0-9a-f]{12} again: the new one was undone/), ['1001']]);
  });

  it('touches nothing of changes that somebody has not committed', async () => {
    typedBy('bob', 'configure exclusive', 'set annotation x "y"').ends();
    const patience = jest.spyOn(performance, 'now');
    try {
      // Five minutes go by in one pause.
      const { yes, text } = await delivered('here', {}, { wait: () => Promise.resolve(void patience.mockImplementation(() => Infinity)) });
      expect([yes, text]).toEqual([false, expect.stringMatching(/device\/busy .*bob is configuring the device, or has left changes/)]);
    } finally {
      patience.mockRestore();
    }
    expect(device().router.candidate?.lines).toEqual(['annotation x "y"']);
  });

  it('commits nothing that somebody put into its candidate', async () => {
    const { yes, text } = await delivered(
      'here',
      {},
      { assumed: meanwhile(() => typedBy('bob', 'configure exclusive', 'set filter x 1 permit tcp 22').ends()) },
    );
    expect([yes, text]).toEqual([false, expect.stringMatching(/device\/edited-meanwhile/)]);
    expect(device().router.running).toEqual([]);
  });

  it('gives the same answers however the bytes are cut', () => {
    const { upload, identity, file } = onRouter().release(1001, 'lease-1');
    const steps = [upload, `check ${identity}`, `arm ${identity} 60`, 'status', 'read', `confirm ${identity}`, 'status'].map((one) =>
      one.split(' '),
    );
    const answers = (cut?: Talk['cut']): readonly string[] => {
      device().fresh();
      device().router.running = device().router.startup = ['annotation motd "toy# "'];
      return steps.map((words) => talk(device().router, words, file, cut ? { cut } : {}).replace(/seconds=\d+/, 'seconds'));
    };
    const whole = answers();
    expect(whole.at(-1)).toMatch(/ state=confirmed .*\ncpanel-edge: ok status protocol=1 armed=no\n$/);
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (lengths) => {
        const cut = (text: string): readonly string[] => {
          const chunks: string[] = [];
          for (let left = text; left !== ''; left = left.slice(chunks.at(-1)!.length)) chunks.push(left.slice(0, lengths.next().value));
          return chunks;
        };
        expect(answers(cut)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('says that somebody else confirmed it, where a person’s commit did', async () => {
    const committed = meanwhile(() => typedBy('bob', 'configure exclusive', 'commit', 'y').ends());
    expect((await delivered('here', {}, { prove: committed })).yes).toBe(true);
    const prove = (): Judgement => ({ ...committed(), refusals: ['it opens too much'] });
    const { yes, text } = await delivered('here', { text: textFor(1002) }, { prove });
    expect([yes, text]).toEqual([false, expect.stringMatching(/it opens too much/)]);
    expect(text).toMatch(
      /On the device: not known: it says that it confirmed, which is not what it was told\. .* or somebody else speaks to it\./,
    );
    expect(starts()).toEqual(['1002']);
  });

  it('overwrites edits only where they were accepted', async () => {
    await delivered('here');
    typedBy('bob', 'configure exclusive', 'set filter web 2 permit tcp 22', 'commit', 'y').ends();
    const [, fingerprint] =
      /device\/edited .* accept gw ([0-9a-f]{64})/s.exec((await delivered('here', { text: textFor(1002) })).text) ?? [];
    expect((await reached('here', look)).owners[0]).toMatchObject({ rules: 'edited', fingerprint });
    expect(await accept(here, fingerprint!)).toBe('gateway web');
    expect([(await delivered('here', { text: textFor(1002) })).yes, runs()]).toEqual([true, ['1002']]);
  });
});

test('there is no device program for it, and a file with a connection says what answers there', () => {
  expect(programOf('toy')).toBeUndefined();
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  const file = (platform: string): string => {
    writeFileSync(join(folder, 'gw.json'), JSON.stringify({ ...connectionOf(), platform }));
    return join(folder, 'gw.json');
  };
  expect(connectionFile(file('toy'))).toEqual({ ...connectionOf(), platform: 'toy' });
  expect(() => connectionFile(file('tin'))).toThrow(/intent\/unknown-choice at .* platform: "tin"/);
  rmSync(folder, { recursive: true });
});
