// The config format of firewalld: how files are printed, recognised and parsed, what a text can't state, and what the
// evaluation assumes.

import { quoteForDisplay } from '../../../problems/line-problems';
import { ConfigFormat } from '../../../parse/config-format';
import { CPANEL_SERVICE } from '../../../parse/firewall-programs';
import { getFirstPath } from '../../../parse/select-server-files';
import { createUnmanagedRules } from '../../../evaluator/evaluate-config';
import { FirewalldFiles, parseFiles, isFirewalldPath } from './files/firewalld-files';
import { parseConfValues } from './files/conf-values';
import { fileLayout } from './files/firewalld-paths';
import { PRINT_COMMAND, PROGRAM_PATH } from './files/parse-problems';
import { lowerConfig } from './parser';
import { DetectedVersions, isAtLeast, describeVersions } from './files/firewalld-version';

const platformName = 'firewalld';
const limits = [
  'what is told to firewalld while it runs, and zones that NetworkManager gives to interfaces, are in no file: what runs decides (`nft list ruleset`)',
  'rules of other programs beside firewalld are not in its files',
  'sets are as the files have them: programs change them',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Returns a sentence on the versions of firewalld that the files are read for, and the evidence for them. */
const describeAssumedVersions = ({ versions, evidence: source }: DetectedVersions): string => {
  const [firstVersion, ...otherVersions] = versions;
  const statement = `it is read as firewalld ${describeVersions(versions)} ${otherVersions.length === 0 && source === 'the program' ? 'loads' : 'load'} it with nftables, at the start`;
  if (source === 'the program') return `${statement}: its program is ${firstVersion.text}`;
  const basis = source === undefined ? 'nothing says of which it is' : 'so the files of its package say';
  return `${statement}: ${basis}, and ${PROGRAM_PATH} beside them would say it`;
};

/** Returns the assumption about flowtable interfaces: if one is missing, nft refuses the whole ruleset. */
function describeFlowtables({ conf, detectedVersions: detected }: FirewalldFiles): readonly string[] {
  const names = parseConfValues(conf!).get('NftablesFlowtable')?.value ?? 'off';
  return names === 'off' || !detected.versions.some((version) => isAtLeast(version, '2.0'))
    ? []
    : [
        `all interfaces of NftablesFlowtable (${quoteForDisplay(names)}) are there: without one of them firewalld starts without any file of yours`,
      ];
}

const CPANEL_SERVICE_LINE = /^\s*<service name="cpanel"\s*\/?>/;

/** The format of unmanaged config. */
export const configFormat: ConfigFormat = {
  label: platformName,
  printCommand: PRINT_COMMAND,
  unsupportedFormats: [
    {
      pattern: /^[\w-]+( \((active|default)(, \w+)*\))?[ \t]*\n {2}(target|interfaces|sources|priority): /m,
      label: 'what `firewall-cmd --list-all` prints',
      flaw: 'which leaves out what its services and sets open',
      instead: 'as root: nft list ruleset.',
      // A zone is called block.
      isLookalike: true,
    },
  ],
  externalRules: {
    pattern: /^\s*(<\?xml[^>]*>\s*)?<(zone|policy)[\s/>]|(^|\n)DefaultZone=/,
    what: 'It is one file of firewalld: which zone an interface is in, and what services and zones of the package open, is in others.',
    instead: `the folder /etc/firewalld, whole, and beside it the files of its package: ${fileLayout.packCommand}`,
  },
  limits,
  fileLayout,
  recognises: (text) => isFirewalldPath(getFirstPath(text)),
  parsed: (text) => {
    const files = parseFiles(text);
    const lines = text.split('\n');
    return {
      label: platformName,
      assumptions: [describeAssumedVersions(files.detectedVersions), ...describeFlowtables(files)],
      ...createUnmanagedRules('firewalld', lowerConfig(files), limits),
      findProgram: (line) => (CPANEL_SERVICE_LINE.test(lines[line - 1] ?? '') ? CPANEL_SERVICE : undefined),
    };
  },
};
