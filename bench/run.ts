// usage: run.ts, by run.sh. Times every row in turn, round by round, so that a change of the machine's speed hits all
// rows alike.
import { execFileSync, execSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connections } from './connect';
import { Devices, keysIn } from './devices';
import { farm, ideal, iptablesFarm, pfsenseFarm, PORTS, singlePortRules } from './farm';
import { machine } from './machine';
import { CHANGE, NUMBERED, RESOURCES, VERIFIED, Group, groups, needsOf, Row, stacksOf } from './rows';
import { Result, table } from './table';

const asked = (name: string, otherwise: string): string => process.env[name] || otherwise;
const count = Number(asked('BENCH_N', '10000'));
const runs = Number(asked('BENCH_RUNS', '5'));
const wanted = asked('BENCH_GROUPS', '')
  .split(',')
  .filter((name) => name !== '');
const stacks = stacksOf(wanted.includes('stacks'));
const terraform = asked('BENCH_TERRAFORM', '');
const peers = asked('BENCH_PEERS', '');
const folder = asked('BENCH_FOLDER', '');
const built = join(__dirname, 'built');
const results = join(__dirname, 'results', `${new Date().toISOString().slice(0, 16).replace(':', '')}.md`);
/** The most seconds for one command. */
const LIMIT = 600;
const SLOW = 20;

const environment = {
  ...process.env,
  W: folder,
  B: built,
  DEVICES: `ceb${process.pid}d`,
  CHECKPOINT_DISABLE: '1',
  TF_IN_AUTOMATION: '1',
};
const shell = (command: string): void =>
  void execSync(command, { env: environment, stdio: ['ignore', 'ignore', 'pipe'], timeout: LIMIT * 1000 });

interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  readonly status: number | string;
  readonly errors: string;
}

function measure(command: string): Cost {
  const { stdout, stderr } = spawnSync('python3', [join(__dirname, 'measure.py'), String(LIMIT), command], {
    env: environment,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(`measure.py: ${stderr}`);
  return JSON.parse(stdout) as Cost;
}

/** Returns why a row can't run here; empty if it can. */
function hindrance({ needs = [], root }: Row): string {
  const missing = needs.filter((program) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0);
  if (missing.length > 0) return `${missing.join(', ')} not installed`;
  return root && process.getuid?.() !== 0 ? 'needs root' : '';
}

function time(rows: readonly Row[]): Result[] {
  const got = rows.map((row) => ({
    row,
    values: [] as number[],
    cpus: [] as number[],
    peaks: [] as number[],
    why: hindrance(row),
  }));
  // Round 0 warms up and is not counted, except for slow rows: they run once.
  for (let round = 0; round <= runs; round += 1) {
    for (const one of got) {
      if (one.why !== '') continue;
      if (one.values.some((wall) => wall >= SLOW)) continue;
      try {
        if (one.row.before !== undefined) shell(one.row.before);
      } catch (error) {
        one.why = `could not be prepared: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
        continue;
      }
      const { wall, cpu, peak, status, errors } = measure(one.row.command);
      if (status !== 0) {
        one.why = typeof status === 'string' ? status : `exit status ${status}`;
        one.values.length = 0;
        console.error(`${one.row.label}: ${one.why}\n${errors}`);
      } else if (round > 0 || wall >= SLOW) {
        one.values.push(wall);
        one.cpus.push(cpu);
        one.peaks.push(peak);
      }
      process.stderr.write('.');
    }
  }
  process.stderr.write('\n');
  return got.map(({ row, values, cpus, peaks, why }) => ({
    label: row.label,
    unit: 's' as const,
    budget: row.budget,
    peakBudget: row.peakBudget,
    values,
    cpus,
    peaks,
    why,
  }));
}

/** Returns the commands of the other tools for this group; empty if ../shared/bench is not there. */
function peerRows(group: string): Row[] {
  const script = { compile: 'compile.sh', load: 'load.sh' }[group];
  if (peers === '' || script === undefined) return [];
  const lines = execFileSync('sh', [join(peers, script), join(folder, 'peers')], {
    encoding: 'utf8',
    env: environment,
  }).split('\n');
  const rows = lines
    .map((line) => line.split('\t'))
    .filter((parts): parts is [string, string] => parts.length === 2 && !/^(empty|ideal grouped)/.test(parts[0]!));
  // A load without its compiler's output would only fail: the file is not empty if the compiler ran.
  const loadable = (command: string): boolean =>
    (command.match(/\S+\/(o|ideal)\/[^\s']+/g) ?? []).every((file) => existsSync(file) && statSync(file).size > 0);
  return rows
    .map(([label, command]) => ({
      label,
      command,
      needs: needsOf(command),
      ...(group === 'load' ? { root: true as const } : {}),
    }))
    .filter(({ command }) => group !== 'load' || loadable(command));
}

function inputs(): void {
  writeFileSync(join(folder, 'intent.json'), JSON.stringify(farm(count, 0)));
  writeFileSync(join(folder, 'iptables.json'), JSON.stringify(iptablesFarm(count)));
  writeFileSync(join(folder, 'pfsense.json'), JSON.stringify(pfsenseFarm(count)));
  writeFileSync(join(folder, 'changed.json'), JSON.stringify(farm(count, 5)));
  writeFileSync(join(folder, 'ideal.nft'), ideal(count));
  writeFileSync(join(folder, 'single.nft'), singlePortRules(count));
  if (peers !== '') execFileSync('python3', [join(peers, 'gen.py'), String(count), join(folder, 'peers')]);
}

/** Synthesizes the farm into a folder, with `changed` mappings changed. cdktf puts the state where it is started. */
const synthesized = (name: string, resource: string, changed = 0): void =>
  shell(`mkdir -p "$W/${name}" && cd "$W/${name}" && ${program('constructs', `${count} . ${changed} ${resource}`)}`);
const inStack = (name: string, command: string): void => shell(`cd "$W/${name}/stacks/bench" && ${command}`);
const PLAN = `"${terraform}" plan -input=false -no-color -out=plan`;

function applied(name: string, resource: string): void {
  synthesized(name, resource);
  inStack(
    name,
    `"${terraform}" init -input=false && ${PLAN} && CPANEL_EDGE=true "${terraform}" apply -input=false -no-color plan`,
  );
}

/** Makes plans with Terraform: it applies the farm, then plans changes of it. */
function plans(): void {
  applied('review.out', 'terraform_data');
  for (const changed of [5, 1000]) {
    synthesized('review.out', 'terraform_data', changed);
    inStack('review.out', `${PLAN} && "${terraform}" show -json plan > "$W/plan-${changed}.json"`);
  }
}

/** Makes two farms for each resource type: one not yet applied, and one applied and then changed. */
function releases(): void {
  for (const resource of RESOURCES) {
    synthesized(`first-${resource}`, resource);
    inStack(`first-${resource}`, `"${terraform}" init -input=false`);
    applied(`changed-${resource}`, resource);
    synthesized(`changed-${resource}`, resource, CHANGE);
  }
}

/** Makes the plans by several processes: one keeps the memory of each stack until it ends. */
function plansOfStacks(): void {
  const most = Math.max(...stacks);
  for (const inside of NUMBERED)
    for (let first = 0; first < most; first += 50)
      shell(program('stacks', `${first} ${Math.min(first + 50, most)} "$W/stacks/${inside}" ${inside}`));
}

/** Makes the answers of the servers to verify, and starts the sshd that gives them. */
function devices(): Devices {
  const at = join(folder, 'devices');
  keysIn(at);
  shell('sh scripts/assemble-device.sh "$W/devices/program"');
  for (const servers of VERIFIED) shell(program('devices', `${servers} "$W/devices" "$W/devices/program"`));
  return Devices.start(at, environment.DEVICES);
}

function say(text: string): void {
  console.log(text);
  appendFileSync(results, `${text}\n`);
}

function run({ name, title, rows }: Group): void {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  if (name === 'terraform' && terraform !== '') releases();
  if (name === 'review' && terraform !== '') plans();
  if (name === 'stacks') plansOfStacks();
  if (!existsSync(join(folder, 'ours.rules4'))) {
    for (const [from, to] of [
      ['intent', 'ours.nft'],
      ['iptables', 'ours.rules'],
      ['changed', 'changed.nft'],
    ])
      shell(program('compile', `"$W/${from}.json" "$W/${to}"`));
    // The part that iptables-restore loads (IPv4).
    shell(`sed -n '/^# Generated by iptables-save/,$p' "$W/ours.rules" >"$W/ours.rules4"`);
  }
  const all = [...rows, ...peerRows(name)];
  const answering = name === 'verify' && all.every((row) => hindrance(row) === '') ? devices() : undefined;
  try {
    say(table(title, time(all)));
  } finally {
    answering?.stop();
  }
  if (name === 'compile' && peers !== '')
    spawnSync('sh', [join(peers, 'extract.sh'), join(folder, 'peers')], { stdio: 'ignore' });
}

const program = (name: string, args: string): string => `node "$B/bench/programs/${name}.js" ${args}`;

mkdirSync(join(__dirname, 'results'), { recursive: true });
inputs();
say(
  `## ${count} mappings × ${PORTS.length} ports, medians of ${runs} runs\n\n${machine(terraform)
    .map((line) => `- ${line}`)
    .join('\n')}\n`,
);
for (const group of groups(count, terraform, stacks)) {
  try {
    run(group);
  } catch (error) {
    process.exitCode = 1;
    say(
      `### ${group.title}\n\nnot measured: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}\n`,
    );
  }
}
if (wanted.length === 0 || wanted.includes('connect'))
  say(table(`A new connection to the last of ${count} mappings`, connections(count, runs, folder)));
console.log(`written to ${results}`);
