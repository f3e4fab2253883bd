// Tests the command `import` of a gateway from a config.xml: remarks on possible secrets, and that it writes over no
// file but the report of a refused import.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const WILD = join(__dirname, '../platforms/pfsense/wild');
const box = (name: string): string => join(WILD, `${name}.xml`);

const run = (words: readonly string[], input = ''): Printed =>
  typed(built, ['import', ...words], { cwd: folder, input });
/** Hosts leave by it with one of four source addresses; it stands behind entries that an import removes. */
const POOL =
  '<outbound><mode>hybrid</mode><rule><interface>wan</interface><source><network>10.0.2.0/24</network></source><destination><any></any></destination>' +
  '<target>203.0.113.4</target><target_subnet>30</target_subnet></rule></outbound></nat>';
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('cpanel-edge import', () => {
  it("doesn't count a reason with another line number as a change", () => {
    const { out } = run(
      ['-', '-o', 'pool', '--global-helper'],
      readFileSync(box('reflection'), 'utf8')
        .replace(/<outbound>[^]*?<\/outbound>/, '')
        .replace('</nat>', POOL),
    );
    expect(out).toContain('\nwhether the exposure changes can not be decided\n');
    expect(read('pool/edge1.report.md')).toMatch(/^- line \d+: /m);
  });

  it('says where secrets may remain', () => {
    const text = readFileSync(box('reflection'), 'utf8').replace(
      '<filter>',
      '<filter><rule><type>block</type><interface>lan</interface><source><address>10.0.1.9</address></source><destination><any></any></destination><descr><![CDATA[password: hunter2]]></descr></rule>',
    );
    writeFileSync(join(folder, 'secret.xml'), text);
    expect(run(['secret.xml', '-o', 'c', '--global-helper']).said).toMatch(
      /^looks like a secret, and stays: line \d+, filter\/rule\/descr\. Look/,
    );
  });

  it('overwrites a report that nothing was imported, and no other report', () => {
    expect(run([box('forwards'), '-o', 'again'])).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/nothing-imported'),
    });
    expect(run([box('forwards'), '-o', 'again'])).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/nothing-imported'),
    });
    expect(run([box('reflection'), '-o', 'again', '--global-helper']).status).toBe(0);
    expect(run([box('forwards'), '-o', 'again']).said).toMatch(/^cli\/file-there [^]*edge1\.report\.md/m);
    expect(read('again/edge1.report.md')).not.toContain('Nothing was imported');
  });
});
