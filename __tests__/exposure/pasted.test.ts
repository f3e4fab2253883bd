// Tests that rules are recognised as terminals, editors and mail programs give them: with other line ends and
// encodings, prompts, quote marks, fences and line numbers.

import { decodeText } from '../../lib/exposure/texts/decode-text';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { codesOf } from '../problems';
import { wild, wildTables } from './report-on-file';

const TEXTS: readonly (readonly [label: string, command: string, text: string])[] = [
  ['nft', 'nft list ruleset', wild('fail2ban')],
  ['iptables', 'iptables-save', wildTables('fail2ban')],
];

const mapLines = (text: string, change: (line: string, index: number) => string): string =>
  `${text.trimEnd().split('\n').map(change).join('\n')}\n`;

const recognise = (bytes: Uint8Array | string): { readonly text: string; readonly omittedLines: readonly string[] } => {
  const result = recognizeText(decodeText(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, 'x'), 'x');
  if (result.is !== 'rules') throw new Error(result.is);
  return result;
};

describe.each(TEXTS)('%s', (_, command, text) => {
  const getRules = (pasted: Uint8Array | string): string => recognise(pasted).text.trim();

  it.each([
    ['Windows line ends', text.replace(/\n/g, '\r\n')],
    ['line ends converted twice', text.replace(/\n/g, '\r\r\n')],
    ['line ends of old Macs', text.replace(/\n/g, '\r')],
    ['a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 of PowerShell', Buffer.from(`\ufeff${text.replace(/\n/g, '\r\n')}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['colours', mapLines(text, (line) => `\u001b[0;32m${line}\u001b[0m`)],
    ['a prompt', `root@host:~# ${command}\n${text}root@host:~# \n`],
    ['a prompt with brackets', `[root@host ~]# ${command}\n${text}[root@host ~]#\n`],
    ['a bare prompt', `$ sudo ${command}\n${text}$\n`],
    ['a prompt of zsh', `➜  ~ sudo ${command}\n${text}➜  ~\n`],
    ['the command alone', `${command}\n${text}`],
    [
      'what script records',
      `Script started on 2026-01-01 00:00:00+00:00 [TERM="xterm"]\n\u001b[?2004h\u001b]0;root@host: ~\u0007root@host:~# ${command}\r\n` +
        `\u001b[?2004l\r${text.replace(/\n/g, '\r\n')}\u001b[?2004hroot@host:~# exit\r\nexit\r\n\nScript done on 2026-01-01 00:00:00+00:00\n`,
    ],
    ['a Markdown fence', `My rules:\n\n\`\`\`console\n${text}\`\`\`\n\nWhy is it open?\n`],
    ['quote marks', mapLines(text, (line) => `> ${line}`.trimEnd())],
    ['numbers of cat -n', mapLines(text, (line, index) => `${String(index + 1).padStart(6)}\t${line}`)],
    ['numbers with colons', mapLines(text, (line, index) => `${index + 1}: ${line}`)],
    [
      'numbers with bars, in a quoted fence',
      mapLines(`\`\`\`\n${mapLines(text, (line, index) => `${index + 1} | ${line}`)}\`\`\``, (line) => `> ${line}`),
    ],
  ])('with %s is read', (_label, pasted) =>
    expect(mapLines(getRules(pasted), (line) => line.trim())).toBe(mapLines(text, (line) => line.trim())),
  );

  it('keeps the numbers of its lines, and says what is left out', () => {
    const { text: remaining, omittedLines } = recognise(`My rules:\n\n\`\`\`\n${text}\`\`\`\nThanks\n`);
    expect(remaining.split('\n')[3]).toBe(text.split('\n')[0]);
    expect(omittedLines).toEqual([
      'lines 1 to 3, which begin: My rules:',
      expect.stringMatching(/^lines \d+ to \d+, which begin: ```$/),
    ]);
  });

  it('between sentences, or in two blocks, is refused by a name', () => {
    for (const pasted of [`My rules are:\n${text}`, `\`\`\`\n${text}\`\`\`\nand\n\`\`\`\n${text}\`\`\`\n`])
      expect(() => recognise(pasted)).toThrow('rules with other text around them');
  });
});

it('numbers of ip are none of lines', () => {
  const facts = '1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet 10.0.0.10/24 scope global eth0\n';
  expect(recognizeText(facts, 'x')).toEqual({ is: 'facts', text: facts });
  const links = '1: lo: <LOOPBACK,UP> mtu 65536\n2: eth0: <BROADCAST,UP> mtu 1500\n';
  expect(recognizeText(links, 'x')).toEqual({ is: 'facts', text: links });
});

it('a blank text of many lines is refused fast', () => {
  const text = `${'> \n'.repeat(100_000)}x\n`;
  expect(codesOf(() => recognizeText(text, 'x'))).toEqual(['review/not-recognised']);
});
