// Fault tests of a deployment at a terminal: Ctrl-C during `terraform apply` and `cdktf deploy`, and a terminal that is
// closed.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Outcome } from '../../command';
import { ENVIRONMENT_VARIABLE } from '../../environment';
import { REPOSITORY } from '../../stack';
import { Terminal } from '../../terminal';
import { Combination, combinations } from '../fault';
import { DeviceName, Moment } from '../moment';
import { driverAt, noticed } from '../processes';
import { Scene } from '../scene';
import { wantedVariable } from '../version-options';
import { unheard } from './runner';

const MOMENTS: readonly Moment[] = (['upload', 'arm', 'read', 'confirm'] as const).map((step) => ({
  step,
  point: 'before',
}));
/** The moments with an answer. After the yes is a fault of its own: its answer isn't read. */
const WITH_ANSWER: readonly Moment[] = [...MOMENTS, { step: 'confirm', point: 'after' }];

/** Faults by a person at the terminal of a deployment. */
export function terminal(): readonly Combination[] {
  return [
    ...combinations({
      name: 'Ctrl-C in a terminal: terraform apply',
      moments: WITH_ANSWER,
      devices: ['web1'],
      representative: ({ step }) => step === 'read',
      run: async (scene, device, moment) => {
        const { opened, gate, driver } = await inTerminal(scene, device, moment, terraform(scene));
        opened.ctrlC();
        const outcome = await closed(opened);
        await scene.ended({ ended: Promise.resolve(outcome) });
        scene.failed();
        scene.says(/If this is interrupted before "confirmed", the device goes back to what it runs now/);
        await noticed(driver);
        gate.release();
        await unheard(scene, device, moment);
      },
    }),
    ...combinations({
      name: 'Ctrl-C in a terminal: cdktf deploy',
      moments: MOMENTS,
      devices: ['edge1'],
      run: async (scene, device, moment) => {
        const { opened, gate, driver } = await inTerminal(scene, device, moment, cdktf(scene));
        opened.ctrlC();
        await noticed(driver);
        gate.release();
        const outcome = await closed(opened);
        await scene.ended({ ended: Promise.resolve(outcome) });
        scene.failed();
        await unheard(scene, device, moment);
        copyFileSync(cdktfState(scene), scene.pipeline.statePath);
      },
    }),
    ...combinations({
      name: 'the terminal hangs up: terraform apply',
      moments: WITH_ANSWER,
      devices: ['edge1'],
      run: async (scene, device, moment) => {
        const { opened, gate, driver } = await inTerminal(scene, device, moment, terraform(scene));
        opened.hangUp();
        await noticed(driver);
        gate.release();
        await unheard(scene, device, moment);
        scene.tell('nobody is left to be told');
      },
    }),
  ];
}

interface Command {
  readonly line: string;
  readonly env: NodeJS.ProcessEnv;
}

const terraform = ({ pipeline }: Scene): Command => ({
  line: pipeline.argv(['apply', '-auto-approve']).join(' '),
  env: pipeline.env,
});

const cdktfFolder = ({ lab }: Scene): string => join(lab.folder, 'cdktf');
const cdktfState = (scene: Scene): string => join(cdktfFolder(scene), 'terraform.tfstate');

/** Returns the command that deploys from the sources, with the pipeline's state. */
function cdktf(scene: Scene): Command {
  const folder = cdktfFolder(scene);
  mkdirSync(folder, { recursive: true });
  copyFileSync(scene.pipeline.statePath, cdktfState(scene));
  const file = `${folder}.environment.json`;
  writeFileSync(file, JSON.stringify(scene.lab.environment()));
  const app = `${process.execPath} -r ./scripts/typescript/register.js lab/faults/versions.ts`;
  return {
    line: `npx --no-install cdktf deploy lab --auto-approve --skip-provider-lock --output ${folder} --app '${app}'`,
    env: {
      ...scene.pipeline.env,
      TERRAFORM_BINARY_NAME: scene.terraform,
      [ENVIRONMENT_VARIABLE]: file,
      [wantedVariable]: JSON.stringify(scene.wanted()),
    },
  };
}

/** Starts it in a terminal and returns when it has reached the moment. */
async function inTerminal(scene: Scene, device: DeviceName, moment: Moment, { line, env }: Command) {
  const gate = await scene.gate(device, moment);
  const opened = Terminal.open(scene.lab, line, { cwd: REPOSITORY, env });
  const early = (async () => {
    await opened.ended(120);
    throw new Error(`It ended before the fault could strike:\n${opened.output}`);
  })();
  early.catch(() => undefined);
  await Promise.race([gate.reached(120), early]);
  return { opened, gate, driver: await driverAt(scene.lab, device) };
}

async function closed(opened: Terminal): Promise<Outcome> {
  const status = await opened.ended(60);
  // Colours and cursor movements aren't part of the text.
  // eslint-disable-next-line no-control-regex
  const out = opened.output.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/\r/g, '');
  return { status, out, err: '' };
}
