// The table of the walls (which folder may import which), and the functions that look up a file's folder in it and
// decide about an import.

import { join, posix } from 'node:path';
import * as ts from 'typescript';
import { ROOT } from './sources';

// STYLE.md's walls as data. A room may always import itself; the table lists the other imports. A room that is not here
// may import nothing. `*` in a room's name is one platform, the same one on both sides of a line.
export const WALLS: Record<string, readonly string[]> = {
  'lib/net': [],
  'lib/problems': ['npm:fastest-levenshtein'],
  'lib/cpnat': ['lib/net'],
  'lib/reachability': ['lib/net'],
  'lib/policy': ['lib/net'],
  'lib/spec': ['lib/net', 'lib/reachability', 'lib/policy'],
  'lib/intent': ['lib/net', 'lib/policy', 'lib/problems', 'npm:zod'],
  'lib/agent-protocol': ['lib/problems', 'npm:zod'],
  'lib/xml': ['npm:sax'],
  'lib/json': ['lib/net', 'lib/problems'],
  'lib/report': ['lib/problems', 'npm:html-escaper', 'npm:picocolors', 'npm:string-width', 'npm:zod'],
  'lib/generate': ['lib/net', 'lib/policy', 'lib/problems', 'lib/agent-protocol', 'lib/xml'],
  'lib/platforms/*/generate': [
    'lib/net',
    'lib/policy',
    'lib/problems',
    'lib/agent-protocol',
    'lib/generate',
    'lib/xml',
    'lib/platforms/*/capabilities',
  ],
  'lib/evaluator': ['lib/net', 'lib/reachability', 'lib/problems', 'lib/parse'],
  'lib/parse': ['lib/net', 'lib/reachability', 'lib/problems', 'lib/evaluator', 'lib/xml'],
  'lib/platforms/*/parse': ['lib/net', 'lib/reachability', 'lib/problems', 'lib/evaluator', 'lib/parse', 'lib/xml'],
  // No part of a verification: their configs are generated and evaluated like all others.
  'lib/platforms/*/capture': ['lib/net', 'lib/problems', 'lib/parse', 'lib/xml'],
  'lib/platforms/*/import': ['lib/net', 'lib/problems', 'lib/parse', 'lib/xml', 'lib/platforms/*/parse'],
  'lib/platforms/*/index': [
    'lib/platforms/*/generate',
    'lib/platforms/*/parse',
    'lib/platforms/*/capture',
    'lib/platforms/*/import',
    'lib/platforms/*/capabilities',
    'lib/platforms/platform',
  ],
  'lib/platforms/*/system': ['lib/agent-protocol', 'lib/platforms/*/refusals'],
  'lib/platforms/*/refusals': ['lib/agent-protocol'],
  'lib/platforms/*/capabilities': [
    'lib/generate/capabilities.ts',
    'lib/generate/netfilter/linux-capabilities.ts',
    'lib/policy/platform-excess.ts',
  ],
  'lib/platforms/platform': ['lib/net', 'lib/generate', 'lib/parse'],
  'lib/device-systems': ['lib/agent-protocol', 'lib/platforms/*/system', 'lib/registry'],
  'lib/registry': [
    'lib/platforms/*/index',
    'lib/platforms/*/capabilities',
    'lib/platforms/platform',
    'lib/generate/capabilities.ts',
  ],
  'lib/verifier': [
    'lib/net',
    'lib/reachability',
    'lib/policy',
    'lib/spec',
    'lib/problems',
    'lib/agent-protocol',
    'lib/registry',
    // It joins the two halves, so it names their results; contracts alone, nothing else of those rooms.
    'lib/parse/config-parser.ts',
    'lib/generate/config-generator.ts',
  ],
  'lib/lint': ['lib/net', 'lib/cpnat', 'lib/reachability', 'lib/policy', 'lib/intent', 'lib/problems'],
  'lib/review': [
    'lib/net',
    'lib/reachability',
    'lib/policy',
    'lib/spec',
    'lib/problems',
    'lib/agent-protocol',
    'lib/verifier',
    'lib/lint',
    'lib/report',
    // The evaluator explains packets, zod defines the shape of plans and rules, and JSON's room the encoding of bytes.
    'lib/parse/config-parser.ts',
    'lib/json',
    'npm:zod',
    // Review rules name services as intent does: the packets of each name, nothing that compiles.
    'lib/intent/service-packets.ts',
  ],
  'lib/exposure': [
    'lib/net',
    'lib/cpnat',
    'lib/reachability',
    'lib/problems',
    'lib/registry',
    'lib/json',
    'lib/report',
    'npm:zod',
    'lib/parse/config-parser.ts',
    'lib/parse/config-format.ts',
    'lib/lint/lint.ts',
    'lib/agent-protocol/work-codec.ts',
    // Our own releases are evaluated for the device that their policy describes, as in a verification.
    'lib/policy/policy.ts',
    'lib/verifier/verify-policy.ts',
    'lib/verifier/release-shapes.ts',
    // Open ports and listening programs have the names of intent.
    'lib/intent/service-packets.ts',
    'lib/intent/data/services.ts',
  ],
  'lib/import': [
    'lib/net',
    'lib/reachability',
    'lib/intent',
    'lib/problems',
    'lib/report',
    'lib/verifier',
    'lib/registry',
    // A platform's findings are a contract, like the parser's; facts are compared as a plan prints them.
    'lib/parse/config-importer.ts',
    'lib/policy/print-facts.ts',
    // A chain's name shows its owner.
    'lib/parse/firewall-programs.ts',
  ],
  'lib/project': [
    // A project's own test reports what is reachable.
    'lib/net',
    'lib/reachability',
    'lib/intent',
    'lib/spec',
    'lib/report',
    'lib/problems',
    'lib/verifier',
    'lib/registry',
  ],
  driver: [
    'lib/net',
    'lib/cpnat',
    'lib/reachability',
    'lib/policy',
    'lib/spec',
    'lib/agent-protocol',
    'lib/verifier',
    'lib/problems',
    'lib/registry',
    'lib/device-systems',
    'node:*',
    'npm:zod',
  ],
  constructs: ['lib/!platforms', 'constructs/internal', 'npm:constructs'],
  'constructs/internal': [
    'lib/agent-protocol',
    'npm:constructs',
    // Types alone, in framework.ts, which loads the framework of the stack at run time.
    'npm:cdktf',
    'node:crypto',
    'node:fs',
    'node:module',
    'node:path',
    'node:zlib',
  ],
  cli: [
    'lib/!platforms',
    'driver',
    'node:*',
    'npm:cli-progress',
    'npm:commander',
    'npm:tar-stream',
    'npm:yauzl',
    'npm:zod',
  ],
  stacks: ['constructs', 'npm:cdktf', 'npm:constructs', 'node:fs'],
  main: ['stacks', 'npm:cdktf'],
};

/** Files that a program loads are listed by another program, and parsed in that form. */
const LISTED_BY: Record<string, string> = {
  'lib/platforms/firewalld/parse': 'lib/platforms/nftables/parse/parser.ts',
  'lib/platforms/csf/parse': 'lib/platforms/iptables/parse/file-program-inspector.ts',
  'lib/platforms/apf/parse': 'lib/platforms/iptables/parse/file-program-inspector.ts',
};

/** Test equipment: it may import any room, and no room above may import it, because no list has it. */
export const FREE = ['lab', 'bench', 'scripts', '__tests__', 'jest.config'];

/** Imports that only one file of a room may have. */
const ONE_FILE: Record<string, string> = {
  'npm:ipaddr.js': 'lib/net/address.ts',
  'npm:fastest-levenshtein': 'lib/problems/find-nearest-word.ts',
  'npm:html-escaper': 'lib/report/page/html.ts',
  'npm:picocolors': 'lib/report/terminal-page.ts',
  'npm:string-width': 'lib/report/text-columns.ts',
  'npm:tar-stream': 'cli/tar.ts',
  'npm:yauzl': 'cli/plan-archive.ts',
  // Types alone, of printed output.
  'npm:sarif': 'lib/review/print/review-sarif.ts',
  // Types alone, for projects with Jest.
  'npm:expect': 'constructs/testing-globals.ts',
};

/** `lib/platforms/nftables/generate/gateway/lower-gateway.ts` → `lib/platforms/nftables/generate`. */
export function roomOf(path: string): string {
  const parts = path.replace(/(\.d)?\.ts$/, '').split('/');
  // A platform's folder stands for its index.
  if (/^lib\/platforms\/[^/.]+$/.test(path) && path !== 'lib/platforms/platform') parts.push('index');
  const depth =
    parts[0] === 'lib'
      ? parts[1] === 'platforms'
        ? 4
        : 2
      : parts[0] === 'constructs' && parts[1] === 'internal'
        ? 2
        : 1;
  return parts.slice(0, depth).join('/');
}

/** The name that a platform's room has in the table. */
export const ofAnyPlatform = (room: string): string => room.replace(/^lib\/platforms\/[^/]+\//, 'lib/platforms/*/');

/** The target of `specifier` in `file`: one of our files, or `npm:<package>`, or `node:<module>`. */
export function leadsTo(file: string, specifier: string): string {
  if (specifier.startsWith('.'))
    return posix.normalize(posix.join(posix.dirname(file), specifier)).replace(/\.[jt]s$/, '');
  if (specifier.startsWith('node:') || ts.sys.fileExists(join(ROOT, 'node_modules/@types/node', `${specifier}.d.ts`))) {
    return `node:${specifier.replace(/^node:/, '')}`;
  }
  return `npm:${specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')}`;
}

export function mayImport(file: string, to: string): boolean {
  const room = roomOf(file);
  const target = to.includes(':') ? to : roomOf(to);
  if (FREE.includes(room) || target === room) return true;
  if (ONE_FILE[target] !== undefined) return ONE_FILE[target] === file;
  if (LISTED_BY[room] === `${to}.ts`) return true;
  const platform = /^lib\/platforms\/([^/]+)\//.exec(room)?.[1];
  const general = (name: string): string =>
    platform === undefined ? name : name.replace(`lib/platforms/${platform}/`, 'lib/platforms/*/');
  return (WALLS[general(room)] ?? []).some((allowed) => {
    if (allowed === 'lib/!platforms') return target.startsWith('lib/') && !target.startsWith('lib/platforms/');
    if (allowed === 'node:*') return target.startsWith('node:');
    // A room outside the platforms: any platform.
    if (platform === undefined && allowed.includes('/*/')) return ofAnyPlatform(target) === allowed;
    return allowed === general(target) || allowed === `${to}.ts`;
  });
}
