// Tests a published server in a network of a pfSense box: without consent to the box's switch for source translation it
// is refused, lint objects if the server can't reach its own public address, and `init` writes the consent with a
// remark.

import { Testing } from 'cdktf';
import { CpanelFirewallProfile, CpanelServer, Gateway } from '../../../constructs/public';
import { lint } from '../../../lib/lint/lint';
import { createProjectFiles } from '../../../lib/project/project-files';
import { createProject } from '../../../lib/project/create-project';
import { fillAnswers } from '../../../lib/project/project-questions';
import { HOST_KEY, profileProps, stackOf } from '../../constructs/construct-samples';
import { releasesOf } from '../../constructs/synthesized';
import { ownerOf, subjectOf } from '../../lint/samples/lint-subjects';
import { decodePolicy } from '../../../lib/verifier/policy-codec';
import { problemsOf } from '../../problems';

/** A server in a network of the box, which is the usual case, and the reflection settings beside its public address. */
function published(reflection?: NonNullable<Parameters<Gateway['publish']>[2]>['reflection']) {
  const stack = stackOf();
  const gateway = new Gateway(stack, 'edge1', {
    owner: 'hosting',
    platform: 'pfsense',
    version: '2.7.2',
    connection: { host: '192.0.2.2', hostKeys: [HOST_KEY] },
    interfaces: ['wan: outside 203.0.113.2/28', 'lan: inside 10.0.1.1/24'],
  });
  const server = new CpanelServer(stack, 'web1', {
    owner: 'hosting',
    platform: 'nftables',
    version: '1.0.6',
    connection: { hostKeys: [HOST_KEY] },
    addresses: ['10.0.1.50/24'],
    trustedNetworks: 'none',
    profile: new CpanelFirewallProfile(stack, 'web', profileProps),
  });
  gateway.publish(server, '203.0.113.10', reflection === undefined ? {} : { reflection });
  return stack;
}
const found = (stack: ReturnType<typeof stackOf>): readonly string[] =>
  lint(subjectOf(...[...releasesOf(stack).values()].map(({ policy }) => ownerOf(decodePolicy(policy))))).map(
    ({ code }) => code,
  );

test('a server in a network of the box is refused without a setting of reflection', () =>
  expect(problemsOf(() => Testing.synth(published())).map(({ code }) => code)).toEqual(['pfsense/reflection-helper']));
test('without reflection lint objects that cPanel doesn’t reach its own public address', () => {
  expect(found(published({ mode: 'disabled' }))).toContain('cpnat/hairpin-missing');
  expect(found(published({ mode: 'pure-nat', globalHelper: true }))).not.toContain('cpnat/hairpin-missing');
});
test('cpanel-edge init creates a project with globalHelper, and a comment', () => {
  const files = createProjectFiles(
    createProject(fillAnswers({ gatewayPlatform: 'pfsense', gatewayVersion: '2.7.2' })),
    '0.1.0',
  );
  expect(files.get('edge.ts')).toMatch(
    /\/\/ .*pfSense has one switch[^]*\n {6}reflection: \{ mode: 'pure-nat', globalHelper: true \},/,
  );
});
