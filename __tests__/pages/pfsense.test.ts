import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { CpanelFirewallProfile, CpanelServer, Gateway } from '../../constructs/public';
import { lint } from '../../lib/lint/lint';
import { builtCommand, typed } from '../built-command';
import { HOST_KEY, profileProps, stackOf } from '../constructs/construct-samples';
import { releasesOf } from '../constructs/synthesized';
import { ownerOf, subjectOf } from '../lint/samples/samples';
import { decodePolicy } from '../../lib/proving/policy-codec';
import { problemsOf } from '../problems';
import { temporaryFolder } from '../temporary-folder';
import { ROOT } from '../walls/sources';
import { page } from './says';

const { says } = page('pfsense.md');
const built = builtCommand();
const folder = temporaryFolder();
// What the package has beside its code.
beforeAll(() => ['package.json', 'pipelines'].forEach((name) => symlinkSync(join(ROOT, name), join(built, name))));

/** A server in a network of the box, as most stand; and what is said of reflection beside its public address. */
function published(reflection?: NonNullable<Parameters<Gateway['publish']>[2]>['reflection']) {
  const stack = stackOf();
  const gateway = new Gateway(stack, 'edge1', {
    ...{ owner: 'hosting', platform: 'pfsense', version: '2.7.2', connection: { host: '192.0.2.2', hostKeys: [HOST_KEY] } },
    interfaces: ['wan: outside 203.0.113.2/28', 'lan: inside 10.0.1.1/24'],
  });
  const server = new CpanelServer(stack, 'web1', {
    ...{ owner: 'hosting', platform: 'nftables', version: '1.0.6', connection: { hostKeys: [HOST_KEY] } },
    ...{ addresses: ['10.0.1.50/24'], inside: 'none', profile: new CpanelFirewallProfile(stack, 'web', profileProps) },
  });
  gateway.publish(server, '203.0.113.10', reflection === undefined ? {} : { reflection });
  return stack;
}
const found = (stack: ReturnType<typeof stackOf>): readonly string[] =>
  lint(subjectOf(...[...releasesOf(stack).values()].map(({ policy }) => ownerOf(decodePolicy(policy))))).map(({ code }) => code);

says('without a word about reflection it is refused (`pfsense/reflection-helper`)', () =>
  expect(problemsOf(() => Testing.synth(published())).map(({ code }) => code)).toEqual(['pfsense/reflection-helper']),
);
says("With `mode: 'disabled'` cPanel doesn't reach its own public address, and a review objects (`cpnat/hairpin-missing`).", () => {
  expect(found(published({ mode: 'disabled' }))).toContain('cpnat/hairpin-missing');
  expect(found(published({ mode: 'pure-nat', globalHelper: true }))).not.toContain('cpnat/hairpin-missing');
});
says('`cpanel-edge init` writes `globalHelper: true`, with a remark.', () => {
  const project = mkdtempSync(join(folder, 'project-'));
  const words = ['init', project, '--yes', '--gateway-platform', 'pfsense', '--gateway-version', '2.7.2'];
  expect(typed(built, words)).toMatchObject({ status: 0 });
  expect(readFileSync(join(project, 'edge.ts'), 'utf8')).toMatch(
    /\/\/ .*pfSense has one switch[^]*\n {6}reflection: \{ mode: 'pure-nat', globalHelper: true \},/,
  );
});
