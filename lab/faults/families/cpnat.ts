// Fault tests of cPanel's NAT file, which a release writes: power loss while it is written, a damaged file, and a shell
// command that rewrites or removes it during a delivery, as WHM would.
import { match, ok, strictEqual } from 'node:assert';
import { until } from '../../command';
import { ADDRESS } from '../../topology';
import { Combination, Fault, combinations } from '../fault';
import { DeviceName, Moment, around, before } from '../moment';
import { FaultPlatform, placesWithin } from '../platform';
import { Scene } from '../scene';

const FILE = '/var/cpanel/cpnat';
const PUTS = `mv -f ${FILE}.cpanel-edge ${FILE}`;

const [PAIR, OTHER] = [ADDRESS.publicWeb1, ADDRESS.publicWeb1Second].map(
  (outside) => `${ADDRESS.web1} ${outside}\n`,
) as [string, string];
const ITSELF = `${ADDRESS.web1Management} ${ADDRESS.web1Management}\n`;
/** The file before the release, and as the release writes it. */
const [BEFORE, KNOWN] = [OTHER + ITSELF, PAIR + ITSELF];
/** A rebuild by WHM, with an address that the server got meanwhile. */
const REBUILT = `${ITSELF}${OTHER}10.0.0.77 203.0.113.77\n`;

const place = (name: string, when: 'before' | 'after', pattern: string): Moment => ({
  step: 'confirm',
  point: { name, when, pattern, decided: 'yes' },
});
const NOTED = place('the NAT file of before is being noted', 'before', 'mv -f */cpnat-before.new */cpnat-before');
const WRITTEN = place('the NAT file is written, not in its place', 'before', PUTS);
const PUT = place('the NAT file is in its place, not on the disk', 'after', PUTS);

const file = (scene: Scene): Promise<string> => scene.lab.does('web1', `cat ${FILE} 2>/dev/null || true`);

/** Faults in the file that a release writes for cPanel: the delivery is cut, or another program writes the file. */
export const cpnat = (platform: FaultPlatform): readonly Combination[] =>
  [...power(platform), ...broken(), ...byWhm(), refused(platform)].flatMap(onCpanel);

/** Runs a fault on a server with cPanel. Its file is restored once a release doesn't manage it. */
const onCpanel = ({ run, ...fault }: Told): readonly Combination[] =>
  combinations({
    ...fault,
    devices: ['web1'],
    run: async (scene, device, moment) => {
      const { lab } = scene;
      await lab.does(device, `mkdir -p /var/cpanel/users; : >/var/cpanel/cpanel.config; cat >${FILE}; sync`, {
        input: BEFORE,
      });
      try {
        await scene.pipeline.want(scene.wanted(scene.target, { cpnat: true }));
        const returns = await run(scene, device, moment);
        await scene.settled(device);
        await scene.converge();
        strictEqual(await file(scene), returns ?? BEFORE, 'once no release says anything of it');
      } finally {
        await lab.does(device, 'rm -rf /var/cpanel; sync');
      }
    },
  });

/** A fault that returns the file's expected content at the end; undefined if it is unchanged. */
type Told = Omit<Fault, 'run' | 'devices'> & {
  run(scene: Scene, device: DeviceName, moment: Moment): Promise<string | undefined>;
};

/** If the release is confirmed, cPanel has its addresses. The next start completes what a power failure interrupted. */
async function toldAsDecided(scene: Scene, device: DeviceName, known = KNOWN): Promise<void> {
  if ((await scene.expectRuns(device, 'old', 'new')) === 'old') {
    strictEqual(await file(scene), BEFORE, 'with the old release');
    return scene.tell('the old release, and the file of before');
  }
  await until('the file is as the release has it', 20, async () => (await file(scene)) === known).catch(
    () => undefined,
  );
  strictEqual(await file(scene), known, 'with the new release');
  scene.tell('the new release, and the file with it');
}

const powerless = (scene: Scene): void => scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });

const power = (platform: FaultPlatform): readonly Told[] => [
  {
    name: 'power lost while cPanel is told its public addresses',
    moments: [...around('confirm'), ...placesWithin(platform, 'confirm'), NOTED, WRITTEN, PUT],
    representative: (moment) => moment === WRITTEN,
    run: async (scene, device, moment) => {
      powerless(scene);
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.device(device).losePowerAndStart();
      gate.release();
      await scene.ended(running);
      await scene.settled(device);
      await toldAsDecided(scene, device);
      return undefined;
    },
  },
];

const BREAKS: Readonly<Record<string, { readonly does: string; readonly left: RegExp }>> = {
  'full of zeros': { does: `head -c 64 /dev/zero >${FILE}`, left: new RegExp(`^\\0*\\n?${PAIR}$`) },
  'cut off': { does: `printf '10.9.0.' >${FILE}`, left: new RegExp(`^10\\.9\\.0\\.\\n${PAIR}$`) },
  'a folder': { does: `rm ${FILE}; mkdir ${FILE}`, left: /^$/ },
};

const broken = (): readonly Told[] =>
  Object.entries(BREAKS).map(([how, { does, left }]) => ({
    name: `the NAT file is ${how} when a start has to write it`,
    moments: [WRITTEN],
    run: async (scene, device, moment) => {
      powerless(scene);
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.does(device, `${does}; sync`);
      await scene.lab.device(device).losePowerAndStart();
      gate.release();
      await scene.ended(running);
      await scene.settled(device);
      await scene.expectRuns(device, 'new');
      const isWritten = async (): Promise<boolean> => left.test(await file(scene));
      await until('the start has told cPanel', 20, isWritten).catch(() => undefined);
      match(await file(scene), left);
      const { status, out } = await scene.verify(device);
      if (how !== 'a folder') {
        ok(!/differs: \/var\/cpanel/.test(out), out);
        scene.tell('what could be read of it stays, and cPanel is told');
        return left.exec(await file(scene))![0].replace(PAIR, OTHER);
      }
      strictEqual(status, 1, out);
      match(out, /differs: \/var\/cpanel\/cpnat can't be read whole/);
      strictEqual(await scene.lab.does(device, `ls -A ${FILE}`), '', 'in the folder');
      scene.tell('the rules run, the folder stays, and verify says so');
      // Done by a person.
      await scene.lab.does(device, `rmdir ${FILE}; cat >${FILE}; sync`, { input: BEFORE });
      return undefined;
    },
  }));

const byWhm = (): readonly Told[] => [
  {
    name: 'WHM writes its NAT file anew during the delivery',
    moments: [...before('protocol', 'upload', 'check', 'arm', 'read', 'confirm'), WRITTEN],
    representative: ({ step, point }) => step === 'read' && point === 'before',
    run: async (scene, device, moment) => {
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.does(device, `cat >${FILE}.new; mv ${FILE}.new ${FILE}`, { input: REBUILT });
      gate.release();
      await scene.ended(running);
      scene.succeeded();
      // Between reading and writing the file, the last writer wins.
      strictEqual(await file(scene), moment === WRITTEN ? KNOWN : REBUILT.replace(OTHER, PAIR));
      scene.tell('the file of WHM, with the line of the release');
      return moment === WRITTEN ? BEFORE : REBUILT;
    },
  },
  {
    name: 'WHM takes its NAT file away during the delivery',
    moments: before('arm', 'confirm'),
    run: async (scene, device, moment) => {
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.does(device, `rm ${FILE}`);
      gate.release();
      await scene.ended(running);
      scene.succeeded();
      strictEqual(await file(scene), PAIR);
      scene.tell('the line of the release alone');
      return '';
    },
  },
];

const refused = (platform: FaultPlatform): Told => ({
  name: 'WHM writes its NAT file anew during a trial that is undone',
  moments: before('read'),
  run: async (scene, device, moment) => {
    const { load, remove } = platform.others.opens(device);
    const { running, gate } = await scene.startTo(device, moment);
    await scene.lab.does(device, `cat >${FILE}`, { input: REBUILT });
    // The verification fails, because another program's rule opens more.
    await scene.lab.does(device, load);
    gate.release();
    await scene.ended(running);
    scene.failed();
    await scene.settled(device);
    await scene.expectRuns(device, 'old');
    await scene.lab.does(device, remove);
    strictEqual(await file(scene), REBUILT, 'after the trial');
    scene.tell('the old release, and the file of WHM');
    return REBUILT;
  },
});
