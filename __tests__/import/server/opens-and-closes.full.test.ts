// Tests imports that change the exposure of a server: the packets that the imported profile opens or closes are
// reported.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../../built-command';
import { wild } from '../../exposure/report-on-file';
import { temporaryFolder } from '../../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const FACTS = '2: eth0    inet 198.51.100.50/24 scope global eth0\ndefault via 198.51.100.1 dev eth0\n';
const rules = (...more: readonly string[]): string =>
  `table inet filter {\nchain input {\ntype filter hook input priority 0; policy drop;\n${[
    ...more,
    'iif "lo" accept',
    'ct state established accept',
    'ip saddr 192.0.2.0/24 tcp dport 22 accept',
    'tcp dport { 80, 443 } accept',
  ].join('\n')}\n}\n}\n`;

/** Returns the command's output for these texts, and its report. */
function imported(texts: Readonly<Record<string, string>>): Printed & { readonly report: string } {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  const words = ['--device', 'web1', '--platform-version', '1.0.6', '--force'];
  const done = typed(built, ['import', ...Object.keys(texts), ...words], { cwd: folder });
  return { ...done, report: done.status === 2 ? '' : readFileSync(join(folder, 'stacks/web1.report.md'), 'utf8') };
}
const exposureOf = (report: string): string => /## Exposure\n([^]*?)\n## /.exec(report)![1]!;

test('what one interface alone allows is closed, and the report says so', () => {
  const { report } = imported({
    rules: rules('iifname "eth1" tcp dport 3306 accept'),
    ip: `${FACTS}3: eth1    inet 198.51.100.77/32 scope global eth1\n`,
  });
  expect(exposureOf(report)).toContain(
    '- closes from the internet by eth1: 198.51.100.50, 198.51.100.77 tcp 3306 from anywhere\n',
  );
});

test('a server that denies its own loopback is opened there, and the report says so', () => {
  const { report } = imported({ rules: rules('iif "lo" drop'), ip: FACTS });
  expect(exposureOf(report)).toContain(
    '+ opens from localhost: 127.0.0.0/8, 198.51.100.50 all protocols from 127.0.0.0/8, 198.51.100.50\n',
  );
});

test('translations to its own public addresses are left to its gateway', () => {
  const own =
    'table ip own {\nchain o {\ntype nat hook output priority -100;\nip daddr 203.0.113.10 dnat to 198.51.100.50\n}\n}\n';
  const { report } = imported({ rules: own + rules(), ip: FACTS });
  expect(exposureOf(report)).toContain(
    '~ is translated elsewhere, or to another source from the device itself: 203.0.113.10 all protocols from 198.51.100.50\n',
  );
});

test('all sources but two addresses are more than 40 prefixes: carried over as all, and reported', () => {
  const but = (some: string): Printed & { readonly report: string } =>
    imported({ rules: rules(`ip saddr { ${some} } tcp dport 443 drop`), ip: FACTS });
  expect(but('192.0.2.7').out).toContain('carried over as more: 0,');
  const { out, report } = but('192.0.2.7, 198.51.100.9');
  expect(out).toContain('carried over as more: 1,');
  expect(report).toMatch(/^- `tcp 443 from any IPv4 but 192\.0\.2\.7, 198\.51\.100\.9`: /m);
});

test('rules of cPanel’s own script are refused, since they close nothing', () =>
  expect(imported({ rules: wild('cpanel'), ip: FACTS })).toMatchObject({
    status: 2,
    out: '',
    said: expect.stringMatching(/^import\/everything-open /),
  }));
