// Tests the security of the agent: hostile texts, arguments and environments, under each shell. Runs on a test device
// with the real nft.

import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { loadAgent } from '../../driver/agent-program';
import { quoteWord } from '../../driver/operator-project';
import { canHaveDevice } from './machine';
import { Sent, freshToken, sent, tableText } from './stream';
import { gateway, underShell } from './under-shell';
import { drawCases } from '../randomly';
import { describeWhere } from '../where-possible';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(120_000);

const home = '/etc/cpanel-edge';

/**
 * This shell is /bin/sh of the device: it runs the agent, the programs that it starts, its timer and sshd's command.
 */
describeWhere(canHaveDevice, 'the agent on Linux under every shell that /bin/sh may be', 'root on Linux').each(
  DEVICE_SHELLS,
)('where /bin/sh is %s', (shell) => {
  const { run, program, word, step, device, fresh, folder } = underShell();
  beforeAll(() => {
    const sh = run('readlink -f /bin/sh').trim();
    const by = run(`command -v ${shell}`).trim();
    if (realpathSync(by) !== sh) device().replace(sh, by);
  });
  afterEach(() => fresh());

  test('runs this shell', () => {
    expect(run(`sh -c 'cmp /proc/$$/exe "$(command -v ${shell})" && echo same'`)).toBe('same\n');
  });

  const begin = (one: Sent, seconds: number): readonly string[] =>
    (['upload', 'check', 'arm'] as const).map((name) => step(name, one, seconds));

  test('a release takes over no table of another owner or of an administrator', () => {
    run('nft add table inet cpanel_edge_theirs');
    const release = gateway(1001);
    begin(release, 300);
    expect(step('confirm', release)).toBe('ok confirmed');
    const thief = sent({ text: tableText(1002, 'cpanel_edge_theirs') });
    expect([step('upload', thief), step('check', thief)]).toEqual(['ok uploaded', 'refused table-exists']);
    const filter = sent({ text: tableText(1002, 'filter') });
    expect(program(filter.upload, filter.file)).toMatch(/upload-damaged part=table$/);
  });

  test('a few lines that stand for millions of addresses are refused', () => {
    const many = (address: string, times: number): Sent =>
      sent({
        text: tableText(1001),
        addresses: Array.from({ length: times }, () => ({ kind: 'proxy-arp', interface: 'wan0', address })),
      });
    for (const one of [
      many('10.0.0.0/8', 1),
      many('10.0.0.0/15', 1),
      many('10.0.0.0/17', 3),
      many('203.0.113.1/32', 65_537),
    ])
      expect(program(one.upload, one.file)).toMatch(/upload-damaged part=too-many-addresses$/);
    const most = many('10.0.0.0/16', 1);
    expect(step('upload', most)).toBe('ok uploaded');
  });

  describe('no field of a release or of a command is evaluated', () => {
    const mark = join(folder, 'mark');
    const random = randomFrom(20_260_401);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
    const payloads = [
      `$(touch ${mark})`,
      `\`touch ${mark}\``,
      `; touch ${mark};`,
      `| touch ${mark}`,
      `&& touch ${mark}`,
      `\n touch ${mark}\n`,
      `' ; touch ${mark} ; '`,
      `" ; touch ${mark} ; "`,
      `$\{IFS}touch$\{IFS}${mark}`,
      `"); system("touch ${mark}"); ("`,
      `/e touch ${mark}`,
      `!touch ${mark}`,
      '*',
      '../../../../etc/passwd',
      '-e',
      '%s%n%x',
      '\u0000',
      '\r',
      '\\',
      '#',
      'include "/etc/passwd"',
      '\u00e9\u202e',
      '1e99',
      '99999999999999999999',
      ' ',
    ];
    const inserted = (text: string): string => {
      const at = Math.floor(random() * (text.length + 1));
      return random() < 0.3 ? pick(payloads) : text.slice(0, at) + pick(payloads) + text.slice(at);
    };
    /** A release with one part changed, and the command that matches it. */
    const fuzzed = (): {
      readonly words: string;
      readonly file: string;
      readonly identity: string;
      readonly part: string;
    } => {
      const parts: Record<string, string> = {
        format: 'cpanel-edge-release 1',
        role: 'gateway',
        owner: 'web',
        lease: 'lease-1',
        token: freshToken(),
        table: 'cpanel_edge_web',

        onRetract: 'as-before',
        addresses: 'alias wan0 203.0.113.50/32\n',
        claims: 'outside 203.0.113.50\n',
        text: tableText(1001),
        digest: '',
      };
      const part = pick(Object.keys(parts));
      if (part !== 'digest') parts[part] = inserted(parts[part]!);
      const digest = createHash('sha256').update(`${parts['text']!}${parts['addresses']!}`).digest('hex');
      parts['digest'] = part === 'digest' ? inserted(digest) : digest;
      const counted = (name: string): string => `${name} ${parts[name]!.split('\n').length - 1}\n${parts[name]!}`;
      const { format, role, owner, lease, token, table, onRetract } = parts;
      const head = `${format}\nrole ${role}\nowner ${owner}\nlease ${lease}\ntoken ${token}\ndigest ${parts['digest']}\ntable ${table}\non-retract ${onRetract}\n`;
      const [r, o, l, t, d] = [role, owner, lease, token, parts['digest']].map((text) =>
        quoteWord(text!.replaceAll('\u0000', '')),
      );
      return {
        part,
        words: `upload ${r} ${o} ${l} ${d} ${t}`,
        identity: `${r} ${o} ${t}`,
        file: `${head}${counted('addresses')}${counted('claims')}${counted('text')}`,
      };
    };

    test('in sixty random releases, or in the first of these', () => {
      const answers = new Map<string, number>();
      for (const round of drawCases([...Array(60).keys()], 8)) {
        const { words, file, identity, part } = fuzzed();
        const uploaded = word(words, file);
        expect([round, part, uploaded]).toEqual([
          round,
          part,
          expect.stringMatching(/^(ok uploaded|refused (upload-damaged|wrong-argument))$/),
        ]);
        answers.set(uploaded, (answers.get(uploaded) ?? 0) + 1);
        if (uploaded === 'ok uploaded') {
          expect(word(`check ${identity}`)).toMatch(/^(ok checked|refused [a-z-]+)$/);
          expect(word(`arm ${identity} 300`)).toMatch(/^(ok armed|refused [a-z-]+)$/);
          expect(word(`rollback ${identity}`)).toBe('ok rolled-back');
        }
        expect([part, existsSync(mark)]).toEqual([part, false]);
      }
      // The answers differ: some releases reach the steps behind the first check.
      expect(answers.size).toBeGreaterThan(1);
      expect(run(`ls ${home}; nft list tables`)).toMatch(
        /^(gateway-web\n)?(program\n)?(table inet cpanel_edge_web\n)?$/,
      );
    });
  });
});

describe('the text of the agent', () => {
  const text = loadAgent().text.replace(/^\s*#.*$/gm, '');
  test('uses no folder that another user can write, and makes temporary names at random only', () => {
    expect(text).not.toMatch(/\/tmp\b|\/var\/tmp|\/dev\/shm|\$HOME\b|\$\{?TMPDIR|~\//);
    for (const [, template] of text.matchAll(/mktemp ("[^"]*")/g))
      expect(template).toMatch(/^"\$(ROOT|RUN)\/[a-z]+-X{10}"$/);
  });

  test('evaluates nothing', () =>
    expect(text).not.toMatch(/^\s*(eval|\.|source|exec (?!9>))\s|\bxargs\b|system\(|\bawk[^']*\|\s*getline/m));
});

/** Returns a function that gives numbers in [0, 1), the same for a seed everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
