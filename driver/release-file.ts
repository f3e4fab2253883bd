// Renders the release file that is uploaded to a device: its header and its lines.

import { printAddressLine, printReplacesLine } from '../lib/agent-protocol/release-digest';
import { Release } from '../lib/agent-protocol/release';
import { Problem, refuseIfAny } from '../lib/problems/problem';
import { getSystem } from './agent-program';

const splitLines = (text: string): readonly string[] => text.split('\n').slice(0, -1);

/** The maker of a release file and its time: the device reports them to a delivery that replaces the release. */
export interface ReleaseMaker {
  /** `[A-Za-z0-9][A-Za-z0-9._@:/-]{0,127}`. */
  readonly runner: string;
  /** Seconds since 1970. */
  readonly made: number;
}

/**
 * Returns a release in the form that the device stores and reads at boot: lines of head, then counted sections
 * (agent/protocol/release.sh). The seventh line names the release's objects on the device. `closedText` replaces a
 * damaged text. Form 1 has neither that text nor the maker. Form 3 also has the contents of cPanel's NAT file, and form
 * 4 the firewalls that give way.
 *
 * @throws Refusal driver/release-unusable: the generator guarantees the form, but a plan file may come from elsewhere.
 */
export function renderReleaseFile(
  release: Release,
  ownerToken: string,
  token: string,
  { runner, made }: ReleaseMaker,
  closedText = '',
): string {
  const { releaseForm, findUnit } = getSystem(release.platform);
  const unit = findUnit(release);
  const addresses = release.addresses.map(printAddressLine);
  const replaces = release.replaces?.map(printReplacesLine);
  const cpnat = release.cpnat ?? (replaces ? [] : undefined);
  const ownedPrefixes = [
    ...release.claims.outside.map((prefix) => `outside ${prefix}`),
    ...release.claims.inside.map((prefix) => `inside ${prefix}`),
  ];
  const createProblem = (what: string): Problem => ({
    code: 'driver/release-unusable',
    where: `release ${release.digest.slice(0, 12)} of ${release.owner} on ${release.device}`,
    what,
    instead: 'plan again with this version of cpanel-edge.',
  });
  refuseIfAny([
    ...(unit === undefined ? [createProblem(`Its text does not begin as one of ${release.platform} does.`)] : []),
    ...(closedText === '' ||
    (findUnit({ text: closedText, owner: release.owner }) === unit && closedText.endsWith('\n'))
      ? []
      : [createProblem('What stands in for its text is of another table.')]),
    ...(release.text.endsWith('\n') && !release.text.includes('\r')
      ? []
      : [createProblem('Its text does not consist of whole lines.')]),
    ...[
      release.role,
      release.owner,
      release.digest,
      ownerToken,
      token,
      runner,
      ...addresses,
      ...ownedPrefixes,
      ...(cpnat ?? []),
      ...(replaces ?? []),
    ]
      .filter((line) => /[^ -~]/.test(line))
      .map((line) => createProblem(`"${line}" is not one line of plain characters.`)),
  ]);
  const hasClosedText = releaseForm === 2;
  return [
    `cpanel-edge-release ${replaces ? 4 : cpnat ? 3 : releaseForm}`,
    `role ${release.role}`,
    `owner ${release.owner}`,
    `lease ${ownerToken}`,
    `token ${token}`,
    `digest ${release.digest}`,
    unit,
    `on-retract ${release.onRetract === 'keep closed' ? 'keep-closed' : 'as-before'}`,
    ...(hasClosedText ? [`runner ${runner}`, `made ${made}`] : []),
    `addresses ${addresses.length}`,
    ...addresses,
    `claims ${ownedPrefixes.length}`,
    ...ownedPrefixes,
    ...(cpnat ? [`cpnat ${cpnat.length}`, ...cpnat] : []),
    ...(replaces ? [`replaces ${replaces.length}`, ...replaces] : []),
    ...(hasClosedText ? [`closed ${splitLines(closedText).length}`, ...splitLines(closedText)] : []),
    `text ${splitLines(release.text).length}`,
    release.text,
  ].join('\n');
}
