import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { liveIn } from '../../cli/live-files';
import { Review } from '../../lib/review/review';
import { builtCommand } from '../built-command';
import { sampleStack } from './plans/sample-stack';
import { temporaryFolder } from '../temporary-folder';

// The command as a pipeline starts it, with plans of the real Terraform.

const built = builtCommand();
const folder = temporaryFolder();

const environment = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', CPANEL_EDGE: 'true' };

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function review(
  argv: readonly string[],
  more: { readonly cwd?: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Ran {
  const done = spawnSync(process.execPath, [join(built, 'cli', 'main.js'), 'review', ...argv], {
    cwd: more.cwd ?? folder,
    input: more.input ?? '',
    env: { ...environment, ...more.env },
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const judged = (
  argv: readonly string[],
  more: Parameters<typeof review>[1] = {},
): { readonly status: number | null; readonly review: Review } => {
  const { status, out, err } = review([...argv, '--format', 'json'], more);
  if (out === '') throw new Error(err);
  return { status, review: JSON.parse(out) as Review };
};

function terraform(at: string, ...argv: readonly string[]): string {
  const done = spawnSync('terraform', argv, { cwd: at, env: environment, encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(done.stdout + done.stderr);
  return done.stdout;
}

/** A stack's folder with a plan, below an output folder as cdktf makes it. */
function planned(output: string, stack: string, text: string): string {
  const at = join(folder, output, 'stacks', stack);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'cdk.tf.json'), text);
  terraform(at, 'init', '-input=false');
  terraform(at, 'plan', '-input=false', '-out=plan');
  return at;
}

const manifest = (output: string, stacks: Readonly<Record<string, string>>): void =>
  writeFileSync(
    join(folder, output, 'manifest.json'),
    JSON.stringify({ stacks: Object.fromEntries(Object.entries(stacks).map(([name, at]) => [name, { name, workingDirectory: at }])) }),
  );

const codes = ({ review: { objections, unknown } }: { readonly review: Review }): readonly string[] =>
  [...objections.map(({ code }) => `! ${code}`), ...unknown.map(({ code }) => `? ${code}`)].sort();

let stack = '';
let json = '';
beforeAll(() => {
  stack = planned('cdktf.out', 'edge', sampleStack());
  json = terraform(stack, 'show', '-json', 'plan');
}, 120_000);

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return name;
};

describe('where plans are found', () => {
  test('in the project’s output, in a folder, as a file, as JSON, on standard input: always the same', () => {
    const said = [
      judged([]),
      judged(['cdktf.out']),
      judged([stack]),
      judged([join(stack, 'plan')]),
      judged([file('edge.json', json)]),
      judged(['-'], { input: json }),
      judged([file('edge.tfplan', readFileSync(join(stack, 'plan')))], { cwd: folder }),
    ];
    for (const one of said) {
      expect([one.status, codes(one), one.review.counts.opened > 0]).toEqual([0, [], true]);
      expect(one.review.changes).toEqual(said[0]!.review.changes);
    }
    expect(said.map(({ review: { plans } }) => plans[0]!.name)).toEqual(['edge', 'edge', 'edge', 'edge', 'edge', 'standard input', 'edge']);
  });

  test('a stack of the manifest that has no plan is missing; a folder that is in no manifest is not looked at', () => {
    const at = planned('two.out', 'edge', sampleStack());
    mkdirSync(join(at, '..', 'old'));
    manifest('two.out', { edge: 'stacks/edge', mail: 'stacks/mail' });
    const one = judged(['two.out']);
    expect([one.status, codes(one), one.review.unknown[0]?.where]).toEqual([3, ['? review/plan-missing'], 'mail']);
    manifest('two.out', { edge: 'stacks/edge' });
    expect(judged(['two.out']).status).toBe(0);
    manifest('two.out', { edge: '../../elsewhere' });
    expect(review(['two.out'])).toMatchObject({ status: 2, err: expect.stringContaining('cli/manifest-unreadable') });
  });

  test('the same owner in two plans', () => {
    const one = judged(['cdktf.out', file('again.json', json)]);
    expect([one.status, codes(one)]).toEqual([1, ['! review/owned-twice', '! review/owned-twice']]);
  });

  test('a plan file needs a Terraform', () => {
    expect(review([join(stack, 'plan')], { env: { TERRAFORM_BINARY_NAME: 'no-such-terraform' } })).toMatchObject({
      status: 2,
      err: expect.stringMatching(/cli\/no-terraform at edge: .*no-such-terraform/),
    });
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'plan'), readFileSync(join(stack, 'plan')).subarray(0, 2000));
    expect(review([join(elsewhere, 'plan')])).toMatchObject({ status: 2, err: expect.stringContaining('cli/plan-file-unreadable') });
    const refusing = { env: { TERRAFORM_BINARY_NAME: 'false' } };
    expect(review([join(stack, 'plan')], refusing)).toMatchObject({ status: 2, err: expect.stringContaining('cli/terraform-refused') });
    const input = spawnSync(process.execPath, [join(built, 'cli', 'main.js'), 'review', '-'], {
      input: readFileSync(join(stack, 'plan')),
      encoding: 'utf8',
    });
    expect([input.status, input.stderr]).toEqual([2, expect.stringContaining('cli/plan-file-on-standard-input')]);
  });
});

describe('what goes', () => {
  test('is retired by the stack in the plan file, beside its JSON, or synthesized; without any of these it stays open', () => {
    const at = join(folder, 'gone.out', 'stacks', 'edge');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'cdk.tf.json'), sampleStack());
    terraform(at, 'init', '-input=false');
    terraform(at, 'apply', '-auto-approve');
    const owners = ['edge1', 'mail1'].map((device) => ({ device, owner: 'hosting' }));
    writeFileSync(join(at, 'cdk.tf.json'), sampleStack({ retired: owners }));
    terraform(at, 'plan', '-out=plan');
    const alone = join(folder, 'edge');
    writeFileSync(alone, terraform(at, 'show', '-json', 'plan'));
    const staying = (argv: readonly string[]): number =>
      judged(argv).review.objections.filter(({ code }) => code === 'review/stays-open').length;
    expect(staying(['gone.out'])).toBe(0);
    copyFileSync(alone, join(at, 'plan.json'));
    expect(staying([join(at, 'plan.json')])).toBe(0);
    expect(staying([alone, '--synthesized', 'gone.out'])).toBe(0);
    expect(staying([alone])).toBe(2);
    // The plan file says what it was made of, whatever lies beside it now.
    writeFileSync(join(at, 'cdk.tf.json'), sampleStack());
    expect(staying(['gone.out'])).toBe(0);
    expect(codes(judged([join(at, 'plan.json')]))).toContain('? review/another-configuration');
  });
});

describe('options', () => {
  test('--format and --out', () => {
    expect(review(['cdktf.out']).out).toMatch(/^NEW WARNINGS: /);
    expect(review(['cdktf.out', '--format', 'markdown']).out).toMatch(/^<!-- cpanel-edge review -->\n/);
    const done = review(['cdktf.out', '--format', 'markdown', '--out', 'review.md']);
    expect([done.status, done.out]).toEqual([0, expect.stringMatching(/^warnings: .*1 new warning\n$/)]);
    expect(readFileSync(join(folder, 'review.md'), 'utf8')).toMatch(/^<!-- cpanel-edge review -->\n/);
  });

  test('--out that cannot be written, and no output of the project', () => {
    const done = review(['cdktf.out', '--out', 'no/such/folder/x.md']);
    expect(done).toMatchObject({ status: 2, out: '', err: expect.stringContaining('cli/review-not-written') });
    expect(review([], { cwd: built })).toMatchObject({ status: 2, err: expect.stringContaining('cli/no-plan at cdktf.out') });
  });

  test('--fail-on', () => {
    const one = judged(['cdktf.out', '--fail-on', 'closed,opened']);
    expect([one.status, codes(one)]).toEqual([1, ['! review/fail-on-opened']]);
    expect(review(['cdktf.out', '--fail-on', 'everything'])).toMatchObject({ status: 2, err: expect.stringContaining('opened, moved') });
  });

  test('--rules, and the file that is there without being named', () => {
    file('strict.json', '{ "format": 1, "forbidden": ["smtp"] }');
    expect(codes(judged(['cdktf.out', '--rules', 'strict.json'])).filter((code) => code.startsWith('! rules/'))).not.toEqual([]);
    expect(review(['cdktf.out', '--rules', 'nowhere.json'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('cli/rules-unreadable'),
    });
    expect(review(['cdktf.out', '--rules-before', 'strict.json'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('cli/rules-missing'),
    });
    file('cpanel-edge.rules.json', '{ "format": 1 }');
    const changed = judged(['cdktf.out', '--rules-before', 'strict.json']).review.policy;
    rmSync(join(folder, 'cpanel-edge.rules.json'));
    expect([changed?.name, changed?.changed.length]).toEqual(['cpanel-edge.rules.json', 1]);
  });

  test('--synthesized: exactly the releases of the commit', () => {
    expect(judged(['cdktf.out', '--synthesized', 'cdktf.out']).status).toBe(0);
    const other = join(folder, 'other.out', 'stacks', 'edge');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'cdk.tf.json'), sampleStack({ services: ['smtp'] }));
    const one = judged(['cdktf.out', '--synthesized', 'other.out']);
    expect([one.status, codes(one)]).toEqual([1, ['! review/not-this-commit', '! review/not-this-commit']]);
    expect(review(['cdktf.out', '--synthesized', 'nowhere'])).toMatchObject({ status: 2, err: expect.stringContaining('cli/no-stack') });
  });

  test('--explain', () => {
    expect(review(['--explain', 'ports/mysql-public'])).toMatchObject({ status: 0, out: expect.stringContaining('# ports/mysql-public') });
    expect(review(['--explain', 'ports/mysql-publc'])).toMatchObject({ status: 2, err: expect.stringContaining('ports/mysql-public') });
  });
});

describe('--live', () => {
  const facts = {
    addresses: '2: wan0    inet 203.0.113.2/24 scope global wan0\n3: lan0    inet 10.0.0.1/24 scope global lan0\n',
    links: '2: wan0: <BROADCAST,UP> mtu 1500\n3: lan0: <BROADCAST,UP> mtu 1500\n',
    routes: 'default via 203.0.113.254 dev wan0\n',
    forwarding: { ip: true, ip6: false },
    legacyTables: [] as string[],
    version: 'nftables v1.0.6',
  };
  const answer = {
    format: 1,
    device: 'edge1',
    same: true,
    owners: [{ owner: 'hosting', role: 'gateway', state: 'confirmed' }],
    ruleset: '',
    facts,
  };

  test('is what the device runs before', () => {
    const one = judged(['cdktf.out', '--live', file('live.json', JSON.stringify(answer))]);
    const device = one.review.devices.find(({ device: name }) => name === 'edge1');
    expect(device?.evidence).toBe('read from the device');
    const both = { format: 1, same: true, devices: [answer, { ...answer, device: 'nobody' }] };
    // The other device of the plans has none: perhaps this was to be it.
    const other = judged(['cdktf.out', '--live', file('live.json', JSON.stringify(both))]);
    expect([other.status, other.review.unknown.map(({ code, where }) => [code, where])]).toEqual([3, [['review/answer-unused', 'nobody']]]);
    const addresses = '2: wan0    inet 192.0.2.2/24 scope global wan0\n';
    const namesake = file('live.json', JSON.stringify({ ...answer, facts: { ...facts, addresses } }));
    expect(review(['cdktf.out', '--live', namesake])).toMatchObject({ status: 2, err: expect.stringContaining('cli/live-of-another') });
  });

  test.each([
    ['nothing', '', 'review/not-readable'],
    ['no answer', '{}', 'cli/live-unreadable'],
    ['another version', JSON.stringify({ ...answer, format: 2 }), 'cli/live-unreadable'],
    ['a device that could not be asked', JSON.stringify({ format: 1, device: 'edge1', problems: [] }), 'cli/live-unreadable'],
    [
      'a delivery under way',
      JSON.stringify({ ...answer, owners: [{ owner: 'hosting', role: 'gateway', state: 'armed' }] }),
      'cli/live-in-motion',
    ],
    ['rules that it does not show', JSON.stringify({ ...answer, facts: { ...facts, legacyTables: ['ip nat 3'] } }), 'cli/live-not-all'],
    ['one device twice', JSON.stringify({ format: 1, devices: [answer, answer] }), 'cli/live-twice'],
  ])('of %s is refused', (_, text, code) => {
    expect(() => liveIn([join(folder, file('live.json', text))], [])).toThrow(code);
  });
});

describe('what is no plan, or does harm', () => {
  /** Each is refused by its code; one start says it of all of them. */
  const refused = (...each: readonly (readonly [name: string, code: string])[]): void => {
    const done = review(
      each.map(([name]) => name),
      { env: { NODE_OPTIONS: '--max-old-space-size=900' } },
    );
    expect([done.status, done.out]).toEqual([2, '']);
    expect(
      done.err
        .split('\n')
        .filter((line) => /^\S+\/\S+ at /.test(line))
        .map((line) => line.split(' ')[0]),
    ).toEqual(each.map(([, code]) => code));
    expect(done.err).not.toMatch(/\n\s+at /);
  };

  test('truncated, no UTF-8, no JSON, no file, no plan: all said at once', () => {
    refused(
      ...[0, 0.1, 0.5, 0.9, 0.999].map(
        (share) => [file(`${share}.json`, json.slice(0, Math.floor(json.length * share))), 'review/not-readable'] as const,
      ),
      [file('x.json', Buffer.concat([Buffer.from(json.slice(0, -3)), Buffer.from([0xc3, 0x28])])), 'review/not-readable'],
      [file('utf16.json', Buffer.from(json, 'utf16le')), 'review/not-readable'],
      [file('yaml.json', 'plan: {}'), 'review/not-readable'],
      ['no-such-file', 'cli/plan-unreadable'],
      [file('version.json', json.replace('"format_version":"1.2"', '"format_version":"2.0"')), 'review/foreign-plan-format'],
      [file('stack.json', sampleStack()), 'review/not-a-plan'],
    );
    refused(['.', 'cli/no-plan']);
    refused([
      file('x.json', JSON.stringify({ format_version: '1.2', terraform_version: '1', configuration: {} })),
      'review/nothing-of-ours',
    ]);
  });

  test('a name that would write on the terminal', () => {
    const done = review([file('\u001b[2Jx\u202e.json', '{}')]);
    expect(done.status).toBe(2);
    // eslint-disable-next-line no-control-regex -- it is what must not pass
    expect(done.err).not.toMatch(/[\u001b\u202e]/);
  });

  /** As large as asked for, made of pieces: nothing of it is held here. */
  const large = (name: string, head: string, piece: string, tail: string, bytes: number): string => {
    const out = openSync(join(folder, name), 'w');
    const many = piece.repeat(Math.ceil(1_000_000 / piece.length));
    writeSync(out, head);
    for (let left = bytes; left > 0; left -= many.length) writeSync(out, many);
    writeSync(out, tail);
    closeSync(out);
    return name;
  };

  test('150 MB of foreign text in a plan of ours is read', () => {
    const [head, tail] = [json.trimEnd().slice(0, -1), '"}'];
    const name = large('x.json', `${head},"checks":"`, 'x'.repeat(1000), tail, 150_000_000);
    const one = judged([name], { env: { NODE_OPTIONS: '--max-old-space-size=900' } });
    expect([one.status, codes(one)]).toEqual([0, []]);
  }, 120_000);

  test.each([
    ['small values', '{"format_version":"1.2","x":[', '[],', '[]]}', 'review/too-many-values'],
    ['lists in lists', '{"format_version":"1.2","x":', '[', '}', 'review/not-readable'],
    ['text without an end', '{"format_version":"1.2","x":"', 'y', '', 'review/not-readable'],
    ['zeros', '', '\0', '', 'review/not-readable'],
  ])(
    '150 MB of %s are refused in bounded memory',
    (_, head, piece, tail, code) => refused([large('x.json', head, piece, tail, 150_000_000), code]),
    120_000,
  );

  test('more than 160 MB, as a file and on standard input', () => {
    const out = openSync(join(folder, 'x.json'), 'w');
    ftruncateSync(out, 161_000_000);
    closeSync(out);
    refused(['x.json', 'review/too-large']);
    const input = spawnSync(
      'sh',
      ['-c', `head -c 161000000 /dev/zero | exec "$0" "$1" review -`, process.execPath, join(built, 'cli', 'main.js')],
      { encoding: 'utf8' },
    );
    expect([input.status, input.stderr]).toEqual([2, expect.stringContaining('review/too-large')]);
  }, 120_000);
});
